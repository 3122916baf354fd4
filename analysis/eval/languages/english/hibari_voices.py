"""Voices of hibari, a neural synthesizer of one speaker; pitch and resonances are shifted to make several speakers."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from hibari import Hibari, dsp

from analysis.engine.audio import SAMPLE_RATE, Audio
from analysis.eval.audio import resample
from analysis.eval.languages.english.phone_alphabets import misaki, stressed
from analysis.eval.voice import Voice, Words

_PAUSE_S: Final = 0.3
_MIN_F0_HZ: Final = 40.0


@dataclass(frozen=True)
class VoiceTransform:
    """Changes of hibari's voice.

    speed: 1 is its own pace; pitch: factor on F0; range: exponent on the F0 contour around its median (a negative one
    inverts it, 0 makes it flat); formants: factor on all resonances, below 1 is a longer vocal tract.
    """

    speed: float = 1.0
    pitch: float = 1.0
    range: float = 1.0
    formants: float = 1.0


_TRANSFORMS: Final[dict[str, tuple[VoiceTransform, str]]] = {
    "hibari-heart": (VoiceTransform(), "hibari's voice as it is: a woman, American English"),
    "hibari-low": (VoiceTransform(pitch=0.6, range=1.2, formants=0.86), "hibari moved down: a man"),
    "hibari-older": (
        VoiceTransform(speed=0.92, pitch=0.93, range=1.15, formants=0.97),
        "hibari slower, a little lower",
    ),
    "hibari-bass": (VoiceTransform(speed=0.95, pitch=0.5, range=1.3, formants=0.83), "hibari moved far down: a man"),
    "hibari-bright": (VoiceTransform(pitch=1.12, range=1.35, formants=1.05), "hibari moved up: a young woman"),
    "hibari-small": (VoiceTransform(speed=0.95, pitch=1.3, range=1.2, formants=1.12), "hibari moved far up: a child"),
}


def hibari_voices() -> list[Voice]:
    """Returns all hibari voices."""
    return [_voice(name, transform, description) for name, (transform, description) in _TRANSFORMS.items()]


def _voice(name: str, transform: VoiceTransform, description: str) -> Voice:
    def say_phones(words: Words) -> Audio:
        return speak_misaki(" ".join(misaki(stressed(word)) for word in words) + ".", transform)

    return Voice(name, "hibari", "held-out", description, lambda text: speak_text(text, transform), say_phones)


def speak_text(text: str, transform: VoiceTransform) -> Audio:
    """Reads a text, with pauses between its sentences; 16 kHz."""
    pause = np.zeros(round(_PAUSE_S * SAMPLE_RATE), np.float32)
    parts = [part for line in misaki_sentences(text) for part in (speak_misaki(line, transform), pause)]
    return np.concatenate(parts[:-1])


def speak_misaki(phonemes: str, transform: VoiceTransform) -> Audio:
    """Speaks one sentence in misaki's alphabet; 16 kHz."""
    tts = _model()
    inputs = {
        "ids": np.asarray([tts.ids(phonemes)], np.int64),
        "speed": np.asarray([transform.speed / transform.formants], np.float32),
    }
    *spectrum, f0_hz = (output[0] for output in tts.sess.run(None, inputs))
    samples = dsp.synth(*spectrum, transformed_f0(f0_hz, transform), np.random.default_rng(0))
    return resample(np.asarray(samples, np.float32), SAMPLE_RATE / (tts.sample_rate * transform.formants))


def misaki_sentences(text: str) -> list[str]:
    """Returns hibari's own reading of a text, one string per sentence."""
    sentences: list[str] = _model().phonemize(text)
    return sentences


def transformed_f0(f0_hz: Audio, transform: VoiceTransform) -> Audio:
    """Returns the contour that has the wanted pitch and range after the formant shift has scaled it, too."""
    voiced = f0_hz > _MIN_F0_HZ
    median = float(np.median(f0_hz[voiced])) if voiced.any() else 1.0
    contour = median * (np.maximum(f0_hz, 1.0) / median) ** transform.range
    moved: Audio = np.where(voiced, contour * transform.pitch / transform.formants, 0.0).astype(np.float32)
    return moved


@cache
def _model() -> Any:
    return Hibari(voice="heart")
