"""Goodness of pronunciation without alignment: how much better the right sound explains the audio than any other.

For phone i of the canonical sequence c, with ll(·) the CTC log-likelihood:
    post_i = 1 / (1 + Σ_q exp(ll(c with phone i → q) − ll(c)))      q over the other 38 sounds and deletion
(Cao et al. 2024, "A framework for phoneme-level pronunciation assessment using CTC"). A word is the mean of its
phones; it is omitted when the sequence without it explains the audio better.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from analysis.engine import ctc
from analysis.engine.lexicon import Pronunciation, Word
from analysis.engine.phones import BLANK, INDEX, PHONES, VOWELS
from analysis.engine.rescoring import Line, Vote

SecondVote = Callable[[Line, ctc.Floats], Vote]
"""What was said of the line, and the log-odds of its sounds (`gains`) → the vote that is scored."""

# A run of words is dropped when that gains at least this many nats; single words need the same.
_OMISSION_GAIN: Final = 0.0
# Below this mean posterior a word is another word, and no single sound of it is worth a second look.
_STRANGE_WORD: Final = 0.2
_STRANGE_FROM_SOUNDS: Final = 3
_VARIANT_ROUNDS: Final = 2
# The vowels Korean learners add after final consonants and inside clusters (으, 이, 우, and schwa).
_ADDED_VOWELS: Final = ("UH", "AH", "IH", "IY", "UW")
_ALL_RUNS_UP_TO: Final = 60
_SHORT_RUN: Final = 12
_CAP: Final = 500.0


@dataclass(frozen=True)
class PhoneGoodness:
    """One expected sound: its posterior (0–1), and the sound that fits best (None = left out)."""

    expected: str
    heard_as: str | None
    posterior: float
    peak_s: float


@dataclass(frozen=True)
class WordGoodness:
    """One display word. `phones` is empty when the word was not said."""

    text: str
    pronunciation: Pronunciation
    omitted: bool
    phones: tuple[PhoneGoodness, ...] = ()

    @property
    def posterior(self) -> float | None:
        """Mean posterior of the word's sounds."""
        return float(np.mean([phone.posterior for phone in self.phones])) if self.phones else None


@dataclass(frozen=True)
class Insertion:
    """A sound that was added: which, its posterior against its absence, and before which phone of which word."""

    phone: str
    posterior: float
    word: int
    position: int


@dataclass(frozen=True)
class Goodness:
    """The pronunciation of a whole line.

    `full_mean` is the mean phone posterior with every word expected, `said_mean` over the words that were said.
    `misfit` is how much better (nats per heard sound) an unconstrained reading explains the audio: about 0–2 for
    the line or a part of it, above 4 for another sentence. `heard` counts the sounds of that free reading.
    """

    words: tuple[WordGoodness, ...]
    insertions: tuple[Insertion, ...]
    full_mean: float
    said_mean: float
    misfit: float
    heard: int

    @property
    def completeness(self) -> float:
        """Words said / words of the line."""
        return sum(not word.omitted for word in self.words) / len(self.words)


def assess(
    logp: ctc.Floats, words: Sequence[Word], frame_s: float, second: SecondVote | None = None
) -> Goodness | None:
    """Judges (T, 40) log-posteriors against a line; None when the audio is too short to hold its sounds.

    Which words were said, and whether it was this line, is for the first vote alone; `second` refines the sounds.
    """
    if not words or len(logp) < 2 * len(words):
        return None
    chosen = _choose_variants(logp, words)
    found = _what_was_said(logp, chosen)
    if found is None:
        return None
    kept, lattice = found.kept, found.lattice
    said = [chosen[index] for index in kept]
    free_total, heard_count = _free_reading(logp)
    if not said:
        misfit = (free_total - float(logp[:, BLANK].sum())) / max(heard_count, 1)
        return _nothing_said(words, chosen, found.full_mean, misfit, heard_count)
    vote = _first_vote(found.odds, lattice.phones)
    said_mean = float(vote.posteriors.mean())
    if second:
        line = _line(lattice, said, [words[index] for index in kept])
        vote = _without_strange_words(vote, second(line, found.odds), line.bounds)
    peaks = (lattice.peaks + 0.5) * frame_s
    scored = _word_scores(words, chosen, kept, vote, peaks)
    added = _insertions(lattice, said, kept)
    misfit = max(0.0, (free_total - found.total) / max(heard_count, 1))
    return Goodness(tuple(scored), tuple(added), found.full_mean, said_mean, misfit, heard_count)


def _line(lattice: ctc.Lattice, said: Sequence[Pronunciation], words: Sequence[Word]) -> Line:
    """The line as the second vote takes it."""
    expected = np.array([INDEX[phone] for pronunciation in said for phone in pronunciation.shown])
    as_good = np.zeros((len(expected), len(PHONES) + 1), dtype=bool)
    places = [sounds for word, pronunciation in zip(words, said, strict=True) for sounds in word.as_good(pronunciation)]
    for place, sounds in enumerate(places):
        as_good[place, [INDEX[phone] for phone in sounds]] = True
    return Line(lattice, expected, _bounds(said), as_good)


def _without_strange_words(first: Vote, second: Vote, bounds: ctc.Ints) -> Vote:
    """The second vote; in a word that the first finds quite unlike the audio, the lower of both."""
    posteriors, heard = second.posteriors.copy(), second.heard.copy()
    for start, stop in itertools.pairwise(bounds):
        if stop - start >= _STRANGE_FROM_SOUNDS and first.posteriors[start:stop].mean() < _STRANGE_WORD:
            lower = start + np.flatnonzero(first.posteriors[start:stop] < posteriors[start:stop])
            posteriors[lower], heard[lower] = first.posteriors[lower], first.heard[lower]
    return Vote(posteriors, heard)


def _free_reading(logp: ctc.Floats) -> tuple[float, int]:
    """Log-likelihood of what the model hears when nothing is expected (greedy reading), and its sound count."""
    best = logp.argmax(axis=1)
    fresh = np.flatnonzero((best != BLANK) & (np.concatenate(([BLANK], best[:-1])) != best))
    if not len(fresh):
        return float(logp[:, BLANK].sum()), 0
    return ctc.likelihood(logp, [int(phone) for phone in best[fresh]]), len(fresh)


def _flatten(chosen: Sequence[Pronunciation]) -> list[int]:
    return [INDEX[phone] for pronunciation in chosen for phone in pronunciation.scored]


def _bounds(chosen: Sequence[Pronunciation]) -> ctc.Ints:
    """Phone offsets of the word boundaries, shape (words + 1,)."""
    return np.cumsum([0, *(len(pronunciation.scored) for pronunciation in chosen)])


def _choose_variants(logp: ctc.Floats, words: Sequence[Word]) -> list[Pronunciation]:
    """The likeliest pronunciation of each word, given its neighbours; two rounds settle the joins."""
    chosen = [word.pronunciations[0] for word in words]
    for _ in range(_VARIANT_ROUNDS):
        lattice = ctc.build(logp, _flatten(chosen))
        bounds = _bounds(chosen)
        best = list(chosen)
        for index, word in enumerate(words):
            if len(word.pronunciations) > 1:
                best[index] = _likeliest(lattice, int(bounds[index]), int(bounds[index + 1]), word, chosen[index])
        if best == chosen:
            break
        chosen = best
        del lattice  # frees it before the next is made
    return chosen


def _likeliest(lattice: ctc.Lattice, start: int, stop: int, word: Word, current: Pronunciation) -> Pronunciation:
    best, best_ll = current, lattice.total
    for pronunciation in word.pronunciations:
        if pronunciation.scored == current.scored:
            continue
        ll = ctc.splice(lattice, start, stop, [INDEX[phone] for phone in pronunciation.scored])
        if ll > best_ll + 1e-9:
            best, best_ll = pronunciation, ll
    return best


def gains(lattice: ctc.Lattice) -> ctc.Floats:
    """Log-odds of every sound, and of none (last), in the place of every phone, against the phone itself: (L, 40)."""
    positions = np.arange(len(lattice.phones))
    swapped = ctc.replace(lattice, positions, positions + 1, np.arange(len(PHONES)))
    deleted = ctc.delete(lattice, positions, positions + 1)
    odds = np.concatenate([swapped, deleted[:, None]], axis=1) - lattice.total
    odds[positions, lattice.phones] = 0.0
    return odds


def _first_vote(odds: ctc.Floats, phones: ctc.Ints) -> Vote:
    """post_i of every phone (L,) and the likeliest sound in its place."""
    posteriors = 1.0 / np.exp(np.minimum(odds, _CAP)).sum(axis=1)
    best = odds.argmax(axis=1)
    own = odds[np.arange(len(phones)), best] <= 1e-9
    return Vote(posteriors, np.where(own, phones, best))


@dataclass(frozen=True)
class _Said:
    """Indices of the words that were said, the mean posterior with all words expected, the lattice of what was said
    with its `gains`, and its log-likelihood when the worst-fitting words in a row are excused."""

    kept: list[int]
    full_mean: float
    lattice: ctc.Lattice
    odds: ctc.Floats
    total: float


def _what_was_said(logp: ctc.Floats, chosen: list[Pronunciation]) -> _Said | None:
    """None when the audio is too short.

    Runs of words whose absence fits better than other sounds in their place are taken out, best run first: a word
    with a wrong sound is a word that was said.
    """
    lattice = ctc.build(logp, _flatten(chosen))
    if lattice.total < ctc.NEG / 2:
        return None
    odds = gains(lattice)
    full_mean = float(_first_vote(odds, lattice.phones).posteriors.mean())
    kept, excused = list(range(len(chosen))), 0.0
    while kept:
        bounds = _bounds([chosen[index] for index in kept])
        firsts, lasts = _runs(len(kept))
        dropped = ctc.delete(lattice, bounds[firsts], bounds[lasts + 1]) - lattice.total
        mended = np.concatenate([[0.0], np.cumsum(odds[:, : len(PHONES)].max(axis=1))])
        better = dropped - (mended[bounds[lasts + 1]] - mended[bounds[firsts]])
        best = int(better.argmax())
        if better[best] <= _OMISSION_GAIN:
            excused = max(0.0, float(dropped.max()))
            break
        del kept[firsts[best] : lasts[best] + 1]
        if kept:
            del lattice  # before the next is made: of a long line each weighs a hundred megabytes
            lattice = ctc.build(logp, _flatten([chosen[index] for index in kept]))
            odds = gains(lattice)
    return _Said(kept, full_mean, lattice, odds, lattice.total + excused)


def _runs(count: int) -> tuple[ctc.Ints, ctc.Ints]:
    """First and last word of the runs that may be missing: all of a usual line; of a very long one, those that
    reach its beginning or its end, and short ones."""
    firsts, lasts = np.triu_indices(count)
    if count <= _ALL_RUNS_UP_TO:
        return firsts, lasts
    kept = (firsts == 0) | (lasts == count - 1) | (lasts - firsts < _SHORT_RUN)
    return firsts[kept], lasts[kept]


def _word_scores(
    words: Sequence[Word],
    chosen: Sequence[Pronunciation],
    kept: Sequence[int],
    vote: Vote,
    peaks: npt.NDArray[np.floating],
) -> list[WordGoodness]:
    result = [
        WordGoodness(word.text, pronunciation, omitted=True) for word, pronunciation in zip(words, chosen, strict=True)
    ]
    bounds = _bounds([chosen[index] for index in kept])
    for order, index in enumerate(kept):
        phones = tuple(
            _phone(
                chosen[index],
                at - int(bounds[order]),
                int(vote.heard[at]),
                float(vote.posteriors[at]),
                float(peaks[at]),
            )
            for at in range(int(bounds[order]), int(bounds[order + 1]))
        )
        result[index] = replace(result[index], omitted=False, phones=phones)
    return result


def _phone(said: Pronunciation, position: int, heard: int, posterior: float, peak: float) -> PhoneGoodness:
    expected = said.shown[position]
    name = PHONES[heard] if heard < len(PHONES) else None
    heard_as = expected if name == said.scored[position] else name
    return PhoneGoodness(expected, heard_as, posterior, peak)


def _insertions(lattice: ctc.Lattice, said: Sequence[Pronunciation], kept: Sequence[int]) -> list[Insertion]:
    """Vowels added next to a consonant (friend → 프렌드): the insertion must explain the audio better."""
    places = [
        (word, position, at)
        for word, offset in enumerate(_bounds(said)[:-1])
        for position, at in enumerate(range(int(offset), int(offset) + len(said[word].scored) + 1))
        if _takes_vowel(said[word].scored, position)
    ]
    if not places:
        return []
    vowels = np.array([INDEX[vowel] for vowel in _ADDED_VOWELS])
    gaps = np.array([at for _, _, at in places])
    gains = ctc.replace(lattice, gaps, gaps, vowels) - lattice.total
    found = []
    for (word, position, _), row in zip(places, gains, strict=True):
        odds = float(np.exp(np.minimum(row, _CAP)).sum())
        if odds > 1.0:
            phone = _ADDED_VOWELS[int(row.argmax())]
            found.append(Insertion(phone, odds / (1.0 + odds), kept[word], position))
    return found


def _takes_vowel(phones: Sequence[str], position: int) -> bool:
    """True where a learner's extra vowel would break a cluster or follow a final consonant."""
    before = phones[position - 1] if position > 0 else None
    after = phones[position] if position < len(phones) else None
    return before is not None and before not in VOWELS and (after is None or after not in VOWELS)


def _nothing_said(
    words: Sequence[Word], chosen: Sequence[Pronunciation], full_mean: float, misfit: float, heard: int
) -> Goodness:
    silent = tuple(
        WordGoodness(word.text, pronunciation, omitted=True) for word, pronunciation in zip(words, chosen, strict=True)
    )
    return Goodness(silent, (), full_mean, 0.0, misfit, heard)
