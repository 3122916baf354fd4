"""Keeps measurements on disk, so that an interrupted or repeated fit does not measure again."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from joblib import Memory

import common
from analysis import engine
from analysis.eval import contrasts, corpus, gate_samples, rating_samples, signals

# The engine, and the opening of audio and the readings of lines that it uses.
_MEASURING: Final = (Path(str(engine.__file__)).parent, Path(str(common.__file__)).parent)
_AFTER_MEASURING: Final = frozenset({"rating.py", "rating_network.py"})


def stored(trial: Callable[..., Any]) -> Callable[..., Any]:
    """Returns the trial with its answers kept by arguments and by the sources that measure."""
    place = corpus.ROOT / ".data" / "eval" / "measured" / _digest()
    return Memory(place, verbose=0).cache(trial)  # type: ignore[no-any-return]


def _digest() -> str:
    modules = (contrasts, gate_samples, rating_samples, signals)
    sources = (path for folder in _MEASURING for path in folder.rglob("*.py"))
    paths = [path for path in sources if path.name not in _AFTER_MEASURING]
    paths += [Path(str(module.__file__)) for module in modules]
    text = hashlib.sha256()
    for path in sorted(paths):
        text.update(path.read_bytes())
    return text.hexdigest()[:12]
