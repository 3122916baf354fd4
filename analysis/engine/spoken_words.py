"""The words of a line that were spoken, and in which pronunciation, by CTC log-likelihoods alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.engine import ctc, lexicon, phone_scores
from analysis.engine.lexicon import Pronunciation, SpokenWord, Word
from analysis.engine.phones import PhoneSet

# A run of words is dropped when that gains more than this many nats; single words need the same.
_OMISSION_GAIN: Final = 1.0
_VARIANT_ROUNDS: Final = 2
_ALL_RUNS_UP_TO: Final = 60
_SHORT_RUN: Final = 12


@dataclass(frozen=True)
class SpokenWords:
    """The outcome of `find`.

    `kept`: indices of the words that were spoken. `full_mean`: mean posterior with all words expected. `lattice`: of
    the spoken words, with its `ctc.edit_log_odds`. `total`: its log-likelihood when the worst-fitting run of words is
    excused.
    """

    kept: list[int]
    full_mean: float
    lattice: ctc.Lattice
    log_odds: ctc.Floats
    total: float


def word_bounds(pronunciations: Sequence[Pronunciation]) -> ctc.Ints:
    """Phone offsets of the word boundaries, (words + 1,)."""
    return np.cumsum([0, *(len(pronunciation.scored) for pronunciation in pronunciations)])


def choose_pronunciations(lattices: ctc.Lattices, words: Sequence[Word], phones: PhoneSet) -> list[Pronunciation]:
    """The likeliest pronunciation of each word, given its neighbours: first its reading, then its spoken words."""
    readings = _choose_readings(lattices, words, phones)
    spoken = [own for reading in readings for own in reading]
    first = [own.pronunciations[0] for own in spoken]
    chosen = iter(_choose(lattices, [own.pronunciations for own in spoken], first, phones))
    return [lexicon.join(reading, [next(chosen) for _ in reading]) for reading in readings]


def _choose_readings(lattices: ctc.Lattices, words: Sequence[Word], phones: PhoneSet) -> list[tuple[SpokenWord, ...]]:
    """The likeliest reading of each word by the most usual pronunciations."""
    if all(len(word.readings) == 1 for word in words):
        return [word.readings[0] for word in words]
    variants = [
        [lexicon.join(reading, [own.pronunciations[0] for own in reading]) for reading in word.readings]
        for word in words
    ]
    return [own.spoken for own in _choose(lattices, variants, [own[0] for own in variants], phones)]


def _choose(
    lattices: ctc.Lattices,
    variants: Sequence[Sequence[Pronunciation]],
    chosen: list[Pronunciation],
    phones: PhoneSet,
) -> list[Pronunciation]:
    """The likeliest variant of each of several sounds in a row; two rounds settle the joins."""
    for _ in range(_VARIANT_ROUNDS):
        lattice = lattices.of(_columns(chosen, phones))
        bounds = word_bounds(chosen)
        best = list(chosen)
        for index, own in enumerate(variants):
            if len(own) > 1:
                place = int(bounds[index]), int(bounds[index + 1])
                best[index] = _likeliest(lattice, place, own, chosen[index], phones)
        if best == chosen:
            break
        chosen = best
        del lattice
    return chosen


def _likeliest(
    lattice: ctc.Lattice,
    place: tuple[int, int],
    variants: Sequence[Pronunciation],
    current: Pronunciation,
    phones: PhoneSet,
) -> Pronunciation:
    others = [own for own in variants if own.scored != current.scored]
    if not others:
        return current
    likelihoods = ctc.splice(lattice, *place, [_columns([own], phones) for own in others])
    best = int(likelihoods.argmax())
    return others[best] if likelihoods[best] > lattice.total + 1e-9 else current


def find(lattices: ctc.Lattices, chosen: Sequence[Pronunciation], phones: PhoneSet) -> SpokenWords | None:
    """Finds the spoken words in a recording; None when the audio is too short.

    Runs of words whose absence fits better than other phones in their place are taken out, best run first: a word
    with a wrong phone is a spoken word.
    """
    lattice = lattices.of(_columns(chosen, phones))
    if lattice.total < ctc.NEG / 2:
        return None
    log_odds = ctc.edit_log_odds(lattice)
    full_mean = float(phone_scores.from_log_odds(log_odds, lattice.phones).posteriors.mean())
    kept, excused = list(range(len(chosen))), 0.0
    while kept:
        run, gain, excused = _best_omission(lattice, log_odds, word_bounds([chosen[index] for index in kept]))
        if gain <= _OMISSION_GAIN:
            break
        excused = 0.0
        del kept[run]
        if kept:
            del lattice
            lattice = lattices.of(_columns([chosen[index] for index in kept], phones))
            log_odds = ctc.edit_log_odds(lattice)
    return SpokenWords(kept, full_mean, lattice, log_odds, lattice.total + excused)


def _best_omission(lattice: ctc.Lattice, log_odds: ctc.Floats, bounds: ctc.Ints) -> tuple[slice, float, float]:
    """The run of words that is best left out.

    Returns the run, the nats gained against the likeliest other phones in its place, and the nats (≥ 0) gained by
    leaving out the run whose absence helps most.
    """
    firsts, lasts = _runs(len(bounds) - 1)
    delete = ctc.delete if len(bounds) - 1 <= _ALL_RUNS_UP_TO else ctc.delete_nearby
    dropped = delete(lattice, bounds[firsts], bounds[lasts + 1]) - lattice.total
    mended = np.concatenate([[0.0], np.cumsum(log_odds[:, :-1].max(axis=1))])
    gains = dropped - (mended[bounds[lasts + 1]] - mended[bounds[firsts]])
    best = int(gains.argmax())
    return slice(int(firsts[best]), int(lasts[best]) + 1), float(gains[best]), max(0.0, float(dropped.max()))


def _runs(count: int) -> tuple[ctc.Ints, ctc.Ints]:
    """First and last word of the runs that may be missing, of a line of `count` words.

    All runs of a usual line. All runs of a very long one would take most of the time: only those that reach its
    beginning or its end, and short ones.
    """
    firsts, lasts = np.triu_indices(count)
    if count <= _ALL_RUNS_UP_TO:
        return firsts, lasts
    kept = (firsts == 0) | (lasts == count - 1) | (lasts - firsts < _SHORT_RUN)
    return firsts[kept], lasts[kept]


def _columns(pronunciations: Sequence[Pronunciation], phones: PhoneSet) -> list[int]:
    return [phones.index[phone] for pronunciation in pronunciations for phone in pronunciation.scored]
