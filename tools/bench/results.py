"""What a part of the bench has found: tables, targets, pictures."""

from collections.abc import Sequence
from dataclasses import dataclass, field

Cell = str


@dataclass(frozen=True)
class Table:
    """Headings and rows as they are printed, and a sentence on how it was measured."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


@dataclass(frozen=True)
class Target:
    """A goal, and what was measured."""

    what: str
    goal: str
    measured: str
    is_reached: bool


@dataclass
class Findings:
    """Of one part; `pictures` are names of files in docs/images with the text that stands for them."""

    tables: list[Table] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)


def at_least(what: str, measured: float, goal: float, unit: str = "×") -> Target:
    return Target(what, f"≥ {goal:g}{unit}", f"{measured:.3g}{unit}", measured >= goal)


def at_most(what: str, measured: float, goal: float, unit: str) -> Target:
    return Target(what, f"≤ {goal:g}{unit}", f"{measured:.3g}{unit}", measured <= goal)


def ms(seconds: float) -> Cell:
    return f"{1000 * seconds:.3g} ms" if seconds < 0.9995 else f"{seconds:.3g} s"
