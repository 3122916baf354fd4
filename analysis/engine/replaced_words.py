"""Other words of a closed class in place of the expected ones: another number, letter or month.

Raters of learners rarely met a clear sound in a wrong word, so the ratings forgive "sixty" in place of "fifty". Here
the expected word is compared with the other words of its class by CTC log-likelihood, the rest of the line being equal.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from analysis.engine import ctc
from analysis.engine.lexicon import Pronunciation
from analysis.engine.phones import PhoneSet
from analysis.engine.spoken_words import SpokenWords

# A word of the class is another one where that explains the audio by this many nats better.
_GAIN: Final = 8.0
# Phones that hardly fit; those of the two words that are the same are no error.
_UNLIKE: Final = 0.5


def find(spoken: SpokenWords, chosen: Sequence[Pronunciation], phones: PhoneSet) -> list[frozenset[int]]:
    """Returns, for each word of the line, the places of the phones in whose place another word was said."""
    found: list[frozenset[int]] = [frozenset()] * len(chosen)
    offset = 0
    for index in spoken.kept:
        found[index] = _replaced(spoken, offset, chosen[index], phones)
        offset += len(chosen[index].scored)
    return found


def _replaced(spoken: SpokenWords, offset: int, chosen: Pronunciation, phones: PhoneSet) -> frozenset[int]:
    """Places, within one word of the line that begins at phone `offset`."""
    places: set[int] = set()
    at = 0
    for word, own in zip(chosen.spoken, chosen.parts, strict=True):
        start, stop = offset + at, offset + at + len(own.scored)
        if word.rivals and _best_gain(spoken.lattice, start, stop, word.rivals, phones) > _GAIN:
            best = spoken.log_odds[start:stop].max(axis=1)
            unlike = np.flatnonzero(best > np.log(_UNLIKE))
            places |= {at + int(place) for place in (unlike if len(unlike) else range(stop - start))}
        at += len(own.scored)
    return frozenset(places)


def _best_gain(lattice: ctc.Lattice, start: int, stop: int, rivals: Sequence[Sequence[str]], phones: PhoneSet) -> float:
    """Nats that the likeliest rival gains over the phones [start, stop)."""
    segments = [[phones.index[phone] for phone in rival] for rival in rivals]
    return float(ctc.splice(lattice, start, stop, segments).max()) - lattice.total
