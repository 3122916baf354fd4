#!/usr/bin/env bash
# Most expect: PyAV takes the duration of an MP3 file from its Xing header, which states the exact number of frames; a
# tag with a picture behind the sound changes nothing.
# What happens: when what follows the sound is larger than a sixteenth of it, the number in the header is dropped, and
# the duration is the size of the file, picture included, divided by an estimated bit rate. The padding of the encoder
# is no longer cut off the end either. The same picture in front of the sound does no harm.
# Versions: PyAV 18.1.0 with its FFmpeg 8.1.2, numpy 2.4.6.
# Why it matters: a limit on the length refuses a clip that is short enough, a progress bar never reaches its end, and
# times that are computed from the duration are wrong.
# Source: libavformat/mp3dec.c, "invalid concatenated file detected - using bitrate for duration"; a line in the log
# is all that tells.
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

RATE, SECONDS = 44_100, 20
PICTURE = bytes(range(200)) * 320


def mp3() -> bytes:
    """Two seconds of noise and 18 of silence in MP3 with a variable bit rate, with a Xing header."""
    samples = np.random.default_rng(1).standard_normal(RATE * SECONDS) * 3_000
    samples[2 * RATE :] = 0
    file = io.BytesIO()
    with av.open(file, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=RATE, layout="mono")
        stream.codec_context.qscale = True
        stream.codec_context.global_quality = 4 * 118
        frame = av.AudioFrame.from_ndarray(samples.astype(np.int16)[None], format="s16p", layout="mono")
        frame.rate, frame.pts = RATE, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def ape_tag() -> bytes:
    """An APEv2 tag with a picture, as taggers write it behind the sound."""
    value = b"cover.jpg\0" + PICTURE
    item = struct.pack("<II", len(value), 2) + b"Cover Art (Front)\0" + value
    ends = [
        b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, flags) + bytes(8)
        for flags in (0xA0000000, 0x80000000)
    ]
    return ends[0] + item + ends[1]


def id3_tag() -> bytes:
    """An ID3v2.3 tag with the same picture, as taggers write it in front of the sound."""
    body = b"\0image/jpeg\0\3\0" + PICTURE
    frame = b"APIC" + struct.pack(">IH", len(body), 0) + body
    size = len(frame)
    return b"ID3\3\0\0" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + frame


def read(file: bytes) -> tuple[float, float]:
    """The duration that is stated and the one that is decoded, in seconds."""
    with av.open(io.BytesIO(file)) as container:
        stated = container.duration / 1e6
        return stated, sum(frame.samples for frame in container.decode(audio=0)) / RATE


sound = mp3()
if b"Xing" not in sound[:1000]:
    sys.exit("the encoder wrote no Xing header: this check needs one")
print("PyAV", av.__version__, "FFmpeg", av.ffmpeg_version_info)
print(f"{SECONDS} s of sound in {len(sound)} bytes, a picture of {len(PICTURE)} bytes")
plain, front, behind = read(sound), read(id3_tag() + sound), read(sound + ape_tag())
for name, (stated, decoded) in {"no picture": plain, "in front": front, "behind": behind}.items():
    print(f"{name:10}: duration {stated:.3f} s, decoded {decoded:.3f} s")
if plain != (SECONDS, SECONDS) or front != (SECONDS, SECONDS):
    sys.exit("changed: the duration by the header is not exact")
if behind[0] < 1.2 * SECONDS or behind[1] == SECONDS:
    sys.exit("changed: the tag behind the sound does no harm")
print("holds: a tag behind the sound makes PyAV drop the exact length that the Xing header states")
PYTHON
