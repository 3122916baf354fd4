"""A wrong time for one process, by libfaketime (development only: its licence is the GPL)."""

from importlib.util import find_spec
from pathlib import Path

_SPEC = find_spec("libfaketime")
_LIBRARIES = [] if _SPEC is None or _SPEC.origin is None else list(Path(_SPEC.origin).parent.rglob("libfaketime.so.1"))
IS_AVAILABLE = bool(_LIBRARIES)
"""False where the library is not built: it is for Linux."""


class WrongClock:
    """A process's time, as an offset to the real one that is read at each use."""

    def __init__(self, file: Path, offset: str = "+10m", *, is_cached: bool = False) -> None:
        """`file` keeps the offset while the process runs.

        is_cached: the process reads it once a second and not at each use, which takes 25 µs.
        """
        self._file = file
        self.set(offset)
        self.environment = {
            "LD_PRELOAD": str(_LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            **({"FAKETIME_CACHE_DURATION": "1"} if is_cached else {"FAKETIME_NO_CACHE": "1"}),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def set(self, offset: str) -> None:
        """Changes the time at once, e.g. to `-10m` or `+0`."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{offset}\n")
        new.replace(self._file)
