#!/usr/bin/env bash
# Most expect: pysubs2 returns every row of text of an SRT cue.
# What happens: if the last row of the last cue is a number, the row is removed without a warning, because it could be
# the number of a following cue. The same cue elsewhere in the file keeps it: there the real number of the next cue is
# removed instead. WebVTT files, whose cues usually have no numbers, lose such a row in every cue.
# Versions: pysubs2 1.8.1.
# Why it matters: "1984" is spoken. A line that is learned from such a file misses its last word, and a learner who says
# it is marked down for an extra word. A test with the cue in the middle of the file does not see it.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(command -v python3.11 || command -v python3)" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pysubs2==1.8.1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import pysubs2


def texts(file: str) -> list[str]:
    return [cue.plaintext for cue in pysubs2.SSAFile.from_string(file)]


ASKED = "In what year?\n1984\n"
SHORT = "Really.\n"


def srt(first: str, second: str) -> str:
    return f"1\n00:00:01,000 --> 00:00:02,000\n{first}\n2\n00:00:03,000 --> 00:00:04,000\n{second}"


def vtt(first: str, second: str) -> str:
    return f"WEBVTT\n\n00:01.000 --> 00:02.000\n{first}\n00:03.000 --> 00:04.000\n{second}"


print("pysubs2", pysubs2.VERSION)
found = {
    "SRT, first cue ": texts(srt(ASKED, SHORT)),
    "SRT, last cue  ": texts(srt(SHORT, ASKED)),
    "WebVTT, 1st cue": texts(vtt(ASKED, SHORT)),
}
for name, cues in found.items():
    print(f"{name} {cues}")
if list(found.values()) != [
    ["In what year?\n1984", "Really."],
    ["Really.", "In what year?"],
    ["In what year?", "Really."],
]:
    sys.exit("changed: other rows are kept")
print("holds: a last row that is a number is removed from the last SRT cue and from any WebVTT cue without numbers")
PYTHON
