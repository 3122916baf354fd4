"""Pieces of a line: its parts without white space, and amounts, times and heights that are written with spaces."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from common.line_text.english import amounts
from common.line_text.english.cleaning import Cleaned

_SCALES: Final = "|".join(amounts.SCALE_WORDS)
_SIGNS: Final = re.escape(amounts.CURRENCY_SIGNS)
_HALF_OF_DAY: Final = r"[ap]\.?\s?m\b\.?"
# Written with a space inside and read as one.
_JOINED = re.compile(
    "|".join(
        (
            rf"(?:US|CA?|AU?|NZ|HK)?[{_SIGNS}]\s?\d[\d,]*(?:\.\d+)?\s(?:{_SCALES})\b",
            rf"[{_SIGNS}]\s\d[\d,]*(?:\.\d+)?",
            r"(?<![\d,])\d[\d,]*(?:\.\d+)?\s(?:USD|EUR|GBP|JPY|KRW)\b",
            r"\d\s?°\s?[CF]\b|\d\s°",
            r"(?<!\d)\d+\s\d{1,2}/\d{1,2}(?![\d/])",
            rf"\d{{1,2}}(?::\d{{2}})?(?:-\d{{1,2}}(?::\d{{2}})?)?\s{_HALF_OF_DAY}",
            r"(?:\+?1[-\s])?\(\d{3}\)\s?\d{3}-\d{4}",
            r"\d{1,2}'\s?\d{1,2}\"?",
            r"\d{1,2}\sft\.?\s\d{1,2}(?:\sin\b\.?)?",
            r"[#№]\s\d+",
        )
    ),
    re.IGNORECASE,
)
_PIECE = re.compile(r"[^\s—–…\0]+")
_BREAKS = re.compile(r"[—–…]+|--+|\.{2,}")
_KEPT: Final = rf"{_SIGNS}#@&%+=~±≈÷√∞≤≥≠§¶№"
_LEFT = re.compile(rf"^(?:[^\w{_KEPT}.'<(-]|[<(]|-(?=\D|$)|\.(?!\d)|'(?='))+")
_RIGHT = re.compile(rf"[^\w{_SIGNS}%‰°'\"+&@=#∞±≈÷√≤≥≠§¶]+$")
_COMPARISON = re.compile(r"<3|[<>]=?")
# Abbreviations that touch the next word (No.5, Mr.Smith).
_GLUED = re.compile(
    r"\W*(?:nos?|mrs?|ms|dr|st|vol|ch|pt|pg|pp?|mt|ft|prof|sgt|capt|lt|col|gen|fig|sec|apt|rm|vs)\.(?=[A-Z\d])"
    r"(?!\w\.)",
    re.IGNORECASE,
)
_AREA_CODE = re.compile(r"\(\d{3}\)\s?\d")
_REACH: Final = 4


@dataclass(frozen=True)
class Piece:
    """A part of a line without white space, and what is beside it.

    `core` has no punctuation around. `before`, `earlier` (one more word back) and `follows` are the cores beside it;
    `mark_before` and `mark_after` the punctuation between; `is_dotted`: a full stop follows.
    """

    core: str
    start: int
    stop: int
    is_dotted: bool = False
    in_capitals: bool = False
    before: str = ""
    earlier: str = ""
    follows: tuple[str, ...] = ()
    mark_before: str = ""
    mark_after: str = ""

    @property
    def lower(self) -> str:
        return self.core.lower()

    @property
    def after(self) -> str:
        """The next core; empty for the last one."""
        return self.follows[0] if self.follows else ""


def split(line: Cleaned) -> list[Piece]:
    """Returns the pieces of a line: split at white space, dashes and dots in a row, but not inside an amount."""
    in_capitals = not any(c.islower() for c in line.text)
    found = _found(line.text)
    cores = [piece.core for piece in found]
    marks = [line.text[own.stop : following.start].strip() for own, following in itertools.pairwise(found)]
    ends = ["", *marks, line.text[found[-1].stop :].strip() if found else ""]
    return [
        replace(
            piece,
            in_capitals=in_capitals,
            before=_at(cores, at - 1),
            earlier=_at(cores, at - 2),
            follows=tuple(cores[at + 1 : at + 1 + _REACH]),
            mark_before=ends[at],
            mark_after=ends[at + 1],
        )
        for at, piece in enumerate(found)
    ]


def _at(cores: Sequence[str], place: int) -> str:
    return cores[place] if place >= 0 else ""


def _found(line: str) -> list[Piece]:
    text = _BREAKS.sub(lambda match: " " * len(match[0]), line)
    joined = [match.span() for match in _JOINED.finditer(text)]
    found, at = [], 0
    while match := _PIECE.search(text, at):
        start, stop = match.span()
        inside = next((span for span in joined if span[0] < stop and start < span[1]), None)
        if inside:
            start, stop = min(start, inside[0]), max(stop, inside[1])
            tail = _PIECE.match(text, stop)
            stop = tail.end() if tail else stop
        elif glued := _GLUED.match(match[0]):
            stop = start + glued.end()
        at = stop
        found += _trimmed(text, start, stop)
    return found


def _trimmed(text: str, start: int, stop: int) -> list[Piece]:
    """The piece between two places of a text without its punctuation; empty where nothing is left."""
    piece = text[start:stop]
    if _COMPARISON.fullmatch(piece):
        return [Piece(piece, start, stop)]
    left = _LEFT.match(piece)
    begin = left.end() if left else 0
    begin -= _AREA_CODE.match(piece, max(begin - 1, 0)) is not None
    core = piece[begin:]
    if re.search(r"\d['\"]{1,2}[^\w]*$", core) is None and not re.search(r"[^\W\d_]'$", core):
        core = core.rstrip("'\"")
    right = _RIGHT.search(core)
    end = right.start() if right else len(core)
    is_dotted = core[end:].startswith(".")
    core = core[:end]
    if not re.search(r"\d['\"]+$", core):
        core = core.rstrip('"')
    if not core:
        return []
    core += _kept_end(core, piece[begin + end :], is_inside=start > 0)
    return [Piece(core, start + begin, start + begin + len(core), is_dotted)]


def _kept_end(core: str, rest: str, *, is_inside: bool) -> str:
    """The punctuation behind a core that belongs to it: the minus of a grade, the stroke of "w/"."""
    is_grade = rest.startswith("-") and re.fullmatch(r"[A-D]|AB|O" if is_inside else r"AB", core)
    is_with = rest.startswith("/") and core in {"w", "W"}
    is_closed = rest.startswith(")") and core.count("(") > core.count(")")
    return rest[:1] if is_grade or is_with or is_closed else ""
