"""The reports of attacks, and the table at the end."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from rich.console import Console
from rich.progress import track
from rich.table import Table

Item = TypeVar("Item")
_SHOWN = 20


@dataclass
class AttackReport:
    """One attack: the number of cases, the faults that it found, and notes."""

    name: str
    cases: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    notes: str = ""


def run_timed(attack: Callable[[], AttackReport]) -> AttackReport:
    started_at = time.monotonic()
    report = attack()
    report.seconds = time.monotonic() - started_at
    return report


def within(items: Iterable[Item], count: int, seconds: float, label: str) -> Iterator[Item]:
    """Yields at most `count` items, and none after `seconds`, with a progress bar."""
    deadline = time.monotonic() + seconds
    shown = track(zip(range(count), items, strict=False), label, total=count, disable=not sys.stderr.isatty())
    for number, item in shown:
        if time.monotonic() > deadline:
            break
        if not sys.stderr.isatty() and number and number % 1000 == 0:
            sys.stderr.write(f"{label}: {number} of {count}\n")
        yield item


def print_table(reports: list[AttackReport]) -> None:
    """Prints a row for each attack, then the first faults of each."""
    console = Console(width=120)
    table = Table("attack", "cases", "seconds", "faults", "notes")
    for report in reports:
        table.add_row(report.name, str(report.cases), f"{report.seconds:.0f}", str(len(report.faults)), report.notes)
    console.print(table)
    for report in reports:
        for fault in report.faults[:_SHOWN]:
            console.print(f"{report.name}: {fault}", markup=False)


def exceptions_in(log: str) -> list[str]:
    """The first traceback in a server log as a fault: no request may end in an unexpected exception."""
    _, found, rest = log.partition("Traceback")
    return [f"the server logged an exception: {rest[:3000]}"] if found else []
