#!/usr/bin/env bash
# Most expect: of WebM files appended to each other, PyAV reads either the first one only, or all of them.
# What happens: exactly two are read. The third and all later ones are lost without an exception. When the sizes of the
# segments are unknown, as a live recorder writes them, the same three recordings are read whole; so the loss begins
# when the files were finished properly.
# Versions: PyAV 18.1.0 with its FFmpeg 8.1.2, numpy 2.4.6.
# Why it matters: a page that records in takes and appends them uploads such a file. A test with two takes passes, and
# a learner with three takes is told that words are missing that were spoken.
# Source: RFC 8794 (EBML, the basis of WebM), section on the EBML Stream: a file consists of one or more EBML Documents
# that are concatenated.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(command -v python3.11 || command -v python3)" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check av==18.1.0 numpy==2.4.6
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import io
import sys

import av
import numpy as np

RATE = 48_000


def webm(seconds: int, hertz: int, **options: str) -> bytes:
    """A finished WebM file with a tone in Opus."""
    tone = 10_000 * np.sin(2 * np.pi * hertz * np.arange(RATE * seconds) / RATE)
    file = io.BytesIO()
    with av.open(file, "w", format="webm", options=options) as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(tone.astype(np.int16)[None], format="s16", layout="mono")
        frame.rate, frame.pts = RATE, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def seconds_in(file: bytes) -> float:
    with av.open(io.BytesIO(file)) as container:
        return sum(frame.samples for frame in container.decode(audio=0)) / RATE


def read(**options: str) -> list[int]:
    """Whole seconds that are decoded of the first 1, 2, 3 and 4 takes of 2, 3, 4 and 5 seconds."""
    takes = [webm(seconds, 200 + 100 * seconds, **options) for seconds in (2, 3, 4, 5)]
    return [round(seconds_in(b"".join(takes[:count]))) for count in (1, 2, 3, 4)]


print("PyAV", av.__version__, "FFmpeg", av.ffmpeg_version_info)
print("1, 2, 3, 4 takes in one file last          2, 5, 9, 14 s")
finished, live = read(), read(live="1")
print("read of takes with the size of the segment", finished)
print("read of takes without the size            ", live)
if finished != [2, 5, 5, 5] or live != [2, 5, 9, 14]:
    sys.exit("changed: other takes are read")
print("holds: two appended WebM files are read, from the third on they are lost without an error")
PYTHON
