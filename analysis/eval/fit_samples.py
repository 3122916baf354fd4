"""Samples for fitting: the sounds of rendered lines as the engine measures them, cached on disk by voice."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from analysis.engine import ctc, recording_quality, rescoring
from analysis.engine.acoustic_model import AcousticModel
from analysis.engine.audio import Audio
from analysis.engine.lexicon import Lexicon
from analysis.engine.phones import PhoneSet
from analysis.eval import contrasts, corpus
from analysis.eval.audio import resample
from analysis.eval.contrasts import Contrast
from analysis.eval.languages.registry import MATERIALS
from analysis.eval.material import FitMaterial
from analysis.eval.voice import Voice

Floats = ctc.Floats

CACHE: Final = corpus.ROOT / ".data" / "eval" / "contrasts"
LINES_PER_VOICE: Final = {"fit": 180, "held-out": 40}
# Part of the cache's file names: increase it when the samples change.
_RELEASE: Final = "3"
_RENDITIONS: Final = 3
# Factors on the resonances and pitch of fitting voices, so that nine voices count as more than nine speakers.
_RESONANCES: Final = (0.88, 0.94, 1.0, 1.06, 1.12)
_MIN_GAIN: Final = -60.0


@dataclass(frozen=True)
class Samples:
    """Expected sounds of rendered lines: (N, features), CTC odds (N, P + 1), expected, said and voice (N,)."""

    seen: rescoring.Floats32
    gains: Floats
    expected: ctc.Ints
    said: ctc.Ints
    voice: Any

    @property
    def wrong(self) -> Any:
        """True where another sound, or none, was said."""
        return self.expected != self.said

    def where(self, mask: Any) -> "Samples":
        """Returns the samples that the mask selects."""
        return Samples(self.seen[mask], self.gains[mask], self.expected[mask], self.said[mask], self.voice[mask])


def gather(tag: str, name: str) -> Samples:
    """Returns all samples of a voice: renders lines of its language, right and wrong, and measures every sound."""
    path = CACHE / f"{_RELEASE}-{name}.npz"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        parts = list(_measure_lines(MATERIALS[tag], name))
        arrays = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
        np.savez(path, allow_pickle=False, **arrays)
    with np.load(path) as stored:
        return Samples(
            stored["seen"].astype(np.float32),
            stored["gains"].astype(np.float64),
            stored["expected"],
            stored["said"],
            np.full(len(stored["said"]), name),
        )


def join(parts: Sequence[Samples]) -> Samples:
    """All samples in one."""
    return Samples(
        *(
            np.concatenate([getattr(part, key) for part in parts])
            for key in ("seen", "gains", "expected", "said", "voice")
        )
    )


def _measure_lines(material: FitMaterial, name: str) -> Iterator[dict[str, Any]]:
    profile, voice = material.profile, material.find_voice(name)
    models = profile.load_models()
    model, lexicon = AcousticModel(models.acoustic, profile.phones), Lexicon(profile, models)
    rng = np.random.default_rng(zlib.crc32(voice.name.encode()))
    for text in _texts(material, voice, rng):
        expected = contrasts.canonical(lexicon, text)
        for number in range(_RENDITIONS):
            contrast = contrasts.swapped(text, expected, material, rng) if number else contrasts.clean(text, expected)
            factor = float(rng.choice(_RESONANCES)) if voice.family == "fit" else 1.0
            audio = resample(voice.say_phones(contrast.spoken, keep=False), factor)
            measured = _measure(model, profile.phones, contrast, audio)
            if measured is not None:
                yield measured


def _measure(model: AcousticModel, phones: PhoneSet, contrast: Contrast, audio: Audio) -> dict[str, Any] | None:
    """Measures one rendered line; None when the audio cannot hold its sounds."""
    take = recording_quality.examine(audio)
    output = model.run(take.audio)
    lattice = ctc.build(output.log_probs, [phones.index[phone] for word in contrast.expected for phone in word])
    own = np.eye(phones.none + 1, dtype=bool)[lattice.phones]
    ends = np.cumsum([0, *(len(word) for word in contrast.expected)])
    expected = rescoring.ExpectedPhones(lattice, lattice.phones, ends, own)
    if lattice.total < ctc.NEG / 2:
        return None
    said = [phones.none if phone is None else phones.index[phone] for word in contrast.said for phone in word]
    return {
        "seen": rescoring.extract_features(expected, output.token_log_probs).astype(np.float16),
        "gains": np.maximum(ctc.edit_log_odds(lattice), _MIN_GAIN).astype(np.float32),
        "expected": lattice.phones,
        "said": np.array(said, dtype=np.int64),
    }


def _texts(material: FitMaterial, voice: Voice, rng: np.random.Generator) -> list[str]:
    """Returns as many texts as the family needs: all texts in random order, repeatedly."""
    choices = contrasts.texts(material.profile.tag) + contrasts.own_lines(material)
    wanted = LINES_PER_VOICE[voice.family]
    rounds = [rng.permutation(choices) for _ in range(-(-wanted // len(choices)))]
    return [str(text) for text in np.concatenate(rounds)[:wanted]]
