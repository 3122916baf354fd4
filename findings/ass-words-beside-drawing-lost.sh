#!/usr/bin/env bash
# Most expect: pysubs2 tells drawings from text, so an ASS event with a small drawing and words keeps its words when it
# is written as SRT or read as plain text, and the drawing is left out.
# What happens: a drawing anywhere makes the whole event a drawing. Its words are missing from get_text_events() and
# from the written SRT, without a warning. Its plaintext joins the drawing commands with the words.
# Versions: pysubs2 1.8.1.
# Why it matters: typeset subtitles put an icon or a coloured box in front of a spoken line. Such lines are missing from
# the imported scene, or start with "m 0 0 l 20 0".
# Source: the description of SSAEvent.is_drawing, "Returns True if line is SSA drawing tag (ie. not text)", leaves the
# mixed case open.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(command -v python3.11 || command -v python3)" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pysubs2==1.8.1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import pysubs2

HEADER = r"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,20

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\p1}m 0 0 l 20 0 20 20{\p0}Where were you?
Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,At home.
"""

subtitles = pysubs2.SSAFile.from_string(HEADER)
mixed = subtitles[0]
kept = [event.plaintext for event in subtitles.get_text_events()]
written = subtitles.to_string("srt")
print("pysubs2", pysubs2.VERSION)
print(f"text events: {kept}")
print(f"written SRT: {written!r}")
print(f"plaintext of the mixed event: {mixed.plaintext!r}")
if not mixed.is_drawing or kept != ["At home."] or "Where" in written or "At home." not in written:
    sys.exit("changed: the words of the mixed event are kept")
if mixed.plaintext != "m 0 0 l 20 0 20 20Where were you?":
    sys.exit("changed: the plain text of the mixed event")
print("holds: words that follow a drawing in one ASS event are lost")
PYTHON
