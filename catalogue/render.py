"""Renders the synthetic lines of the catalogue, and writes start and end of every line on its scene's timeline.

    python catalogue/render.py            renders what changed
    python catalogue/render.py --check    changes nothing; exits with 1 when something would change

Audio is compared sample by sample and written only when it differs, so a second run leaves the working tree
clean. Another processor architecture may round the network's 8-bit sums differently; the committed audio then
remains the reference and need not be rendered again.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from hibari import Hibari, dsp
from numpy.typing import NDArray

FOLDER = Path(__file__).resolve().parent
SAMPLE_RATE_HZ = 16_000
PEAK_DB = -3.0
SILENCE_S = 0.12
SENTENCE_PAUSE_S = 0.3
"""The pause between two sentences; hibari's own 0.7 s sounds like reading aloud, not like speech."""
SPEECH_FLOOR_DB = -45.0
SPEECH_MARGIN_S = 0.03
"""Samples louder than the floor (relative to the sentence's peak) are speech; the margin keeps soft consonants."""
GAP_SAME_ACTOR_S = 0.5
GAP_NEXT_ACTOR_S = 0.7

Samples = NDArray[np.float64]
Scene = dict[str, Any]


@dataclass(frozen=True)
class Character:
    """The voice of a character: a hibari voice with changed parameters.

    speed: 1 is the voice's own tempo. pitch: factor on the median F0. range: exponent on the F0 contour around its
    median, above 1 is livelier. formants: factor on all resonances, below 1 means a longer vocal tract.
    """

    voice: str
    speed: float
    pitch: float
    range: float
    formants: float


@cache
def voice_model(name: str) -> Any:
    return Hibari(voice=name)


def shift_f0(f0_hz: NDArray[np.float32], character: Character) -> NDArray[np.float32]:
    """The F0 contour in Hz that has the character's pitch and range after the formant shift, which scales it too."""
    voiced = f0_hz > 40.0
    median = float(np.median(f0_hz[voiced])) if voiced.any() else 1.0
    contour = median * (np.maximum(f0_hz, 1.0) / median) ** character.range
    return np.where(voiced, contour * character.pitch / character.formants, 0.0).astype(np.float32)


def resample(samples: Samples, factor: float) -> Samples:
    """Changes the length by `factor`, band-limited. The transform is circular, so both ends must be silent."""
    length = round(len(samples) * factor)
    spectrum = np.fft.rfft(samples)[: length // 2 + 1]
    return np.fft.irfft(spectrum, length) * (length / len(samples))


def speak_sentence(tts: Any, phonemes: str, character: Character, noise: np.random.Generator) -> Samples:
    """One sentence at 16 kHz. Slower playback lowers the resonances by `formants`; the model's speed compensates."""
    inputs = {
        "ids": np.asarray([tts.ids(phonemes)], np.int64),
        "speed": np.asarray([character.speed / character.formants], np.float32),
    }
    *spectrum, f0_hz = (output[0] for output in tts.sess.run(None, inputs))
    samples = dsp.synth(*spectrum, shift_f0(f0_hz, character), noise).astype(np.float64)
    return trim(resample(samples, SAMPLE_RATE_HZ / (tts.sample_rate * character.formants)))


def trim(samples: Samples) -> Samples:
    """The samples from the first to the last speech, with the margin."""
    (loud,) = np.nonzero(np.abs(samples) > np.max(np.abs(samples)) * 10 ** (SPEECH_FLOOR_DB / 20))
    margin = round(SPEECH_MARGIN_S * SAMPLE_RATE_HZ)
    return samples[max(loud[0] - margin, 0) : loud[-1] + margin]


def speak(text: str, character: Character, mistakes: dict[str, str] | None = None) -> NDArray[np.int16]:
    """Renders `text` at 16 kHz with silence between the sentences and at both ends; peak at PEAK_DB re full scale.

    mistakes: replacements of phonemes, as a learner might confuse them.
    """
    tts = voice_model(character.voice)
    noise = np.random.default_rng(0)
    pause = np.zeros(round(SENTENCE_PAUSE_S * SAMPLE_RATE_HZ))
    silence = np.zeros(round(SILENCE_S * SAMPLE_RATE_HZ))
    parts = [silence]
    for phonemes in tts.phonemize(text):
        for right, wrong in (mistakes or {}).items():
            phonemes = phonemes.replace(right, wrong)
        parts += [speak_sentence(tts, phonemes, character, noise), pause]
    parts[-1] = silence
    samples = np.concatenate(parts)
    gain = 10 ** (PEAK_DB / 20) / float(np.max(np.abs(samples)))
    return np.round(samples * gain * 32767).astype(np.int16)


def read_samples(path: Path) -> NDArray[np.int16]:
    """The samples of a file; empty when it does not exist."""
    if not path.exists():
        return np.zeros(0, np.int16)
    return np.asarray(soundfile.read(path, dtype="int16")[0], np.int16)


def render_lines(scene: Scene, cast: dict[str, Character], check: bool) -> list[str]:
    """Renders the lines of a scene; returns the names of changed files. `check` writes nothing."""
    changed = []
    for line in scene["lines"]:
        path = FOLDER / line["audio"]
        samples = speak(line["text"], cast[line["actor"]])
        if np.array_equal(samples, read_samples(path)):
            continue
        changed.append(line["audio"])
        if not check:
            soundfile.write(path, samples, SAMPLE_RATE_HZ, format="FLAC", subtype="PCM_16")
    return changed


def render_takes(check: bool) -> list[str]:
    """Renders the takes with mistakes; returns the names of changed files. `check` writes nothing."""
    changed = []
    for take in json.loads((FOLDER / "takes/takes.json").read_text(encoding="utf-8")):
        path = FOLDER / "takes" / take["file"]
        samples = speak(take["text"], Character(**take["voice"]), take["mistakes"])
        if np.array_equal(samples, read_samples(path)):
            continue
        changed.append(f"takes/{path.name}")
        if not check:
            soundfile.write(path, samples, SAMPLE_RATE_HZ, format="FLAC", subtype="PCM_16")
    return changed


def set_times(scene: Scene) -> None:
    """Sets start_s and end_s of each line in sequence; a change of actor has a longer gap than two lines of one."""
    position, previous = 0.0, ""
    for line in scene["lines"]:
        if previous:
            position += GAP_SAME_ACTOR_S if line["actor"] == previous else GAP_NEXT_ACTOR_S
        line["start_s"] = round(position, 2)
        position += round(soundfile.info(FOLDER / line["audio"]).duration, 2)
        line["end_s"] = round(position, 2)
        previous = line["actor"]


def render_scene(path: Path, cast: dict[str, Character], check: bool) -> list[str]:
    """Renders one scene and sets its times; returns the names of changed files. `check` writes nothing."""
    before = path.read_text(encoding="utf-8")
    scene: Scene = json.loads(before)
    changed = render_lines(scene, cast, check) if scene["synthetic_voice"] else []
    if check and changed:
        return changed
    set_times(scene)
    after = json.dumps(scene, ensure_ascii=False, indent=2) + "\n"
    if after != before:
        changed.append(f"scenes/{path.name}")
        if not check:
            path.write_text(after, encoding="utf-8")
    return changed


def print_line(text: str) -> None:
    sys.stdout.write(text + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description="Render the synthetic lines of the demo catalogue.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if anything would")
    check = parser.parse_args().check
    cast_file = json.loads((FOLDER / "cast.json").read_text(encoding="utf-8"))
    cast = {actor: Character(**settings) for actor, settings in cast_file.items()}
    changes = 0
    for path in sorted((FOLDER / "scenes").glob("*.json")):
        changed = render_scene(path, cast, check)
        changes += len(changed)
        print_line(f"{path.stem}: {', '.join(changed) if changed else 'up to date'}")
    changed = render_takes(check)
    changes += len(changed)
    print_line(f"takes: {', '.join(changed) if changed else 'up to date'}")
    return 1 if check and changes else 0


if __name__ == "__main__":
    sys.exit(main())
