"""A word as the line writes it, and the ways in which it may be read."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

Reading = tuple[str, ...]
"""Spoken words: lower-case words, and upper-case letters for the names of letters ("F", plural "F's")."""
MAX_READINGS: Final = 16


@dataclass(frozen=True)
class WrittenWord:
    """A word of a line in its own spelling, and its readings, the most usual one first; at least one."""

    text: str
    readings: tuple[Reading, ...]

    @property
    def spoken(self) -> Reading:
        """The most usual reading."""
        return self.readings[0]


ReadText = Callable[[str], list[WrittenWord]]
"""Line → its words in order, without anything that is not spoken."""


def distinct(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Returns the readings that hold a word, each once, in order; at most MAX_READINGS."""
    return tuple(itertools.islice((reading for reading in dict.fromkeys(readings) if reading), MAX_READINGS))


def combine(parts: Sequence[Sequence[Reading]]) -> tuple[Reading, ...]:
    """Returns the readings of parts that are read one after another; a part without a reading is silent.

    The combination of their first readings comes first, then those that differ from it in one part.
    """
    parts = [part for part in parts if part]
    first = [part[0] for part in parts]
    singles = (
        (*first[:place], reading, *first[place + 1 :]) for place, part in enumerate(parts) for reading in part[1:]
    )
    every = itertools.islice(itertools.product(*parts), 4 * MAX_READINGS)
    return distinct(tuple(itertools.chain.from_iterable(chosen)) for chosen in (first, *singles, *every))


def readings(*spoken: str) -> tuple[Reading, ...]:
    """Returns readings given as texts, with spaces between their words."""
    return distinct(tuple(text.split()) for text in spoken)


def word_set(words: str) -> frozenset[str]:
    """Returns the words of a table that is written as text."""
    return frozenset(words.split())
