"""Reads SubRip (SRT).

The libraries at hand change or drop valid cues, or take too long: pysubs2 takes a last row of digits for the number of
the next cue and keeps no numbers, webvtt-py drops cues without milliseconds, srt takes quadratic time for rows of
digits. So the rows are read here, around the rows that hold times: everything between two of them is text.
"""

import re

from media.subtitles.cues import Note, RawCue
from media.subtitles.markup import plain, rows_of
from media.subtitles.times import is_timing, read_timing

_NUMBER = re.compile(r"\s*#?(\d{1,9})\s*[.:)]?\s*$")


def read_subrip(text: str) -> tuple[list[RawCue], list[Note]]:
    """Returns the cues in order of the file; raises SubtitlesUnreadable for a cue without readable times."""
    rows = text.split("\n")
    timings = [at for at, row in enumerate(rows) if is_timing(row) or _is_broken(row, rows[at - 1])]
    heads = _heads(rows, timings)
    notes = [Note("text_outside_cues", None, plain(row)) for row in rows[: heads[0]] if plain(row)]
    cues, number = list[RawCue](), 0
    for at, head, end in zip(timings, heads, [*heads[1:], len(rows)], strict=True):
        number = _number(rows, head, at) or number + 1
        start_s, end_s = read_timing(rows[at], str(number))
        cues.append(RawCue(str(number), start_s, end_s, rows_of("\n".join(rows[at + 1 : end]))))
    return cues, notes


def _is_broken(row: str, above: str) -> bool:
    """Returns whether a row has an arrow at the place of times, below a number."""
    return "-->" in row and _NUMBER.match(above) is not None


def _heads(rows: list[str], timings: list[int]) -> list[int]:
    """Returns the row at which each cue begins: that of its number, or of its times where the file has no numbers.

    A row of digits is a number only in a file that numbers its first cue; elsewhere it is text.
    """
    first = _number_row(rows, timings[0], 0)
    if first is None:
        return timings
    ends = [0, *(at + 1 for at in timings)]
    numbers = [_number_row(rows, at, end) for at, end in zip(timings, ends, strict=False)]
    return [at if number is None else number for at, number in zip(timings, numbers, strict=True)]


def _number_row(rows: list[str], timing: int, first: int) -> int | None:
    """Returns the row of the number above a row of times, not above `first`. Empty rows may stand between."""
    at = timing - 1
    while at >= first and not rows[at].strip():
        at -= 1
    if at < first or not _NUMBER.match(rows[at]):
        return None
    is_adjacent, is_apart = at == timing - 1, at == first or not rows[at - 1].strip()
    return at if is_adjacent or is_apart else None


def _number(rows: list[str], head: int, timing: int) -> int | None:
    found = _NUMBER.match(rows[head]) if head < timing else None
    return int(found[1]) if found else None
