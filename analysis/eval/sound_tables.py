"""Tables on rendered wrong sounds: hits and false alarms in total, by voice and by kind of error."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from analysis.eval import plots, trials
from analysis.eval.languages.english.wrong_sounds import ADDED_VOWEL, Error, Line, draw
from analysis.eval.metrics import Estimate, auc, bootstrap, hits_at, share
from analysis.eval.pool import TrialPool
from analysis.eval.report import Floor, Section, Table, figure, number, percent
from analysis.eval.trials import NO_ADDED_VOWEL, Rendition, SoundScore
from analysis.eval.voice import Voice

_ROUNDS: Final = {"held-out": 3, "fit": 1}
_ERRORS: Final = 3
_FALSE_ALARMS: Final = 0.02
_MODES: Final = {"without_actor": "no actor", "with_actor": "beside an actor"}
"""Field of a Rendition → its name in the tables."""


def wrong_sounds(pool: TrialPool, voices: Sequence[Voice], lines: Sequence[Line]) -> Section:
    """Finds wrong sounds of held-out voices, and of fitting voices for comparison."""
    groups: dict[str, list[Rendition]] = {}
    for family, rounds in _ROUNDS.items():
        names = [voice.name for voice in voices if voice.family == family]
        if names:
            arguments = _arguments(names, lines, rounds)
            groups[family] = pool.run(f"wrong sounds, {family} voices", trials.rendition, arguments)
    held_out = groups["held-out"]
    tables = [_summary_table(groups), _voice_table(held_out), _kind_table(held_out)]
    return Section(tables, _floors(held_out))


def _arguments(names: Sequence[str], lines: Sequence[Line], rounds: int) -> list[tuple[str, str, str, list[Error]]]:
    """Returns voice, actor, text and errors of each rendition; one in four has no errors."""
    rng, so_far = np.random.default_rng(7), Counter[str]()
    arguments: list[tuple[str, str, str, list[Error]]] = []
    for turn in range(rounds):
        for at, line in enumerate(lines):
            voice, actor = names[(at + turn) % len(names)], names[(at + turn + 1) % len(names)]
            count = 0 if (at + turn) % 4 == 3 else _ERRORS
            arguments.append((voice, actor, line.text, draw(line, count, rng, so_far)))
    return arguments


def _floors(held_out: Sequence[Rendition]) -> list[Floor]:
    wrong, right = _scores(held_out, "without_actor")
    flagged = _flagged_are_wrong(held_out, "with_actor")
    hits, _ = hits_at(wrong, right, _FALSE_ALARMS)
    precision = float(np.mean(flagged)) if flagged else float("nan")
    return [
        Floor("rendered wrong sounds, held-out voices: phone AUC", auc(wrong, right), least=0.94),
        Floor("rendered wrong sounds, held-out voices: hits at ≤ 2 % false alarms", hits, least=0.70),
        Floor("precision of flagged sounds, held-out voices", precision, least=0.8),
    ]


def _summary_table(groups: dict[str, list[Rendition]]) -> Table:
    rows = [
        [f"{family} voices, {label}", *_summary(renditions, mode)]
        for family, renditions in groups.items()
        for mode, label in _MODES.items()
    ]
    columns = (
        "what",
        "wrong",
        "right",
        "AUC",
        "hits at 2 % false alarms",
        "flagged wrong",
        "flagged right",
        "precision",
    )
    remark = (
        "Up to three chosen wrong sounds a line, at least five sounds apart. Beside an actor: the same line said right "
        "by another voice of the same engine; flags are shown to the learner. Intervals resample whole renditions."
    )
    curves = {label: _scores(groups["held-out"], mode) for mode, label in _MODES.items()}
    return Table("Wrong sounds", columns, rows, remark, plots.roc("wrong-sounds.png", curves))


def _sounds(renditions: Sequence[Rendition], mode: str) -> list[SoundScore]:
    """Returns all sounds without the places of added vowels."""
    sounds = [sound for item in renditions for sound in getattr(item, mode)]
    return [sound for sound in sounds if sound.kind not in (ADDED_VOWEL, NO_ADDED_VOWEL)]


def _scores(renditions: Sequence[Rendition], mode: str) -> tuple[list[float], list[float]]:
    """Returns the scores of wrong sounds and of right ones."""
    sounds = _sounds(renditions, mode)
    return [sound.score for sound in sounds if sound.kind], [sound.score for sound in sounds if not sound.kind]


def _flagged_are_wrong(renditions: Sequence[Rendition], mode: str) -> list[bool]:
    """Returns for each flagged sound whether it was wrong."""
    return [bool(sound.kind) for sound in _sounds(renditions, mode) if sound.flagged]


def _figure(mode: str, measure: Callable[[list[float], list[float]], float]) -> Callable[[Sequence[Rendition]], float]:
    return lambda renditions: measure(*_scores(renditions, mode))


def _summary(renditions: Sequence[Rendition], mode: str) -> list[str]:
    wrong, right = _scores(renditions, mode)
    sounds = _sounds(renditions, mode)
    hits = bootstrap(renditions, _figure(mode, lambda low, high: hits_at(low, high, _FALSE_ALARMS)[0]))
    return [
        str(len(wrong)),
        str(len(right)),
        figure(bootstrap(renditions, _figure(mode, auc))),
        percent(hits),
        percent(share([sound.flagged for sound in sounds if sound.kind])),
        _percent_with_tenths(share([sound.flagged for sound in sounds if not sound.kind])),
        percent(share(_flagged_are_wrong(renditions, mode))),
    ]


def _percent_with_tenths(rate: Estimate) -> str:
    return f"{100 * rate.value:.1f} % [{100 * rate.low:.1f}, {100 * rate.high:.1f}]"


def _voice_table(renditions: Sequence[Rendition]) -> Table:
    rows = []
    for name in sorted({item.voice for item in renditions}):
        own = [item for item in renditions if item.voice == name]
        rows.append([name, *_summary(own, "without_actor")[:4], *_summary(own, "with_actor")[2:4]])
    columns = ("voice", "wrong", "right", "AUC, no actor", "hits at 2 %", "AUC, beside an actor", "hits at 2 %")
    return Table("Wrong sounds, voice by voice", columns, rows)


def _kind_table(renditions: Sequence[Rendition]) -> Table:
    """Lists each kind of error with the false alarms among right sounds of the same kind."""
    threshold = hits_at(*_scores(renditions, "with_actor"), _FALSE_ALARMS)[1]
    sounds = [sound for item in renditions for sound in item.with_actor]
    kinds = sorted({sound.kind for sound in sounds} - {"", NO_ADDED_VOWEL})
    rows = [_kind_row(kind, sounds, threshold) for kind in kinds]
    flagged = [float(np.mean([sound.flagged for sound in sounds if sound.kind == kind])) for kind in kinds]
    plot = plots.bars("pairs.png", kinds, flagged, "share of the wrong sounds that are flagged (beside an actor)")
    columns = ("said wrong", "count", "AUC", "hits at 2 % false alarms", "flagged", "right ones flagged")
    remark = (
        "Beside an actor, held-out voices. AUC and false alarms are against the same expected sound said right. "
        "The threshold of the hits is the one at which 2 % of all right sounds are called wrong. An added vowel counts "
        "as flagged from the confidence at which the learner is told."
    )
    return Table("Wrong sounds, pair by pair", columns, rows, remark, plot)


def _kind_row(kind: str, sounds: Sequence[SoundScore], threshold: float) -> list[str]:
    wrong, right = [sound for sound in sounds if sound.kind == kind], _right_counterparts(kind, sounds)
    below = "–" if kind == ADDED_VOWEL else percent(share([sound.score < threshold for sound in wrong]))
    false_alarms = share([sound.flagged for sound in right])
    return [
        kind,
        str(len(wrong)),
        number(auc([sound.score for sound in wrong], [sound.score for sound in right]), 3),
        below,
        percent(share([sound.flagged for sound in wrong])),
        f"{100 * false_alarms.value:.1f} % of {false_alarms.count}",
    ]


def _right_counterparts(kind: str, sounds: Sequence[SoundScore]) -> list[SoundScore]:
    """Returns the right sounds in which the error could have been made."""
    if kind == ADDED_VOWEL:
        return [sound for sound in sounds if sound.kind == NO_ADDED_VOWEL]
    expected = _expected_sounds(kind)
    return [sound for sound in sounds if not sound.kind and sound.expected in expected]


def _expected_sounds(kind: str) -> set[str]:
    if kind.startswith("final "):
        sound = kind.split()[1]
        return {"S", "Z"} if sound == "S" else {sound}
    return {kind.split()[0]}
