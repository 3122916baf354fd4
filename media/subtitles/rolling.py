"""Merges cues that show the same words again: repeated, rolled up row by row, or growing word by word.

Live captions keep the last row on the screen above the new one, and layers of ASS show a line twice. A row that people
say twice stays: it comes after a pause, or is short and follows without one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from media.subtitles.cues import Note, RawCue, Row

# The longest pause between cues that belong together, and the shortest cue that people can read, in seconds.
TOUCHING_S, FLASH_S = 0.1, 0.2
# Rows of fewer words are said twice in a row now and then; then a second place of the file has to show the habit.
_MIN_WORDS = 3
_SENTENCE_END = (".", "!", "?", "…", '"', "”", "。", ",", "-", "–", "—")
# Rolling captions are on the screen until the row after the next one comes.
_MIN_OVERLAPS, _MIN_OVERLAP_SHARE, _MIN_STEP_S = 2, 0.6, 0.3


@dataclass(slots=True)
class _Shown:
    """A cue that is kept: `rows` as it is on the screen, `cue` with new rows only, shown until `until_s`."""

    cue: RawCue
    rows: tuple[str, ...]
    until_s: float


def merge(cues: Sequence[RawCue]) -> tuple[list[RawCue], list[Note]]:
    """Returns the cues in order of time, each row once, and the notes about those that were merged."""
    ordered = sorted(cues, key=lambda cue: cue.start_s)
    is_rolling = sum(_rolled(_keys(a), _keys(b), 1) > 0 for a, b in _touching(ordered)) >= 2
    is_growing = sum(_grows(_keys(a), _keys(b), 1) for a, b in _touching(ordered)) >= 2
    min_rolled, min_grown = (1 if is_rolling else _MIN_WORDS), (1 if is_growing else _MIN_WORDS)
    kept, notes = list[_Shown](), list[Note]()
    for cue in ordered:
        if note := _join(kept, cue, min_rolled, min_grown):
            notes.append(note)
        else:
            kept.append(_Shown(cue, _keys(cue), cue.end_s))
    merged, shortened = _shorten([shown.cue for shown in kept])
    return merged, notes + shortened


def _join(kept: list[_Shown], cue: RawCue, min_rolled: int, min_grown: int) -> Note | None:
    """Merges a cue into those before it where it belongs there, and returns the note; None for a new cue."""
    rows, text = _keys(cue), " ".join(row.text for row in cue.rows)
    for shown in reversed(kept[-4:]):
        if rows == shown.rows and _repeats(shown, cue):
            if cue.end_s - cue.start_s >= FLASH_S:
                shown.cue = replace(shown.cue, end_s=max(shown.cue.end_s, cue.end_s))
            shown.until_s = max(shown.until_s, cue.end_s)
            return Note("cue_repeated", cue.number, text)
    if not kept or cue.start_s > kept[-1].until_s + TOUCHING_S:
        return None
    last = kept[-1]
    if count := _rolled(last.rows, rows, min_rolled):
        return _roll(kept, cue, rows, count)
    if _grows(last.rows, rows, min_grown):
        grown = last.cue.rows[:-1] + cue.rows[len(last.rows) - 1 :]
        last.cue = replace(last.cue, rows=grown, end_s=max(last.cue.end_s, cue.end_s))
        last.rows, last.until_s = rows, cue.end_s
        return Note("cue_extended", cue.number, text)
    return None


def _roll(kept: list[_Shown], cue: RawCue, rows: tuple[str, ...], count: int) -> Note:
    """Keeps the rows of a cue below those that are on the screen already."""
    if count < len(rows):
        kept.append(_Shown(cue.with_rows(cue.rows[count:]), rows, cue.end_s))
    else:
        kept[-1].rows, kept[-1].until_s = rows, max(kept[-1].until_s, cue.end_s)
    return Note("cue_rolled_up", cue.number, " ".join(row.text for row in cue.rows[:count]))


def _repeats(shown: _Shown, cue: RawCue) -> bool:
    """Returns whether a cue with the same rows is one line: at the same time, a flash, or long and without a pause."""
    if cue.start_s < shown.until_s - 0.001:
        return True
    is_long = sum(len(row.split()) for row in shown.rows) >= _MIN_WORDS
    return cue.start_s <= shown.until_s + TOUCHING_S and (is_long or cue.end_s - cue.start_s < FLASH_S)


def _rolled(before: tuple[str, ...], rows: tuple[str, ...], min_words: int) -> int:
    """Returns the number of rows at the top of a cue that were at the bottom of the one before."""
    for count in range(min(len(before), len(rows)), 0, -1):
        if before[-count:] == rows[:count] and (len(rows) > count or len(before) > count):
            return count if sum(len(row.split()) for row in rows[:count]) >= min_words else 0
    return 0


def _grows(before: tuple[str, ...], rows: tuple[str, ...], min_words: int) -> bool:
    """Returns whether a cue shows the rows before it with more words in the last one."""
    size = len(before)
    if not 0 < size <= len(rows) or before[:-1] != rows[: size - 1]:
        return False
    last = before[-1]
    is_begun = rows[size - 1].startswith(f"{last} ") and not last.endswith(_SENTENCE_END)
    return is_begun and sum(len(row.split()) for row in before) >= min_words


def _shorten(cues: list[RawCue]) -> tuple[list[RawCue], list[Note]]:
    """Ends each cue where the next one starts if most of them overlap, as in captions that scroll."""
    pairs = list(pairwise(cues))
    overlaps = [a for a, b in pairs if b.start_s < a.end_s - 0.05 and b.start_s >= a.start_s + _MIN_STEP_S]
    if len(overlaps) < max(_MIN_OVERLAPS, _MIN_OVERLAP_SHARE * len(pairs)):
        return cues, []
    ends_s = [min(a.end_s, b.start_s) if b.start_s >= a.start_s + _MIN_STEP_S else a.end_s for a, b in pairs]
    return [replace(cue, end_s=end_s) for cue, end_s in zip(cues, [*ends_s, cues[-1].end_s], strict=True)], [
        Note("ends_shortened")
    ]


def _touching(cues: Sequence[RawCue]) -> Iterator[tuple[RawCue, RawCue]]:
    for before, cue in pairwise(cues):
        if cue.start_s <= before.end_s + TOUCHING_S:
            yield before, cue


def _keys(cue: RawCue) -> tuple[str, ...]:
    return tuple(_key(row) for row in cue.rows)


def _key(row: Row) -> str:
    return row.text.casefold()
