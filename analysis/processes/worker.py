"""A worker process: `python -m analysis.processes.worker ROLE PARENT_PID MEMORY_BYTES`.

ROLE is `decoder` (opens strangers' files: small, no models, hard limits) or `engine` (holds the models). It reads
requests from stdin and answers on stdout until stdin closes; it dies with its parent, even after kill -9.
"""

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np

from analysis.processes import ipc
from analysis.processes.ipc import Header

Answer = tuple[Header, bytes]
Send = Callable[[Header], None]
_PR_SET_PDEATHSIG = 1
# Half a minute of samples; what it took stays with the process otherwise.
_LONG_BYTES = 30 * 16_000 * 4


def main(role: str, parent: int, memory: int) -> int:
    """Serves requests until the parent closes the pipe."""
    requests, answers = _take_over_pipes()
    _follow_parent(parent)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    handle = _decoder() if role == "decoder" else _engine()

    def send(header: Header, blob: bytes = b"") -> None:
        answers.write(ipc.pack(header, blob))
        answers.flush()

    send({"type": "ready"})
    while (request := ipc.read(requests)) is not None:
        send({"type": "taken"})
        send(*handle(*request, send))
        if len(request[1]) > _LONG_BYTES:
            _give_back_memory()
    return 0


def _take_over_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Private copies of stdin and stdout; what a library prints goes to stderr and cannot garble an answer."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    return requests, answers


def _follow_parent(parent: int) -> None:
    """Ctrl-C is the parent's to answer; its death is ours (Linux tells us at once, elsewhere the pipe does)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(1)


def _give_back_memory() -> None:
    """Returns freed memory to the system, where the C library can (glibc)."""
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        library.malloc_trim(0)


def _decoder() -> Callable[[Header, bytes, Send], Answer]:
    from analysis.engine import decode

    failures = {
        decode.UndecodableAudioError: "audio_undecodable",
        decode.AudioTooLongError: "audio_too_long",
        decode.AudioEmptyError: "audio_empty",
        MemoryError: "audio_undecodable",
    }

    def handle(request: Header, _: bytes, __: Send) -> Answer:
        try:
            with Path(request["path"]).open("rb") as file:
                found = decode.read(file, request["max_s"])
        except tuple(failures) as error:
            return {"type": "failed", "code": failures[type(error)]}, b""
        return {"type": "done", "truncated": found.truncated}, found.samples.tobytes()

    return handle


def _engine() -> Callable[[Header, bytes, Send], Answer]:
    from analysis.engine.assessment import add_note
    from analysis.engine.engine import Engine, UnreadableTextError, UnusableReferenceError
    from analysis.engine.languages.registry import PROFILES, profile_for
    from analysis.engine.result import ReferenceFeatures

    engines = {profile.tag: Engine(profile) for profile in PROFILES}
    for engine in engines.values():
        engine.warm_up()

    def handle(request: Header, blob: bytes, send: Send) -> Answer:
        samples = np.frombuffer(blob, dtype=np.float32)
        engine = engines[profile_for(request["language"]).tag]
        try:
            if request["op"] == "features":
                features = engine.features(samples, request["text"])
                return {"type": "done"}, features.model_dump_json().encode()
            stored = request["reference"]
            reference = ReferenceFeatures.model_validate_json(stored) if stored else None

            def report(stage: str, progress: int) -> None:
                send({"type": "progress", "stage": stage, "progress": progress})

            truncated = bool(request["truncated"])
            result = engine.analyze(samples, request["text"], reference, report, truncated=truncated)
        except UnreadableTextError:
            return {"type": "failed", "code": "text_unreadable"}, b""
        except UnusableReferenceError:
            return {"type": "failed", "code": "reference_unusable"}, b""
        for note in request["notes"]:
            result = add_note(result, note)
        return {"type": "done"}, result.model_dump_json().encode()

    return handle


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
