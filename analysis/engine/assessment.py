"""Assessment of measurements: attempt class, word and phone scores, the scores of the take, tips."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.engine import (
    added_words,
    feedback,
    line_gate,
    rating,
    recording_quality,
    reference_comparison,
    result_parts,
    score_curves,
    word_prosody,
)
from analysis.engine.feedback import AddedVowel, Findings
from analysis.engine.gop import Goodness
from analysis.engine.language_profile import LanguageProfile
from analysis.engine.recording_quality import Take
from analysis.engine.reference_comparison import Reference
from analysis.engine.result import (
    SCHEMA_VERSION,
    SCORES,
    AnalysisResult,
    AttemptClass,
    DetailedFeedback,
    Engine,
    Measured,
    Rates,
    SubScores,
    Tip,
    WordResult,
)
from analysis.engine.score_curves import rounded
from analysis.engine.word_scores import ADDED_FROM, Attempt, WordScorer

_NOT_MEASURED: Final = Measured(value=None, confidence=None)
_MAX_TIPS: Final = 5
_MIN_ADDED_VOWEL_CONFIDENCE: Final = 0.6

Figures = dict[str, float | None]


@dataclass(frozen=True)
class Context:
    """The engine's description and the learned language: the same for all results of an engine."""

    engine: Engine
    profile: LanguageProfile


def classify(take: Take, goodness: Goodness | None, model: rating.Model, *, is_part: bool = False) -> AttemptClass:
    """Returns "scored" or "incomplete" for a take that can be scored, otherwise the reason why it cannot."""
    if goodness is None:
        return "too_short"
    if goodness.recognised_phones < max(2.0, score_curves.MIN_PHONES_PER_S * take.speech_s):
        return "no_speech"
    if goodness.full_mean < score_curves.NOISY_MEAN and _is_noisy(take, goodness):
        # A correct reading falls to 0.3-0.75 in such noise: the learner's share cannot be determined.
        return "too_noisy"
    if goodness.evidence is None or goodness.completeness < score_curves.MIN_COMPLETENESS:
        return "wrong_sentence"
    log_odds = model.gate.log_odds(line_gate.features(take, goodness, goodness.evidence))
    if log_odds < (score_curves.PART_READING_FROM if is_part else model.reading_from.of(len(goodness.words))):
        return "wrong_sentence"
    return "incomplete" if goodness.completeness < score_curves.INCOMPLETE else "scored"


def _is_noisy(take: Take, goodness: Goodness) -> bool:
    """True where one of three estimates of the signal-to-noise ratio is low.

    Steady noise shows in the pauses. Other voices do not, but they change the distribution of amplitudes; that
    estimate is ignored where the pauses are silent, because laughter looks the same. Where the place of the line is
    known, the audio around it is the room; it is ignored where the pauses are silent, too: then it is the learner, who
    repeats a word, starts again or says something else.
    """
    if take.snr_db is not None and take.snr_db < score_curves.NOISY_SNR_DB:
        return True
    if take.snr_db is not None and take.snr_db > score_curves.SILENT_SNR_DB:
        return False
    if take.wada_snr_db is not None and take.wada_snr_db < score_curves.NOISY_WADA_DB:
        return True
    if goodness.full_mean < score_curves.LINE_FOUND_MEAN or goodness.misfit > score_curves.LINE_FOUND_MISFIT:
        return False
    peaks = [phone.peak_s for word in goodness.words for phone in word.phones]
    around = recording_quality.snr_around(take, peaks)
    return around is not None and around < score_curves.NOISY_AROUND_DB


def unscored(context: Context, take: Take, attempt_class: AttemptClass, goodness: Goodness | None) -> AnalysisResult:
    """The result of a take that cannot be scored: no score, and a tip with the remedy."""
    clipped = attempt_class == "too_noisy" and take.clipping_ratio >= score_curves.CLIPPED
    detailed = DetailedFeedback(
        calibration=rating.load(context.profile).calibration,
        scores=SubScores(**dict.fromkeys(SubScores.model_fields, _NOT_MEASURED)),
        raw={} if goodness is None else _gop_figures(goodness),
        weights={},
        notes=[],
        words=[],
        insertions=[],
        added_words=[],
        contours=None,
        pauses=[],
        rates=Rates(words_per_s=None, reference_words_per_s=None, ratio=None),
        tips=[feedback.general_tip(context.profile, "clipped" if clipped else attempt_class)],
    )
    return _result(context.engine, take, attempt_class, {}, detailed)


def assess(context: Context, attempt: Attempt, reference: Reference | None, notes: list[str]) -> AnalysisResult:
    """Scores a take that holds the line or a part of it. `notes` are passed on."""
    confidence = _confidence(attempt)
    scorer = WordScorer(context.profile, attempt, reference, confidence)
    words, raw = _measure(scorer)
    scores = score_curves.scores(raw, scorer.line_score("fluency"))
    scores |= {"pronunciation": scorer.pronunciation_score(words), "prosody": scorer.line_score("prosodic")}
    weights = score_curves.weights_of(scores, beside_actor=reference is not None)
    scores["overall"] = _overall(scores, weights, attempt)
    scores["completeness"] = 100 * attempt.goodness.completeness
    rates = result_parts.rates(raw, reference)
    added = _added_vowels(attempt, confidence)
    findings = Findings(context.profile, words, added, scores, raw, rates, confidence)
    detailed = DetailedFeedback(
        calibration=rating.load(context.profile).calibration,
        scores=_sub_scores(scores, raw, attempt),
        raw={**_gop_figures(attempt.goodness), **{name: rounded(value, 4) for name, value in raw.items()}},
        weights=weights,
        notes=notes,
        words=words,
        insertions=result_parts.insertions(attempt, context.profile),
        added_words=added_words.find(attempt, context.profile.phones),
        contours=result_parts.contours(attempt, reference),
        pauses=result_parts.pauses(attempt.times, reference),
        rates=rates,
        tips=_tips(findings, attempt),
    )
    return _result(context.engine, attempt.take, attempt.attempt_class, scores, detailed)


def as_part(result: AnalysisResult, first_word: int) -> AnalysisResult:
    """A copy of the result of a part of a line: the scores of a line are null, those in the details stay."""
    detailed = result.detailed_feedback.model_copy(update={"first_word": first_word})
    return result.model_copy(update={"detailed_feedback": detailed, **{f"{name}_score": None for name in SCORES}})


def _measure(scorer: WordScorer) -> tuple[list[WordResult], Figures]:
    """The scored words with their pitch and stress, and the raw figures of the whole line."""
    attempt, reference = scorer.attempt, scorer.reference
    contours = word_prosody.measure(attempt.track, attempt.times)
    reference_contours = reference.contours if reference else None
    words = word_prosody.with_prosody(scorer.score_words(), contours, reference_contours)
    raw = reference_comparison.measure(attempt.track, attempt.times, reference)
    return words, raw | reference_comparison.word_figures(contours, reference)


def _overall(scores: Figures, weights: dict[str, float], attempt: Attempt) -> float | None:
    """Weighted mean of the scores, 0–100; of an incomplete attempt, times the share of words spoken."""
    overall = score_curves.blend([(scores[name], weight) for name, weight in weights.items()])
    if overall is not None and attempt.attempt_class == "incomplete":
        overall *= attempt.goodness.completeness
    return overall


def _tips(findings: Findings, attempt: Attempt) -> list[Tip]:
    """At most five tips; those of an incomplete attempt begin with the missing part."""
    tips = feedback.advise(findings)
    if attempt.attempt_class != "incomplete":
        return tips
    first = feedback.general_tip(findings.profile, "recording_cut" if attempt.take.truncated else "incomplete")
    return [first, *(tip for tip in tips if tip.code not in {"word_omitted", "well_done"})][:_MAX_TIPS]


def _result(
    engine: Engine, take: Take, attempt_class: AttemptClass, scores: Figures, detailed: DetailedFeedback
) -> AnalysisResult:
    return AnalysisResult(
        schema_version=SCHEMA_VERSION,
        engine=engine,
        attempt_class=attempt_class,
        audio=result_parts.audio_quality(take),
        detailed_feedback=detailed,
        **{f"{name}_score": rounded(scores.get(name)) for name in SCORES},
    )


def _confidence(attempt: Attempt) -> float:
    """Confidence 0–1: lower with room noise, clipping, a broken file, and a bad fit of the line."""
    snr = score_curves.interpolate(score_curves.SNR_CONFIDENCE, attempt.take.snr_db)
    fit = float(
        np.interp(attempt.goodness.misfit, score_curves.MISFIT_CONFIDENCE[0], score_curves.MISFIT_CONFIDENCE[1])
    )
    clipped = score_curves.interpolate(score_curves.CLIPPING_CONFIDENCE, attempt.take.clipping_ratio) or 0.0
    whole = score_curves.TRUNCATED_CONFIDENCE if attempt.take.truncated else 1.0
    voices = score_curves.interpolate(score_curves.WADA_CONFIDENCE, attempt.take.wada_snr_db)
    return (0.85 if snr is None else snr) * (1.0 if voices is None else voices) * fit * clipped * whole


def _sub_scores(values: Figures, raw: Figures, attempt: Attempt) -> SubScores:
    """Each score with its confidence: that of the recording, less where there was little to measure it by."""
    whole = _confidence(attempt)
    voiced = score_curves.interpolate(score_curves.VOICED_CONFIDENCE, raw["voiced_s"]) or 0.0
    count = sum(times is not None for times in attempt.times)
    spoken = score_curves.interpolate(score_curves.WORDS_CONFIDENCE, count) or 0.0

    def confidence(name: str) -> float:
        share = voiced if name in score_curves.NEED_VOICE else 1.0
        return whole * (share * spoken if name in score_curves.NEED_WORDS else share)

    return SubScores(**{name: _measured(values[name], confidence(name)) for name in SubScores.model_fields})


def _measured(value: float | None, confidence: float) -> Measured:
    return Measured(value=rounded(value), confidence=None if value is None else round(confidence, 2))


def _gop_figures(goodness: Goodness) -> Figures:
    return {
        "gop_full_mean": rounded(goodness.full_mean, 4),
        "gop_said_mean": rounded(goodness.spoken_mean, 4),
        "misfit": rounded(goodness.misfit, 4),
    }


def _added_vowels(attempt: Attempt, confidence: float) -> list[AddedVowel]:
    """Added vowels that are sure enough to mention."""
    if confidence < _MIN_ADDED_VOWEL_CONFIDENCE:
        return []
    return [
        AddedVowel(attempt.goodness.words[item.word].text, item.phone)
        for item in attempt.goodness.insertions
        if item.posterior >= ADDED_FROM
    ]


def add_note(result: AnalysisResult, note: str) -> AnalysisResult:
    """A copy of the result with one more note."""
    detailed = result.detailed_feedback.model_copy(update={"notes": [*result.detailed_feedback.notes, note]})
    return result.model_copy(update={"detailed_feedback": detailed})
