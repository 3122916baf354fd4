"""A child process: `python -m analysis.processes.child ROLE PARENT_PID MEMORY_BYTES`.

ROLE is `decoder` (opens untrusted files: small, no models, hard limits) or `engine` (holds the models). It reads
requests from stdin and responds on stdout until stdin closes; it dies with its parent, even after kill -9.
"""

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path
from typing import BinaryIO, Final

from analysis.processes import ipc
from analysis.processes.ipc import Handler, Header, MessageType, Role

_PR_SET_PDEATHSIG: Final = 1
# Half a minute of samples. The C library keeps what a longer request used unless it is told to return it.
_LARGE_REQUEST_BYTES: Final = 30 * 16_000 * 4


def main(role: Role, parent_pid: int, memory_bytes: int) -> int:
    """Serves requests until the parent closes the pipe."""
    requests, responses = _take_over_pipes()
    _die_with_parent(parent_pid)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    handle = _create_handler(role)

    def send(header: Header, blob: bytes = b"") -> None:
        responses.write(ipc.pack(header, blob))
        responses.flush()

    send({"type": MessageType.READY})
    while (request := ipc.read(requests)) is not None:
        send({"type": MessageType.RECEIVED})
        send(*handle(*request, send))
        if len(request[1]) > _LARGE_REQUEST_BYTES:
            _return_freed_memory()
    return 0


def _create_handler(role: Role) -> Handler:
    """Imports only what the role needs: a decoder process loads no models, an engine process no FFmpeg."""
    if role == Role.DECODER:
        from analysis.processes.decoder_handler import handle

        return handle
    from analysis.processes.engine_handler import create_handler

    return create_handler()


def _take_over_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Returns private copies of stdin and stdout. Output that a library prints goes to stderr, not into a response."""
    requests, responses = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    return requests, responses


def _die_with_parent(parent_pid: int) -> None:
    """Ignores Ctrl-C, which the parent handles, and ends when the parent dies.

    Linux sends SIGKILL at once; elsewhere the closed pipe ends the process.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        raise SystemExit(1)


def _return_freed_memory() -> None:
    """Returns freed memory to the system, where the C library can (glibc)."""
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        library.malloc_trim(0)


if __name__ == "__main__":
    sys.exit(main(Role(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
