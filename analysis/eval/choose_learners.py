"""python -m analysis.eval.choose_learners FOLDER: chooses the recordings of rated learners that ship.

FOLDER holds the corpus in the layout that speechocean.load reads, with index.json and Opus files. Copies 120
recordings as they are, with their ratings, into analysis/eval/learners. The same folder gives the same choice.
"""

import argparse
import json
import shutil
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from analysis.eval.speechocean import SENTENCE_LEVELS, SHIPPED, find_set

Entry = dict[str, Any]
_SPEAKERS: Final = 60
_MAX_BYTES: Final = 60_000
_ADULT_FROM: Final = 16
# Steps by the golden ratio spread positions evenly over 0–1, whatever their number (Weyl's sequence).
_STEP: Final = 0.618034


def choose(entries: Sequence[Entry]) -> list[Entry]:
    """Returns two recordings of each of 60 speakers, sorted by id.

    Speakers are taken evenly from their order by age group, gender and mean rating. One recording of each lies at
    another quantile of the speaker's ratings, the other one at another quantile of the lengths of the texts.
    """
    by_speaker: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_speaker[entry["speaker"]].append(entry)
    ordered = sorted(by_speaker.values(), key=_group)
    chosen = []
    for turn in range(_SPEAKERS):
        own = list(ordered[turn * len(ordered) // _SPEAKERS])
        for key, offset in ((_by_rating, 0.0), (_by_length, 0.5)):
            own.sort(key=key)
            chosen.append(own.pop(int((turn * _STEP + offset) % 1.0 * len(own))))
    return sorted(chosen, key=lambda entry: str(entry["id"]))


def _group(own: Sequence[Entry]) -> tuple[bool, str, float, str]:
    first = own[0]
    mean = sum(entry["total"] for entry in own) / len(own)
    return int(first["age"]) >= _ADULT_FROM, first["gender"], mean, first["speaker"]


def _by_rating(entry: Entry) -> tuple[float, str]:
    return entry["total"], entry["id"]


def _by_length(entry: Entry) -> tuple[int, str]:
    return len(entry["text"].split()), entry["id"]


def copy(folder: Path, target: Path, chosen: Sequence[Entry]) -> None:
    """Copies the chosen recordings, and writes their tables and the means of their ratings."""
    for entry in chosen:
        path = target / entry["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / entry["path"], path)
    _write(target / "index.json", json.dumps(list(chosen), indent=0, ensure_ascii=False))
    every = json.loads((folder / "resource" / "scores.json").read_text(encoding="utf-8"))
    scores = {entry["id"]: _means(every[entry["id"]]) for entry in chosen}
    _write(target / "resource" / "scores.json", json.dumps(scores, separators=(",", ":")).replace("},", "},\n"))
    tables = {"resource/text-phone": "resource/text-phone"}
    tables |= {f"{find_set(folder)}/{name}": f"shipped/{name}" for name in ("wav.scp", "text", "utt2spk")}
    names = {entry["id"] for entry in chosen}
    for source, place in tables.items():
        lines = (folder / source).read_text(encoding="utf-8").splitlines()
        _write(target / place, "\n".join(line for line in lines if line.split()[0].split(".")[0] in names))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n", encoding="utf-8")


def _means(scores: Entry) -> Entry:
    """Returns the means of the raters without the marks of each one."""
    words = [{key: word[key] for key in ("text", "accuracy", "phones-accuracy")} for word in scores["words"]]
    return {**{level: scores[level] for level in SENTENCE_LEVELS}, "words": words}


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the shipped part again."""
    parser = argparse.ArgumentParser(prog="python -m analysis.eval.choose_learners", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args(arguments).folder
    entries = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    usable = [entry for entry in entries if (folder / entry["path"]).stat().st_size <= _MAX_BYTES]
    for name in ("audio", "resource", "shipped"):
        shutil.rmtree(SHIPPED / name, ignore_errors=True)
    copy(folder, SHIPPED, choose(usable))
    return 0


if __name__ == "__main__":
    sys.exit(main())
