"""Tables on the agreement of scores with raters: correlation by level, and calibration."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from analysis.eval import plots
from analysis.eval.human.findings import Findings
from analysis.eval.human.rows import ReadingRow, by_speaker
from analysis.eval.metrics import Estimate, Pair, grouped, pearson, spearman
from analysis.eval.report import Table, figure, number

LEVELS: Final = ("accuracy", "fluency", "prosodic", "total", "word", "sound")
ONE_RATER: Final = {"accuracy": 0.81, "total": 0.87, "word": 0.73, "sound": 0.70}
"""PCC of one rater with the mean of the other four, from the five raters' marks in speechocean762 (training half)."""
_NAMES: Final = {
    "accuracy": "sentence accuracy (pronunciation score)",
    "fluency": "sentence fluency",
    "prosodic": "sentence prosody",
    "total": "sentence total (overall score)",
    "word": "word accuracy",
    "sound": "sound accuracy",
}
_BINS: Final = 10
_CALIBRATED: Final = ("accuracy", "fluency", "prosodic", "total")
_PLOTTED: Final = ("total", "accuracy")


def pairs(reading: ReadingRow, level: str) -> list[Pair]:
    """Returns rating and score of each item of a level; none where the engine does not measure it."""
    if level == "word":
        return [(word.rating, word.score) for word in reading.words]
    if level == "sound":
        return [(sound.rating, sound.score) for word in reading.words for sound in word.sounds]
    if level not in reading.ratings or level not in reading.scores:
        return []
    return [(reading.ratings[level], reading.scores[level] or 0.0)]


def agreement(readings: Sequence[ReadingRow]) -> Findings:
    """Returns PCC and Spearman by level, with unscored recordings as 0 and without them."""
    scored = [reading for reading in readings if reading.scored]
    correlations = {level: _correlations(readings, level) for level in LEVELS}
    rows = [_row(level, correlations[level], level) for level in LEVELS]
    rows += [_row(f"{level}, scored recordings", _correlations(scored, level), level) for level in LEVELS]
    remark = (
        "Unscored recordings count as 0 at every level, in the lower half they are left out; an omitted word and its "
        "sounds count as 0. Intervals resample speakers. One rater: PCC of a rater with the mean of the other four. "
        f"{_unmatched(readings)} recordings could not be matched word by word."
    )
    columns = ("level", "count", "PCC", "Spearman", "one rater")
    values = {f"learners, {level}: PCC": own[0].value for level, own in correlations.items()}
    return Findings([Table("Agreement with five raters", columns, rows, remark)], values)


def _unmatched(readings: Sequence[ReadingRow]) -> int:
    return sum(not reading.words for reading in readings)


def _correlations(readings: Sequence[ReadingRow], level: str) -> tuple[Estimate, Estimate, int]:
    """Returns PCC, Spearman and the number of items."""
    groups = [[pair for reading in own for pair in pairs(reading, level)] for own in by_speaker(readings)]
    return grouped(groups, pearson), grouped(groups, spearman), sum(map(len, groups))


def _row(name: str, correlations: tuple[Estimate, Estimate, int], level: str) -> list[str]:
    pcc, ranked, count = correlations
    return [
        name.replace(level, _NAMES[level], 1),
        str(count),
        figure(pcc),
        figure(ranked),
        number(ONE_RATER.get(level), 2),
    ]


def calibration(readings: Sequence[ReadingRow], plot: str | None) -> Findings:
    """Returns mean ratings by bins of the score, and the distance between score and rating; draws them to `plot`."""
    scored = [reading for reading in readings if reading.scored]
    found = {level: [pair for reading in scored for pair in pairs(reading, level)] for level in _PLOTTED}
    drawn = plots.calibration(plot, {level: _curve(own) for level, own in found.items()}) if plot else None
    rows = [[f"{low}–{low + 100 // _BINS}", *_bin_cells(found, low)] for low in range(0, 100, 100 // _BINS)]
    columns = ("score", *(text for level in _PLOTTED for text in (f"{level}: recordings", "10 × mean rating")))
    remark = "Scored recordings, by bins of the overall score (total) and of the pronunciation score (accuracy)."
    distances = {level: _distances(scored, level) for level in _CALIBRATED}
    return Findings(
        [Table("Calibration", columns, rows, remark, drawn), _distance_table(distances)],
        {f"learners, {level}: mean distance to 10 × rating": own[0].value for level, own in distances.items()},
    )


def _bin_of(score: float) -> int:
    """Returns the lower edge of the bin of a score; 100 falls into the last bin."""
    width = 100 // _BINS
    return min(int(score // width) * width, 100 - width)


def _bin_cells(found: dict[str, list[Pair]], low: int) -> list[str]:
    cells = []
    for own in found.values():
        ratings = [10 * rating for rating, score in own if _bin_of(score) == low]
        cells += [str(len(ratings)), number(float(np.mean(ratings)) if ratings else None)]
    return cells


def _curve(own: Sequence[Pair]) -> tuple[list[float], list[float]]:
    """Returns mean score and 10 × mean rating of each bin that holds something."""
    x, y = [], []
    for low in range(0, 100, 100 // _BINS):
        inside = [pair for pair in own if _bin_of(pair[1]) == low]
        if inside:
            x.append(float(np.mean([score for _, score in inside])))
            y.append(float(np.mean([10 * rating for rating, _ in inside])))
    return x, y


def _distances(readings: Sequence[ReadingRow], level: str) -> tuple[Estimate, Estimate]:
    """Returns the mean absolute and the mean signed difference, score − 10 × rating."""
    groups = [[pair for reading in own for pair in pairs(reading, level)] for own in by_speaker(readings)]
    return (
        grouped(groups, lambda rated, score: float(np.mean(np.abs(np.subtract(score, np.multiply(rated, 10)))))),
        grouped(groups, lambda rated, score: float(np.mean(np.subtract(score, np.multiply(rated, 10))))),
    )


def _distance_table(distances: dict[str, tuple[Estimate, Estimate]]) -> Table:
    rows = [
        [_NAMES[level], figure(absolute, 1), figure(signed, 1).replace("-", "−")]
        for level, (absolute, signed) in distances.items()
    ]
    columns = ("level", "mean absolute difference", "mean difference")
    return Table("Distance between score and 10 × rating", columns, rows, "In points of 100; scored recordings.")
