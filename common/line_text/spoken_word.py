"""What is known of a spoken word that tells how hard it is to say."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word's frequency on the Zipf scale (log10 of its occurrences in 10^9 words), syllables and hard sounds."""

    zipf: float
    syllables: int
    hard_sounds: int


DescribeWord = Callable[[str], SpokenWord]
"""A word as readings spell it → what is known of it."""
