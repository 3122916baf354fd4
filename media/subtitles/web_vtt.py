"""Reads WebVTT with webvtt-py, which drops what it cannot read: times are read first, and the rest is compared."""

import re
from collections import Counter

import webvtt

from media.subtitles.cues import Note, RawCue, SubtitlesUnreadable
from media.subtitles.markup import plain, rows_of
from media.subtitles.times import is_timing, read_timing

_KEYWORD = re.compile(r"(WEBVTT|NOTE|STYLE|REGION)\b")


def is_web_vtt(text: str) -> bool:
    """Returns whether a text begins as WebVTT does."""
    return text.lstrip().startswith("WEBVTT")


def read_web_vtt(text: str) -> tuple[list[RawCue], list[Note]]:
    """Returns the cues in order of the file; raises SubtitlesUnreadable for a cue without readable times."""
    rows = text.lstrip().split("\n")
    times_s: list[tuple[float, float]] = []
    for at, row in enumerate(rows):
        if is_timing(row):
            times_s.append(read_timing(row, _number(rows[at - 1], len(times_s) + 1)))
            rows[at] = " --> ".join(map(_stamp, times_s[-1]))
        else:
            # An arrow elsewhere would end the cue.
            rows[at] = row.replace("-->", "->")
    parsed = webvtt.from_string("\n".join(rows))
    if len(parsed.captions) != len(times_s):
        raise SubtitlesUnreadable("subtitles_damaged", format="WebVTT")
    cues = [
        RawCue(_number(caption.identifier or "", count), start_s, end_s, rows_of(caption.raw_text))
        for count, (caption, (start_s, end_s)) in enumerate(zip(parsed.captions, times_s, strict=True), 1)
    ]
    return cues, [Note("text_outside_cues", None, plain(row)) for row in _unused(rows, parsed) if plain(row)]


def _number(identifier: str, count: int) -> str:
    """Returns the number of a cue: its identifier where that is a number, or else its place in the file."""
    written = identifier.strip()
    return written if written.isdecimal() and len(written) < 10 else str(count)


def _stamp(seconds: float) -> str:
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"


def _unused(rows: list[str], parsed: webvtt.WebVTT) -> list[str]:
    """Returns the rows that are part of no cue, comment, style, region or header."""
    used = Counter(_key(row) for caption in parsed.captions for row in (caption.identifier or "", *caption.lines))
    used.update(_key(row) for style in parsed.styles for row in style.lines)
    used.update(_key(row) for row in parsed.metadata)
    comments = [*parsed.header_comments, *parsed.footer_comments]
    for items in (parsed.captions, parsed.styles, parsed.regions):
        comments += [comment for item in items for comment in item.comments]
    used.update(_key(row) for comment in comments for row in comment.split("\n"))
    settings = {setting for region in parsed.regions for setting in region}
    unused = []
    for row in rows:
        if is_timing(row) or _KEYWORD.match(row) or set(row.split()) <= settings:
            continue
        if used[_key(row)]:
            used[_key(row)] -= 1
        else:
            unused.append(row)
    return unused


def _key(row: str) -> str:
    return " ".join(row.split())
