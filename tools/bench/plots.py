"""Charts of measurements, for docs/images."""

from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt

from core.settings import ROOT
from tools.bench.queue_simulation import WaitTimes, quantile
from tools.bench.stream_client import Delivery

_IMAGES = ROOT / "docs" / "images"
mpl.use("Agg")


def latencies(name: str, deliveries: Mapping[str, Delivery]) -> tuple[str, str]:
    """Plots the distribution of delivery times by server; returns file name and alternative text."""
    figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
    for server, delivery in deliveries.items():
        ordered = 1000 * np.sort(delivery.latencies_s)
        axes.plot(ordered, np.arange(1, len(ordered) + 1) / max(1, len(ordered)), label=server.strip("*"))
    axes.set_xscale("log")
    axes.set_xlabel("ms from report to event")
    axes.set_ylabel("share delivered")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(_IMAGES / name, dpi=110)
    plt.close(figure)
    return name, "Share of events delivered by milliseconds since the report"


def growth(name: str, growths: Mapping[str, list[tuple[int, float]]]) -> tuple[str, str]:
    """Plots each cost against its driver, with the fitted power; returns file name and alternative text."""
    figure, all_axes = plt.subplots(1, len(growths), figsize=(10, 3.3), layout="constrained")
    for axes, (subject, points) in zip(all_axes, growths.items(), strict=True):
        x, y = np.array(points).T
        slope, start = np.polyfit(np.log(x), np.log(y), 1)
        axes.loglog(x, y, "o")
        axes.loglog(x, np.exp(start) * x**slope, "--", label=f"x^{slope:.2f}")
        axes.set_xlabel(subject.partition(": ")[0])
        axes.set_title(subject.partition(": ")[2], fontsize=10)
        axes.set_ylim(y.min() / 3, y.max() * 3)
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(_IMAGES / name, dpi=110)
    plt.close(figure)
    return name, "CPU of my page by results, CPU of a list by learners, and lists per second by processes"


def waits(name: str, plans: Mapping[str, list[WaitTimes]]) -> str:
    """Plots the 95th percentile of the waiting time of first attempts against the utilisation of the workers."""
    figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
    for learners, runs in plans.items():
        p95 = [quantile(times.first_s, 0.95) for times in runs]
        axes.plot([100 * times.busy for times in runs], p95, "o-", label=learners)
    axes.set_yscale("symlog", linthresh=0.1)
    axes.axhline(3.0, color="grey", linestyle=":")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("% of the workers' time that is busy at the peak")
    axes.set_ylabel("s, 95th percentile of the wait")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(_IMAGES / name, dpi=110)
    plt.close(figure)
    return name
