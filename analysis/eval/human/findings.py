"""The form in which each group of tables on people returns what it found."""

from dataclasses import dataclass

from analysis.eval.report import Table


@dataclass(frozen=True)
class Findings:
    """Tables, and the figures that floors may be set on, by name."""

    tables: list[Table]
    figures: dict[str, float]
