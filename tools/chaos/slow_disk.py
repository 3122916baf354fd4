"""A PostgreSQL whose fsync is as slow as on a busy or failing disk, by a library that is compiled for the run."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from local.embedded import EmbeddedPostgres

_SOURCE = Path(__file__).with_name("slow_fsync.c")


class SlowFsync:
    """The time that each fsync of a process waits first, which the process reads at each of them."""

    def __init__(self, folder: Path) -> None:
        """Compiles the library in `folder`; without a C compiler, or outside Linux, `is_available` is False."""
        library, self._file = folder / "slow_fsync.so", folder / "slow_fsync.ms"
        self._file.write_text("0\n")
        compiler = shutil.which("cc")
        command = [compiler or "cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(_SOURCE), "-ldl"]
        self.is_available = compiler is not None and subprocess.run(command, capture_output=True).returncode == 0
        self.environment = {"LD_PRELOAD": str(library), "SLOW_FSYNC_FILE": str(self._file)} if self.is_available else {}

    @contextmanager
    def slower_by(self, wait_ms: int) -> Iterator[None]:
        """Makes each fsync wait while the block runs."""
        self._file.write_text(f"{wait_ms}\n")
        try:
            yield
        finally:
            self._file.write_text("0\n")


class PreloadedPostgres(EmbeddedPostgres):
    """A PostgreSQL that runs with more environment variables."""

    def __init__(self, data_dir: Path, environment: Mapping[str, str]) -> None:
        # Not on its own disk, which may be full.
        super().__init__(data_dir, log_path=data_dir.with_name(f"{data_dir.name}.log"))
        self._added = dict(environment)

    def _environment(self) -> dict[str, str]:
        return super()._environment() | self._added
