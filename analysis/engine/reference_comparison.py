"""Comparison of the learner's take with the reference: pitch, energy, voice colour, tempo, rhythm, pauses, stress."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.engine import prosody, word_prosody
from analysis.engine.alignment import Span, WordTimes
from analysis.engine.prosody import Floats, Track
from analysis.engine.result import FeatureWord, ReferenceFeatures
from analysis.engine.word_prosody import WordContour


@dataclass(frozen=True)
class Reference:
    """The actor's take, unpacked from its stored features."""

    features: ReferenceFeatures
    track: Track
    words: list[WordTimes | None]
    contours: list[WordContour]

    @classmethod
    def unpack(cls, features: ReferenceFeatures) -> "Reference":
        """Builds arrays and spans from the wire form."""
        pitch = np.array([np.nan if value is None else value for value in features.pitch_st], dtype=np.float64)
        track = Track(
            pitch_st=pitch,
            energy_db=np.array(features.energy_db, dtype=np.float64),
            median_hz=features.median_hz,
            tilt_db_per_octave=features.tilt_db_per_octave,
        )
        words = [times_of(word) for word in features.words]
        return cls(features, track, words, word_prosody.measure(track, words))


def times_of(word: FeatureWord) -> WordTimes | None:
    """Returns the times of a word of the reference and of its phones; None where the actor left it out."""
    if word.start_s is None or word.end_s is None:
        return None
    phones = tuple(Span(phone.start_s or 0.0, phone.end_s or 0.0) for phone in word.phones)
    return WordTimes(Span(word.start_s, word.end_s), phones)


def measure(track: Track, words: Sequence[WordTimes | None], reference: Reference | None) -> dict[str, float | None]:
    """Raw figures by name, units in the names; those that need the reference are null without one."""
    raw: dict[str, float | None] = {
        "words_per_s": prosody.words_per_s(words),
        "phones_per_s": prosody.phones_per_s(words),
        "pause_s": sum(pause.length_s for pause in prosody.pauses(words)),
        "free_pause_excess_s": _free_pause_excess(words),
        "pitch_range_st": prosody.spread(_within(track.pitch_st, words)),
        "energy_range_db": prosody.spread(_within(track.energy_db, words)),
        "tilt_db_per_octave": track.tilt_db_per_octave,
        "median_hz": track.median_hz,
        "voiced_s": float(np.isfinite(_within(track.pitch_st, words)).sum()) * prosody.HOP_S,
    }
    raw.update(_compare(track, words, raw, reference) if reference else dict.fromkeys(_COMPARED))
    return raw


_COMPARED = (
    *("pitch_correlation", "pitch_range_ratio", "energy_correlation", "energy_range_ratio", "tilt_difference_db"),
    *("tempo_ratio", "articulation_ratio", "rhythm_correlation", "onset_difference_s", "pause_excess_s"),
)


def _compare(
    track: Track, words: Sequence[WordTimes | None], raw: dict[str, float | None], reference: Reference
) -> dict[str, float | None]:
    actor_raw = measure(reference.track, reference.words, None)
    both = [(own, other) for own, other in zip(words, reference.words, strict=True) if own and other]
    learner, actor = [pair[0] for pair in both], [pair[1] for pair in both]
    tilts = (track.tilt_db_per_octave, reference.track.tilt_db_per_octave)
    return {
        "pitch_correlation": _shape(track.pitch_st, learner, reference.track.pitch_st, actor),
        "pitch_range_ratio": _ratio(raw["pitch_range_st"], actor_raw["pitch_range_st"]),
        "energy_correlation": _shape(track.energy_db, learner, reference.track.energy_db, actor),
        "energy_range_ratio": _ratio(raw["energy_range_db"], actor_raw["energy_range_db"]),
        "tilt_difference_db": None if tilts[0] is None or tilts[1] is None else abs(tilts[0] - tilts[1]),
        "tempo_ratio": _ratio(prosody.words_per_s(learner), prosody.words_per_s(actor)),
        "articulation_ratio": _ratio(prosody.phones_per_s(learner), prosody.phones_per_s(actor)),
        "rhythm_correlation": _rhythm(learner, actor),
        "onset_difference_s": _onsets(learner, actor),
        "pause_excess_s": _pause_excess(words, reference.words),
    }


def word_figures(learner: Sequence[WordContour], reference: Reference | None) -> dict[str, float | None]:
    """Raw figures of pitch direction and stress, from single words; null without a reference."""
    contours = reference.contours if reference else []
    return {
        "pitch_direction_agreement": word_prosody.direction_agreement(learner, contours) if contours else None,
        "stress_correlation": word_prosody.stress_correlation(learner, contours) if contours else None,
    }


def _within(values: Floats, words: Sequence[WordTimes | None]) -> Floats:
    """The part of a contour that lies between the first and the last word."""
    spoken = [word for word in words if word is not None]
    if not spoken:
        return values[:0]
    return values[int(spoken[0].span.start_s / prosody.HOP_S) : int(spoken[-1].span.end_s / prosody.HOP_S) + 1]


def _ratio(first: float | None, second: float | None) -> float | None:
    return first / second if first is not None and second else None


def _shape(a: Floats, a_words: Sequence[WordTimes], b: Floats, b_words: Sequence[WordTimes]) -> float | None:
    return prosody.correlation(prosody.sample_words(a, a_words).ravel(), prosody.sample_words(b, b_words).ravel())


def _rhythm(learner: Sequence[WordTimes], actor: Sequence[WordTimes]) -> float | None:
    """Pearson r of log phone durations over words spoken with the same number of phones."""
    pairs = [
        (a.length_s, b.length_s)
        for first, second in zip(learner, actor, strict=True)
        if len(first.phones) == len(second.phones)
        for a, b in zip(first.phones, second.phones, strict=True)
        if a.length_s > 0 and b.length_s > 0
    ]
    if not pairs:
        return None
    logs = np.log(np.array(pairs))
    return prosody.correlation(logs[:, 0], logs[:, 1])


def _onsets(learner: Sequence[WordTimes], actor: Sequence[WordTimes]) -> float | None:
    """Mean |difference| of word onsets in seconds, both counted from the first word that both spoke."""
    if len(learner) < 2:
        return None
    a = np.array([word.span.start_s for word in learner])
    b = np.array([word.span.start_s for word in actor])
    return float(np.abs((a - a[0]) - (b - b[0]))[1:].mean())


def pause_before(words: Sequence[WordTimes | None], index: int) -> float | None:
    """Silence in seconds between a word and the spoken word before it; null for the first and for omitted words."""
    word = words[index]
    earlier = [other for other in words[:index] if other is not None]
    return max(0.0, word.span.start_s - earlier[-1].span.end_s) if word and earlier else None


def _free_pause_excess(words: Sequence[WordTimes | None]) -> float:
    """Seconds of pauses beyond a quarter of the line's length, for takes without a reference."""
    spoken = [word for word in words if word is not None]
    length = spoken[-1].span.end_s - spoken[0].span.start_s if spoken else 0.0
    return max(0.0, sum(pause.length_s for pause in prosody.pauses(words)) - 0.25 * length)


def _pause_excess(learner: Sequence[WordTimes | None], actor: Sequence[WordTimes | None]) -> float:
    """Seconds of pauses beyond those of the reference, summed over the places between words."""
    excess = 0.0
    for index in range(len(learner)):
        own, other = pause_before(learner, index), pause_before(actor, index)
        if own is not None and own >= 0.2:
            excess += max(0.0, own - (other or 0.0))
    return excess
