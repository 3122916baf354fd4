"""Vowels that learners add next to a consonant (friend → 프렌드)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.engine import ctc
from analysis.engine.language_profile import LanguageProfile
from analysis.engine.lexicon import Pronunciation
from analysis.engine.phone_scores import MAX_LOG_ODDS
from analysis.engine.phones import PhoneSequence


@dataclass(frozen=True)
class Insertion:
    """An added phone: its posterior against its absence (0–1), the word's index, and the phone that it precedes."""

    phone: str
    posterior: float
    word: int
    position: int


def find(
    lattice: ctc.Lattice, pronunciations: Sequence[Pronunciation], kept: Sequence[int], profile: LanguageProfile
) -> list[Insertion]:
    """Insertions that explain the audio better than the line does.

    `pronunciations` are those of the spoken words; `kept` are their indices within the line.
    """
    places = _places(pronunciations, frozenset(profile.phones.vowels))
    if not places:
        return []
    vowels = profile.learner_errors.added_vowels
    gaps = np.array([gap for _, _, gap in places])
    columns = np.array([profile.phones.index[vowel] for vowel in vowels])
    gains = ctc.replace(lattice, gaps, gaps, columns) - lattice.total
    found = []
    for (word, position, _), row in zip(places, gains, strict=True):
        odds = float(np.exp(np.minimum(row, MAX_LOG_ODDS)).sum())
        if odds > 1.0:
            found.append(Insertion(vowels[int(row.argmax())], odds / (1.0 + odds), kept[word], position))
    return found


def _places(pronunciations: Sequence[Pronunciation], vowels: frozenset[str]) -> list[tuple[int, int, int]]:
    """Places of possible insertions: (spoken word, position within it, gap within the lattice)."""
    places, offset = [], 0
    for word, pronunciation in enumerate(pronunciations):
        for position in range(len(pronunciation.scored) + 1):
            if _takes_vowel(pronunciation.scored, position, vowels):
                places.append((word, position, offset + position))
        offset += len(pronunciation.scored)
    return places


def _takes_vowel(phones: PhoneSequence, position: int, vowels: frozenset[str]) -> bool:
    """True where an extra vowel would break a cluster or follow a final consonant."""
    before = phones[position - 1] if position > 0 else None
    after = phones[position] if position < len(phones) else None
    return before is not None and before not in vowels and (after is None or after not in vowels)
