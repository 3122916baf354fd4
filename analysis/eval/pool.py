"""Runs the trials of the evaluation in several processes and shows progress."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class TrialPool:
    """Processes with an engine each; `with` ends them."""

    def __init__(self, processes: int, console: Console) -> None:
        self._executor = ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))
        self._console = console

    def __enter__(self) -> "TrialPool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown(cancel_futures=True)

    def run(self, name: str, trial: Callable[..., Any], arguments: Sequence[Sequence[Any]]) -> list[Any]:
        """Calls `trial` with each of the arguments, and returns what it returned, in the same order."""
        futures = {self._executor.submit(trial, *chosen): at for at, chosen in enumerate(arguments)}
        returned: list[Any] = [None] * len(arguments)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._console, disable=not self._console.is_terminal) as progress:
            bar = progress.add_task(name, total=len(arguments))
            for done, future in enumerate(as_completed(futures), 1):
                returned[futures[future]] = future.result()
                progress.advance(bar)
                if not self._console.is_terminal and done in _milestones(len(arguments)):
                    self._console.print(f"{name}: {done} of {len(arguments)}", highlight=False)
        return returned


def _milestones(count: int) -> set[int]:
    """Returns a quarter, half, three quarters, and all: enough to see progress in a log."""
    return {count * part // 4 for part in (1, 2, 3, 4)}
