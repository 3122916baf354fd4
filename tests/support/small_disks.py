"""Small file systems for tests of full disks."""

import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOM_BYTES = 1 << 20


@contextmanager
def small_disk(folder: Path, room_bytes: int = ROOM_BYTES) -> Iterator[bool]:
    """Mounts a file system of `room_bytes` at `folder`; yields False when this user may not mount."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={room_bytes}", "tmpfs", str(folder)]
    is_mounted = bool(shutil.which("mount")) and subprocess.run(words, capture_output=True).returncode == 0
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def file_size_limit(pid: int = 0) -> Iterator[None]:
    """Limits the file size of a process to ROOM_BYTES, where nothing can be mounted."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (ROOM_BYTES, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def filled(folder: Path) -> Iterator[Callable[[], None]]:
    """Fills the file system of `folder`; yields a function that frees the space again."""
    filler = folder / "filler"

    def give_back() -> None:
        filler.unlink(missing_ok=True)

    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass
    try:
        yield give_back
    finally:
        give_back()
