"""Rooms, codecs and melodies; the actor against himself; and everything that is no attempt at the line."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np

from analysis.eval import corpus, plots, signals, voices, work
from analysis.eval.pool import Pool
from analysis.eval.report import Floor, Section, Table, number
from analysis.eval.voices import Voice
from analysis.eval.work import Take

_LINES: Final = 4
_SCORES: Final = ("pronunciation", "intonation", "emotion", "fluency", "overall")


def robustness(pool: Pool) -> Section:
    """Each reading changed, beside the clean one; the first condition is the actor against himself."""
    sources = [(recording.name, recording.text) for recording in corpus.recordings()]
    names = list(signals.CONDITIONS)
    questions = [(*source, name) for name in names for source in sources]
    answers: list[Take] = pool.run("robustness", work.condition, questions)
    by_name = {name: answers[at * len(sources) : (at + 1) * len(sources)] for at, name in enumerate(names)}
    clean = by_name["as recorded"]
    rows = []
    for name, takes in by_name.items():
        kinds = Counter(take.attempt_class for take in takes)
        changes = [_change(takes, clean, score) for score in _SCORES]
        drop = _greatest(takes, clean, "overall")
        confidence = [take.confidence for take in takes if take.confidence is not None]
        rows.append(
            [
                name,
                ", ".join(f"{count} {kind}" for kind, count in kinds.most_common()),
                *[number(change) for change in changes],
                number(drop),
                number(float(np.mean(confidence)), 2) if confidence else "–",
            ]
        )
    columns = ("condition", "attempts", *_SCORES, "greatest overall", "confidence")
    remark = (
        "The seven human readings beside themselves: mean change of each score against the clean take, over the "
        "attempts that were scored in both; the greatest change of one overall score; the mean confidence."
    )
    own = [
        [source[0], take.attempt_class, *[number(take.scores[score]) for score in _SCORES]]
        for source, take in zip(sources, clean, strict=True)
    ]
    least = min((take.scores["overall"] or 0.0) for take in clean)
    tables = [
        Table("The actor's own audio", ("recording", "attempt", *_SCORES), own),
        Table("Robustness", columns, rows, remark),
    ]
    return Section(tables, [Floor("the actor's own audio: lowest overall score", least, least=95.0)])


def _pairs(takes: Sequence[Take], clean: Sequence[Take], score: str) -> list[float]:
    both = [(take.scores[score], own.scores[score]) for take, own in zip(takes, clean, strict=True)]
    return [mine - theirs for mine, theirs in both if mine is not None and theirs is not None]


def _change(takes: Sequence[Take], clean: Sequence[Take], score: str) -> float | None:
    changes = _pairs(takes, clean, score)
    return float(np.mean(changes)) if changes else None


def _greatest(takes: Sequence[Take], clean: Sequence[Take], score: str) -> float | None:
    return max(_pairs(takes, clean, score), key=abs, default=None)


def melodies(pool: Pool, cast: Sequence[Voice]) -> Section:
    """One reading with other melodies, and other engines' readings."""
    texts = corpus.catalogue_texts()[::7][:_LINES]
    names = [*work.INTONATIONS, *(voice.name for voice in cast if voice.engine != "hibari")]
    questions = [(text, name) for name in names for text in texts]
    answers: list[Take] = pool.run("intonation", work.melody, questions)
    rows, heights = [], []
    for at, name in enumerate(names):
        takes = answers[at * len(texts) : (at + 1) * len(texts)]
        heights.append(_mean([take.scores["intonation"] for take in takes]))
        rows.append(
            [
                name if name in work.INTONATIONS else f"another voice: {name}",
                number(_mean([take.correlation for take in takes]), 2),
                number(_mean([take.range_ratio for take in takes]), 2),
                number(heights[-1]),
                number(_mean([take.scores["emotion"] for take in takes])),
                number(_mean([take.scores["overall"] for take in takes])),
            ]
        )
    plot = plots.bars("intonation.png", [row[0] for row in rows], heights, "intonation score")
    columns = ("melody", "pitch r", "range ratio", "intonation", "expressiveness match", "overall")
    remark = (
        f"{len(texts)} lines by hibari's voice; the melody is changed inside the synthesizer, all else stays. "
        "A correlation or range that could not be measured is left out of its mean."
    )
    return Section([Table("Intonation", columns, rows, remark, plot)])


def _mean(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else float("nan")


def gates(pool: Pool) -> Section:
    """Sounds that hold no line, against several lines: none may be scored."""
    texts = [recording.text for recording in corpus.recordings()[1:3]] + corpus.catalogue_texts()[:3]
    names = list(signals.no_speech())
    if "espeak-ng" not in voices.missing_programs():
        names += list(voices.FOREIGN)
    questions = [(name, text) for name in names for text in texts]
    answers: list[str] = pool.run("no attempt", work.gate, questions)
    rows = []
    for at, name in enumerate(names):
        kinds = Counter(answers[at * len(texts) : (at + 1) * len(texts)])
        rows.append([name, ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())])
    refused = [kind not in {"scored", "incomplete"} for kind in answers]
    foreign = [name in voices.FOREIGN and name != "hahaha" for name in names for _ in texts]
    floors = [
        Floor(
            what,
            float(np.mean([no for no, is_other in zip(refused, foreign, strict=True) if is_other == other])),
            least=1.0,
        )
        for what, other in (
            ("silence, noise and laughter left unscored", False),
            ("other languages left unscored", True),
        )
        if other in foreign
    ]
    remark = f"Each against {len(texts)} lines. Laughter is synthesized: bursts of voice, or espeak-ng saying “hahaha”."
    return Section([Table("No attempt at the line", ("sound", "attempt class"), rows, remark)], floors)
