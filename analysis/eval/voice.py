"""A voice: any text or any sounds as audio, rendered once and then read from a cache on disk."""

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from analysis.engine.audio import SAMPLE_RATE, Audio

Words = Sequence[Sequence[str]]
"""The phones of each word, as the voices of a language take them."""
Family = Literal["fit", "held-out"]

CACHE: Final = Path(__file__).resolve().parents[2] / ".data" / "eval" / "renders"
_PEAK: Final = 0.5
_MARGIN_S: Final = 0.15
# Part of each cache key: increase it when the rendering changes.
_RELEASE: Final = "1"


class VoiceUnavailableError(RuntimeError):
    """The program or package behind a voice is not installed."""


@dataclass(frozen=True)
class Voice:
    """One speaker. The same request always renders the same audio, which is cached by a hash of the request.

    Voices of the family "fit" may be used to fit models, those of "held-out" only to check them.
    """

    name: str
    engine: str
    """The synthesizer, such as "espeak-ng"."""
    family: Family
    description: str
    _say: Callable[[str], Audio] = field(repr=False, compare=False)
    _say_phones: Callable[[Words], Audio] = field(repr=False, compare=False)

    def say(self, text: str) -> Audio:
        """Returns the text as the synthesizer reads it; float32, 16 kHz, peak 0.5."""
        return cached(f"{self.name}\0text\0{text}", lambda: self._say(text))

    def say_phones(self, words: Words, *, keep: bool = True) -> Audio:
        """Returns the given sounds; float32, 16 kHz, peak 0.5. With `keep` False nothing is cached."""
        if not keep:
            return _to_float(_to_pcm(self._say_phones(words)))
        spelled = " ".join("-".join(word) for word in words)
        return cached(f"{self.name}\0phones\0{spelled}", lambda: self._say_phones(words))


def cached(key: str, render: Callable[[], Audio]) -> Audio:
    """Returns the audio of a key from the cache, or renders and caches it."""
    digest = hashlib.sha256(f"{_RELEASE}\0{key}".encode()).hexdigest()
    path = CACHE / digest[:2] / f"{digest}.npy"
    if path.exists():
        return _to_float(np.load(path))
    samples = _to_pcm(render())
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npy", delete=False) as file:
        np.save(file, samples)
    Path(file.name).replace(path)
    return _to_float(samples)


def _to_float(samples: npt.NDArray[np.int16]) -> Audio:
    floats: Audio = samples.astype(np.float32) / np.float32(32767)
    return floats


def _to_pcm(samples: Audio) -> npt.NDArray[np.int16]:
    """Returns 16-bit samples at the usual peak, with silence at both ends."""
    peak = float(np.max(np.abs(samples))) if len(samples) else 0.0
    level = samples * (_PEAK / peak) if peak > 0 else samples
    return np.round(np.pad(level, round(_MARGIN_S * SAMPLE_RATE)) * 32767).astype(np.int16)
