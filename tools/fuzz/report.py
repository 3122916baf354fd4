"""What an attack found, and the table at the end."""

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
class Outcome:
    """One attack: how many cases it sent, what went wrong, and what else is worth knowing."""

    name: str
    cases: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    notes: str = ""


def timed(attack: Callable[[], Outcome]) -> Outcome:
    began = time.monotonic()
    outcome = attack()
    outcome.seconds = time.monotonic() - began
    return outcome


def within(items: Iterable[Item], count: int, seconds: float, label: str) -> Iterator[Item]:
    """At most `count` items, and none after `seconds`; a bar shows how far it is."""
    give_up_at = time.monotonic() + seconds
    shown = track(zip(range(count), items, strict=False), label, total=count, disable=not sys.stderr.isatty())
    for number, item in shown:
        if time.monotonic() > give_up_at:
            break
        if not sys.stderr.isatty() and number and number % 1000 == 0:
            sys.stderr.write(f"{label}: {number} of {count}\n")
        yield item


def print_table(outcomes: list[Outcome]) -> None:
    console = Console(width=120)
    table = Table("attack", "cases", "seconds", "faults", "notes")
    for outcome in outcomes:
        table.add_row(
            outcome.name, str(outcome.cases), f"{outcome.seconds:.0f}", str(len(outcome.faults)), outcome.notes
        )
    console.print(table)
    for outcome in outcomes:
        for fault in outcome.faults[:_SHOWN]:
            console.print(f"{outcome.name}: {fault}", markup=False)


def exceptions_in(log: str) -> list[str]:
    """No request, however hostile, may end in an exception that nobody expected."""
    _, found, rest = log.partition("Traceback")
    return [f"the server logged an exception: {rest[-1500:]}"] if found else []
