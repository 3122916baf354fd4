"""The table of the dose response: the more sounds of a line are wrong, the lower its score must be."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np

from analysis.eval import plots, trials
from analysis.eval.languages.english import wrong_sounds
from analysis.eval.languages.english.wrong_sounds import Error, Line
from analysis.eval.metrics import Estimate, bootstrap, spearman
from analysis.eval.pool import TrialPool
from analysis.eval.report import Floor, Section, Table, figure
from analysis.eval.trials import Rendition
from analysis.eval.voice import Voice

_RENDITIONS: Final = 200
_MAX_ERRORS: Final = 12
_USUAL_ERRORS: Final = 8


def dose(pool: TrialPool, voices: Sequence[Voice], lines: Sequence[Line]) -> Section:
    """Correlates the number of wrong sounds with the score."""
    names = [voice.name for voice in voices if voice.family == "held-out"]
    returned: list[Rendition] = pool.run("dose response", trials.rendition, _arguments(names, lines))
    doses = [float(item.errors) for item in returned]
    scores = [item.pronunciation or 0.0 for item in returned]
    plot = plots.dots("dose.png", doses, scores, "wrong sounds in the line", "pronunciation score")
    columns = ("wrong sounds", "renditions", "pronunciation", "s. d.", "mean posterior", "classes")
    rows = [_row(errors, returned) for errors in sorted({item.errors for item in returned})]
    floor = Floor("dose response: Spearman", _score_correlation(returned).value, most=-0.90)
    return Section([Table("Dose response", columns, rows, _remark(returned), plot)], [floor])


def _arguments(names: Sequence[str], lines: Sequence[Line]) -> list[tuple[str, str, str, list[Error]]]:
    """Returns voice, actor (none), text and errors of each rendition, for lines with room for all errors."""
    roomy = [line for line in lines if len(_draw(line, _MAX_ERRORS, np.random.default_rng(0))) == _MAX_ERRORS]
    rng = np.random.default_rng(11)
    arguments = []
    for at in range(_RENDITIONS):
        line = roomy[at % len(roomy)]
        errors = _draw(line, at % (_MAX_ERRORS + 1), rng)
        arguments.append((names[at % len(names)], "", line.text, errors))
    return arguments


def _draw(line: Line, count: int, rng: np.random.Generator) -> list[Error]:
    """Returns as many wrong sounds as there is room for, never two in a row."""
    return wrong_sounds.draw(line, count, rng, Counter(), apart=2, added=False)


def _row(errors: int, renditions: Sequence[Rendition]) -> list[str]:
    own = [item for item in renditions if item.errors == errors]
    scores = [item.pronunciation or 0.0 for item in own]
    mean_posterior = float(np.mean([item.mean_posterior for item in own]))
    classes = Counter(item.attempt_class for item in own).most_common()
    return [
        str(errors),
        str(len(own)),
        f"{np.mean(scores):.1f}",
        f"{np.std(scores):.1f}",
        f"{mean_posterior:.3f}",
        ", ".join(f"{count} {name}" for name, count in classes),
    ]


def _remark(renditions: Sequence[Rendition]) -> str:
    whole = _score_correlation(renditions)
    usual = _score_correlation([item for item in renditions if item.errors <= _USUAL_ERRORS])
    posterior = bootstrap(renditions, lambda some: spearman([i.errors for i in some], [i.mean_posterior for i in some]))
    return (
        f"{len(renditions)} renditions by held-out voices of the lines with room for it, without an actor. Spearman of "
        f"wrong sounds and pronunciation score: {figure(whole)}; and mean phone posterior: {figure(posterior)}; and "
        f"score over the first {_USUAL_ERRORS} wrong sounds only: {figure(usual)}. Added vowels are not among them. "
        "An unscored attempt counts as 0."
    )


def _score_correlation(renditions: Sequence[Rendition]) -> Estimate:
    return bootstrap(
        renditions, lambda some: spearman([item.errors for item in some], [item.pronunciation or 0.0 for item in some])
    )
