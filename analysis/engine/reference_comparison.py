"""The learner's take beside the actor's: the raw measurements of intonation, rhythm, timing, fluency, emotion."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.engine import prosody, score_curves, word_prosody
from analysis.engine.alignment import Span, WordTimes
from analysis.engine.prosody import Floats, Track
from analysis.engine.result import ReferenceFeatures
from analysis.engine.word_prosody import WordTune


@dataclass(frozen=True)
class Reference:
    """The actor's take, unpacked from its stored features."""

    features: ReferenceFeatures
    track: Track
    words: list[WordTimes | None]
    tunes: list[WordTune]

    @classmethod
    def unpack(cls, features: ReferenceFeatures) -> "Reference":
        """Arrays and spans from the wire form."""
        pitch = np.array([np.nan if value is None else value for value in features.pitch_st], dtype=np.float64)
        track = Track(
            pitch_st=pitch,
            energy_db=np.array(features.energy_db, dtype=np.float64),
            median_hz=features.median_hz,
            tilt_db_per_octave=features.tilt_db_per_octave,
        )
        words = [
            WordTimes(
                Span(word.start_s, word.end_s),
                tuple(Span(phone.start_s or 0.0, phone.end_s or 0.0) for phone in word.phones),
            )
            if word.start_s is not None and word.end_s is not None
            else None
            for word in features.words
        ]
        return cls(features, track, words, word_prosody.tunes(track, words))


def measure(track: Track, words: Sequence[WordTimes | None], reference: Reference | None) -> dict[str, float | None]:
    """Raw figures by name; those that need the actor are null without one."""
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
    raw.update(_against(track, words, raw, reference) if reference else dict.fromkeys(_COMPARED))
    return raw


_COMPARED = (
    *("pitch_correlation", "pitch_range_ratio", "energy_correlation", "energy_range_ratio", "tilt_difference_db"),
    *("tempo_ratio", "articulation_ratio", "rhythm_correlation", "onset_difference_s", "pause_excess_s"),
)


def _against(
    track: Track, words: Sequence[WordTimes | None], raw: dict[str, float | None], reference: Reference
) -> dict[str, float | None]:
    actor = measure(reference.track, reference.words, None)
    both = [(mine, theirs) for mine, theirs in zip(words, reference.words, strict=True) if mine and theirs]
    mine, theirs = [pair[0] for pair in both], [pair[1] for pair in both]
    tilts = (track.tilt_db_per_octave, reference.track.tilt_db_per_octave)
    return {
        "pitch_correlation": _shape(track.pitch_st, mine, reference.track.pitch_st, theirs),
        "pitch_range_ratio": _ratio(raw["pitch_range_st"], actor["pitch_range_st"]),
        "energy_correlation": _shape(track.energy_db, mine, reference.track.energy_db, theirs),
        "energy_range_ratio": _ratio(raw["energy_range_db"], actor["energy_range_db"]),
        "tilt_difference_db": None if tilts[0] is None or tilts[1] is None else abs(tilts[0] - tilts[1]),
        "tempo_ratio": _ratio(prosody.words_per_s(mine), prosody.words_per_s(theirs)),
        "articulation_ratio": _ratio(prosody.phones_per_s(mine), prosody.phones_per_s(theirs)),
        "rhythm_correlation": _rhythm(mine, theirs),
        "onset_difference_s": _onsets(mine, theirs),
        "pause_excess_s": _pause_excess(words, reference.words),
    }


def word_figures(mine: Sequence[WordTune], reference: Reference | None) -> dict[str, float | None]:
    """Raw figures of pitch direction and stress, word by word; null without an actor."""
    theirs = reference.tunes if reference else []
    return {
        "pitch_direction_agreement": word_prosody.agreement(mine, theirs) if theirs else None,
        "stress_correlation": word_prosody.stress_correlation(mine, theirs) if theirs else None,
    }


def scores(raw: dict[str, float | None]) -> dict[str, float | None]:
    """Intonation, rhythm, timing, fluency and emotion, 0–100 or null."""
    pitch_range = score_curves.log_ratio(raw["pitch_range_ratio"], 1.0)
    tempo = score_curves.curve(score_curves.LOG_RATIO, score_curves.log_ratio(raw["tempo_ratio"], 1.0))
    if tempo is None:
        tempo = score_curves.curve(score_curves.FREE_TEMPO, raw["words_per_s"])
    pauses = raw["pause_excess_s"] if raw["pause_excess_s"] is not None else raw["free_pause_excess_s"]
    articulation = score_curves.curve(score_curves.LOG_RATIO, score_curves.log_ratio(raw["articulation_ratio"], 1.0))
    rhythm = score_curves.curve(score_curves.RHYTHM, raw["rhythm_correlation"])
    return {
        "intonation": _intonation(raw["pitch_correlation"], pitch_range),
        "rhythm": rhythm,
        "pitch_direction": score_curves.curve(score_curves.DIRECTION, raw["pitch_direction_agreement"]),
        "stress": score_curves.curve(score_curves.STRESS, raw["stress_correlation"]),
        "timing": score_curves.curve(score_curves.ONSET_S, raw["onset_difference_s"]),
        "fluency": None
        if tempo is None
        else score_curves.blend(
            [
                (tempo, 0.4),
                (score_curves.curve(score_curves.PAUSE_EXCESS_S, pauses), 0.35),
                (articulation, 0.15),
                (rhythm, 0.1),
            ]
        ),
        "emotion": _emotion(raw, pitch_range),
    }


def _intonation(correlation: float | None, pitch_range: float | None) -> float | None:
    """The shape, weakened when the range is far from the actor's: a flat voice follows no tune."""
    width = score_curves.curve(score_curves.RANGE_LOG_RATIO, pitch_range)
    if width is None:
        return None
    # A voice that never moves has no correlation; it follows the actor as little as r = 0 does.
    shape = score_curves.curve(score_curves.PITCH_SHAPE, correlation or 0.0)
    return None if shape is None else shape * (0.5 + 0.5 * width / 100)


def _emotion(raw: dict[str, float | None], pitch_range: float | None) -> float | None:
    if raw["energy_correlation"] is None and pitch_range is None:
        return None
    energy_range = score_curves.log_ratio(raw["energy_range_ratio"], 1.0)
    return score_curves.blend(
        [
            (score_curves.curve(score_curves.RANGE_LOG_RATIO, pitch_range), 0.30),
            (score_curves.curve(score_curves.ENERGY_SHAPE, raw["energy_correlation"]), 0.25),
            (score_curves.curve(score_curves.RANGE_LOG_RATIO, energy_range), 0.15),
            (score_curves.curve(score_curves.TILT_DB, raw["tilt_difference_db"]), 0.10),
            (score_curves.curve(score_curves.LOG_RATIO, score_curves.log_ratio(raw["tempo_ratio"], 1.0)), 0.20),
        ]
    )


def _within(values: Floats, words: Sequence[WordTimes | None]) -> Floats:
    """The part of a contour that lies between the first and the last word."""
    said = [word for word in words if word is not None]
    if not said:
        return values[:0]
    return values[int(said[0].span.start_s / prosody.HOP_S) : int(said[-1].span.end_s / prosody.HOP_S) + 1]


def _ratio(first: float | None, second: float | None) -> float | None:
    return first / second if first is not None and second else None


def _shape(a: Floats, a_words: Sequence[WordTimes], b: Floats, b_words: Sequence[WordTimes]) -> float | None:
    return prosody.correlation(prosody.sample_words(a, a_words).ravel(), prosody.sample_words(b, b_words).ravel())


def _rhythm(mine: Sequence[WordTimes], theirs: Sequence[WordTimes]) -> float | None:
    """Pearson r of log phone durations over words said with the same number of sounds."""
    pairs = [
        (a.length_s, b.length_s)
        for first, second in zip(mine, theirs, strict=True)
        if len(first.phones) == len(second.phones)
        for a, b in zip(first.phones, second.phones, strict=True)
        if a.length_s > 0 and b.length_s > 0
    ]
    if not pairs:
        return None
    logs = np.log(np.array(pairs))
    return prosody.correlation(logs[:, 0], logs[:, 1])


def _onsets(mine: Sequence[WordTimes], theirs: Sequence[WordTimes]) -> float | None:
    """Mean |difference| of word onsets, both counted from the first word that both said."""
    if len(mine) < 2:
        return None
    a = np.array([word.span.start_s for word in mine])
    b = np.array([word.span.start_s for word in theirs])
    return float(np.abs((a - a[0]) - (b - b[0]))[1:].mean())


def pause_before(words: Sequence[WordTimes | None], index: int) -> float | None:
    """Silence between a word and the one said before it; null for the first word and for omitted ones."""
    word = words[index]
    earlier = [other for other in words[:index] if other is not None]
    return max(0.0, word.span.start_s - earlier[-1].span.end_s) if word and earlier else None


def _free_pause_excess(words: Sequence[WordTimes | None]) -> float:
    """Without an actor to follow: seconds of pausing beyond a quarter of the line's length."""
    said = [word for word in words if word is not None]
    length = said[-1].span.end_s - said[0].span.start_s if said else 0.0
    return max(0.0, sum(pause.length_s for pause in prosody.pauses(words)) - 0.25 * length)


def _pause_excess(mine: Sequence[WordTimes | None], theirs: Sequence[WordTimes | None]) -> float:
    """Seconds of pausing beyond the actor's, summed over the places between words."""
    excess = 0.0
    for index in range(len(mine)):
        own, actors = pause_before(mine, index), pause_before(theirs, index)
        if own is not None and own >= 0.2:
            excess += max(0.0, own - (actors or 0.0))
    return excess
