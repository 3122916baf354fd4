"""Readings and other recordings for the fit of the gate (`analysis.engine.line_gate`), with what each of them is.

A reading stays one with a wrong word, with a word that the text lacks, with its beginning said twice, and cut in half;
a piece of one to three words is a reading of those words. The same recordings with texts of other speakers are none,
nor are laughter, music, repeated syllables and other languages.
"""

import itertools
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from analysis.engine import decode, line_gate
from analysis.engine.acoustic_model import FRAME_S
from analysis.engine.activations import Floats32
from analysis.engine.audio import SAMPLE_RATE, Audio
from analysis.engine.engine import CheckedTake
from analysis.eval import signals
from analysis.eval.engines import engine_with
from analysis.eval.languages.english.program_voices import FOREIGN, foreign
from analysis.eval.languages.registry import MATERIALS
from analysis.eval.rating_samples import CHANGES
from analysis.eval.speechocean import Utterance
from analysis.settings import MAX_AUDIO_S

READINGS: Final = frozenset(
    {"own", "changed copy", "wrong word", "extra word", "said twice", "half", "piece", "native"}
)
OTHERS: Final = frozenset({"other line", "short line", "other piece", "native, other line", "no attempt"})
_AROUND_S: Final = 0.1
_SILENCE_S: Final = 0.3
_ALTERED_FROM: Final = 4
SYLLABLES: Final = (("HH", "AA"), ("HH", "IY"), ("L", "AA"), ("N", "AH"), ("D", "UW"), ("B", "L", "AA"))
_REPEATS: Final = 8


@dataclass(frozen=True)
class GateExample:
    """Features of a recording beside a text, and its kind: one of READINGS or OTHERS."""

    kind: str
    speaker: str
    features: Floats32

    @property
    def is_reading(self) -> bool:
        """True where the recording holds the text or a part of it."""
        return self.kind in READINGS


def of_learner(utterance: Utterance, others: Sequence[str]) -> list[GateExample]:
    """Returns a learner's recording and its variants; `others` are two texts that share no word with its own."""
    audio = utterance.read().samples
    rng = np.random.default_rng(zlib.crc32(utterance.name.encode()))
    return list(_known(utterance.speaker, _variants(audio, utterance.text.split(), others, rng)))


Variant = tuple[str, Audio, str]
"""Kind, audio, text."""


def _variants(audio: Audio, words: list[str], others: Sequence[str], rng: np.random.Generator) -> Iterator[Variant]:
    own = " ".join(words)
    change = list(CHANGES.values())[int(rng.integers(len(CHANGES)))]
    yield "own", audio, own
    yield "changed copy", change(audio, int(rng.integers(100))), own
    yield "other line", audio, others[0]
    yield "short line", audio, _short(others[1].split(), rng)
    if len(words) >= _ALTERED_FROM:
        at = int(rng.integers(len(words)))
        yield "wrong word", audio, " ".join([*words[:at], others[1].split()[0], *words[at + 1 :]])
        yield "extra word", audio, " ".join([*words[:at], *words[at + 1 :]])
    yield from _cut(audio, words, others, rng)


def _short(words: list[str], rng: np.random.Generator) -> str:
    """Returns one to three words in a row."""
    count = min(int(rng.integers(1, line_gate.SHORT_WORDS + 1)), len(words))
    first = int(rng.integers(len(words) - count + 1))
    return " ".join(words[first : first + count])


def _cut(audio: Audio, words: list[str], others: Sequence[str], rng: np.random.Generator) -> Iterator[Variant]:
    """Yields pieces of the recording, and the recording with its first two words said twice."""
    ends = _word_times(engine_with().check(audio, " ".join(words)), len(words))
    if ends is None:
        return
    count = min(int(rng.integers(1, line_gate.SHORT_WORDS + 1)), len(words))
    first = int(rng.integers(len(words) - count + 1))
    piece = _piece(audio, ends[first][0], ends[first + count - 1][1])
    yield "piece", piece, " ".join(words[first : first + count])
    yield "other piece", piece, _short(others[0].split(), rng)
    if len(words) >= _ALTERED_FROM:
        middle = len(words) // 2
        yield "half", _piece(audio, ends[0][0], ends[middle - 1][1]), " ".join(words)
        begun = audio[: round((ends[1][1] + _AROUND_S) * SAMPLE_RATE)]
        yield "said twice", np.concatenate([begun, audio]), " ".join(words)


def _word_times(checked: CheckedTake, count: int) -> list[tuple[float, float]] | None:
    """Returns the first and last peak of every word in seconds of the recording; None unless all were spoken."""
    recognised = checked.recognised
    if recognised is None or recognised.goodness.completeness < 1.0 or len(checked.words) != count:
        return None
    expected = recognised.evidence.expected
    peaks = expected.lattice.peaks * FRAME_S + checked.take.offset_s
    pairs = itertools.pairwise(expected.word_bounds)
    return [(float(peaks[start]), float(peaks[stop - 1])) for start, stop in pairs]


def _piece(audio: Audio, start_s: float, end_s: float) -> Audio:
    first = max(0, round((start_s - _AROUND_S) * SAMPLE_RATE))
    piece = audio[first : round((end_s + _AROUND_S) * SAMPLE_RATE)]
    return np.pad(piece, round(_SILENCE_S * SAMPLE_RATE))


def of_native(path: str, text: str, others: Sequence[str]) -> list[GateExample]:
    """Returns a native reading beside its own text and others."""
    with Path(path).open("rb") as file:
        audio = decode.decode(file, MAX_AUDIO_S)
    variants = [("native", audio, text), *(("native, other line", audio, other) for other in others)]
    return list(_known(path, variants))


def of_no_attempt(name: str, texts: Sequence[str]) -> list[GateExample]:
    """Returns a sound without speech, or speech in another language, beside some lines."""
    sound = foreign(name) if name in FOREIGN else signals.no_speech()[name]
    return list(_known(name, [("no attempt", sound, text) for text in texts]))


def of_syllables(tag: str, voice: str, syllable: Sequence[str], texts: Sequence[str]) -> list[GateExample]:
    """Returns a voice that repeats a syllable, as in laughing, humming or singing, beside some lines."""
    sound = MATERIALS[tag].find_voice(voice).say_phones([list(syllable)] * _REPEATS, keep=False)
    return list(_known(voice, [("no attempt", sound, text) for text in texts]))


def _known(speaker: str, variants: Sequence[Variant] | Iterator[Variant]) -> Iterator[GateExample]:
    """Yields what the gate would be asked about: what the checks before it already refuse is left out."""
    for kind, audio, text in variants:
        checked = engine_with().check(audio, text)
        if checked.recognised is not None:
            own = checked.recognised
            yield GateExample(kind, speaker, line_gate.features(checked.take, own.goodness, own.evidence))
