"""Lines with known wrong sounds for fitting: the sounds are chosen before they are rendered, so labels are exact."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.engine.lexicon import Lexicon
from analysis.eval import corpus
from analysis.eval.material import FitMaterial

_MIN_WORDS: Final = 4
_MAX_WORDS: Final = 14
_APART: Final = 4


@dataclass(frozen=True)
class Contrast:
    """A line, the sounds that are expected, and the sounds to be said in their place (None = none)."""

    text: str
    expected: tuple[tuple[str, ...], ...]
    said: tuple[tuple[str | None, ...], ...]

    @property
    def spoken(self) -> list[list[str]]:
        """The sounds for a voice to say."""
        return [[phone for phone in word if phone is not None] for word in self.said]


def own_lines(material: FitMaterial) -> list[str]:
    """Returns the sentences written for fitting."""
    return material.lines.read_text(encoding="utf-8").splitlines()


def texts(tag: str) -> list[str]:
    """Returns the shorter ones of the catalogue's lines and the recordings' sentences in a language."""
    lines = [*corpus.catalogue_texts(tag, all_scenes=True), *corpus.recording_texts(tag).values()]
    return [line for line in dict.fromkeys(lines) if _MIN_WORDS <= len(line.split()) <= _MAX_WORDS]


def canonical(lexicon: Lexicon, text: str) -> tuple[tuple[str, ...], ...]:
    """Returns the lexicon's first pronunciation of every word."""
    return tuple(word.pronunciations[0].shown for word in lexicon.read(text))


def clean(text: str, expected: Sequence[tuple[str, ...]]) -> Contrast:
    """Returns the line without wrong sounds."""
    return Contrast(text, tuple(expected), tuple(expected))


def swapped(
    text: str, expected: Sequence[tuple[str, ...]], material: FitMaterial, rng: np.random.Generator
) -> Contrast:
    """Returns the line with as many sounds replaced or dropped as fit, at least four sounds from each other."""
    said: list[list[str | None]] = [list(word) for word in expected]
    offsets = np.cumsum([0, *(len(word) for word in expected)])
    changed: list[int] = []
    for word, position, rival in sorted(_choices(expected, material), key=lambda _: rng.random()):
        at = int(offsets[word]) + position
        if all(abs(at - other) >= _APART for other in changed):
            said[word][position] = rival
            changed.append(at)
    return Contrast(text, tuple(expected), tuple(tuple(word) for word in said))


def _choices(expected: Sequence[tuple[str, ...]], material: FitMaterial) -> Iterator[tuple[int, int, str | None]]:
    for word, phones in enumerate(expected):
        for position, phone in enumerate(phones):
            for rival in material.profile.learner_errors.confusions.get(phone, ()):
                yield word, position, rival
            if position == len(phones) - 1 and len(phones) > 2 and phone in material.dropped_finals:
                yield word, position, None
