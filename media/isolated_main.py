"""Entry point of a process that opens strangers' files: `python -I isolated_main.py SCRIPT PARENT_PID MEMORY_BYTES`.

SCRIPT is a file beside this one that defines `handle(request: bytes) -> bytes`. Requests come over stdin, a socket;
replies go back over it. A message is its length, four bytes in network order, and its content. The first reply is
`ready`. This file imports nothing of ours, and a SCRIPT only `common`: no other package of ours can be imported.
"""

import ctypes
import importlib.util
import os
import resource
import runpy
import signal
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

READY = b"ready"
_LENGTH = struct.Struct("!I")
_PR_SET_PDEATHSIG = 1


def main(script: str, parent_pid: int, memory_bytes: int) -> int:
    """Answers requests until the parent closes its end of the socket."""
    requests, replies = _take_over_stdin()
    _end_with_parent(parent_pid)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    _make_importable("common", Path(__file__).resolve().parent.parent / "common")
    handle: Callable[[bytes], bytes] = runpy.run_path(script)["handle"]
    _send(replies, READY)
    while header := requests.read(_LENGTH.size):
        _send(replies, handle(requests.read(*_LENGTH.unpack(header))))
    return 0


def _make_importable(name: str, folder: Path) -> None:
    """Imports the package in `folder`, whose modules can then be imported, and none beside it."""
    init = folder / "__init__.py"
    spec = importlib.util.spec_from_file_location(name, init, submodule_search_locations=[str(folder)])
    assert spec and spec.loader
    sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])


def _take_over_stdin() -> tuple[BinaryIO, BinaryIO]:
    """Returns private copies of the socket; stdin becomes /dev/null, and the parent has set stdout to stderr, so that
    nothing a library reads or prints can garble a message.
    """
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(0), "wb")
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    return requests, replies


def _end_with_parent(parent_pid: int) -> None:
    """Leaves Ctrl-C to the parent. Ends with it, even after kill -9: on Linux at once, elsewhere at the next read."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        raise SystemExit(1)


def _send(replies: BinaryIO, content: bytes) -> None:
    replies.write(_LENGTH.pack(len(content)) + content)
    replies.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
