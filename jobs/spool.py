"""Recordings on local disk between their acceptance and the object store, safe against a crash at any moment."""

import errno
import fcntl
import logging
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from uuid import UUID, uuid4

from botocore.exceptions import BotoCoreError, ClientError

from core.errors import AppError, SpoolFull, SpoolUnavailable
from core.settings import CLUSTER_VARIABLES

log = logging.getLogger("yousync.spool")

# The disk is full, the quota is used up, the file-size limit is reached.
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def spool_error(error: OSError) -> AppError:
    """Returns SpoolFull when the disk has no room, SpoolUnavailable for any other failure; logs it."""
    log.error("a recording could not be written to disk: %s", error.strerror or type(error).__name__)
    return SpoolFull() if error.errno in _NO_ROOM else SpoolUnavailable()


@contextmanager
def disk_errors() -> Iterator[None]:
    """Raises SpoolFull or SpoolUnavailable for an OSError of a local disk; errors of the store pass."""
    try:
        yield
    except (BotoCoreError, ClientError):  # some of them are OSErrors
        raise
    except OSError as error:
        raise spool_error(error) from error


class SpoolLocked(RuntimeError):
    """Another process has locked the folder; the message says what to do."""


class Spool:
    """One file for each job, named by its job_id. The file of a job with a row is complete; a file without a row may be
    a partial one, left by a crash.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.id = self._read_id()

    def lock(self) -> None:
        """Locks the folder for this process until it ends. Raises SpoolLocked."""
        self._lock = os.open(self._folder / "spool.id", os.O_RDONLY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SpoolLocked(
                f"another API server process uses {self._folder}. Several processes need {CLUSTER_VARIABLES}, so that "
                "each receives the progress that is reported to another; without it, start one process (--workers 1)."
            ) from error

    def path(self, job_id: UUID) -> Path:
        return self._folder / str(job_id)

    def write_all(self, sources: Mapping[UUID, IO[bytes]]) -> dict[UUID, Path | AppError]:
        """Copies all sources and flushes them to disk. Returns for each its path, SpoolFull or SpoolUnavailable.

        All are copied before the first is flushed, so that one commit of the file system serves many.
        """
        written: dict[UUID, Path | AppError] = {}
        copies: dict[UUID, IO[bytes]] = {}
        for job_id, source in sources.items():
            with self._recording_errors(job_id, written):
                copies[job_id] = self._copy(job_id, source)
        for job_id, copy in copies.items():
            with self._recording_errors(job_id, written), copy:
                os.fsync(copy.fileno())
                written[job_id] = self.path(job_id)
        try:
            self._flush_folder()
        except OSError as error:
            written = {job_id: self._undo(job_id, error) for job_id in written}
        return written

    def remove(self, job_id: UUID) -> None:
        self.path(job_id).unlink(missing_ok=True)

    def older_than(self, age_s: float) -> Iterator[UUID]:
        """Yields the jobs whose file is older than `age_s`; deletes partial files of earlier releases on the way."""
        limit = time.time() - age_s
        for path in self._folder.iterdir():
            try:
                if path.stat().st_mtime > limit:
                    continue
            except FileNotFoundError:  # stored meanwhile
                continue
            if path.suffix == ".part":
                path.unlink(missing_ok=True)
                continue
            try:
                yield UUID(path.name)
            except ValueError:
                continue

    @contextmanager
    def _recording_errors(self, job_id: UUID, written: dict[UUID, Path | AppError]) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            written[job_id] = self._undo(job_id, error)

    def _copy(self, job_id: UUID, source: IO[bytes]) -> IO[bytes]:
        source.seek(0)
        # Written under its final name: renaming it later would be a second commit of the file system.
        target = self.path(job_id).open("xb")
        try:
            shutil.copyfileobj(source, target, 1 << 20)
            target.flush()
        except BaseException:
            with suppress(OSError):  # close() would try once more to write the same bytes
                target.close()
            raise
        return target

    def _undo(self, job_id: UUID, error: OSError) -> AppError:
        with suppress(OSError):
            self.path(job_id).unlink(missing_ok=True)
        return spool_error(error)

    def _read_id(self) -> UUID:
        """Reads or creates the id of this folder, which tells it from those of other machines."""
        marker = self._folder / "spool.id"
        if not marker.exists():
            fresh = self._folder / f"{uuid4()}.part"
            fresh.write_text(str(uuid4()))
            with suppress(FileExistsError):
                os.link(fresh, marker)
            fresh.unlink()
        return UUID(marker.read_text())

    def _flush_folder(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
