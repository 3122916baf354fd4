"""Loads rated learners in the layout of the corpus speechocean762.

Reads its Kaldi tables: SET/wav.scp, SET/text, SET/utt2spk and resource/text-phone, resource/scores.json (Zhang et al.
2021, "speechocean762: an open-source non-native English speech corpus for pronunciation assessment"). Ages come from
index.json where there is one, else from SET/spk2age, else they are unknown.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from analysis.engine import decode
from analysis.engine.decode import Recording
from analysis.eval.languages.english.phone_alphabets import bare
from analysis.settings import MAX_AUDIO_S

SHIPPED: Final = Path(__file__).with_name("learners")
"""The part of the corpus that ships; its recordings are set aside from every fit."""
SENTENCE_LEVELS: Final = ("accuracy", "fluency", "prosodic", "total")
SETS: Final = ("shipped", "test", "train")
"""Names of sets. Without a choice the first one that a folder has is read."""
_ADULT_FROM: Final = 16


class LayoutError(ValueError):
    """The folder does not have the layout of the corpus; the message names the file or entry."""


@dataclass(frozen=True)
class RatedWord:
    """A word with the experts' ratings: the word 0–10, its sounds 0–2."""

    text: str
    phones: tuple[str, ...]
    accuracy: float
    phone_accuracy: tuple[float, ...]


@dataclass(frozen=True)
class Utterance:
    """A rated recording; ratings of the whole are 0–10. `age` is in years, None where it is unknown."""

    name: str
    speaker: str
    age: int | None
    path: Path
    text: str
    words: tuple[RatedWord, ...]
    ratings: dict[str, float]

    @property
    def age_group(self) -> str:
        """`child` below 16 years, `adult`, or `unknown`."""
        if self.age is None:
            return "unknown"
        return "adult" if self.age >= _ADULT_FROM else "child"

    def read(self) -> Recording:
        """Returns the recording as the product decodes an upload. Raises the errors of `decode.read`."""
        with self.path.open("rb") as file:
            return decode.read(file, MAX_AUDIO_S)


def shipped_ids() -> frozenset[str]:
    """Returns the ids of the recordings that ship: no fit may use them."""
    return frozenset(entry["id"] for entry in json.loads((SHIPPED / "index.json").read_text(encoding="utf-8")))


def load(folder: Path, part: str | None = None) -> list[Utterance]:
    """Returns the utterances of a set of the corpus, in the order of wav.scp; None: of the first set of SETS it has.

    Raises LayoutError when a file is missing or an utterance lacks its text, speaker, sounds or ratings.
    """
    tables = folder / (part or find_set(folder))
    recordings, texts, speakers = (_table(tables / name) for name in ("wav.scp", "text", "utt2spk"))
    sounds = _table(folder / "resource" / "text-phone")
    path = folder / "resource" / "scores.json"
    if not path.is_file():
        raise LayoutError(f"{path} is missing")
    scores: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    ages = _ages(folder, tables, speakers)
    found = []
    for name, recording in recordings.items():
        if name not in texts or name not in speakers or name not in scores:
            raise LayoutError(f"{name} has no text, no speaker or no scores")
        words = tuple(_words(name, scores[name]["words"], sounds))
        ratings = {level: float(scores[name][level]) for level in SENTENCE_LEVELS if level in scores[name]}
        place, text = folder / recording, texts[name].lower()
        found.append(Utterance(name, speakers[name], ages.get(name), place, text, words, ratings))
    return found


def find_set(folder: Path) -> str:
    """Returns the first set of SETS that a corpus has. Raises LayoutError when it has none."""
    for name in SETS:
        if (folder / name).is_dir():
            return name
    raise LayoutError(f"{folder} has none of the sets {', '.join(SETS)}")


def _ages(folder: Path, tables: Path, speakers: dict[str, str]) -> dict[str, int]:
    """Returns the ages by recording, as far as they are known."""
    if (folder / "index.json").is_file():
        entries = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        return {entry["id"]: int(entry["age"]) for entry in entries if str(entry.get("age") or "").isdigit()}
    if not (tables / "spk2age").is_file():
        return {}
    by_speaker = {speaker: int(age) for speaker, age in _table(tables / "spk2age").items() if age.isdigit()}
    return {name: by_speaker[speaker] for name, speaker in speakers.items() if speaker in by_speaker}


def _table(path: Path) -> dict[str, str]:
    """Reads a Kaldi table: a key, white space, the rest of the line."""
    if not path.is_file():
        raise LayoutError(f"{path} is missing")
    lines = (line.split(maxsplit=1) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return {key: rest[0].strip() if rest else "" for key, *rest in lines}


def _words(name: str, rated: Sequence[dict[str, Any]], sounds: dict[str, str]) -> Iterator[RatedWord]:
    for at, word in enumerate(rated):
        key = f"{name}.{at}"
        if key not in sounds:
            raise LayoutError(f"resource/text-phone has no {key}")
        phones = bare([phone.split("_")[0] for phone in sounds[key].split()])
        ratings = tuple(float(value) for value in word["phones-accuracy"])
        if len(phones) != len(ratings):
            raise LayoutError(f"{key} has {len(phones)} sounds and {len(ratings)} ratings of sounds")
        yield RatedWord(str(word["text"]).lower(), phones, float(word["accuracy"]), ratings)
