"""Lines with known wrong sounds: the sounds are chosen before they are rendered, so every label is exact."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from analysis.engine.languages.english.profile import ENGLISH
from analysis.engine.lexicon import Lexicon

ROOT: Final = Path(__file__).resolve().parents[2]
SCENES: Final = ROOT / "catalogue" / "scenes"
RECORDINGS: Final = ROOT / "analysis" / "tests" / "data" / "speech" / "index.json"
LINES: Final = Path(__file__).with_name("fit_lines.txt")
"""Sentences of their own, rich in the sounds learners mix and in the short words of every line."""

DROPPED: Final = ("D", "F", "K", "L", "P", "S", "T", "V", "Z")
"""Final consonants that are left out."""
_LONGEST: Final = 14
_APART: Final = 4


@dataclass(frozen=True)
class Contrast:
    """A line, the sounds that are expected, and the sounds to be said in their place (None = none)."""

    text: str
    expected: tuple[tuple[str, ...], ...]
    said: tuple[tuple[str | None, ...], ...]

    @property
    def spoken(self) -> list[list[str]]:
        """What a voice is asked to say."""
        return [[phone for phone in word if phone is not None] for word in self.said]


def own_lines() -> list[str]:
    """The sentences written for fitting."""
    return LINES.read_text(encoding="utf-8").splitlines()


def texts() -> list[str]:
    """The catalogue's lines and the recordings' sentences, the shorter ones."""
    lines = [
        line["text"] for path in sorted(SCENES.glob("*.json")) for line in json.loads(path.read_text("utf-8"))["lines"]
    ]
    lines += [entry["text"] for entry in json.loads(RECORDINGS.read_text("utf-8"))]
    return [line for line in dict.fromkeys(lines) if 4 <= len(line.split()) <= _LONGEST]


def canonical(lexicon: Lexicon, text: str) -> tuple[tuple[str, ...], ...]:
    """The dictionary's first pronunciation of every word."""
    return tuple(word.pronunciations[0].shown for word in lexicon.read(text))


def clean(text: str, expected: Sequence[tuple[str, ...]]) -> Contrast:
    """The line as it should be."""
    return Contrast(text, tuple(expected), tuple(expected))


def swapped(text: str, expected: Sequence[tuple[str, ...]], rng: np.random.Generator) -> Contrast:
    """The line with as many sounds replaced or dropped as fit, never two within four sounds of each other."""
    said: list[list[str | None]] = [list(word) for word in expected]
    offsets = np.cumsum([0, *(len(word) for word in expected)])
    taken: list[int] = []
    for word, position, rival in sorted(_choices(expected), key=lambda _: rng.random()):
        at = int(offsets[word]) + position
        if all(abs(at - other) >= _APART for other in taken):
            said[word][position] = rival
            taken.append(at)
    return Contrast(text, tuple(expected), tuple(tuple(word) for word in said))


def _choices(expected: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int, str | None]]:
    for word, phones in enumerate(expected):
        for position, phone in enumerate(phones):
            for rival in ENGLISH.learner_errors.confusions.get(phone, ()):
                yield word, position, rival
            if position == len(phones) - 1 and len(phones) > 2 and phone in DROPPED:
                yield word, position, None
