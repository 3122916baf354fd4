"""Renders the synthetic lines of the catalogue and writes every line's place on its scene's timeline.

    python catalogue/render.py            renders what changed
    python catalogue/render.py --check    changes nothing, fails when something would change

Audio is compared sample by sample and written only when it differs, so a second run leaves the working tree
clean. Another kind of processor may round the network's 8-bit sums differently; the committed audio is the
reference then, and there is no need to render it again.
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
from numpy.typing import NDArray

FOLDER = Path(__file__).resolve().parent
SAMPLE_RATE_HZ = 16_000
PEAK_DB = -3.0
QUIET_S = 0.12
SENTENCE_PAUSE_S = 0.3
"""hibari leaves 0.7 s between two sentences, which is reading aloud and not talking."""
SPEECH_FLOOR_DB = -45.0
SPEECH_MARGIN_S = 0.03
"""Speech is what is louder than the floor (re the sentence's peak), with a margin for soft consonants."""
GAP_SAME_ACTOR_S = 0.5
GAP_NEXT_ACTOR_S = 0.7

Samples = NDArray[np.float64]
Scene = dict[str, Any]


@dataclass(frozen=True)
class Character:
    """How a character speaks: a hibari voice, moved.

    speed: 1 = the voice's own pace. pitch: factor on the median F0. range: exponent on the F0 contour around
    its median, above 1 is livelier. formants: factor on all resonances, below 1 is a longer vocal tract.
    """

    voice: str
    speed: float
    pitch: float
    range: float
    formants: float


@cache
def voice_model(name: str) -> Any:
    from hibari import Hibari

    return Hibari(voice=name)


def moved_f0(f0_hz: NDArray[np.float32], character: Character) -> NDArray[np.float32]:
    """The contour that, once the formant shift has scaled it too, has the character's pitch and range."""
    voiced = f0_hz > 40.0
    median = float(np.median(f0_hz[voiced])) if voiced.any() else 1.0
    contour = median * (np.maximum(f0_hz, 1.0) / median) ** character.range
    return np.where(voiced, contour * character.pitch / character.formants, 0.0).astype(np.float32)


def resample(samples: Samples, factor: float) -> Samples:
    """Band-limited change of length by `factor`. The transform is circular: the ends must be silent."""
    length = round(len(samples) * factor)
    spectrum = np.fft.rfft(samples)[: length // 2 + 1]
    return np.fft.irfft(spectrum, length) * (length / len(samples))


def speak_sentence(tts: Any, phonemes: str, character: Character, noise: np.random.Generator) -> Samples:
    """16 kHz. Played slower by `formants`, resonances sink; the model's speed makes up for the pace."""
    from hibari import dsp

    inputs = {
        "ids": np.asarray([tts.ids(phonemes)], np.int64),
        "speed": np.asarray([character.speed / character.formants], np.float32),
    }
    *spectrum, f0_hz = (output[0] for output in tts.sess.run(None, inputs))
    samples = dsp.synth(*spectrum, moved_f0(f0_hz, character), noise).astype(np.float64)
    return trimmed(resample(samples, SAMPLE_RATE_HZ / (tts.sample_rate * character.formants)))


def trimmed(samples: Samples) -> Samples:
    """From the first to the last speech, with the margin."""
    (loud,) = np.nonzero(np.abs(samples) > np.max(np.abs(samples)) * 10 ** (SPEECH_FLOOR_DB / 20))
    margin = round(SPEECH_MARGIN_S * SAMPLE_RATE_HZ)
    return samples[max(loud[0] - margin, 0) : loud[-1] + margin]


def speak(text: str, character: Character, mistakes: dict[str, str] | None = None) -> NDArray[np.int16]:
    """`text` at 16 kHz, with quiet between the sentences and at both ends, peak at PEAK_DB re full scale.

    mistakes: phonemes to say instead of others, as a learner might.
    """
    tts = voice_model(character.voice)
    noise = np.random.default_rng(0)
    pause = np.zeros(round(SENTENCE_PAUSE_S * SAMPLE_RATE_HZ))
    quiet = np.zeros(round(QUIET_S * SAMPLE_RATE_HZ))
    parts = [quiet]
    for phonemes in tts.phonemize(text):
        for right, wrong in (mistakes or {}).items():
            phonemes = phonemes.replace(right, wrong)
        parts += [speak_sentence(tts, phonemes, character, noise), pause]
    parts[-1] = quiet
    samples = np.concatenate(parts)
    gain = 10 ** (PEAK_DB / 20) / float(np.max(np.abs(samples)))
    return np.round(samples * gain * 32767).astype(np.int16)


def stored(path: Path) -> NDArray[np.int16]:
    if not path.exists():
        return np.zeros(0, np.int16)
    return np.asarray(soundfile.read(path, dtype="int16")[0], np.int16)


def render_lines(scene: Scene, cast: dict[str, Character], check: bool) -> list[str]:
    """Names of the audio files that changed (or would)."""
    changed = []
    for line in scene["lines"]:
        path = FOLDER / line["audio"]
        samples = speak(line["text"], cast[line["actor"]])
        if np.array_equal(samples, stored(path)):
            continue
        changed.append(line["audio"])
        if not check:
            soundfile.write(path, samples, SAMPLE_RATE_HZ, format="FLAC", subtype="PCM_16")
    return changed


def render_takes(check: bool) -> list[str]:
    """Names of the takes with mistakes that changed (or would)."""
    changed = []
    for take in json.loads((FOLDER / "takes/takes.json").read_text(encoding="utf-8")):
        path = FOLDER / "takes" / take["file"]
        samples = speak(take["text"], Character(**take["voice"]), take["mistakes"])
        if np.array_equal(samples, stored(path)):
            continue
        changed.append(f"takes/{path.name}")
        if not check:
            soundfile.write(path, samples, SAMPLE_RATE_HZ, format="FLAC", subtype="PCM_16")
    return changed


def lay_out(scene: Scene) -> None:
    """start_s and end_s of each line, one after the other; an answer waits longer than a sentence."""
    position, previous = 0.0, ""
    for line in scene["lines"]:
        if previous:
            position += GAP_SAME_ACTOR_S if line["actor"] == previous else GAP_NEXT_ACTOR_S
        line["start_s"] = round(position, 2)
        position += round(soundfile.info(FOLDER / line["audio"]).duration, 2)
        line["end_s"] = round(position, 2)
        previous = line["actor"]


def render_scene(path: Path, cast: dict[str, Character], check: bool) -> list[str]:
    """Brings one scene up to date; names what changed (or would)."""
    before = path.read_text(encoding="utf-8")
    scene: Scene = json.loads(before)
    changed = render_lines(scene, cast, check) if scene["synthetic_voice"] else []
    if check and changed:
        return changed
    lay_out(scene)
    after = json.dumps(scene, ensure_ascii=False, indent=2) + "\n"
    if after != before:
        changed.append(f"scenes/{path.name}")
        if not check:
            path.write_text(after, encoding="utf-8")
    return changed


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description="Render the synthetic lines of the demo catalogue.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if anything would")
    check = parser.parse_args().check
    cast_file = json.loads((FOLDER / "cast.json").read_text(encoding="utf-8"))
    cast = {actor: Character(**settings) for actor, settings in cast_file.items()}
    stale = 0
    for path in sorted((FOLDER / "scenes").glob("*.json")):
        changed = render_scene(path, cast, check)
        stale += len(changed)
        say(f"{path.stem}: {', '.join(changed) if changed else 'up to date'}")
    changed = render_takes(check)
    stale += len(changed)
    say(f"takes: {', '.join(changed) if changed else 'up to date'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
