"""The texts and human recordings of a language, and the comparison of words and sounds."""

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from analysis.engine import decode
from analysis.engine.audio import Audio
from analysis.engine.languages.registry import primary_subtag
from analysis.engine.lexicon import Word
from analysis.settings import MAX_AUDIO_S

ROOT: Final = Path(__file__).resolve().parents[2]
SCENES: Final = ROOT / "catalogue" / "scenes"
_SPEECH: Final = ROOT / "analysis" / "tests" / "data" / "speech"


@dataclass(frozen=True)
class Recording:
    """A recording of a person who reads a text."""

    name: str
    text: str
    audio: Audio


@dataclass(frozen=True)
class CatalogueLine:
    """A line of a demo scene with its recording; `synthetic` when a synthetic voice speaks."""

    path: Path
    text: str
    actor: str
    synthetic: bool


def recording_texts(tag: str) -> dict[Path, str]:
    """Returns the files of the human recordings in a language, by its primary subtag, and the text of each."""
    entries = json.loads((_SPEECH / "index.json").read_text(encoding="utf-8"))
    return {_SPEECH / entry["file"]: entry["text"] for entry in entries if primary_subtag(entry["language"]) == tag}


def recordings(tag: str) -> list[Recording]:
    """Returns the human recordings in a language that are kept with the tests."""
    found = []
    for path, text in recording_texts(tag).items():
        with path.open("rb") as file:
            found.append(Recording(path.stem, text, decode.decode(file, MAX_AUDIO_S)))
    return found


def catalogue_texts(tag: str, *, all_scenes: bool = False) -> list[str]:
    """Returns the lines of the catalogue's synthetic scenes in a language, or of all its scenes in that language."""
    return [line.text for line in catalogue_lines(tag) if all_scenes or line.synthetic]


def catalogue_lines(tag: str) -> list[CatalogueLine]:
    """Returns the lines of the catalogue's scenes in a language, scene by scene."""
    every = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SCENES.glob("*.json"))]
    return [
        CatalogueLine(SCENES.parent / line["audio"], line["text"], line["actor"], scene["synthetic_voice"])
        for scene in every
        if primary_subtag(scene["language"]) == tag
        for line in scene["lines"]
    ]


def aligned(expected: Sequence[str], shown: Sequence[str]) -> dict[int, int]:
    """Returns position among the expected sounds → position among those in the result.

    Where the engine chose another pronunciation of the word, equally many sounds in the same place count as the same.
    """
    spans = difflib.SequenceMatcher(None, list(expected), list(shown), autojunk=False).get_opcodes()
    return {
        start + step: other + step
        for _, start, stop, other, end in spans
        if stop - start == end - other
        for step in range(stop - start)
    }


def unlike(word: Word, vocabulary: Sequence[Word], rng: np.random.Generator) -> Word:
    """Returns a word that has at most half of its sounds in common with `word`."""
    own = word.pronunciations[0].scored
    while True:
        other = vocabulary[int(rng.integers(len(vocabulary)))]
        same = difflib.SequenceMatcher(None, own, other.pronunciations[0].scored, autojunk=False).ratio()
        if other.text != word.text and same <= 0.5:
            return other
