"""Runs the bench's questions in a few processes, in order, with progress shown."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Pool:
    """A few fresh processes, each with an engine of its own."""

    def __init__(self, processes: int, console: Console) -> None:
        self._executor = ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))
        self._console = console

    def __enter__(self) -> "Pool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown(cancel_futures=True)

    def run(self, name: str, function: Callable[..., Any], questions: Sequence[Sequence[Any]]) -> list[Any]:
        """The answers in the order of the questions."""
        futures = {self._executor.submit(function, *question): at for at, question in enumerate(questions)}
        answers: list[Any] = [None] * len(questions)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._console, disable=not self._console.is_terminal) as progress:
            task = progress.add_task(name, total=len(questions))
            for done, future in enumerate(as_completed(futures), 1):
                answers[futures[future]] = future.result()
                progress.advance(task)
                if not self._console.is_terminal and done in _milestones(len(questions)):
                    self._console.print(f"{name}: {done} of {len(questions)}", highlight=False)
        return answers


def _milestones(count: int) -> set[int]:
    """A quarter, half, three quarters, all: enough to see in a log that it moves."""
    return {count * part // 4 for part in (1, 2, 3, 4)}
