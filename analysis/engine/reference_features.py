"""The features of a reference recording in their wire form."""

from collections.abc import Sequence

import numpy as np

from analysis.engine import prosody, rating
from analysis.engine.alignment import Span
from analysis.engine.rating_network import ASPECTS
from analysis.engine.result import FeaturePhone, FeatureWord, ReferenceFeatures
from analysis.engine.score_curves import rounded
from analysis.engine.word_scores import Attempt


def pack(attempt: Attempt, model: rating.Model) -> ReferenceFeatures:
    """Everything measured on an actor's take that learners' takes are compared with, rounded for the wire."""
    track, goodness, times = attempt.track, attempt.goodness, attempt.times
    return ReferenceFeatures(
        duration_s=_seconds(attempt.take.duration_s),
        hop_s=prosody.HOP_S,
        pitch_st=[rounded(value, 2) for value in track.pitch_st.tolist()],
        energy_db=np.round(track.energy_db, 1).tolist(),
        median_hz=rounded(track.median_hz, 2),
        tilt_db_per_octave=rounded(track.tilt_db_per_octave, 3),
        said_mean=round(goodness.spoken_mean, 4),
        misfit=round(goodness.misfit, 4),
        words=[_pack_word(attempt, model, index) for index in range(len(times))],
        pauses=[(_seconds(pause.start_s), _seconds(pause.end_s)) for pause in prosody.pauses(times)],
        words_per_s=rounded(prosody.words_per_s(times), 3),
        phones_per_s=rounded(prosody.phones_per_s(times), 3),
        ratings={name: round(attempt.ratings.line[name], 3) for name in ASPECTS},
    )


def _pack_word(attempt: Attempt, model: rating.Model, index: int) -> FeatureWord:
    word, when = attempt.goodness.words[index], attempt.times[index]
    words_before, first = attempt.spoken_before(index)
    spans: Sequence[Span | None] = (None,) * len(word.phones)
    if when and len(when.phones) == len(word.phones):
        spans = when.phones
    phones = [
        FeaturePhone(
            phone=phone.expected,
            posterior=round(model.score("phone", float(attempt.ratings.phones[first + order])) / 100, 4),
            start_s=_seconds(span.start_s) if span else None,
            end_s=_seconds(span.end_s) if span else None,
        )
        for order, (phone, span) in enumerate(zip(word.phones, spans, strict=True))
    ]
    start_s, end_s = (_seconds(when.span.start_s), _seconds(when.span.end_s)) if when else (None, None)
    rated = None if word.omitted else round(float(attempt.ratings.words[words_before]), 3)
    return FeatureWord(text=word.text, start_s=start_s, end_s=end_s, rating=rated, phones=phones)


def _seconds(value: float) -> float:
    return round(value, 3)
