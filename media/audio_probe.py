"""Probes one recording after another, in a process of its own (see isolated_main.py). Imports nothing of ours."""

import json
from typing import Any

import av
from av.error import FFmpegError

# The header of a WAV file says all; FFmpeg would look through most of its samples for more.
_OPTIONS = {"wav": {"probesize": "4096"}}
_PACKETS_DECODED = 8


def handle(request: bytes) -> bytes:
    """Answers `ok`, `empty`, `too_long`, `undecodable` or `unsupported`.

    The request is JSON: `path`, `extension` (of the format that the first bytes announce), `codecs` (those accepted,
    by FFmpeg's names; one that ends in `_` stands for all that begin so), `max_s` (the longest recording, in seconds).
    """
    asked = json.loads(request)
    return probe(asked["path"], asked["extension"], asked["codecs"], asked["max_s"]).encode()


def probe(path: str, extension: str, codecs: list[str], max_s: float) -> str:
    """Reads every packet and decodes the first ones, until it is known whether the audio is too long."""
    try:
        with av.open(path, metadata_errors="ignore", options=_OPTIONS.get(extension)) as container:
            if not container.streams.audio:
                return "unsupported"
            stream = container.streams.audio[0]
            # None when FFmpeg has no decoder, as for a WAV file of 0 bits per sample.
            codec = stream.codec_context.name if stream.codec_context else ""
            if not _is_accepted(codec, codecs):
                return "unsupported"
            return _measure(container, stream, max_s, has_steady_rate=codec.startswith("pcm_"))
    except (FFmpegError, ValueError, MemoryError, EOFError):
        return "undecodable"


def _is_accepted(codec: str, accepted: list[str]) -> bool:
    return any(codec == one or (one.endswith("_") and codec.startswith(one)) for one in accepted)


def _measure(container: Any, stream: Any, max_s: float, *, has_steady_rate: bool) -> str:
    """Adds up what packets say of their length and what the decoded ones hold; the longer of both counts."""
    ticks, samples, packets, decoded_bytes = 0, 0, 0, 0
    tick_s = float(stream.time_base or 0)
    for packet in container.demux(stream):
        if packet.size == 0:
            continue
        packets += 1
        if packets <= _PACKETS_DECODED or not packet.duration:
            try:
                samples += sum(frame.samples for frame in packet.decode())
                decoded_bytes += packet.size
            except FFmpegError:
                continue
        ticks += packet.duration or 0
        decoded_s = samples / stream.codec_context.sample_rate if samples else 0.0
        if max(ticks * tick_s, decoded_s) > max_s:
            return "too_long"
        if has_steady_rate and samples and decoded_s * container.size <= max_s * decoded_bytes:
            return "ok"
    if packets == 0:
        return "empty"
    return "ok" if samples else "undecodable"
