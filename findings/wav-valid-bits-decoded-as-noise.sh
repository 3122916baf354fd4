#!/usr/bin/env bash
# Most expect: PyAV reads a WAV file of linear PCM with 24 valid bits in 32-bit containers as 32-bit integers.
# What happens: PyAV opens the file without an error and takes the samples for a 24-bit float format ("pcm_f24le"): the
# voice becomes noise. With 20 valid bits in the same containers the codec is pcm_s24le: noise again, and a third too
# long. The header's valid bits replace the size of the container.
# Versions: PyAV 18.1.0 with its FFmpeg 8.1.2, numpy 2.4.6.
# Why it matters: audio interfaces on Windows record in this layout. A good recording would be judged as noise, and no
# error tells anybody why.
# Source: the Windows documentation of WAVEFORMATEXTENSIBLE: wBitsPerSample is the size of the container, the valid bits
# are left-aligned in it, and the unused bits are zero.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(command -v python3.11 || command -v python3)" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check av==18.1.0 numpy==2.4.6
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import io
import struct
import sys

import av
import numpy as np

RATE = 16_000
TONE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
PCM = struct.pack("<H", 1) + bytes.fromhex("000000001000800000aa00389b71")


def wav(valid_bits: int) -> bytes:
    """One second of a tone, left-aligned in containers of 32 bits."""
    samples = np.round(TONE * (2 ** (valid_bits - 1) - 1)).astype(np.int64) << (32 - valid_bits)
    data = samples.astype("<i4").tobytes()
    layout = struct.pack("<HHIIHHHHI", 0xFFFE, 1, RATE, RATE * 4, 4, 32, 22, valid_bits, 4) + PCM
    body = b"WAVEfmt " + struct.pack("<I", len(layout)) + layout + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def read(file: bytes) -> tuple[str, float, float]:
    """Codec, length in seconds, and correlation with the tone."""
    with av.open(io.BytesIO(file)) as container:
        codec = container.streams.audio[0].codec_context.name
        samples = np.concatenate([frame.to_ndarray().ravel() for frame in container.decode(audio=0)]).astype(float)
    shared = min(len(samples), RATE)
    return codec, len(samples) / RATE, float(np.corrcoef(samples[:shared], TONE[:shared])[0, 1])


print("PyAV", av.__version__, "FFmpeg", av.ffmpeg_version_info)
found = {bits: read(wav(bits)) for bits in (32, 24, 20)}
for bits, (codec, seconds, likeness) in found.items():
    print(f"{bits} valid bits in 32: read as {codec}, {seconds:.3f} s, correlation with the tone {likeness:+.3f}")
if found[32][0] != "pcm_s32le" or found[32][2] < 0.999:
    sys.exit("changed: the plain file is no longer read right")
if found[24][0] != "pcm_f24le" or abs(found[24][2]) > 0.1:
    sys.exit("changed: 24 valid bits in 32")
if found[20][0] != "pcm_s24le" or abs(found[20][2]) > 0.1 or found[20][1] < 1.3:
    sys.exit("changed: 20 valid bits in 32")
print("holds: 24 and 20 valid bits in 32-bit containers are decoded to noise without an error")
PYTHON
