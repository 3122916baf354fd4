"""Chosen wrong sounds, rendered: how many are heard, at what price, pair by pair; and the dose response."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from analysis.eval import corpus, plots, work
from analysis.eval.corpus import Error, Line
from analysis.eval.metrics import Estimate, auc, bootstrap, hits_at, share, spearman
from analysis.eval.pool import Pool
from analysis.eval.report import Floor, Section, Table, figure, number, percent
from analysis.eval.voices import Voice
from analysis.eval.work import Heard, Rendition

ROUNDS: Final = 3
_ERRORS: Final = 3
_FALSE_ALARMS: Final = 0.02
_DOSE_RENDITIONS: Final = 200
_DOSE_MOST: Final = 12
_DOSE_USUAL: Final = 8
_VOWEL_KINDS: Final = ("added vowel", "no added vowel")


def swapped(pool: Pool, voices: Sequence[Voice], lines: Sequence[Line]) -> Section:
    """Phone-level detection on held-out voices, and on the fitting voices beside them."""
    groups = {}
    for family, rounds in (("held-out", ROUNDS), ("fit", 1)):
        names = [voice.name for voice in voices if voice.family == family]
        if names:
            questions = _questions(names, lines, rounds)
            groups[family] = pool.run(f"wrong sounds, {family} voices", work.rendition, questions)
    ours: list[Rendition] = groups["held-out"]
    rows = []
    for family, found in groups.items():
        for mode, label in (("alone", "no actor"), ("with_actor", "beside an actor")):
            rows.append([f"{family} voices, {label}", *_summary(found, mode)])
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
        "by another voice of the same engine; flags are what the learner is shown. Intervals redraw whole renditions."
    )
    plot = plots.roc(
        "wrong-sounds.png",
        {label: _scores(ours, mode) for mode, label in (("alone", "no actor"), ("with_actor", "beside an actor"))},
    )
    wrong, right = _scores(ours, "alone")
    beside = _flags(ours, "with_actor")
    floors = [
        Floor("rendered wrong sounds, held-out voices: phone AUC", auc(wrong, right), least=0.94),
        Floor(
            "rendered wrong sounds, held-out voices: hits at ≤ 2 % false alarms",
            hits_at(wrong, right, _FALSE_ALARMS)[0],
            least=0.75,
        ),
        Floor(
            "precision of flagged sounds, held-out voices",
            float(np.mean(beside)) if beside else float("nan"),
            least=0.8,
        ),
    ]
    tables = [Table("Wrong sounds", columns, rows, remark, plot), _per_voice(ours), _per_kind(ours)]
    return Section(tables, floors)


def _questions(names: Sequence[str], lines: Sequence[Line], rounds: int) -> list[tuple[str, str, str, list[Error]]]:
    rng, so_far = np.random.default_rng(7), Counter[str]()
    questions: list[tuple[str, str, str, list[Error]]] = []
    for turn in range(rounds):
        for at, line in enumerate(lines):
            voice, actor = names[(at + turn) % len(names)], names[(at + turn + 1) % len(names)]
            # One reading in four is right throughout.
            count = 0 if (at + turn) % 4 == 3 else _ERRORS
            questions.append((voice, actor, line.text, corpus.draw(line, count, rng, so_far)))
    return questions


def _sounds(renditions: Sequence[Rendition], mode: str) -> list[Heard]:
    return [heard for item in renditions for heard in getattr(item, mode) if heard.kind not in _VOWEL_KINDS]


def _scores(renditions: Sequence[Rendition], mode: str) -> tuple[list[float], list[float]]:
    sounds = _sounds(renditions, mode)
    return [one.score for one in sounds if one.kind], [one.score for one in sounds if not one.kind]


def _flags(renditions: Sequence[Rendition], mode: str) -> list[bool]:
    """For each flagged sound, whether it was wrong."""
    return [bool(one.kind) for one in _sounds(renditions, mode) if one.flagged]


def _figure(mode: str, measure: Callable[[list[float], list[float]], float]) -> Callable[[Sequence[Rendition]], float]:
    return lambda found: measure(*_scores(found, mode))


def _summary(found: Sequence[Rendition], mode: str) -> list[str]:
    wrong, right = _scores(found, mode)
    sounds = _sounds(found, mode)
    hits = bootstrap(found, _figure(mode, lambda low, high: hits_at(low, high, _FALSE_ALARMS)[0]))
    return [
        str(len(wrong)),
        str(len(right)),
        figure(bootstrap(found, _figure(mode, auc))),
        percent(hits),
        percent(share([one.flagged for one in sounds if one.kind])),
        _tenths(share([one.flagged for one in sounds if not one.kind])),
        percent(share(_flags(found, mode))),
    ]


def _tenths(rate: Estimate) -> str:
    return f"{100 * rate.value:.1f} % [{100 * rate.low:.1f}, {100 * rate.high:.1f}]"


def _per_voice(found: Sequence[Rendition]) -> Table:
    rows = []
    for name in sorted({item.voice for item in found}):
        own = [item for item in found if item.voice == name]
        rows.append([name, *_summary(own, "alone")[:4], *_summary(own, "with_actor")[2:4]])
    columns = ("voice", "wrong", "right", "AUC, no actor", "hits at 2 %", "AUC, beside an actor", "hits at 2 %")
    return Table("Wrong sounds, voice by voice", columns, rows)


def _per_kind(found: Sequence[Rendition]) -> Table:
    """Each kind of error with the false alarms among right sounds of its own kind."""
    threshold = hits_at(*_scores(found, "with_actor"), _FALSE_ALARMS)[1]
    every = [one for item in found for one in item.with_actor]
    kinds = sorted({one.kind for one in every} - {"", "no added vowel"})
    rows, heights = [], []
    for kind in kinds:
        own = [one for one in every if one.kind == kind]
        if kind == "added vowel":
            right = [one for one in every if one.kind == "no added vowel"]
        else:
            right = [one for one in every if not one.kind and one.expected in _expected_of(kind)]
        heights.append(float(np.mean([one.flagged for one in own])))
        below = "–" if kind == "added vowel" else percent(share([one.score < threshold for one in own]))
        flagged, alarms = share([one.flagged for one in own]), share([one.flagged for one in right])
        rows.append(
            [
                kind,
                str(len(own)),
                number(auc([o.score for o in own], [o.score for o in right]), 3),
                below,
                percent(flagged),
                f"{100 * alarms.value:.1f} % of {alarms.count}",
            ]
        )
    plot = plots.bars("pairs.png", kinds, heights, "share of the wrong sounds that are flagged (beside an actor)")
    columns = ("said wrong", "count", "AUC", "hits at 2 % false alarms", "flagged", "right ones flagged")
    remark = (
        "Beside an actor, held-out voices. AUC and false alarms are against the same expected sound said right. "
        "The threshold of the hits is the one at which 2 % of all right sounds are called wrong. An added vowel counts "
        "as flagged from the confidence at which the learner is told."
    )
    return Table("Wrong sounds, pair by pair", columns, rows, remark, plot)


def _expected_of(kind: str) -> set[str]:
    if kind.startswith("final "):
        sound = kind.split()[1]
        return {"S", "Z"} if sound == "S" else {sound}
    return {kind.split()[0]}


def dose(pool: Pool, voices: Sequence[Voice], lines: Sequence[Line]) -> Section:
    """The more sounds are wrong, the lower the score."""
    names = [voice.name for voice in voices if voice.family == "held-out"]
    roomy = [line for line in lines if len(_wrong_sounds(line, _DOSE_MOST, np.random.default_rng(0))) == _DOSE_MOST]
    rng = np.random.default_rng(11)
    questions = []
    for at in range(_DOSE_RENDITIONS):
        line = roomy[at % len(roomy)]
        errors = _wrong_sounds(line, at % (_DOSE_MOST + 1), rng)
        questions.append((names[at % len(names)], "", line.text, errors))
    found: list[Rendition] = pool.run("dose response", work.rendition, questions)
    doses = [float(item.errors) for item in found]
    scores = [item.pronunciation or 0.0 for item in found]
    rows = []
    for step in sorted({item.errors for item in found}):
        own = [item for item in found if item.errors == step]
        kinds = Counter(item.attempt_class for item in own)
        scored = [item.pronunciation or 0.0 for item in own]
        means = float(np.mean([item.mean_posterior for item in own]))
        classes = ", ".join(f"{count} {name}" for name, count in kinds.most_common())
        rows.append(
            [str(step), str(len(own)), f"{np.mean(scored):.1f}", f"{np.std(scored):.1f}", f"{means:.3f}", classes]
        )
    whole = _rho(found)
    usual = _rho([item for item in found if item.errors <= _DOSE_USUAL])
    means_rho = bootstrap(found, lambda some: spearman([i.errors for i in some], [i.mean_posterior for i in some]))
    remark = (
        f"{len(found)} renditions by held-out voices of the lines with room for it, without an actor. Spearman of "
        f"wrong sounds and pronunciation score: {figure(whole)}; and mean phone posterior: {figure(means_rho)}; and "
        f"score over the first {_DOSE_USUAL} wrong sounds only: {figure(usual)}. Added vowels are not among them. "
        "An unscored attempt counts as 0."
    )
    plot = plots.dots("dose.png", doses, scores, "wrong sounds in the line", "pronunciation score")
    columns = ("wrong sounds", "renditions", "pronunciation", "s. d.", "mean posterior", "classes")
    floor = Floor("dose response: Spearman", whole.value, most=-0.92)
    return Section([Table("Dose response", columns, rows, remark, plot)], [floor])


def _rho(found: Sequence[Rendition]) -> Estimate:
    return bootstrap(found, lambda some: spearman([i.errors for i in some], [i.pronunciation or 0.0 for i in some]))


def _wrong_sounds(line: Line, count: int, rng: np.random.Generator) -> list[Error]:
    """As many as there is room for, never two sounds in a row."""
    return corpus.draw(line, count, rng, Counter(), apart=2, added=False)
