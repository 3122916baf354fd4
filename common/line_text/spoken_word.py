"""Frequency, syllables and hard sounds of spoken words: the facts that tell how hard they are to say."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """Frequency on the Zipf scale (log10 of its occurrences in 10^9 words), syllables and hard sounds."""

    zipf: float
    syllables: int
    hard_sounds: int


DescribeWord = Callable[[str], SpokenWord]
"""A word as readings spell it → what is known of it."""
