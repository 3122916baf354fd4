"""The floors on the shipped part of the rated learners and on native readings, in one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analysis.eval.report import Floor


@dataclass(frozen=True)
class Limit:
    """The least or the greatest value that a figure may have."""

    least: float | None = None
    most: float | None = None


LIMITS: Final[dict[str, Limit]] = {
    "learners, accuracy: PCC": Limit(least=0.78),
    "learners, fluency: PCC": Limit(least=0.82),
    "learners, total: PCC": Limit(least=0.80),
    "learners, word: PCC": Limit(least=0.55),
    "learners, sound: PCC": Limit(least=0.55),
    "learners, genuine readings unscored": Limit(most=0.02),
    "learners, unscored of those rated ≥ 6": Limit(most=0.01),
    "learners, another line scored": Limit(most=0.005),
    "learners, right sounds flagged": Limit(most=0.003),
    "learners, wrong sounds flagged": Limit(least=0.2),
    "learners, words rated ≥ 9.5: not “good”": Limit(most=0.08),
    "learners, words rated < 6: “good”": Limit(most=0.2),
    "native readings scored with an overall score ≥ 90": Limit(least=0.95),
    "native readings: words with a flag": Limit(most=0.01),
}
"""Name of a figure → its limit."""


def floors(figures: Mapping[str, float]) -> list[Floor]:
    """Returns the floors with the figures reached. Raises KeyError for a limit on a figure that is not measured."""
    return [Floor(name, figures[name], limit.least, limit.most) for name, limit in LIMITS.items()]
