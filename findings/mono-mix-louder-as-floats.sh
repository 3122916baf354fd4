#!/usr/bin/env bash
# Most expect: PyAV's AudioResampler mixes two channels to one in the same way for every sample format: their mean.
# What happens: integers give the mean, floats give the sum times 0.707. Two equal channels come out 3 dB louder as
# floats, and a full-scale recording passes 1.0 and clips afterwards. The output format counts, not the input's.
# Versions: PyAV 18.1.0 with its FFmpeg 8.1.2, numpy 2.4.6.
# Why it matters: by default the output has the input's format, so one recording as 16-bit WAV and as AAC, which decodes
# to floats, differs by 3 dB. Measured levels and thresholds in dB (silence, clipping, noise) then depend on the file
# format, not on the speaker; a change of the target format moves them as well.
# Source: libswresample/rematrix.c, auto_matrix(): the matrix is normalised only if a format is of integers. The manual
# of FFmpeg's resampler describes rematrix_maxval ("1.0 prevents clipping"), without the formats.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(command -v python3.11 || command -v python3)" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check av==18.1.0 numpy==2.4.6
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import av
import numpy as np

RATE = 16_000
SCALE = {"s16p": 32_767, "fltp": 1}
KIND = {"s16p": np.int16, "fltp": np.float32}


def mono_peak(source: str, target: str, peak: float) -> float:
    """Mixes two equal channels with a tone of `peak` to one; returns the peak of the result."""
    tone = (SCALE[source] * peak * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)).astype(KIND[source])
    frame = av.AudioFrame.from_ndarray(np.stack([tone, tone]), format=source, layout="stereo")
    frame.rate = RATE
    resampler = av.AudioResampler(format=target, layout="mono", rate=RATE)
    mixed = [part.to_ndarray().astype(float) for part in resampler.resample(frame)]
    return max(float(np.abs(part).max()) for part in mixed) / SCALE[target]


print("PyAV", av.__version__, "FFmpeg", av.ffmpeg_version_info)
for source in SCALE:
    integers, floats = mono_peak(source, "s16p", 0.5), mono_peak(source, "fltp", 0.5)
    loud = mono_peak(source, "fltp", 1.0)
    print(f"{source} in, each channel 0.5: mono as s16p {integers:.3f}, as fltp {floats:.3f}; 1.0 becomes {loud:.3f}")
    if abs(integers - 0.5) > 0.001 or abs(floats - 0.5 * 2**0.5) > 0.001 or loud < 1.4:
        sys.exit("changed: the two formats are mixed otherwise")
print("holds: the same mix to mono is 3 dB louder as floats than as integers")
PYTHON
