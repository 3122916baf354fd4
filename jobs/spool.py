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

from core.errors import AppError, SpoolFull, SpoolUnavailable

log = logging.getLogger("yousync.spool")

# The disk is full, the quota is used up, the file-size limit is reached.
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def spool_error(error: OSError) -> AppError:
    """SpoolFull when there is no room on the disk, SpoolUnavailable for whatever else is wrong with it."""
    log.error("a recording could not be written to disk: %s", error.strerror or type(error).__name__)
    return SpoolFull() if error.errno in _NO_ROOM else SpoolUnavailable()


class SpoolHeld(RuntimeError):
    """Another process holds the folder; the message says what to do."""


class Spool:
    """One file per job, named by its job_id. One that a job's row tells of is complete; of what has no row, a crash may
    have left a half behind.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.id = self._read_id()

    def hold(self) -> None:
        """Takes the folder for this process alone, until it ends. Raises SpoolHeld."""
        self._hold = os.open(self._folder / "spool.id", os.O_RDONLY)
        try:
            fcntl.flock(self._hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SpoolHeld(
                f"another API server process works with {self._folder}. Several processes need REDIS_URL, so that what "
                "one hears of a job reaches the listeners of all; without it, start one process (--workers 1)."
            ) from error

    def path(self, job_id: UUID) -> Path:
        return self._folder / str(job_id)

    def write_all(self, sources: Mapping[UUID, IO[bytes]]) -> dict[UUID, Path | AppError]:
        """Copies each and flushes all to disk; for each where it lies now, or SpoolFull when it finds no room, or
        SpoolUnavailable.

        All are copied before the first is flushed: one commit of the file system does for many.
        """
        written: dict[UUID, Path | AppError] = {}
        copies: dict[UUID, IO[bytes]] = {}
        for job_id, source in sources.items():
            with self._noting(job_id, written):
                copies[job_id] = self._copy(job_id, source)
        for job_id, copy in copies.items():
            with self._noting(job_id, written), copy:
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
        """Jobs whose file is older than `age_s`; drops what an earlier release has not finished on the way."""
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
    def _noting(self, job_id: UUID, written: dict[UUID, Path | AppError]) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            written[job_id] = self._undo(job_id, error)

    def _copy(self, job_id: UUID, source: IO[bytes]) -> IO[bytes]:
        source.seek(0)
        # Under its name at once: to rename what is on disk already would be a second commit of the file system.
        target = self.path(job_id).open("xb")
        try:
            shutil.copyfileobj(source, target, 1 << 20)
            target.flush()
        except BaseException:
            with suppress(OSError):  # what could not be written cannot be written now
                target.close()
            raise
        return target

    def _undo(self, job_id: UUID, error: OSError) -> AppError:
        with suppress(OSError):
            self.path(job_id).unlink(missing_ok=True)
        return spool_error(error)

    def _read_id(self) -> UUID:
        """Tells this folder from those of other machines: only its own machine can store what lies in it."""
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
