"""What may be taken as audio. The bytes decide, never a name or a header; parsing happens in another process."""

import logging
import multiprocessing
import os
import resource
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import Literal, TypeVar

from errors import AppError, AudioEmpty, AudioTooLarge, AudioTooLong, AudioTypeUnsupported, AudioUndecodable
from settings import MAX_AUDIO_BYTES, MAX_AUDIO_S

log = logging.getLogger("yousync.audio")

Result = TypeVar("Result")
Finding = Literal["ok", "empty", "too_long", "undecodable", "unsupported"]

_CODECS = ("aac", "alac", "flac", "mp3", "mp3float", "opus", "libopus", "vorbis", "libvorbis")
_PROBE_TIMEOUT_S = 15
_PROBE_MEMORY_BYTES = 1 << 30
_PROCESSES = 2


@dataclass(frozen=True, slots=True)
class AudioType:
    extension: str
    content_type: str


def sniff(head: bytes) -> AudioType | None:
    """The container that the first 16 bytes announce; None when it is none of those we take."""
    match head:
        case _ if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
            return AudioType("wav", "audio/wav")
        case _ if head[:4] == b"fLaC":
            return AudioType("flac", "audio/flac")
        case _ if head[:4] == b"OggS":
            return AudioType("ogg", "audio/ogg")
        case _ if head[:4] == b"\x1a\x45\xdf\xa3":
            return AudioType("webm", "audio/webm")
        case _ if head[4:8] == b"ftyp":
            return AudioType("m4a", "audio/mp4")
        case _ if head[:1] == b"\xff" and head[1:2] and head[1] & 0xF6 == 0xF0:
            return AudioType("aac", "audio/aac")
        case _ if head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] and head[1] & 0xE6 in (0xE2, 0xE4, 0xE6)):
            return AudioType("mp3", "audio/mpeg")
    return None


def run_apart(work: Callable[..., Result], *arguments: object, timeout_s: float) -> Result | None:
    """Has another process do it, with limits on memory and time; None when it failed, crashed or took too long."""
    pool = _make_pool(1)
    try:
        return pool.submit(work, *arguments).result(timeout=timeout_s)
    except Exception as error:
        log.info("%s in a process of its own: %s", getattr(work, "__name__", "work"), type(error).__name__)
        return None
    finally:
        _kill(pool)


class AudioChecker:
    """Checks recordings in a few processes of its own: what a hostile file can crash or fill is only those."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool = _make_pool()

    def warm_up(self) -> None:
        for future in [self._pool.submit(_import_decoder) for _ in range(_PROCESSES)]:
            future.result(timeout=60)

    def check(self, path: Path) -> AudioType:
        """The type of a complete recording of at most 50 MiB and 120 s; blocks for some milliseconds.

        Raises AudioEmpty, AudioTooLarge, AudioTypeUnsupported, AudioTooLong or AudioUndecodable.
        """
        size = path.stat().st_size
        if size == 0:
            raise AudioEmpty
        if size > MAX_AUDIO_BYTES:
            raise AudioTooLarge
        with path.open("rb") as file:
            kind = sniff(file.read(16))
        if kind is None:
            raise AudioTypeUnsupported
        if error := _ERRORS.get(self._probe(path)):
            raise error
        return kind

    def _probe(self, path: Path) -> Finding:
        pool = self._pool
        try:
            return pool.submit(_probe, str(path)).result(timeout=_PROBE_TIMEOUT_S)
        except (BrokenProcessPool, FutureTimeout):
            self._replace(pool)
            return "undecodable"

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                self._pool = _make_pool()
                _kill(broken)

    def close(self) -> None:
        _kill(self._pool)


_ERRORS: dict[Finding, type[AppError]] = {
    "empty": AudioEmpty,
    "too_long": AudioTooLong,
    "undecodable": AudioUndecodable,
    "unsupported": AudioTypeUnsupported,
}


def _make_pool(processes: int = _PROCESSES) -> ProcessPoolExecutor:
    # spawn: a fork of a process with threads and database connections would inherit both.
    return ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _limit_this_process)


def _kill(pool: ProcessPoolExecutor) -> None:
    for process in list((pool._processes or {}).values()):
        process.kill()
    pool.shutdown(cancel_futures=True)


def _limit_this_process() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_PROBE_MEMORY_BYTES, _PROBE_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
    os._exit(1)


def _import_decoder() -> None:
    import av  # noqa: F401


def _probe(path: str) -> Finding:
    """Reads every packet and decodes the first ones; stops as soon as the audio is known to be too long."""
    import av
    from av.error import FFmpegError

    try:
        with av.open(path, metadata_errors="ignore") as container:
            if not container.streams.audio:
                return "unsupported"
            stream = container.streams.audio[0]
            # None when FFmpeg has no decoder, as for a WAV file of 0 bits per sample.
            name = stream.codec_context.name if stream.codec_context else ""
            if name not in _CODECS and not name.startswith("pcm_"):
                return "unsupported"
            return _measure(container, stream)
    except (FFmpegError, ValueError, MemoryError, EOFError):
        return "undecodable"


def _measure(container: "object", stream: "object") -> Finding:
    from av.error import FFmpegError

    seconds, samples, packets = 0.0, 0, 0
    for packet in container.demux(stream):  # type: ignore[attr-defined]
        if packet.size == 0:
            continue
        packets += 1
        if packets <= 8 or not packet.duration:
            try:
                samples += sum(frame.samples for frame in packet.decode())
            except FFmpegError:
                continue
        if packet.duration:
            seconds += float(packet.duration * packet.time_base)
        decoded_s = samples / stream.codec_context.sample_rate if samples else 0.0  # type: ignore[attr-defined]
        if max(seconds, decoded_s) > MAX_AUDIO_S:
            return "too_long"
    if packets == 0:
        return "empty"
    return "ok" if samples else "undecodable"
