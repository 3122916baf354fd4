#!/usr/bin/env bash
# Most expect: WebRTC's voice activity detector, which adapts to its input, learns a steady sound within seconds; in
# mode 3, the strictest, at the latest.
# What happens: mains hum at -30 dBFS counts as speech in every frame of a minute, in mode 3 as in mode 2, and most of
# a fan-like (pink) noise does, too. 10 dB lower, both are silence after a few frames. The level decides, the time that
# passes changes nothing.
# Versions: webrtcvad-wheels 2.0.14.post1, numpy 2.4.6.
# Why it matters: with a hum from a cheap microphone there is no pause and no end of the line; trimming and rates of
# speech become wrong. Raising the level of a recording before the detector can turn its silence into speech.
# Source: the package describes the modes only as more or less aggressive about filtering out non-speech.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(command -v python3.11 || command -v python3)" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check webrtcvad-wheels==2.0.14.post1 numpy==2.4.6
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import numpy as np
import webrtcvad

RATE, SECONDS, FRAME = 16_000, 60, 480


def hum() -> np.ndarray:
    """50 Hz with its first 18 overtones."""
    time = np.arange(RATE * SECONDS) / RATE
    return sum(np.sin(2 * np.pi * 50 * k * time + k) / k for k in range(1, 20))


def pink_noise() -> np.ndarray:
    spectrum = np.fft.rfft(np.random.default_rng(7).standard_normal(RATE * SECONDS))
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 20 * SECONDS)))


def speech_share(sound: np.ndarray, dbfs: float, mode: int) -> list[float]:
    """Share of frames that count as speech in each third of a minute, the sound at `dbfs` RMS."""
    samples = sound / np.sqrt(np.mean(sound**2)) * 10 ** (dbfs / 20)
    pcm = (np.clip(samples, -1, 1) * 32_767).astype("<i2")
    detector = webrtcvad.Vad(mode)
    frames = [detector.is_speech(pcm[at : at + FRAME].tobytes(), RATE) for at in range(0, len(pcm) - FRAME + 1, FRAME)]
    return [float(np.mean(third)) for third in np.array_split(frames, 3)]


print("webrtcvad-wheels", version("webrtcvad-wheels"))
for name, sound, least in (("hum", hum(), 0.99), ("pink noise", pink_noise(), 0.8)):
    for mode in (2, 3):
        loud, quiet = speech_share(sound, -30, mode), speech_share(sound, -40, mode)
        shares = "; ".join(
            f"{level} dBFS: speech in {', '.join(f'{share:.0%}' for share in found)} of each 20 s"
            for level, found in ((-30, loud), (-40, quiet))
        )
        print(f"{name}, mode {mode}: {shares}")
        if min(loud) < least or max(quiet) > 0.05:
            sys.exit("changed: the detector judges the steady sound otherwise")
print("holds: a steady sound at -30 dBFS is speech for a whole minute in the strictest mode")
PYTHON
