"""Runs the trials on people and gathers their tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.eval.human import agreement, gates, natives, stability, trials, verdicts
from analysis.eval.human.findings import Findings
from analysis.eval.human.floors import floors
from analysis.eval.human.plans import plans
from analysis.eval.human.rows import CopyRow, Measurement, NativeRow
from analysis.eval.pool import TrialPool
from analysis.eval.report import Section
from analysis.eval.speechocean import SHIPPED, Utterance, load

Models = Mapping[str, str | None]
"""Name of a recording → path of the rating model to measure it with; the one that ships where there is none."""
_COPIED: Final = 60
_PLOT: Final = "learners.png"


@dataclass(frozen=True)
class Measured:
    """The rows of all trials on people."""

    learners: list[Measurement]
    copies: list[CopyRow]
    natives: list[NativeRow]


def people(pool: TrialPool, folder: Path | None = None, part: str | None = None) -> Section:
    """Measures rated learners and native readings.

    Without a folder on the part of the corpus that ships, with its plot and floors. Raises LayoutError.
    """
    utterances = load(folder or SHIPPED, part)
    measured = Measured(collect(pool, utterances), collect_copies(pool, utterances), collect_natives(pool))
    found = tables(measured, None if folder else _PLOT)
    return Section(found.tables, [] if folder else floors(found.figures))


def collect(pool: TrialPool, utterances: Sequence[Utterance], models: Models | None = None) -> list[Measurement]:
    """Measures each recording with its model, in the order of the recordings.

    Recordings of one model run together, so that a process changes its model as rarely as possible.
    """
    models = models or {}
    planned = plans(utterances)
    order = sorted(range(len(utterances)), key=lambda at: models.get(utterances[at].name) or "")
    arguments = [(utterances[at], planned[at], models.get(utterances[at].name)) for at in order]
    returned: list[Measurement] = pool.run("learners", trials.measure, arguments)
    by_place = dict(zip(order, returned, strict=True))
    return [by_place[at] for at in range(len(utterances))]


def collect_copies(pool: TrialPool, utterances: Sequence[Utterance], models: Models | None = None) -> list[CopyRow]:
    """Compares at most 60 recordings, evenly chosen, with their copies."""
    models = models or {}
    count = min(_COPIED, len(utterances))
    chosen = [utterances[at * len(utterances) // count] for at in range(count)]
    chosen.sort(key=lambda utterance: models.get(utterance.name) or "")
    arguments = [(utterance, models.get(utterance.name)) for utterance in chosen]
    returned: list[list[CopyRow]] = pool.run("copies of learners", trials.copies, arguments)
    return [row for rows in returned for row in rows]


def collect_natives(pool: TrialPool) -> list[NativeRow]:
    """Measures every native reading."""
    returned: list[NativeRow] = pool.run("native readings", trials.native, list(natives.sources()))
    return returned


def tables(measured: Measured, plot: str | None = None) -> Findings:
    """Returns all tables on people and their figures; draws the calibration to `plot`."""
    readings = [measurement.reading for measurement in measured.learners]
    pairs = [row for measurement in measured.learners for row in measurement.pairs]
    pieces = [row for measurement in measured.learners for row in measurement.pieces]
    parts = (
        agreement.agreement(readings),
        agreement.calibration(readings, plot),
        verdicts.unscored(readings),
        verdicts.flags(readings),
        verdicts.words(readings),
        gates.other_lines(pairs, pieces),
        stability.stability(measured.copies),
        natives.natives(measured.natives),
    )
    figures = {name: value for part in parts for name, value in part.figures.items()}
    return Findings([table for part in parts for table in part.tables], figures)
