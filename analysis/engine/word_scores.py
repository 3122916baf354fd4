"""Scores of words and phones, the phones that are worth correcting, and the pronunciation score of the line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.engine import rating, reference_comparison, score_curves
from analysis.engine.alignment import Span, WordTimes
from analysis.engine.gop import Goodness, PhoneGoodness, WordGoodness
from analysis.engine.language_profile import LanguageProfile
from analysis.engine.prosody import Track
from analysis.engine.rating_network import Ratings
from analysis.engine.recording_quality import Take
from analysis.engine.reference_comparison import Reference
from analysis.engine.result import AttemptClass, Break, Phone, WordResult, WordStatus
from analysis.engine.score_curves import rounded

ADDED_FROM: Final = 0.95
"""The posterior from which an added vowel (friend → 프렌드) costs its word points and is worth a tip."""
_REFERENCE_CLEAR: Final = 0.7
_REFERENCE_FLOOR: Final = 0.4
_WORD_REFERENCE_FLOOR: Final = 0.7
_FLAG_SNR_DB: Final = 15.0
# A sound that people are expected to rate above this (of 2) is the expected one, whatever the votes recognize.
_RIGHT: Final = 1.5
_BEST_FLAGGED: Final = 79.0
"""The best score of a word with a flagged or an added phone: it is never "good"."""


@dataclass(frozen=True)
class Attempt:
    """A learner's take with everything measured on it. `times` are None for omitted words.

    `ratings` are those of the spoken words and their phones, in order.
    """

    take: Take
    goodness: Goodness
    times: list[WordTimes | None]
    track: Track
    attempt_class: AttemptClass
    ratings: Ratings

    def spoken_before(self, index: int) -> tuple[int, int]:
        """Number of spoken words and of their phones before a word: the places of its own in `ratings`."""
        spoken = [word for word in self.goodness.words[:index] if not word.omitted]
        return len(spoken), sum(len(word.phones) for word in spoken)


@dataclass(frozen=True)
class WordScorer:
    """Scores the words of one attempt, beside the reference where there is one. `confidence` is 0–1."""

    profile: LanguageProfile
    attempt: Attempt
    reference: Reference | None
    confidence: float

    @property
    def _model(self) -> rating.Model:
        return rating.load(self.profile)

    def score_words(self) -> list[WordResult]:
        """Returns the results of all words of the line, without pitch and stress."""
        return [self._score_word(index) for index in range(len(self.attempt.goodness.words))]

    def pronunciation_score(self, words: Sequence[WordResult]) -> float | None:
        """Score 0–100 of the line's accuracy: half the rating of the whole, half the mean of its words by their phones.

        Omitted words count as 0, except in an incomplete attempt, which is scored on what was spoken. Null without a
        spoken word.
        """
        sizes = [len(word.pronunciation.shown) for word in self.attempt.goodness.words]
        spoken = [size for size, word in zip(sizes, words, strict=True) if word.score is not None]
        if not spoken:
            return None
        scores = [word.score for word in words if word.score is not None]
        share = sum(spoken) / sum(sizes) if self.attempt.attempt_class == "scored" else 1.0
        return share * (0.5 * self.line_score("accuracy") + 0.5 * float(np.average(scores, weights=spoken)))

    def line_score(self, rated: str) -> float:
        """Score 0–100 of a rating of the line, relative to the actor's."""
        actor = self.reference.features.ratings.get(rated) if self.reference else None
        own = self._model.score(rated, self.attempt.ratings.line[rated])
        return _relative(own, None if actor is None else self._model.score(rated, actor), _WORD_REFERENCE_FLOOR)

    def _score_word(self, index: int) -> WordResult:
        word, times = self.attempt.goodness.words[index], self.attempt.times[index]
        reference_times = self.reference.words[index] if self.reference else None
        phones = self._score_phones(word, index)
        score = self._word_score(index, phones) if phones else None
        start_s, end_s = _start_and_end(times.span if times else None)
        ref_start_s, ref_end_s = _start_and_end(reference_times.span if reference_times else None)
        return WordResult(
            text=word.text,
            start_s=start_s,
            end_s=end_s,
            ref_start_s=ref_start_s,
            ref_end_s=ref_end_s,
            score=rounded(score),
            confidence=None if score is None else round(self.confidence, 2),
            status=_status(score),
            phones=phones,
            breaks=self._break_before(index),
        )

    def _word_score(self, index: int, phones: Sequence[Phone]) -> float:
        """Score of the word's rating, relative to the actor's; an added phone counts like a wrong one."""
        words_before, _ = self.attempt.spoken_before(index)
        own = self._model.score("word", float(self.attempt.ratings.words[words_before]))
        reference = self.reference.features.words[index].rating if self.reference else None
        actor = None if reference is None else self._model.score("word", reference)
        score = _relative(own, actor, _WORD_REFERENCE_FLOOR)
        added = self._added_phone_scores(index)
        score = (score * len(phones) + sum(added)) / (len(phones) + len(added))
        return min(score, _BEST_FLAGGED) if added or any(phone.flagged for phone in phones) else score

    def _score_phones(self, word: WordGoodness, index: int) -> list[Phone]:
        times = self.attempt.times[index]
        spans: Sequence[Span | None] = (None,) * len(word.phones)
        if times and len(times.phones) == len(word.phones):
            spans = times.phones
        _, first = self.attempt.spoken_before(index)
        ceilings = self._reference_posteriors(index)
        return [
            self._score_phone(first + order, phone, span, ceiling, is_replaced=order in word.replaced)
            for order, (phone, span, ceiling) in enumerate(zip(word.phones, spans, ceilings, strict=True))
        ]

    def _score_phone(
        self, place: int, phone: PhoneGoodness, span: Span | None, ceiling: float | None, *, is_replaced: bool
    ) -> Phone:
        start_s, end_s = _start_and_end(span)
        ipa = self.profile.phones.ipa
        rated = float(self.attempt.ratings.phones[place])
        flagged = self._is_flagged(place, ceiling, is_replaced=is_replaced)
        heard = phone.expected if rated >= _RIGHT and not flagged else phone.recognised
        heard = phone.rival if flagged and heard == phone.expected else heard
        return Phone(
            expected=phone.expected,
            ipa=ipa[phone.expected],
            heard_as=heard,
            heard_ipa=ipa[heard] if heard else None,
            score=rounded(_relative(self._model.score("phone", rated), _percent(ceiling), _REFERENCE_FLOOR)) or 0.0,
            start_s=start_s,
            end_s=end_s,
            flagged=flagged,
        )

    def _reference_posteriors(self, index: int) -> list[float | None]:
        """Posteriors of the same phones in the reference; null where the actor says another phone."""
        own = self.attempt.goodness.words[index].phones
        references = self.reference.features.words[index].phones if self.reference else []
        if len(references) != len(own):
            return [None] * len(own)
        pairs = zip(own, references, strict=True)
        return [other.posterior if other.phone == phone.expected else None for phone, other in pairs]

    def _added_phone_scores(self, index: int) -> list[float]:
        """Scores of the phones that were added to a word, 0–100."""
        insertions = self.attempt.goodness.insertions
        sure = [item for item in insertions if item.word == index and item.posterior >= ADDED_FROM]
        return [100.0 * (1.0 - item.posterior) for item in sure]

    def _is_flagged(self, place: int, ceiling: float | None, *, is_replaced: bool) -> bool:
        """True where people are likely enough to call the phone wrong, or where it belongs to a word not said.

        The room must be quiet, and the same phone clear in the reference. The first and the last phone of a recording
        that was cut there are never flagged.
        """
        take = self.attempt.take
        if take.snr_db is not None and take.snr_db < _FLAG_SNR_DB:
            return False
        if self.reference and (ceiling is None or ceiling < _REFERENCE_CLEAR):
            return False
        is_cut = (place == 0 and take.cut_before) or (place == len(self.attempt.ratings.wrong) - 1 and take.cut_after)
        return not is_cut and (is_replaced or float(self.attempt.ratings.wrong[place]) >= self._model.flag_from)

    def _break_before(self, index: int) -> Break | None:
        length_s = reference_comparison.pause_before(self.attempt.times, index)
        if length_s is None or length_s < 0.1:
            return None
        reference_s = reference_comparison.pause_before(self.reference.words, index) if self.reference else None
        unexpected = self.reference is not None and length_s >= 0.25 and length_s - (reference_s or 0.0) >= 0.2
        return Break(unexpected=unexpected, length_s=round(length_s, 3))


def _relative(score: float, actor: float | None, floor: float) -> float:
    """A score 0–100 relative to the actor's, at most 100.

    What people would not rate highly in the original costs the learner nothing. An actor's score below the floor (0–1)
    counts as the floor, so that a mumbled original does not excuse everything.
    """
    return score if actor is None else min(100.0, 100.0 * score / max(actor, 100.0 * floor))


def _percent(share: float | None) -> float | None:
    return None if share is None else 100.0 * share


def _status(score: float | None) -> WordStatus:
    if score is None:
        return "omitted"
    return "good" if score >= score_curves.GOOD else "fair" if score >= score_curves.FAIR else "poor"


def _start_and_end(span: Span | None) -> tuple[float | None, float | None]:
    """Start and end of a span in seconds, rounded for the wire."""
    return (rounded(span.start_s, 3), rounded(span.end_s, 3)) if span else (None, None)
