"""Goodness of pronunciation without alignment: how much better the expected phone explains the audio than any other.

For phone i of the canonical sequence c, with ll(·) the CTC log-likelihood:
    post_i = 1 / (1 + Σ_q exp(ll(c with phone i → q) − ll(c)))      q over the other phones and deletion
(Cao et al. 2024, "A framework for phoneme-level pronunciation assessment using CTC"). The score of a word is the mean
of its phones; a word is omitted when the sequence without it explains the audio better.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from analysis.engine import added_vowels, ctc, phone_scores, replaced_words, rescoring, spoken_words
from analysis.engine.added_vowels import Insertion
from analysis.engine.language_profile import LanguageProfile
from analysis.engine.lexicon import Pronunciation, Word
from analysis.engine.phone_scores import PhoneScores
from analysis.engine.phones import PhoneSet
from analysis.engine.rescoring import ExpectedPhones, Floats32, Rescored
from analysis.engine.spoken_words import SpokenWords

Rescore = Callable[[ExpectedPhones, ctc.Floats], Rescored]
"""The expected phones and their CTC log-odds (`ctc.edit_log_odds`) → the scores that are reported."""

# Below this mean posterior a word is another word, and the rescored posteriors of its phones are not trusted.
_STRANGE_WORD: Final = 0.2
_STRANGE_MIN_PHONES: Final = 3


@dataclass(frozen=True)
class PhoneGoodness:
    """One expected phone: its posterior (0–1), the phone that fits best (None = deleted), and its peak in seconds.

    `rival` is the phone that fits best among all others (None = deleted).
    """

    expected: str
    recognised: str | None
    posterior: float
    peak_s: float
    rival: str | None = None


@dataclass(frozen=True)
class WordGoodness:
    """One display word. `phones` is empty when the word was omitted.

    `replaced`: places of the phones of its spoken words in whose place another one was said ("sixty" for 50).
    """

    text: str
    pronunciation: Pronunciation
    omitted: bool
    phones: tuple[PhoneGoodness, ...] = ()
    replaced: frozenset[int] = frozenset()

    @property
    def posterior(self) -> float | None:
        """Mean posterior of the word's phones; None for an omitted word."""
        return float(np.mean([phone.posterior for phone in self.phones])) if self.phones else None


@dataclass(frozen=True, eq=False)
class FreeReading:
    """The unconstrained reading of the audio: `frames` at which its H `phones` begin, both (H,).

    `total` is its log-likelihood, `blank_total` that of no phone at all.
    """

    frames: ctc.Ints
    phones: ctc.Ints
    total: float
    blank_total: float


@dataclass(frozen=True, eq=False)
class PhoneEvidence:
    """Everything that both votes say of the L phones of the spoken words: the input of the rating.

    `log_odds` and `network_log_probs` (L, P + 1); `ctc_scores` and `rescored` before words are distrusted; `timing`
    (L, 5) as in `rescoring`; `frames` (L,) for which the line's path holds each phone; `known_errors` bool (L,): the
    rescoring recognises a phone that learners are known to say instead.
    """

    expected: ExpectedPhones
    log_odds: ctc.Floats
    network_log_probs: ctc.Floats
    ctc_scores: PhoneScores
    rescored: PhoneScores
    timing: Floats32
    frames: ctc.Floats
    known_errors: npt.NDArray[np.bool_]
    reading: FreeReading


@dataclass(frozen=True)
class Goodness:
    """The pronunciation of a whole line.

    `full_mean` is the mean phone posterior with every word expected, `spoken_mean` over the words that were spoken;
    both from the CTC scores, before rescoring. `misfit` is how much better (nats per recognised phone) an
    unconstrained reading explains the audio: about 0–2 for the line or a part of it, above 4 for another sentence.
    `recognised_phones` counts the phones of that unconstrained reading. `evidence` is None without a spoken word, and
    without rescoring.
    """

    words: tuple[WordGoodness, ...]
    insertions: tuple[Insertion, ...]
    full_mean: float
    spoken_mean: float
    misfit: float
    recognised_phones: int
    evidence: PhoneEvidence | None = None

    @property
    def completeness(self) -> float:
        """Words spoken / words of the line, 0–1."""
        return sum(not word.omitted for word in self.words) / len(self.words)


def assess(
    logp: ctc.Floats, words: Sequence[Word], frame_s: float, profile: LanguageProfile, rescore: Rescore | None = None
) -> Goodness | None:
    """Assesses log probabilities (T, P + 1) against a line; None when the audio is too short to hold its phones.

    The words that were spoken, and the fit of the line as a whole, depend on the CTC scores alone; `rescore` replaces
    the scores of single phones.
    """
    if not words or len(logp) < 2 * len(words):
        return None
    lattices = ctc.Lattices(logp)
    chosen = spoken_words.choose_pronunciations(lattices, words, profile.phones)
    spoken = spoken_words.find(lattices, chosen, profile.phones)
    if spoken is None:
        return None
    reading, evidence = _unconstrained_reading(logp), None
    count = len(reading.frames)
    if not spoken.kept:
        misfit = (reading.total - reading.blank_total) / max(count, 1)
        return Goodness(_omitted(words, chosen), (), spoken.full_mean, 0.0, misfit, count)
    scores = phone_scores.from_log_odds(spoken.log_odds, spoken.lattice.phones)
    spoken_mean = float(scores.posteriors.mean())
    pronunciations = [chosen[index] for index in spoken.kept]
    if rescore:
        expected = _expected_phones(spoken, pronunciations, words, profile.phones)
        rescored = rescore(expected, spoken.log_odds)
        evidence = _evidence(expected, spoken, rescored, scores, reading, profile)
        scores = _distrust_strange_words(scores, rescored.scores, expected.word_bounds)
    peaks = (spoken.lattice.peaks + 0.5) * frame_s
    scored = _score_words(_omitted(words, chosen), spoken.kept, scores, peaks, profile.phones)
    replaced = replaced_words.find(spoken, chosen, profile.phones)
    scored = tuple(replace(word, replaced=own) for word, own in zip(scored, replaced, strict=True))
    added = added_vowels.find(spoken.lattice, pronunciations, spoken.kept, profile)
    misfit = max(0.0, (reading.total - spoken.total) / max(count, 1))
    return Goodness(scored, tuple(added), spoken.full_mean, spoken_mean, misfit, count, evidence)


def _evidence(
    expected: ExpectedPhones,
    spoken: SpokenWords,
    rescored: Rescored,
    ctc_scores: PhoneScores,
    reading: FreeReading,
    profile: LanguageProfile,
) -> PhoneEvidence:
    """Collects what was measured on the spoken phones."""
    recognised = rescored.scores.recognised
    is_phone = (recognised != expected.columns) & (recognised < len(profile.phones))
    known = rescoring.log_priors(profile)[expected.columns, recognised] == 0.0
    return PhoneEvidence(
        expected=expected,
        log_odds=spoken.log_odds,
        network_log_probs=rescored.log_probs,
        ctc_scores=ctc_scores,
        rescored=rescored.scores,
        timing=rescored.timing,
        frames=np.concatenate([part.sum(axis=0) for _, part in spoken.lattice.occupancies()]),
        known_errors=is_phone & known,
        reading=reading,
    )


def _expected_phones(
    spoken: SpokenWords, pronunciations: Sequence[Pronunciation], words: Sequence[Word], phones: PhoneSet
) -> ExpectedPhones:
    """The spoken words' phones in the form that rescoring takes."""
    columns = [phones.index[phone] for pronunciation in pronunciations for phone in pronunciation.shown]
    acceptable = np.zeros((len(columns), len(phones) + 1), dtype=bool)
    places = itertools.chain.from_iterable(
        words[index].acceptable_phones(pronunciation)
        for index, pronunciation in zip(spoken.kept, pronunciations, strict=True)
    )
    for place, names in enumerate(places):
        acceptable[place, [phones.index[name] for name in names]] = True
    return ExpectedPhones(spoken.lattice, np.array(columns), spoken_words.word_bounds(pronunciations), acceptable)


def _distrust_strange_words(ctc_scores: PhoneScores, rescored: PhoneScores, bounds: ctc.Ints) -> PhoneScores:
    """The rescored phones; in a word that is quite unlike the audio by its CTC scores, the lower of both."""
    posteriors, recognised = rescored.posteriors.copy(), rescored.recognised.copy()
    for start, stop in itertools.pairwise(bounds):
        own = ctc_scores.posteriors[start:stop]
        if stop - start >= _STRANGE_MIN_PHONES and own.mean() < _STRANGE_WORD:
            lower = start + np.flatnonzero(own < posteriors[start:stop])
            posteriors[lower], recognised[lower] = ctc_scores.posteriors[lower], ctc_scores.recognised[lower]
    return PhoneScores(posteriors, recognised, rescored.rivals)


def _unconstrained_reading(logp: ctc.Floats) -> FreeReading:
    """The greedy reading, when nothing is expected."""
    blank = logp.shape[1] - 1
    best = logp.argmax(axis=1)
    onsets = np.flatnonzero((best != blank) & (np.concatenate(([blank], best[:-1])) != best))
    silence = float(logp[:, blank].sum())
    total = ctc.likelihood(logp, [int(phone) for phone in best[onsets]]) if len(onsets) else silence
    return FreeReading(onsets, best[onsets], total, silence)


def _omitted(words: Sequence[Word], chosen: Sequence[Pronunciation]) -> tuple[WordGoodness, ...]:
    """All words of the line, none of them spoken."""
    pairs = zip(words, chosen, strict=True)
    return tuple(WordGoodness(word.text, pronunciation, omitted=True) for word, pronunciation in pairs)


def _score_words(
    words: Sequence[WordGoodness],
    kept: Sequence[int],
    scores: PhoneScores,
    peaks_s: npt.NDArray[np.floating],
    phones: PhoneSet,
) -> tuple[WordGoodness, ...]:
    """The words, with the phones of those that were spoken."""
    result = list(words)
    places = itertools.count()
    for index in kept:
        pronunciation = words[index].pronunciation
        scored = []
        for position in range(len(pronunciation.scored)):
            place = next(places)
            name = phones.name(int(scores.recognised[place]))
            expected = pronunciation.shown[position]
            recognised = expected if name == pronunciation.scored[position] else name
            posterior, peak_s = float(scores.posteriors[place]), float(peaks_s[place])
            rival = phones.name(int(scores.rivals[place]))
            scored.append(PhoneGoodness(expected, recognised, posterior, peak_s, rival))
        result[index] = replace(words[index], omitted=False, phones=tuple(scored))
    return tuple(result)
