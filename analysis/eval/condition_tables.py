"""Tables on rooms, codecs and intonation, on the actor's own audio, and on sounds that are no attempt at the line."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np

from analysis.engine.languages.english.profile import ENGLISH
from analysis.engine.score_curves import WEIGHTS
from analysis.eval import corpus, plots, signals, trials
from analysis.eval.engines import is_scored
from analysis.eval.languages.english import program_voices
from analysis.eval.pool import TrialPool
from analysis.eval.report import Floor, Section, Table, number
from analysis.eval.trials import TakeScores
from analysis.eval.voice import Voice

_LINES: Final = 4
_SCORES: Final = (*WEIGHTS, "overall")
_CLEAN: Final = "as recorded"
_LAUGHTER: Final = "hahaha"


def robustness(pool: TrialPool) -> Section:
    """Compares each recording under each condition with the clean one, which is also the actor's."""
    sources = [(recording.name, recording.text) for recording in corpus.recordings(ENGLISH.tag)]
    names = list(signals.CONDITIONS)
    arguments = [(*source, name) for name in names for source in sources]
    returned: list[TakeScores] = pool.run("robustness", trials.condition, arguments)
    by_name = {name: returned[at * len(sources) : (at + 1) * len(sources)] for at, name in enumerate(names)}
    clean = by_name[_CLEAN]
    own = [
        [name, take.attempt_class, *[number(take.scores[score]) for score in _SCORES]]
        for (name, _), take in zip(sources, clean, strict=True)
    ]
    lowest = min((take.scores["overall"] or 0.0) for take in clean)
    tables = [
        Table("The actor's own audio", ("recording", "attempt", *_SCORES), own),
        _robustness_table(by_name),
    ]
    return Section(tables, [Floor("the actor's own audio: lowest overall score", lowest, least=95.0)])


def _robustness_table(by_name: dict[str, list[TakeScores]]) -> Table:
    columns = ("condition", "attempts", *_SCORES, "greatest overall", "confidence")
    remark = (
        "The seven human recordings compared with themselves: mean change of each score against the clean recording, "
        "over the attempts that were scored in both; the greatest change of one overall score; the mean confidence."
    )
    rows = [_robustness_row(name, takes, by_name[_CLEAN]) for name, takes in by_name.items()]
    return Table("Robustness", columns, rows, remark)


def _robustness_row(name: str, takes: Sequence[TakeScores], clean: Sequence[TakeScores]) -> list[str]:
    confidence = [take.confidence for take in takes if take.confidence is not None]
    return [
        name,
        _counts([take.attempt_class for take in takes]),
        *[number(_mean_change(takes, clean, score)) for score in _SCORES],
        number(_greatest_change(takes, clean, "overall")),
        number(float(np.mean(confidence)), 2) if confidence else "–",
    ]


def _counts(classes: Sequence[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in Counter(classes).most_common())


def _changes(takes: Sequence[TakeScores], clean: Sequence[TakeScores], score: str) -> list[float]:
    pairs = [(take.scores[score], own.scores[score]) for take, own in zip(takes, clean, strict=True)]
    return [changed - original for changed, original in pairs if changed is not None and original is not None]


def _mean_change(takes: Sequence[TakeScores], clean: Sequence[TakeScores], score: str) -> float | None:
    changes = _changes(takes, clean, score)
    return float(np.mean(changes)) if changes else None


def _greatest_change(takes: Sequence[TakeScores], clean: Sequence[TakeScores], score: str) -> float | None:
    return max(_changes(takes, clean, score), key=abs, default=None)


def intonation(pool: TrialPool, voices: Sequence[Voice]) -> Section:
    """Compares hibari's reading with readings in other intonations, and by other synthesizers."""
    texts = corpus.catalogue_texts(ENGLISH.tag)[::7][:_LINES]
    names = [*trials.INTONATIONS, *(voice.name for voice in voices if voice.engine != "hibari")]
    arguments = [(text, name) for name in names for text in texts]
    returned: list[TakeScores] = pool.run("intonation", trials.intonation, arguments)
    by_name = {name: returned[at * len(texts) : (at + 1) * len(texts)] for at, name in enumerate(names)}
    rows = [_intonation_row(name, takes) for name, takes in by_name.items()]
    scores = [_mean([take.scores["intonation"] for take in takes]) for takes in by_name.values()]
    plot = plots.bars("intonation.png", [row[0] for row in rows], scores, "intonation score")
    columns = ("pitch contour", "pitch r", "range ratio", "intonation", "expressiveness match", "overall")
    remark = (
        f"{len(texts)} lines by hibari's voice; the pitch contour is changed inside the synthesizer, all else stays. "
        "A correlation or range that could not be measured is left out of its mean."
    )
    return Section([Table("Intonation", columns, rows, remark, plot)])


def _intonation_row(name: str, takes: Sequence[TakeScores]) -> list[str]:
    return [
        name if name in trials.INTONATIONS else f"another voice: {name}",
        number(_mean([take.correlation for take in takes]), 2),
        number(_mean([take.range_ratio for take in takes]), 2),
        *(number(_mean([take.scores[score] for take in takes])) for score in ("intonation", "emotion", "overall")),
    ]


def _mean(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else float("nan")


def no_attempts(pool: TrialPool) -> Section:
    """Analyzes sounds that are no attempt at a line against several lines: none may be scored."""
    texts = [recording.text for recording in corpus.recordings(ENGLISH.tag)[1:3]]
    texts += corpus.catalogue_texts(ENGLISH.tag)[:3]
    names = list(signals.no_speech())
    if "espeak-ng" not in program_voices.missing_programs():
        names += list(program_voices.FOREIGN)
    arguments = [(name, text) for name in names for text in texts]
    returned: list[str] = pool.run("no attempt", trials.no_attempt, arguments)
    by_name = {name: returned[at * len(texts) : (at + 1) * len(texts)] for at, name in enumerate(names)}
    rows = [[name, _counts(classes)] for name, classes in by_name.items()]
    remark = f"Each against {len(texts)} lines. Laughter is synthesized: bursts of voice, or espeak-ng saying “hahaha”."
    table = Table("No attempt at the line", ("sound", "attempt class"), rows, remark)
    return Section([table], _no_attempt_floors(by_name))


def _no_attempt_floors(by_name: dict[str, list[str]]) -> list[Floor]:
    languages = program_voices.FOREIGN.keys() - {_LAUGHTER}
    groups = {
        "silence, noise and laughter left unscored": [name for name in by_name if name not in languages],
        "other languages left unscored": [name for name in by_name if name in languages],
    }
    return [
        Floor(title, float(np.mean([not is_scored(kind) for name in names for kind in by_name[name]])), least=1.0)
        for title, names in groups.items()
        if names
    ]
