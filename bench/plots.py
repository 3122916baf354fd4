"""Pictures of what was measured, for docs/images."""

from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt

from bench.listeners import Heard
from tests.stack import ROOT

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
