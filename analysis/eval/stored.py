"""Keeps measurements on disk, so that an interrupted or repeated fit does not measure again."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from joblib import Memory

from analysis import engine
from analysis.eval import contrasts, corpus, gate_samples, rating_samples, signals

_ENGINE: Final = Path(str(engine.__file__)).parent
_AFTER_MEASURING: Final = frozenset({"rating.py", "rating_network.py"})


def stored(trial: Callable[..., Any]) -> Callable[..., Any]:
    """Returns the trial with its answers kept by arguments and by the sources of the engine and of the samples."""
    place = corpus.ROOT / ".data" / "eval" / "measured" / _digest()
    return Memory(place, verbose=0).cache(trial)  # type: ignore[no-any-return]


def _digest() -> str:
    modules = (contrasts, gate_samples, rating_samples, signals)
    paths = [path for path in _ENGINE.rglob("*.py") if path.name not in _AFTER_MEASURING]
    paths += [Path(str(module.__file__)) for module in modules]
    text = hashlib.sha256()
    for path in sorted(paths):
        text.update(path.read_bytes())
    return text.hexdigest()[:12]
