"""Parts of a result that only restate measurements: insertions, pauses, rates, contours, audio quality."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from analysis.engine import prosody, reference_comparison
from analysis.engine.alignment import WordTimes
from analysis.engine.language_profile import LanguageProfile
from analysis.engine.recording_quality import Take
from analysis.engine.reference_comparison import Reference
from analysis.engine.result import AudioQuality, Contours, InsertedSound, Pause, Rates
from analysis.engine.score_curves import rounded
from analysis.engine.word_scores import Attempt

_PAUSE_S: Final = 0.2
# A shorter pause of the actor counts as one, too: the learner's is then expected.
_REFERENCE_PAUSE_S: Final = 0.15


def audio_quality(take: Take) -> AudioQuality:
    """The measurements of the recording itself."""
    return AudioQuality(
        duration_s=round(take.duration_s, 3),
        snr_db=rounded(take.snr_db),
        clipping_ratio=round(take.clipping_ratio, 4),
        speech_ratio=round(take.speech_ratio, 3),
        truncated=take.truncated,
    )


def insertions(attempt: Attempt, profile: LanguageProfile) -> list[InsertedSound]:
    """All added phones, also those that are too unsure for a tip."""
    return [
        InsertedSound(
            word=item.word,
            position=item.position,
            phone=item.phone,
            ipa=profile.phones.ipa[item.phone],
            confidence=round(item.posterior, 3),
        )
        for item in attempt.goodness.insertions
    ]


def pauses(times: Sequence[WordTimes | None], reference: Reference | None) -> list[Pause]:
    """Silences of at least 0.2 s before words."""
    found = []
    for index in range(len(times)):
        length_s, word = reference_comparison.pause_before(times, index), times[index]
        if length_s is None or length_s < _PAUSE_S or word is None:
            continue
        reference_s = reference_comparison.pause_before(reference.words, index) if reference else None
        expected = None if reference is None else (reference_s or 0.0) >= _REFERENCE_PAUSE_S
        start_s = word.span.start_s - length_s
        found.append(Pause(start_s=round(start_s, 3), end_s=round(word.span.start_s, 3), expected=expected))
    return found


def rates(raw: dict[str, float | None], reference: Reference | None) -> Rates:
    """Words per second of the learner and of the reference."""
    return Rates(
        words_per_s=rounded(raw["words_per_s"], 3),
        reference_words_per_s=reference.features.words_per_s if reference else None,
        ratio=rounded(raw["tempo_ratio"], 3),
    )


def contours(attempt: Attempt, reference: Reference | None) -> Contours:
    """Pitch and energy of both takes, and the pairs of times at which both begin the same word."""
    both = [(a, b) for a, b in zip(attempt.times, reference.words, strict=True) if a and b] if reference else []
    warp = [(round(a.span.start_s, 3), round(b.span.start_s, 3)) for a, b in both]
    if both:
        warp.append((round(both[-1][0].span.end_s, 3), round(both[-1][1].span.end_s, 3)))
    return Contours(
        hop_s=prosody.HOP_S,
        user_st=[rounded(value, 2) for value in attempt.track.pitch_st.tolist()],
        reference_st=list(reference.features.pitch_st) if reference else None,
        user_energy_db=np.round(attempt.track.energy_db, 1).tolist(),
        reference_energy_db=list(reference.features.energy_db) if reference else None,
        warp=warp,
    )
