"""Scores of words and phones, the phones that are worth correcting, and the pronunciation score of the line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.engine import reference_comparison, rescoring, score_curves
from analysis.engine.alignment import Span, WordTimes
from analysis.engine.gop import Goodness, PhoneGoodness, WordGoodness
from analysis.engine.language_profile import LanguageProfile
from analysis.engine.prosody import Track
from analysis.engine.recording_quality import Take
from analysis.engine.reference_comparison import Reference
from analysis.engine.result import AttemptClass, Break, Phone, WordResult, WordStatus
from analysis.engine.score_curves import rounded

ADDED_FROM: Final = 0.95
"""The posterior from which an added vowel (friend → 프렌드) costs its word points and is worth a tip."""
_REFERENCE_CLEAR: Final = 0.7
_REFERENCE_FLOOR: Final = 0.4
_FLAG_SNR_DB: Final = 15.0


@dataclass(frozen=True)
class Attempt:
    """A learner's take with everything measured on it. `times` are None for omitted words."""

    take: Take
    goodness: Goodness
    times: list[WordTimes | None]
    track: Track
    attempt_class: AttemptClass


@dataclass(frozen=True)
class WordScorer:
    """Scores the words of one attempt, beside the reference where there is one. `confidence` is 0–1."""

    profile: LanguageProfile
    attempt: Attempt
    reference: Reference | None
    confidence: float

    def score_words(self) -> list[WordResult]:
        """Returns the results of all words of the line, without pitch and stress."""
        return [self._score_word(index) for index in range(len(self.attempt.goodness.words))]

    def pronunciation_score(self, words: Sequence[WordResult]) -> float | None:
        """Mean over the line's phones, 0–100, weighted by their posteriors in the reference; null without phones.

        An added phone counts like a wrong one. Omitted words count as 0, except in an incomplete attempt, which is
        scored on what was spoken.
        """
        total = weight_sum = 0.0
        for index, (word, result) in enumerate(zip(self.attempt.goodness.words, words, strict=True)):
            if word.omitted:
                if self.attempt.attempt_class == "scored":
                    weight_sum += len(word.pronunciation.shown)
                continue
            for phone, ceiling in zip(result.phones, self._reference_posteriors(index), strict=True):
                weight = 1.0 if ceiling is None else 0.3 + 0.7 * ceiling
                total += weight * phone.score
                weight_sum += weight
            added = self._added_phone_scores(index)
            total += sum(added)
            weight_sum += len(added)
        return total / weight_sum if weight_sum else None

    def _score_word(self, index: int) -> WordResult:
        word, times = self.attempt.goodness.words[index], self.attempt.times[index]
        reference_times = self.reference.words[index] if self.reference else None
        phones = self._score_phones(word, index)
        scores = [*(phone.score for phone in phones), *self._added_phone_scores(index)]
        score = float(np.mean(scores)) if phones else None
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

    def _score_phones(self, word: WordGoodness, index: int) -> list[Phone]:
        times = self.attempt.times[index]
        spans: Sequence[Span | None] = (None,) * len(word.phones)
        if times and len(times.phones) == len(word.phones):
            spans = times.phones
        ceilings = self._reference_posteriors(index)
        return [
            self._score_phone(phone, span, ceiling)
            for phone, span, ceiling in zip(word.phones, spans, ceilings, strict=True)
        ]

    def _score_phone(self, phone: PhoneGoodness, span: Span | None, ceiling: float | None) -> Phone:
        start_s, end_s = _start_and_end(span)
        ipa = self.profile.phones.ipa
        return Phone(
            expected=phone.expected,
            ipa=ipa[phone.expected],
            heard_as=phone.recognised,
            heard_ipa=ipa[phone.recognised] if phone.recognised else None,
            score=rounded(_phone_score(phone.posterior, ceiling)) or 0.0,
            start_s=start_s,
            end_s=end_s,
            flagged=self._is_flagged(phone, ceiling),
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
        return [_phone_score(1.0 - item.posterior, None) for item in sure]

    def _is_flagged(self, phone: PhoneGoodness, ceiling: float | None) -> bool:
        """True only for confusions that the bench finds right four times in five.

        The room must be quiet, and the same phone clear in the reference.
        """
        snr_db = self.attempt.take.snr_db
        if snr_db is not None and snr_db < _FLAG_SNR_DB:
            return False
        if self.reference and (ceiling is None or ceiling < _REFERENCE_CLEAR):
            return False
        if phone.recognised == phone.expected or (phone.recognised is None and not self.reference):
            return False  # native speakers drop phones, too: only where the actor did not
        limit = rescoring.load(self.profile).flag_below(phone.expected, phone.recognised)
        return limit is not None and phone.posterior < limit

    def _break_before(self, index: int) -> Break | None:
        length_s = reference_comparison.pause_before(self.attempt.times, index)
        if length_s is None or length_s < 0.1:
            return None
        reference_s = reference_comparison.pause_before(self.reference.words, index) if self.reference else None
        unexpected = self.reference is not None and length_s >= 0.25 and length_s - (reference_s or 0.0) >= 0.2
        return Break(unexpected=unexpected, length_s=round(length_s, 3))


def _phone_score(posterior: float, ceiling: float | None) -> float:
    """Score of a phone, 0–100, relative to the posterior of the same phone in the reference.

    What the model does not recognise in the original costs the learner nothing. A reference posterior below 0.4
    counts as 0.4, so that a mumbled original does not excuse everything.
    """
    divisor = 1.0 if ceiling is None else max(ceiling, _REFERENCE_FLOOR)
    return score_curves.interpolate(score_curves.PHONE, min(1.0, posterior / divisor)) or 0.0


def _status(score: float | None) -> WordStatus:
    if score is None:
        return "omitted"
    return "good" if score >= score_curves.GOOD else "fair" if score >= score_curves.FAIR else "poor"


def _start_and_end(span: Span | None) -> tuple[float | None, float | None]:
    """Start and end of a span in seconds, rounded for the wire."""
    return (rounded(span.start_s, 3), rounded(span.end_s, 3)) if span else (None, None)
