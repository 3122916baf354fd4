"""What may be taken as audio. The bytes decide, never a name or a header; parsing happens in another process."""

import io
import logging
import multiprocessing
import os
import resource
import signal
import threading
import wave
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from queue import SimpleQueue
from typing import Literal, TypeVar, get_args

from core.errors import AppError, AudioEmpty, AudioTooLarge, AudioTooLong, AudioTypeUnsupported, AudioUndecodable
from core.settings import MAX_AUDIO_BYTES, MAX_AUDIO_S

log = logging.getLogger("yousync.audio")

Result = TypeVar("Result")
Finding = Literal["ok", "empty", "too_long", "undecodable", "unsupported"]

_CODECS = ("aac", "alac", "flac", "mp3", "mp3float", "opus", "libopus", "vorbis", "libvorbis")
# The header of a WAV file says all; FFmpeg would look through most of its samples for more.
_OPTIONS = {"wav": {"probesize": "4096"}}
_HEAD_BYTES, _PLAIN_CHANNELS, _PLAIN_SAMPLE_BYTES = 4096, 8, 4
_PROBE_TIMEOUT_S = 15
_START_TIMEOUT_S = 60
_READY, _LONGEST_WORD = "ready", 32
# spawn: a fork of a process with threads and database connections would inherit both.
_CONTEXT = multiprocessing.get_context("spawn")
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


def _look_at_head(path: Path) -> tuple[AudioType | AppError, bool]:
    """The type that the first bytes announce, and whether that is sure; or what is wrong."""
    size = path.stat().st_size
    if size == 0:
        return AudioEmpty(), True
    if size > MAX_AUDIO_BYTES:
        return AudioTooLarge(), True
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    return sniff(head[:16]) or AudioTypeUnsupported(), _is_plain_wav(head, size)


def _is_plain_wav(head: bytes, size: int) -> bool:
    """Whether the header tells of PCM samples, as many as the file has, and of a length that we take: no other process
    needs to look. Of so few bytes this one can read the header itself.
    """
    file = io.BytesIO(head)
    try:
        with wave.open(file) as wav:
            frame_bytes = wav.getnchannels() * wav.getsampwidth()
            return bool(
                wav.getnchannels() <= _PLAIN_CHANNELS
                and wav.getsampwidth() <= _PLAIN_SAMPLE_BYTES
                and 0 < wav.getnframes() <= MAX_AUDIO_S * wav.getframerate()
                and file.tell() + wav.getnframes() * frame_bytes <= size
            )
    except (wave.Error, EOFError, RuntimeError):  # the last one for sizes that lead out of the file
        return False


def run_apart(work: Callable[..., Result], *arguments: object, timeout_s: float) -> Result | None:
    """Has another process do it, with limits on memory and time; None when it failed, crashed or took too long."""
    pool = ProcessPoolExecutor(1, _CONTEXT, _limit_this_process)
    try:
        return pool.submit(work, *arguments).result(timeout=timeout_s)
    except Exception as error:
        log.info("%s in a process of its own: %s", getattr(work, "__name__", "work"), type(error).__name__)
        return None
    finally:
        for process in list((pool._processes or {}).values()):
            process.kill()
        pool.shutdown(cancel_futures=True)


class AudioChecker:
    """Checks recordings in a few processes of its own: what a hostile file can crash or fill is only those."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_closed = False
        self._probers: set[_Prober] = set()
        self._idle: SimpleQueue[_Prober | None] = SimpleQueue()
        for _ in range(_PROCESSES):
            self._idle.put(None)

    @property
    def pids(self) -> set[int]:
        return {prober.pid for prober in self._probers}

    def warm_up(self) -> None:
        """Starts the processes, which otherwise start with the first recordings."""
        probers = [self._idle.get() or self._replace(None) for _ in range(_PROCESSES)]
        for prober in probers:
            prober.wait_ready()
            self._idle.put(prober)

    def check(self, path: Path) -> AudioType:
        """The type of a complete recording of at most 50 MiB and 120 s; blocks for some milliseconds.

        Raises AudioEmpty, AudioTooLarge, AudioTypeUnsupported, AudioTooLong or AudioUndecodable.
        """
        found = self.check_all([path])[0]
        if isinstance(found, AppError):
            raise found
        return found

    def check_all(self, paths: Sequence[Path]) -> list[AudioType | AppError]:
        """For each recording its type, or what `check` raises. None disturbs another."""
        found: list[AudioType | AppError] = []
        unsure: dict[int, tuple[Path, AudioType]] = {}
        for path in paths:
            kind, is_sure = _look_at_head(path)
            if isinstance(kind, AudioType) and not is_sure:
                unsure[len(found)] = path, kind
            found.append(kind)
        for place, finding in zip(unsure, self._probe(list(unsure.values())), strict=True):
            if error := _ERRORS.get(finding):
                found[place] = error()
        return found

    def _probe(self, asked: Sequence[tuple[Path, AudioType]]) -> list[Finding]:
        findings: list[Finding] = []
        if not asked:
            return findings
        prober = self._idle.get()
        try:
            while len(findings) < len(asked):
                if prober is None or not prober.is_alive:
                    prober = self._replace(prober)
                findings += prober.look(asked[len(findings) :])
                if len(findings) < len(asked):
                    findings.append("undecodable")
                    prober = self._replace(prober)
            return findings
        finally:
            self._idle.put(prober)

    def _replace(self, prober: "_Prober | None") -> "_Prober":
        with self._lock:
            if prober:
                prober.kill()
                self._probers = self._probers - {prober}
            if self._is_closed:
                raise RuntimeError("recordings are not looked into any more")
            fresh = _Prober()
            self._probers = self._probers | {fresh}
            return fresh

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            for prober in self._probers:
                prober.kill()


class _Prober:
    """A process that looks into one recording at a time. What it says is a word, which we know or do not."""

    def __init__(self) -> None:
        self._pipe, end = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(end,), daemon=True)
        self._process.start()
        end.close()
        self._is_ready = False

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    def wait_ready(self) -> None:
        """Raises RuntimeError when the process cannot start."""
        if not self._is_ready:
            if self._hear(_START_TIMEOUT_S) != _READY:
                raise RuntimeError("the process that looks into recordings does not start")
            self._is_ready = True

    def look(self, asked: Sequence[tuple[Path, AudioType]]) -> list[Finding]:
        """What is in each recording, up to the first that the process does not survive, or that takes it too long."""
        self.wait_ready()
        findings: list[Finding] = []
        try:
            self._pipe.send_bytes("\0".join(f"{kind.extension} {path}" for path, kind in asked).encode())
        except OSError:
            return findings
        for _ in asked:
            said = self._hear(_PROBE_TIMEOUT_S)
            finding = next((known for known in get_args(Finding) if known == said), None)
            if finding is None:
                break
            findings.append(finding)
        return findings

    def kill(self) -> None:
        self._process.kill()
        self._process.join()

    def _hear(self, timeout_s: float) -> str | None:
        try:
            if not self._pipe.poll(timeout_s):
                return None
            return self._pipe.recv_bytes(_LONGEST_WORD).decode("ascii", "replace")
        except (EOFError, OSError):
            return None


def _serve(pipe: "Connection[bytes, bytes]") -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_this_process()
    import av  # noqa: F401

    pipe.send_bytes(_READY.encode())
    with suppress(EOFError):
        while True:
            for asked in pipe.recv_bytes().decode().split("\0"):
                extension, _, path = asked.partition(" ")
                pipe.send_bytes(_probe(path, extension).encode())


_ERRORS: dict[Finding, type[AppError]] = {
    "empty": AudioEmpty,
    "too_long": AudioTooLong,
    "undecodable": AudioUndecodable,
    "unsupported": AudioTypeUnsupported,
}


def _limit_this_process() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_PROBE_MEMORY_BYTES, _PROBE_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
    os._exit(1)


def _probe(path: str, extension: str) -> Finding:
    """Reads every packet and decodes the first ones, until it is known whether the audio is too long."""
    import av
    from av.error import FFmpegError

    try:
        with av.open(path, metadata_errors="ignore", options=_OPTIONS.get(extension)) as container:
            if not container.streams.audio:
                return "unsupported"
            stream = container.streams.audio[0]
            # None when FFmpeg has no decoder, as for a WAV file of 0 bits per sample.
            name = stream.codec_context.name if stream.codec_context else ""
            if name not in _CODECS and not name.startswith("pcm_"):
                return "unsupported"
            return _measure(container, stream, has_steady_rate=name.startswith("pcm_"))
    except (FFmpegError, ValueError, MemoryError, EOFError):
        return "undecodable"


def _measure(container: "object", stream: "object", *, has_steady_rate: bool) -> Finding:
    from av.error import FFmpegError

    ticks, samples, packets, decoded_bytes = 0, 0, 0, 0
    tick_s = float(stream.time_base or 0)  # type: ignore[attr-defined]
    for packet in container.demux(stream):  # type: ignore[attr-defined]
        if packet.size == 0:
            continue
        packets += 1
        if packets <= 8 or not packet.duration:
            try:
                samples += sum(frame.samples for frame in packet.decode())
                decoded_bytes += packet.size
            except FFmpegError:
                continue
        ticks += packet.duration or 0
        decoded_s = samples / stream.codec_context.sample_rate if samples else 0.0  # type: ignore[attr-defined]
        if max(ticks * tick_s, decoded_s) > MAX_AUDIO_S:
            return "too_long"
        if has_steady_rate and samples and decoded_s * container.size <= MAX_AUDIO_S * decoded_bytes:  # type: ignore[attr-defined]
            return "ok"
    if packets == 0:
        return "empty"
    return "ok" if samples else "undecodable"
