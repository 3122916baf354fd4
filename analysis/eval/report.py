"""Tables, floors and plots: one form for the terminal and for docs/evaluation.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table as RichTable

from analysis.eval.metrics import Estimate


@dataclass(frozen=True)
class Floor:
    """A figure that the engine must reach: at least `least`, or at most `most`."""

    name: str
    value: float
    least: float | None = None
    most: float | None = None

    @property
    def held(self) -> bool:
        """True when the figure is reached; False also when nothing could be measured."""
        if not np.isfinite(self.value):
            return False
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)

    @property
    def demand(self) -> str:
        """The limit as text."""
        return f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}"


@dataclass(frozen=True)
class Table:
    """A table with its title and an explanation of its figures."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    remark: str = ""
    plot: str | None = None


@dataclass
class Section:
    """The tables and floors of one experiment."""

    tables: list[Table]
    floors: list[Floor] = field(default_factory=list)


def figure(estimate: Estimate, digits: int = 3) -> str:
    """Formats a value and its interval."""
    if not np.isfinite(estimate.value):
        return "–"
    if not np.isfinite(estimate.low):
        return f"{estimate.value:.{digits}f}"
    return f"{estimate.value:.{digits}f} [{estimate.low:.{digits}f}, {estimate.high:.{digits}f}]"


def percent(estimate: Estimate, digits: int = 0) -> str:
    """Formats a rate and its interval in percent."""
    if not np.isfinite(estimate.value):
        return "–"
    value, low, high = (f"{100 * part:.{digits}f}" for part in (estimate.value, estimate.low, estimate.high))
    return f"{value} % [{low}, {high}]"


def number(value: float | None, digits: int = 1) -> str:
    """Formats a number with a minus sign, or a dash when it is unknown."""
    return "–" if value is None or not np.isfinite(value) else f"{value:.{digits}f}".replace("-", "−")


def floors_table(floors: Sequence[Floor]) -> Table:
    """Returns the table of all floors."""
    rows = [[floor.name, floor.demand, f"{floor.value:.3f}", "held" if floor.held else "MISSED"] for floor in floors]
    return Table("Floors", ("what", "demanded", "reached", ""), rows)


def show(console: Console, table: Table) -> None:
    """Prints a table on the terminal."""
    drawn = RichTable(title=table.title, caption=table.remark or None, title_justify="left", caption_justify="left")
    for index, column in enumerate(table.columns):
        drawn.add_column(column, justify="left" if index == 0 else "right")
    for row in table.rows:
        drawn.add_row(*row)
    console.print(drawn)


def markdown(table: Table) -> str:
    """Returns a table as a section of the document."""
    head = f"### {table.title}\n\n| {' | '.join(table.columns)} |\n|{'---|' * len(table.columns)}\n"
    body = "".join(f"| {' | '.join(row)} |\n" for row in table.rows)
    remark = f"\n{table.remark}\n" if table.remark else ""
    plot = f"\n![{table.title}](evaluation/{table.plot})\n" if table.plot else ""
    return head + body + remark + plot


def write(path: Path, frame: str, floors: Sequence[Floor], parts: Mapping[str, Sequence[Section]]) -> None:
    """Writes docs/evaluation.md: the frame with {floors}, {misses} and the tables of each part, by its {name}."""
    missed = [floor for floor in floors if not floor.held]
    misses = "".join(f"- **{floor.name}**: {floor.value:.3f}, demanded {floor.demand}.\n" for floor in missed)
    text = frame.replace("{floors}", markdown(floors_table(floors)).split("\n", 2)[2])
    text = text.replace("{misses}", misses or "Every floor was held in this run.\n")
    for name, sections in parts.items():
        tables = "\n".join(markdown(table) for section in sections for table in section.tables)
        text = text.replace(f"{{{name}}}", tables)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
