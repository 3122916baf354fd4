"""python -m analysis.eval.speechocean DIR: the standard report on the corpus speechocean762, which is not shipped.

Reads its Kaldi layout: SET/wav.scp, SET/text, SET/utt2spk and resource/text-phone, resource/scores.json (Zhang et al.
2021, "speechocean762: an open-source non-native English speech corpus for pronunciation assessment"). Reports Pearson
(PCC) and Spearman correlation of the engine's scores with the experts' at phone, word and utterance level.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from analysis.engine import decode
from analysis.engine.engine import Engine, UnreadableTextError
from analysis.engine.languages.english.profile import ENGLISH
from analysis.engine.result import AnalysisResult, WordResult
from analysis.eval.corpus import aligned
from analysis.eval.languages.english.phone_alphabets import bare
from analysis.eval.metrics import pearson, spearman
from analysis.eval.report import Table, number, show
from analysis.eval.trials import is_scored

_MAX_S = 60.0


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
    """A rated recording; ratings of the whole are 0–10."""

    name: str
    speaker: str
    path: Path
    text: str
    words: tuple[RatedWord, ...]
    ratings: dict[str, float]


@dataclass
class Pairs:
    """Pairs of rated and computed values, by level."""

    values: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    unscored: int = 0
    unmatched: int = 0

    def add(self, level: str, rated: float, computed: float) -> None:
        """Adds one pair."""
        self.values.setdefault(level, []).append((rated, computed))


def load(folder: Path, part: str = "test") -> list[Utterance]:
    """Returns the utterances of a part of the corpus, in the order of wav.scp.

    Raises LayoutError when a file is missing or an utterance lacks its text, speaker, sounds or ratings.
    """
    wavs, texts, speakers = (_table(folder / part / name) for name in ("wav.scp", "text", "utt2spk"))
    sounds = _table(folder / "resource" / "text-phone")
    path = folder / "resource" / "scores.json"
    if not path.is_file():
        raise LayoutError(f"{path} is missing")
    scores: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    found = []
    for name, wav in wavs.items():
        if name not in texts or name not in speakers or name not in scores:
            raise LayoutError(f"{name} has no text, no speaker or no scores")
        words = tuple(_words(name, scores[name]["words"], sounds))
        levels = ("accuracy", "completeness", "fluency", "prosodic", "total")
        ratings = {level: float(scores[name][level]) for level in levels if level in scores[name]}
        found.append(Utterance(name, speakers[name], folder / wav, texts[name], words, ratings))
    return found


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
        yield RatedWord(str(word["text"]), phones, float(word["accuracy"]), ratings)


def collect(engine: Engine, utterances: Sequence[Utterance]) -> Pairs:
    """Pairs the experts' ratings with the engine's scores. An unscored attempt and an omitted word count as 0."""
    pairs = Pairs()
    for utterance in track(utterances, "listening", console=Console(stderr=True)):
        with utterance.path.open("rb") as file:
            samples = decode.decode(file, _MAX_S)
        try:
            result = engine.analyze(samples, utterance.text.lower(), None)
        except UnreadableTextError:
            pairs.unmatched += 1
            continue
        _add(pairs, utterance, result)
    return pairs


def _add(pairs: Pairs, utterance: Utterance, result: AnalysisResult) -> None:
    pairs.unscored += not is_scored(result.attempt_class)
    scores = result.detailed_feedback.scores
    computed = {
        "accuracy": result.pronunciation_score,
        "completeness": scores.completeness.value,
        "fluency": scores.fluency.value,
        "total": result.overall_score,
    }
    for level, rating in utterance.ratings.items():
        if level in computed:
            pairs.add(f"utterance, {level}", rating, computed[level] or 0.0)
    _add_words(pairs, utterance, result.detailed_feedback.words)


def _add_words(pairs: Pairs, utterance: Utterance, scored: Sequence[WordResult]) -> None:
    if not scored:
        for word in utterance.words:
            pairs.add("word, accuracy", word.accuracy, 0.0)
    elif len(scored) != len(utterance.words):
        pairs.unmatched += 1
    else:
        for word, own in zip(utterance.words, scored, strict=True):
            pairs.add("word, accuracy", word.accuracy, own.score or 0.0)
            for here, there in aligned(word.phones, [phone.expected for phone in own.phones]).items():
                pairs.add("phone, accuracy", word.phone_accuracy[here], own.phones[there].score)


def table(pairs: Pairs) -> Table:
    """Returns PCC and Spearman by level."""
    rows = []
    for level in sorted(pairs.values):
        rated, computed = zip(*pairs.values[level], strict=True)
        rows.append([level, str(len(rated)), number(pearson(rated, computed), 3), number(spearman(rated, computed), 3)])
    remark = (
        f"{pairs.unscored} attempts were left unscored and count as 0; {pairs.unmatched} could not be matched word by "
        "word. Without an actor there is no intonation score to hold against the prosodic rating."
    )
    return Table("speechocean762", ("level", "count", "PCC", "Spearman"), rows, remark)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the report; returns 2 for a folder of another layout."""
    parser = argparse.ArgumentParser(prog="python -m analysis.eval.speechocean", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--set", default="test", dest="part", help="test (as in the literature) or train")
    parser.add_argument("--limit", type=int, help="only the first utterances")
    options = parser.parse_args(arguments)
    try:
        utterances = load(options.folder, options.part)[: options.limit]
    except LayoutError as error:
        print(f"Not the layout of speechocean762: {error}", file=sys.stderr)  # noqa: T201
        return 2
    show(Console(), table(collect(Engine(ENGLISH), utterances)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
