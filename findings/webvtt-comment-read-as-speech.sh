#!/usr/bin/env bash
# Most expect: pysubs2 leaves out the comments, style blocks and cue identifiers of a WebVTT file, as every player does.
# What happens: all of them become text of the cue in front of them. Only identifiers that are numbers are removed, and
# blocks in front of the first cue. So files with numbered cues, the usual test data, look right.
# Versions: pysubs2 1.8.1.
# Why it matters: a note of the translator, or the name of the next shot, becomes part of the line that is shown and
# that the learner is asked to speak.
# Source: the WebVTT specification (W3C), "NOTE" comment blocks and cue identifiers. The description of pysubs2's
# WebVTTFormat says only that it shares its implementation with SRT.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(command -v python3.11 || command -v python3)" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pysubs2==1.8.1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import pysubs2

BETWEEN = {
    "nothing": "",
    "number as identifier": "2\n",
    "word as identifier": "kitchen-2\n",
    "comment": "NOTE she is lying here\n\n",
}


def first_text(between: str) -> str:
    file = f"WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n\n{between}00:03.000 --> 00:04.000\nGoodbye.\n"
    cues = pysubs2.SSAFile.from_string(file)
    assert [cue.start for cue in cues] == [1000, 3000] and cues[1].plaintext == "Goodbye."
    return cues[0].plaintext


print("pysubs2", pysubs2.VERSION)
found = {name: first_text(between) for name, between in BETWEEN.items()}
for name, text in found.items():
    print(f"between the cues {name:21}: the first reads {text!r}")
if list(found.values()) != ["Hello.", "Hello.", "Hello.\n\nkitchen-2", "Hello.\n\nNOTE she is lying here"]:
    sys.exit("changed: other text is read")
print("holds: a WebVTT comment or identifier is added to the text of the cue in front of it")
PYTHON
