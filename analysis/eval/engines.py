"""The engine of a process of the evaluation, and the classes of attempts that get scores."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from analysis.engine.engine import Engine
from analysis.engine.languages.english.profile import ENGLISH


@lru_cache(maxsize=2)
def engine_with(model: str | None = None) -> Engine:
    """Returns the engine of this process with the rating model at this path, or with the one that ships.

    Keeps the two used last: a fold after another needs no more memory.
    """
    return Engine(ENGLISH if model is None else replace(ENGLISH, rating_model=Path(model)))


def is_scored(attempt_class: str) -> bool:
    """Returns True for the classes of attempts that get scores."""
    return attempt_class in {"scored", "incomplete"}
