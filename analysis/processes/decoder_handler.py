"""The work of a decoder process: a file of any audio format becomes samples. Imported only by such a process."""

from pathlib import Path
from typing import Final

from analysis.engine import decode
from analysis.failures import FailureCode
from analysis.processes.ipc import Header, Message, MessageType, Send

_FAILURES: Final[dict[type[Exception], FailureCode]] = {
    decode.UndecodableAudioError: FailureCode.AUDIO_UNDECODABLE,
    decode.AudioTooLongError: FailureCode.AUDIO_TOO_LONG,
    decode.AudioEmptyError: FailureCode.AUDIO_EMPTY,
    MemoryError: FailureCode.AUDIO_UNDECODABLE,
}


def handle(request: Header, _: bytes, __: Send) -> Message:
    """Decodes the file at `path`, at most `max_s` seconds; responds with samples (float32, 16 kHz, mono)."""
    try:
        with Path(request["path"]).open("rb") as file:
            decoded = decode.read(file, request["max_s"])
    except tuple(_FAILURES) as error:
        # FFmpeg's errors of memory are a subclass.
        code = next(code for kind, code in _FAILURES.items() if isinstance(error, kind))
        return {"type": MessageType.FAILED, "code": code}, b""
    return {"type": MessageType.DONE, "truncated": decoded.truncated}, decoded.samples.tobytes()
