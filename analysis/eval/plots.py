"""The plots of docs/evaluation.md, by matplotlib, which only the evaluation needs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import matplotlib
import numpy as np
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "evaluation"
_DARK, _LIGHT, _WARM = "#2457a6", "#c9d6ea", "#c46a1b"
_METADATA: Final = {"Software": None}


def roc(name: str, curves: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> str:
    """Plots hits over false alarms; each curve from the scores of wrong and right sounds. Returns the file's name."""
    figure, axes = _canvas("false alarms (right sounds below the threshold)", "hits (wrong sounds below it)")
    for label, (wrong, right) in curves.items():
        thresholds = np.unique(np.concatenate([wrong, right, [101.0]]))
        low, high = np.sort(wrong), np.sort(right)
        hits = np.searchsorted(low, thresholds, side="left") / max(len(low), 1)
        alarms = np.searchsorted(high, thresholds, side="left") / max(len(high), 1)
        axes.plot(alarms, hits, label=label, lw=2)
    axes.axvline(0.02, color="grey", ls=":", lw=1)
    axes.set_xlim(-0.005, 0.3)
    axes.set_ylim(0, 1.01)
    axes.legend(loc="lower right", frameon=False)
    return _save(figure, name)


def dots(name: str, x: Sequence[float], y: Sequence[float], x_label: str, y_label: str) -> str:
    """Plots one dot per rendition, with the mean of each step. Returns the file's name."""
    figure, axes = _canvas(x_label, y_label)
    jitter = np.random.default_rng(0).uniform(-0.15, 0.15, len(x))
    axes.plot(np.asarray(x) + jitter, y, ".", color=_LIGHT)
    steps = np.unique(x)
    axes.plot(steps, [np.mean(np.asarray(y)[np.asarray(x) == step]) for step in steps], "o-", color=_DARK, lw=2)
    return _save(figure, name)


def bars(name: str, labels: Sequence[str], values: Sequence[float], x_label: str) -> str:
    """Plots one bar per row, the first on top. Returns the file's name."""
    figure, axes = _canvas(x_label, "", height=0.8 + 0.26 * len(labels))
    axes.barh(range(len(labels)), values, color=_DARK, height=0.65)
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()
    return _save(figure, name)


def calibration(name: str, curves: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> str:
    """Plots mean rating × 10 over mean score, a curve for each kind of score. Returns the file's name."""
    figure, axes = _canvas("score, mean of a bin", "10 × rating, mean of the same recordings")
    axes.plot([0, 100], [0, 100], color="grey", ls=":", lw=1)
    for (label, (x, y)), colour in zip(curves.items(), (_DARK, _WARM), strict=False):
        axes.plot(x, y, "o-", label=label, color=colour, lw=2)
    axes.set_xlim(0, 101)
    axes.set_ylim(0, 101)
    axes.legend(loc="upper left", frameon=False)
    return _save(figure, name)


def _canvas(x_label: str, y_label: str, height: float = 4.0) -> tuple[Figure, Axes]:
    matplotlib.use("Agg")
    figure, axes = pyplot.subplots(figsize=(6.5, height), layout="constrained")
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    return figure, axes


def _save(figure: Figure, name: str) -> str:
    FOLDER.mkdir(parents=True, exist_ok=True)
    figure.savefig(FOLDER / name, dpi=110, metadata=_METADATA)
    pyplot.close(figure)
    return name
