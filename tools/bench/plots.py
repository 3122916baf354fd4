"""Pictures of what was measured, for docs/images."""

from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt

from tests.support.server_processes import ROOT
from tools.bench.listeners import Heard
from tools.bench.queue_simulation import Waited, quantile

_IMAGES = ROOT / "docs" / "images"
mpl.use("Agg")


def latencies(name: str, heard: Mapping[str, Heard]) -> tuple[str, str]:
    """The share of events that were heard within so many milliseconds."""
    figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
    for form, one in heard.items():
        ordered = 1000 * np.sort(one.latencies_s)
        axes.plot(ordered, np.arange(1, len(ordered) + 1) / max(1, len(ordered)), label=form.strip("*"))
    axes.set_xscale("log")
    axes.set_xlabel("ms from report to listener")
    axes.set_ylabel("share heard")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(_IMAGES / name, dpi=110)
    plt.close(figure)
    return name, "Share of events heard within so many milliseconds of the report"


def growth(name: str, growths: Mapping[str, list[tuple[int, float]]]) -> tuple[str, str]:
    """Each cost against what grows, on logarithmic scales, with the power that fits it."""
    figure, all_axes = plt.subplots(1, len(growths), figsize=(10, 3.3), layout="constrained")
    for axes, (what, points) in zip(all_axes, growths.items(), strict=True):
        x, y = np.array(points).T
        slope, start = np.polyfit(np.log(x), np.log(y), 1)
        axes.loglog(x, y, "o")
        axes.loglog(x, np.exp(start) * x**slope, "--", label=f"x^{slope:.2f}")
        axes.set_xlabel(what.partition(": ")[0])
        axes.set_title(what.partition(": ")[2], fontsize=10)
        axes.set_ylim(y.min() / 3, y.max() * 3)
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(_IMAGES / name, dpi=110)
    plt.close(figure)
    return name, "CPU of my page by results, of a list by learners, and lists a second by processes"


def waits(name: str, found: Mapping[str, list[Waited]]) -> str:
    """How long 95 % of the first attempts wait at most, by how busy the workers are, for numbers of learners a day."""
    figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
    for learners, runs in found.items():
        p95 = [quantile(waited.first_s, 0.95) for waited in runs]
        axes.plot([100 * waited.busy for waited in runs], p95, "o-", label=learners)
    axes.set_yscale("symlog", linthresh=0.1)
    axes.axhline(3.0, color="grey", linestyle=":")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("% of the workers' time at the peak that is work")
    axes.set_ylabel("s that 95 % wait at most")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(_IMAGES / name, dpi=110)
    plt.close(figure)
    return name
