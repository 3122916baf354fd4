"""Word by word, sound by sound: scores, what is worth correcting, and the pronunciation score of the line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.engine import reference_comparison, rescoring, score_curves
from analysis.engine.alignment import Span, WordTimes
from analysis.engine.gop import Goodness, PhoneGoodness, WordGoodness
from analysis.engine.phones import IPA
from analysis.engine.prosody import Track
from analysis.engine.recording_quality import Take
from analysis.engine.reference_comparison import Reference
from analysis.engine.result import AttemptClass, Break, Phone, WordResult, WordStatus
from analysis.engine.score_curves import tidy

ADDED_FROM: Final = 0.95
"""The posterior from which an added vowel (friend → 프렌드) costs its word points and is worth a tip."""
_ACTOR_CLEAR: Final = 0.7
_ACTOR_FLOOR: Final = 0.4
_FLAG_SNR_DB: Final = 15.0


@dataclass(frozen=True)
class Attempt:
    """A learner's take with everything measured on it."""

    take: Take
    goodness: Goodness
    times: list[WordTimes | None]
    track: Track
    attempt_class: AttemptClass


def _actor_posteriors(word: WordGoodness, index: int, actor: Reference | None) -> list[float | None]:
    """What the acoustic model made of the actor's same sounds; null where the actor says another one."""
    theirs = actor.features.words[index].phones if actor else []
    if len(theirs) != len(word.phones):
        return [None] * len(word.phones)
    pairs = zip(word.phones, theirs, strict=True)
    return [their.posterior if their.phone == mine.expected else None for mine, their in pairs]


def _phone_score(posterior: float, actors: float | None) -> float:
    """0–100. The actor's own posterior is the ceiling: what the model cannot hear in the original, a learner is
    not marked down for. Below 0.4 the ceiling stays, so that a mumbled original does not excuse everything."""
    ceiling = 1.0 if actors is None else max(actors, _ACTOR_FLOOR)
    return score_curves.curve(score_curves.PHONE, min(1.0, posterior / ceiling)) or 0.0


def score_word(attempt: Attempt, index: int, actor: Reference | None, confidence: float) -> WordResult:
    word, times = attempt.goodness.words[index], attempt.times[index]
    theirs = actor.words[index] if actor else None
    span, their_span = (times.span if times else None), (theirs.span if theirs else None)
    spans: Sequence[Span | None] = (None,) * len(word.phones)
    if times and len(times.phones) == len(word.phones):
        spans = times.phones
    phones = [
        _phone(phone, when, actors, attempt.take, actor is not None)
        for phone, when, actors in zip(word.phones, spans, _actor_posteriors(word, index, actor), strict=True)
    ]
    score = float(np.mean([*(phone.score for phone in phones), *_added(attempt, index)])) if phones else None
    return WordResult(
        text=word.text,
        start_s=_seconds(span.start_s if span else None),
        end_s=_seconds(span.end_s if span else None),
        ref_start_s=_seconds(their_span.start_s if their_span else None),
        ref_end_s=_seconds(their_span.end_s if their_span else None),
        score=tidy(score),
        confidence=None if score is None else round(confidence, 2),
        status=_status(score),
        phones=phones,
        breaks=_break(attempt.times, index, actor),
    )


def _added(attempt: Attempt, index: int) -> list[float]:
    """Scores of the sounds that were added to a word."""
    sure = [item for item in attempt.goodness.insertions if item.word == index and item.posterior >= ADDED_FROM]
    return [_phone_score(1.0 - item.posterior, None) for item in sure]


def _status(score: float | None) -> WordStatus:
    if score is None:
        return "omitted"
    return "good" if score >= score_curves.GOOD else "fair" if score >= score_curves.FAIR else "poor"


def _phone(phone: PhoneGoodness, when: Span | None, actors: float | None, take: Take, compared: bool) -> Phone:
    return Phone(
        expected=phone.expected,
        ipa=IPA[phone.expected],
        heard_as=phone.heard_as,
        score=tidy(_phone_score(phone.posterior, actors)) or 0.0,
        start_s=_seconds(when.start_s if when else None),
        end_s=_seconds(when.end_s if when else None),
        flagged=_is_flagged(phone, actors, take, compared),
    )


def _is_flagged(phone: PhoneGoodness, actors: float | None, take: Take, compared: bool) -> bool:
    """Only confusions the bench knows to be right four times in five, in a quiet room, where the actor's own sound
    was heard clearly."""
    if take.snr_db is not None and take.snr_db < _FLAG_SNR_DB:
        return False
    if compared and (actors is None or actors < _ACTOR_CLEAR):
        return False
    if phone.heard_as == phone.expected or (phone.heard_as is None and not compared):
        return False  # native speakers drop sounds, too: only where the actor did not
    limit = rescoring.load().flag_below(phone.expected, phone.heard_as)
    return limit is not None and phone.posterior < limit


def pronunciation_score(attempt: Attempt, words: Sequence[WordResult], actor: Reference | None) -> float | None:
    """Mean over the line's sounds, weighted by how clearly the model hears them in the original; a sound that was
    added counts like one that is wrong. Omitted words count as 0, except in an incomplete attempt, which is judged on
    what was said."""
    total = weight_sum = 0.0
    for index, (word, result) in enumerate(zip(attempt.goodness.words, words, strict=True)):
        if word.omitted:
            if attempt.attempt_class == "scored":
                weight_sum += len(word.pronunciation.shown)
            continue
        for phone, actors in zip(result.phones, _actor_posteriors(word, index, actor), strict=True):
            weight = 1.0 if actors is None else 0.3 + 0.7 * actors
            total += weight * phone.score
            weight_sum += weight
        added = _added(attempt, index)
        total += sum(added)
        weight_sum += len(added)
    return total / weight_sum if weight_sum else None


def _break(times: Sequence[WordTimes | None], index: int, actor: Reference | None) -> Break | None:
    length = reference_comparison.pause_before(times, index)
    if length is None or length < 0.1:
        return None
    theirs = reference_comparison.pause_before(actor.words, index) if actor else None
    unexpected = actor is not None and length >= 0.25 and length - (theirs or 0.0) >= 0.2
    return Break(unexpected=unexpected, length_s=round(length, 3))


def _seconds(value: float | None) -> float | None:
    return tidy(value, 3)
