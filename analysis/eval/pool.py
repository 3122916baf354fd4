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
        with Progress(*columns, console=self._console) as progress:
            task = progress.add_task(name, total=len(questions))
            for future in as_completed(futures):
                answers[futures[future]] = future.result()
                progress.advance(task)
        if not self._console.is_terminal:
            self._console.print(f"{name}: {len(questions)} done", highlight=False)
        return answers
