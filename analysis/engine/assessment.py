"""From measurements to the result: attempt class, word and sound scores, the four scores, tips."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from analysis.engine import feedback, prosody, recording_quality, reference_comparison, score_curves, word_prosody
from analysis.engine.alignment import WordTimes
from analysis.engine.feedback import AddedVowel, Findings
from analysis.engine.gop import Goodness
from analysis.engine.phones import IPA
from analysis.engine.recording_quality import Take
from analysis.engine.reference_comparison import Reference
from analysis.engine.result import (
    AnalysisResult,
    AttemptClass,
    AudioQuality,
    Contours,
    DetailedFeedback,
    Engine,
    InsertedSound,
    Measured,
    Pause,
    Rates,
    SubScores,
)
from analysis.engine.score_curves import tidy
from analysis.engine.word_scores import ADDED_FROM, Attempt, pronunciation_score, score_word

_NONE: Final = Measured(value=None, confidence=None)


def classify(take: Take, goodness: Goodness | None) -> AttemptClass:
    """Whether the take can be scored, and if not, why."""
    if goodness is None:
        return "too_short"
    if goodness.heard < max(2.0, score_curves.LEAST_SOUNDS_PER_S * take.speech_s):
        return "no_speech"
    if goodness.full_mean < score_curves.NOISY_MEAN and _is_noisy(take, goodness):
        # A right reading sinks to 0.3-0.75 in such a room: nobody can tell the learner's share.
        return "too_noisy"
    unlike = goodness.misfit > score_curves.WRONG_MISFIT or (
        goodness.full_mean < score_curves.WRONG_MEAN and goodness.misfit > score_curves.WRONG_MEAN_MISFIT
    )
    # Laughter fits any line (few sounds are heard, so few are missed), but none of the line's sounds fits it.
    unlike = unlike or goodness.said_mean < score_curves.WRONG_MEAN
    if unlike or goodness.completeness < score_curves.LEAST_SAID:
        return "wrong_sentence"
    return "incomplete" if goodness.completeness < score_curves.INCOMPLETE else "scored"


def _is_noisy(take: Take, goodness: Goodness) -> bool:
    """Steady noise shows in the pauses; other voices hide there, but not in the distribution of amplitudes (which is
    not asked where the pauses are silent: laughter looks the same); and where the line is known to be, what is heard
    around it is the room."""
    around = None
    if goodness.full_mean >= score_curves.WRONG_MEAN and goodness.misfit < score_curves.WRONG_MEAN_MISFIT:
        peaks = [phone.peak_s for word in goodness.words for phone in word.phones]
        around = recording_quality.snr_around(take, peaks)
    silent = take.snr_db is not None and take.snr_db > score_curves.SILENT_SNR_DB
    limits = (
        (take.snr_db, score_curves.NOISY_SNR_DB),
        (None if silent else take.wada_snr_db, score_curves.NOISY_WADA_DB),
        (around, score_curves.NOISY_AROUND_DB),
    )
    return any(snr is not None and snr < limit for snr, limit in limits)


def unscored(engine: Engine, take: Take, attempt_class: AttemptClass, goodness: Goodness | None) -> AnalysisResult:
    """The result of a take that cannot be judged: no score, and a tip that says what to do."""
    clipped = attempt_class == "too_noisy" and take.clipping_ratio >= score_curves.CLIPPED
    detailed = DetailedFeedback(
        scores=SubScores(**dict.fromkeys(SubScores.model_fields, _NONE)),
        raw={} if goodness is None else _gop_raw(goodness),
        weights={},
        notes=[],
        words=[],
        insertions=[],
        contours=None,
        pauses=[],
        rates=Rates(words_per_s=None, reference_words_per_s=None, ratio=None),
        tips=[feedback.tip("clipped" if clipped else attempt_class)],
    )
    return _result(engine, take, attempt_class, {}, detailed)


def judge(engine: Engine, attempt: Attempt, actor: Reference | None, notes: list[str]) -> AnalysisResult:
    """Scores a take that holds the line or a part of it."""
    confidence = _confidence(attempt)
    words = [score_word(attempt, index, actor, confidence) for index in range(len(attempt.goodness.words))]
    tunes = word_prosody.tunes(attempt.track, attempt.times)
    words = word_prosody.described(words, tunes, actor.tunes if actor else None)
    raw = reference_comparison.measure(attempt.track, attempt.times, actor) | reference_comparison.word_figures(
        tunes, actor
    )
    scores = reference_comparison.scores(raw)
    pronunciation = pronunciation_score(attempt, words, actor)
    main = {"pronunciation": pronunciation, **{key: scores[key] for key in ("intonation", "emotion", "fluency")}}
    weights = score_curves.weights_of(main)
    overall = score_curves.blend([(main[name], weight) for name, weight in weights.items()])
    completeness = attempt.goodness.completeness
    if overall is not None and attempt.attempt_class == "incomplete":
        overall *= completeness
    rates = _rates(raw, actor)
    added = _added_vowels(attempt, confidence)
    tips = feedback.advise(Findings(words, added, scores, raw, rates, confidence))
    if attempt.attempt_class == "incomplete":
        first = feedback.tip("recording_cut" if attempt.take.truncated else "incomplete")
        tips = [first, *(tip for tip in tips if tip.code not in {"word_omitted", "well_done"})][:5]
    detailed = DetailedFeedback(
        scores=_sub_scores({**scores, **main, "overall": overall, "completeness": 100 * completeness}, raw, attempt),
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
        truncated=take.truncated,
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
    """0–1: falls with room noise, clipping, a broken file, and how badly the audio fits the line."""
    snr = score_curves.curve(score_curves.SNR_CONFIDENCE, attempt.take.snr_db)
    fit = float(np.interp(attempt.goodness.misfit, (0.5, score_curves.WRONG_MISFIT), (1.0, 0.4)))
    clipped = score_curves.curve(score_curves.CLIPPING_CONFIDENCE, attempt.take.clipping_ratio) or 0.0
    whole = score_curves.TRUNCATED_CONFIDENCE if attempt.take.truncated else 1.0
    voices = score_curves.curve(score_curves.WADA_CONFIDENCE, attempt.take.wada_snr_db)
    return (0.85 if snr is None else snr) * (1.0 if voices is None else voices) * fit * clipped * whole


def _sub_scores(values: dict[str, float | None], raw: dict[str, float | None], attempt: Attempt) -> SubScores:
    """Each score with its confidence: that of the recording, less where there was little to measure it by."""
    whole = _confidence(attempt)
    voiced = score_curves.curve(score_curves.VOICED_CONFIDENCE, raw["voiced_s"]) or 0.0
    said = score_curves.curve(score_curves.WORDS_CONFIDENCE, sum(times is not None for times in attempt.times)) or 0.0
    share = {
        **dict.fromkeys(("intonation", "emotion", "pitch_direction"), voiced),
        **dict.fromkeys(("rhythm", "timing", "fluency"), said),
        "stress": voiced * said,
    }
    return SubScores(**{name: _measured(values[name], whole * share.get(name, 1.0)) for name in SubScores.model_fields})


def _measured(value: float | None, confidence: float) -> Measured:
    return Measured(value=tidy(value), confidence=None if value is None else round(confidence, 2))


def _gop_raw(goodness: Goodness) -> dict[str, float | None]:
    return {
        "gop_full_mean": tidy(goodness.full_mean, 4),
        "gop_said_mean": tidy(goodness.said_mean, 4),
        "misfit": tidy(goodness.misfit, 4),
    }


def _added_vowels(attempt: Attempt, confidence: float) -> list[AddedVowel]:
    if confidence < 0.6:
        return []
    return [
        AddedVowel(attempt.goodness.words[item.word].text, item.phone)
        for item in attempt.goodness.insertions
        if item.posterior >= ADDED_FROM
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
        length, word = reference_comparison.pause_before(times, index), times[index]
        if length is None or length < 0.2 or word is None:
            continue
        theirs = reference_comparison.pause_before(actor.words, index) if actor else None
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
