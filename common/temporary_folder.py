"""Temporary files that hold what people have sent: gone with their process, also after it was killed.

Each process has a folder of its own in the system's temporary folder, and holds a lock on it. Whoever starts next
deletes the folders whose process has ended without doing so.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import IO

_PREFIX = "yousync-files-"


@contextmanager
def temporary_file() -> Iterator[IO[bytes]]:
    """Yields an empty file with a name that other processes can open; deletes it afterwards."""
    with tempfile.NamedTemporaryFile(dir=open_temporary_folder()) as file:
        yield file


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yields an empty folder; deletes it with its content afterwards."""
    with tempfile.TemporaryDirectory(dir=open_temporary_folder()) as folder:
        yield Path(folder)


def open_temporary_folder() -> Path:
    """Returns this process's folder; makes it at first, and again when somebody has deleted it.

    The first call deletes the folders that killed processes have left. Servers call it when they start, so that what
    was left does not wait for the next upload.
    """
    folder = _open()
    if not folder.exists():
        _open.cache_clear()
        folder = _open()
    return folder


@lru_cache(1)
def _open() -> Path:
    folder, lock = _make_locked()
    atexit.register(_close, folder, lock, os.getpid())
    for left in folder.parent.glob(f"{_PREFIX}*"):
        if left != folder:
            _delete_if_left(left)
    return folder


def _make_locked() -> tuple[Path, int]:
    """Makes a folder and locks it; makes another one when somebody has deleted it before it was locked."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        try:
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            continue
        fcntl.flock(lock, fcntl.LOCK_SH)
        if folder.exists():
            return folder, lock
        os.close(lock)


def _delete_if_left(folder: Path) -> None:
    """Deletes a folder of this user that no process has locked."""
    with suppress(OSError):  # another process's, or deleted meanwhile
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            if os.fstat(lock).st_uid == os.getuid():
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)


def _close(folder: Path, lock: int, owner: int) -> None:
    """Deletes the folder at the end of the process that has made it, not of one that it has forked."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)
