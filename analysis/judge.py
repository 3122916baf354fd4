"""From measurements to the result: attempt class, word and sound scores, the four scores, tips."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis import compare, feedback, prosody, scoring
from analysis.alignment import Span, WordTimes
from analysis.compare import Reference
from analysis.feedback import AddedVowel
from analysis.gop import Goodness, PhoneGoodness, WordGoodness
from analysis.phones import IPA
from analysis.prosody import Track
from analysis.quality import Take
from analysis.result import (
    AnalysisResult,
    AttemptClass,
    AudioQuality,
    Break,
    Contours,
    DetailedFeedback,
    Engine,
    FeatureWord,
    InsertedSound,
    Measured,
    Pause,
    Phone,
    Rates,
    SubScores,
    Tip,
    WordResult,
    WordStatus,
)
from analysis.scoring import tidy

# Confusions the acoustic model is known to hear well (hits 68 % at 1.5 % false alarms over all swaps). The weak
# pairs (IH/IY, AE/EH, UW/UH, V/B) are scored, but corrected only when the actor's own sound was heard clearly.
_SURE_SWAPS: Final = frozenset(
    frozenset(pair)
    for pair in (("R", "L"), ("F", "P"), ("Z", "JH"), ("DH", "D"), ("TH", "S"), ("TH", "T"), ("OW", "AO"))
)
_WEAK_SWAPS: Final = frozenset(
    frozenset(pair) for pair in (("IH", "IY"), ("AE", "EH"), ("UW", "UH"), ("V", "B"), ("DH", "Z"))
)
_FLAG_BELOW: Final = 0.3
_FLAG_WEAK_BELOW: Final = 0.05
_ACTOR_CLEAR: Final = 0.7
_ACTOR_FLOOR: Final = 0.4
_FLAG_SNR_DB: Final = 10.0
_ADDED_FROM: Final = 0.95
_NONE: Final = Measured(value=None, confidence=None)


@dataclass(frozen=True)
class Attempt:
    """A learner's take with everything measured on it."""

    take: Take
    goodness: Goodness
    times: list[WordTimes | None]
    track: Track
    attempt_class: AttemptClass


def classify(take: Take, goodness: Goodness | None) -> AttemptClass:
    """Whether the take can be scored, and if not, why."""
    if goodness is None:
        return "too_short"
    if goodness.heard < max(2.0, scoring.LEAST_SOUNDS_PER_S * take.speech_s):
        return "no_speech"
    unlike = goodness.misfit > scoring.WRONG_MISFIT or (
        goodness.full_mean < scoring.WRONG_MEAN and goodness.misfit > scoring.WRONG_MEAN_MISFIT
    )
    if unlike or goodness.completeness < scoring.LEAST_SAID:
        noisy = take.snr_db is not None and take.snr_db < scoring.NOISY_SNR_DB
        return "too_noisy" if noisy else "wrong_sentence"
    return "incomplete" if goodness.completeness < scoring.INCOMPLETE else "scored"


def unscored(engine: Engine, take: Take, attempt_class: AttemptClass, goodness: Goodness | None) -> AnalysisResult:
    """The result of a take that cannot be judged: no score, and a tip that says what to do."""
    raw: dict[str, float | None] = {}
    if goodness is not None:
        raw = {"gop_full_mean": tidy(goodness.full_mean, 4), "misfit": tidy(goodness.misfit, 4)}
    detailed = DetailedFeedback(
        scores=SubScores(fluency=_NONE, completeness=_NONE, rhythm=_NONE, timing=_NONE),
        raw=raw,
        weights={},
        notes=[],
        words=[],
        insertions=[],
        contours=None,
        pauses=[],
        rates=Rates(words_per_s=None, reference_words_per_s=None, ratio=None),
        tips=[feedback.tip(attempt_class)],
    )
    return _result(engine, take, attempt_class, {}, detailed)


def judge(engine: Engine, attempt: Attempt, actor: Reference | None, notes: list[str]) -> AnalysisResult:
    """Scores a take that holds the line or a part of it."""
    confidence = _confidence(attempt)
    words = [_word(attempt, index, actor, confidence) for index in range(len(attempt.goodness.words))]
    raw = compare.measure(attempt.track, attempt.times, actor)
    scores = compare.scores(raw)
    pronunciation = _pronunciation(attempt, words, actor)
    main = {"pronunciation": pronunciation, **{key: scores[key] for key in ("intonation", "emotion", "fluency")}}
    weights = scoring.weights_of(main)
    overall = scoring.blend([(main[name], weight) for name, weight in weights.items()])
    completeness = attempt.goodness.completeness
    if overall is not None and attempt.attempt_class == "incomplete":
        overall *= completeness
    rates = _rates(raw, actor)
    added = _added_vowels(attempt, confidence)
    tips = feedback.advise(words, added, scores, raw, rates)
    if attempt.attempt_class == "incomplete":
        tips = [feedback.tip("incomplete"), *(tip for tip in tips if tip.code != "word_omitted")][:5]
    detailed = DetailedFeedback(
        scores=SubScores(
            fluency=_measured(scores["fluency"], confidence),
            completeness=_measured(100 * completeness, confidence),
            rhythm=_measured(scores["rhythm"], confidence),
            timing=_measured(scores["timing"], confidence),
        ),
        raw={**_gop_raw(attempt.goodness), **{name: tidy(value, 4) for name, value in raw.items()}},
        weights=weights,
        notes=notes,
        words=words,
        insertions=_insertions(attempt),
        contours=_contours(attempt, actor),
        pauses=_pauses(attempt.times, actor),
        rates=rates,
        tips=tips,
    )
    return _result(engine, attempt.take, attempt.attempt_class, {**main, "overall": overall}, detailed)


def _result(
    engine: Engine, take: Take, kind: AttemptClass, scores: dict[str, float | None], detailed: DetailedFeedback
) -> AnalysisResult:
    quality = AudioQuality(
        duration_s=round(take.duration_s, 3),
        snr_db=tidy(take.snr_db),
        clipping_ratio=round(take.clipping_ratio, 4),
        speech_ratio=round(take.speech_ratio, 3),
    )
    return AnalysisResult(
        engine=engine,
        attempt_class=kind,
        audio=quality,
        pronunciation_score=tidy(scores.get("pronunciation")),
        intonation_score=tidy(scores.get("intonation")),
        emotion_score=tidy(scores.get("emotion")),
        overall_score=tidy(scores.get("overall")),
        detailed_feedback=detailed,
    )


def _confidence(attempt: Attempt) -> float:
    """0–1: falls with room noise, clipping, and how badly the audio fits the line."""
    snr = scoring.curve(scoring.SNR_CONFIDENCE, attempt.take.snr_db)
    fit = float(np.interp(attempt.goodness.misfit, (0.5, scoring.WRONG_MISFIT), (1.0, 0.4)))
    clipped = float(np.interp(attempt.take.clipping_ratio, (0.0, 0.05), (1.0, 0.6)))
    return (0.85 if snr is None else snr) * fit * clipped


def _measured(value: float | None, confidence: float) -> Measured:
    return Measured(value=tidy(value), confidence=None if value is None else round(confidence, 2))


def _actor_posteriors(word: WordGoodness, index: int, actor: Reference | None) -> list[float | None]:
    """What the acoustic model made of the actor's same sounds; null where the actor says the word otherwise."""
    if actor is None:
        return [None] * len(word.phones)
    theirs: FeatureWord = actor.features.words[index]
    if [phone.phone for phone in theirs.phones] != [phone.expected for phone in word.phones]:
        return [None] * len(word.phones)
    return [phone.posterior for phone in theirs.phones]


def _phone_score(posterior: float, actors: float | None) -> float:
    """0–100. The actor's own posterior is the ceiling: what the model cannot hear in the original, a learner is
    not marked down for. Below 0.4 the ceiling stays, so that a mumbled original does not excuse everything."""
    ceiling = 1.0 if actors is None else max(actors, _ACTOR_FLOOR)
    return scoring.curve(scoring.PHONE, min(1.0, posterior / ceiling)) or 0.0


def _word(attempt: Attempt, index: int, actor: Reference | None, confidence: float) -> WordResult:
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
    score = float(np.mean([phone.score for phone in phones])) if phones else None
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


def _status(score: float | None) -> WordStatus:
    if score is None:
        return "omitted"
    return "good" if score >= scoring.GOOD else "fair" if score >= scoring.FAIR else "poor"


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
    if take.snr_db is not None and take.snr_db < _FLAG_SNR_DB:
        return False
    if compared and (actors is None or actors < _ACTOR_CLEAR):
        return False
    if phone.heard_as is None:
        return compared and phone.posterior < _FLAG_WEAK_BELOW
    swap = frozenset((phone.expected, phone.heard_as))
    if swap in _SURE_SWAPS:
        return phone.posterior < _FLAG_BELOW
    return compared and swap in _WEAK_SWAPS and phone.posterior < _FLAG_WEAK_BELOW


def _pronunciation(attempt: Attempt, words: Sequence[WordResult], actor: Reference | None) -> float | None:
    """Mean over the line's sounds, weighted by how clearly the model hears them in the original. Omitted words
    count as 0, except in an incomplete attempt, which is judged on what was said."""
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
    return total / weight_sum if weight_sum else None


def _gop_raw(goodness: Goodness) -> dict[str, float | None]:
    return {
        "gop_full_mean": tidy(goodness.full_mean, 4),
        "gop_said_mean": tidy(goodness.said_mean, 4),
        "misfit": tidy(goodness.misfit, 4),
    }


def _seconds(value: float | None) -> float | None:
    return tidy(value, 3)


def _break(times: Sequence[WordTimes | None], index: int, actor: Reference | None) -> Break | None:
    length = compare.pause_before(times, index)
    if length is None or length < 0.1:
        return None
    theirs = compare.pause_before(actor.words, index) if actor else None
    unexpected = actor is not None and length >= 0.25 and length - (theirs or 0.0) >= 0.2
    return Break(unexpected=unexpected, length_s=round(length, 3))


def _added_vowels(attempt: Attempt, confidence: float) -> list[AddedVowel]:
    if confidence < 0.6:
        return []
    return [
        AddedVowel(attempt.goodness.words[item.word].text, item.phone)
        for item in attempt.goodness.insertions
        if item.posterior >= _ADDED_FROM
    ]


def _insertions(attempt: Attempt) -> list[InsertedSound]:
    return [
        InsertedSound(
            word=item.word,
            position=item.position,
            phone=item.phone,
            ipa=IPA[item.phone],
            confidence=round(item.posterior, 3),
        )
        for item in attempt.goodness.insertions
    ]


def _pauses(times: Sequence[WordTimes | None], actor: Reference | None) -> list[Pause]:
    found = []
    for index in range(len(times)):
        length, word = compare.pause_before(times, index), times[index]
        if length is None or length < 0.2 or word is None:
            continue
        theirs = compare.pause_before(actor.words, index) if actor else None
        expected = None if actor is None else (theirs or 0.0) >= 0.15
        start = word.span.start_s - length
        found.append(Pause(start_s=round(start, 3), end_s=round(word.span.start_s, 3), expected=expected))
    return found


def _rates(raw: dict[str, float | None], actor: Reference | None) -> Rates:
    return Rates(
        words_per_s=tidy(raw["words_per_s"], 3),
        reference_words_per_s=actor.features.words_per_s if actor else None,
        ratio=tidy(raw["tempo_ratio"], 3),
    )


def _contours(attempt: Attempt, actor: Reference | None) -> Contours:
    both = [(a, b) for a, b in zip(attempt.times, actor.words, strict=True) if a and b] if actor else []
    warp = [(round(a.span.start_s, 3), round(b.span.start_s, 3)) for a, b in both]
    if both:
        warp.append((round(both[-1][0].span.end_s, 3), round(both[-1][1].span.end_s, 3)))
    return Contours(
        hop_s=prosody.HOP_S,
        user_st=[tidy(value, 2) for value in attempt.track.pitch_st.tolist()],
        reference_st=list(actor.features.pitch_st) if actor else None,
        user_energy_db=np.round(attempt.track.energy_db, 1).tolist(),
        reference_energy_db=list(actor.features.energy_db) if actor else None,
        warp=warp,
    )


def add_note(result: AnalysisResult, note: str) -> AnalysisResult:
    """The same result with one more remark."""
    detailed = result.detailed_feedback.model_copy(update={"notes": [*result.detailed_feedback.notes, note]})
    return result.model_copy(update={"detailed_feedback": detailed})


__all__ = ["Attempt", "Tip", "add_note", "classify", "judge", "unscored"]
