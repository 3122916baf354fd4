"""Examples for the fit of the rating model: lines as the engine measures them, with the ratings of people.

Besides rated learners there are native readings, which count as rated in full; lines rendered by synthetic voices with
chosen wrong sounds, of which only the sounds are rated, and their words and accuracy where all are right; and changed
copies of learners' recordings (noise, rooms, codecs, a shift), which have the ratings of the original: what the room
does must not change a score.
"""

import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from analysis.engine import decode
from analysis.engine.activations import Floats32
from analysis.engine.audio import Audio
from analysis.engine.rating_features import Measured, build
from analysis.engine.rating_network import ASPECTS
from analysis.eval import contrasts, corpus, signals
from analysis.eval.audio import resample
from analysis.eval.corpus import aligned
from analysis.eval.engines import engine_with
from analysis.eval.languages.registry import MATERIALS
from analysis.eval.rating_example import Example
from analysis.eval.speechocean import Utterance
from analysis.settings import MAX_AUDIO_S

_BEST: Final = 10.0
_BEST_PHONE: Final = 2.0
_COPY_WEIGHT: Final = 0.6
_RENDERED_WEIGHT: Final = 0.6
_NATIVE_WEIGHT: Final = 15.0
_RESONANCES: Final = (0.94, 1.0, 1.06)
_LINES_PER_VOICE: Final = 60

Change = Callable[[Audio, int], Audio]
HARMLESS: Final[dict[str, Change]] = {
    "shift": lambda own, seed: np.pad(own, (40 + 37 * seed % 280, 0)),
    "opus": lambda own, seed: signals.coded(own, "ogg", "libopus", 24_000 + 8_000 * (seed % 2)),
    "level": lambda own, seed: signals.gained(own, -6.0 if seed % 2 else -12.0),
}
"""Changes that a listener does not hear; the second argument chooses the amount."""
WORSE: Final[dict[str, Change]] = {
    "pink noise": lambda own, seed: signals.with_noise(own, signals.coloured(10, -3.0, seed), 16 + seed % 12),
    "room": lambda own, seed: signals.reverberant(own, 0.2 + 0.02 * (seed % 10), 6.0, seed),
    "white noise": lambda own, seed: signals.with_noise(own, signals.white(10, seed), 16 + seed % 12),
    "noise in a room": lambda own, seed: signals.with_noise(
        signals.reverberant(own, 0.2 + 0.02 * (seed % 10), 6.0, seed), signals.coloured(10, -3.0, seed), 18 + seed % 12
    ),
    "telephone": lambda own, seed: signals.telephone(own),
}
"""Changes of the room or the microphone; the second argument chooses amount and noise."""
CHANGES: Final = HARMLESS | WORSE


def learner(utterance: Utterance, change: str | None = None) -> Example | None:
    """Returns a rated recording, or a changed copy of it; None where no word of the line is found."""
    audio, weight = utterance.read().samples, 1.0
    if change is not None:
        audio, weight = CHANGES[change](audio, zlib.crc32(utterance.name.encode()) % 100), _COPY_WEIGHT
    measured = engine_with().measure(audio, utterance.text)
    if measured is None:
        return None
    phones, words = _ratings_of(measured, utterance)
    line = np.array([utterance.ratings[name] for name in ASPECTS], dtype=np.float32)
    return Example(build(measured), phones, words, line, weight)


def _ratings_of(measured: Measured, utterance: Utterance) -> tuple[Floats32, Floats32]:
    """Returns the ratings of the spoken sounds (L,) and words (W,); NaN where they cannot be matched."""
    names = [[phone.expected for phone in measured.goodness.words[index].phones] for index in measured.spoken]
    phones = [np.full(len(own), np.nan, dtype=np.float32) for own in names]
    words = np.full(len(names), np.nan, dtype=np.float32)
    if len(measured.goodness.words) == len(utterance.words):
        for at, index in enumerate(measured.spoken):
            rated = utterance.words[index]
            words[at] = rated.accuracy
            for there, here in aligned(rated.phones, names[at]).items():
                phones[at][here] = rated.phone_accuracy[there]
    return np.concatenate(phones), words


def native(path: str, text: str) -> Example | None:
    """Returns a reading that counts as rated in full."""
    with Path(path).open("rb") as file:
        measured = engine_with().measure(decode.decode(file, MAX_AUDIO_S), text)
    if measured is None:
        return None
    phones = np.full(len(measured.peaks_s), _BEST_PHONE, dtype=np.float32)
    words = np.full(len(measured.spoken), _BEST, dtype=np.float32)
    return Example(build(measured), phones, words, np.full(len(ASPECTS), _BEST, np.float32), _NATIVE_WEIGHT)


def natives(tag: str) -> list[tuple[str, str]]:
    """Returns files and texts of the human recordings in a language. The catalogue's voice is held out of all fits."""
    return sorted((str(path), text) for path, text in corpus.recording_texts(tag).items())


def rendered(tag: str, name: str) -> list[Example]:
    """Returns lines by a fitting voice, two in three with chosen wrong sounds."""
    material, engine = MATERIALS[tag], engine_with()
    voice, rng = material.find_voice(name), np.random.default_rng(zlib.crc32(name.encode()) + 1)
    texts = contrasts.texts(tag) + contrasts.own_lines(material)
    found = []
    for number, at in enumerate(rng.permutation(len(texts))[:_LINES_PER_VOICE]):
        text = texts[at]
        expected = contrasts.canonical(engine.lexicon, text)
        contrast = contrasts.swapped(text, expected, material, rng) if number % 3 else contrasts.clean(text, expected)
        audio = resample(voice.say_phones(contrast.spoken, keep=False), float(rng.choice(_RESONANCES)))
        measured = engine.measure(audio, text)
        if measured is not None:
            found.append(_rendered_example(measured, contrast))
    return found


def _rendered_example(measured: Measured, contrast: contrasts.Contrast) -> Example:
    phones = []
    for index in measured.spoken:
        names = [phone.expected for phone in measured.goodness.words[index].phones]
        own = np.full(len(names), np.nan, dtype=np.float32)
        for there, here in aligned(contrast.expected[index], names).items():
            own[here] = _BEST_PHONE if contrast.expected[index][there] == contrast.said[index][there] else 0.0
        phones.append(own)
    words = np.full(len(measured.spoken), np.nan, dtype=np.float32)
    line = np.full(len(ASPECTS), np.nan, dtype=np.float32)
    ratings = np.concatenate(phones)
    if np.nanmin(ratings) == _BEST_PHONE:
        words[:], line[ASPECTS.index("accuracy")] = _BEST, _BEST
    return Example(build(measured), ratings, words, line, _RENDERED_WEIGHT)


def usable(examples: Sequence[Example | None]) -> list[Example]:
    """Returns the examples that could be measured and have finite features."""
    return [example for example in examples if example is not None and _is_finite(example)]


def _is_finite(example: Example) -> bool:
    inputs = example.inputs
    return all(np.isfinite(part).all() for part in (inputs.phones, inputs.layers, inputs.words, inputs.line))
