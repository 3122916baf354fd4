"""The results of one section of the bench: tables, goals, charts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

Cell = str


@dataclass(frozen=True)
class Table:
    """Headings and rows as they are printed, and a note on how they were measured."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


@dataclass(frozen=True)
class Goal:
    """A figure that the service should reach, and the measured one."""

    subject: str
    limit: str
    measured: str
    is_met: bool


@dataclass
class SectionResults:
    """Results of one section; `charts` are files in docs/images with their alternative texts."""

    tables: list[Table] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    charts: list[tuple[str, str]] = field(default_factory=list)


def at_least(subject: str, measured: float, limit: float, unit: str = "×") -> Goal:
    return Goal(subject, f"≥ {limit:g}{unit}", f"{measured:.3g}{unit}", measured >= limit)


def at_most(subject: str, measured: float, limit: float, unit: str) -> Goal:
    return Goal(subject, f"≤ {limit:g}{unit}", f"{measured:.3g}{unit}", measured <= limit)


def ms(seconds: float) -> Cell:
    """A duration to three digits: in milliseconds below a second, else in seconds."""
    return f"{1000 * seconds:.3g} ms" if seconds < 0.9995 else f"{seconds:.3g} s"
