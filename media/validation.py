"""Decides which recordings are accepted. The bytes decide, never a name or a header; other processes parse them."""

import io
import json
import os
from collections.abc import Sequence
from pathlib import Path

from common.audio import mpeg, riff
from core.audio_formats import CODECS, HEAD_BYTES, AudioType, find_behind_junk, sniff
from core.errors import AppError, AudioEmpty, AudioTooLarge, AudioTooLong, AudioTypeUnsupported, AudioUndecodable
from core.settings import MAX_AUDIO_BYTES, MAX_AUDIO_S
from media.probe_pool import ProbePool

_WAV_HEAD_BYTES, _PLAIN_CHANNELS = 4096, 8
# Replies of media/audio_probe.py; any other, and none at all, counts as undecodable.
_ERRORS: dict[bytes, type[AppError] | None] = {
    b"ok": None,
    b"empty": AudioEmpty,
    b"too_long": AudioTooLong,
    b"undecodable": AudioUndecodable,
    b"unsupported": AudioTypeUnsupported,
}


class AudioChecker:
    """Checks recordings in a few other processes: a hostile file can crash or fill only those."""

    def __init__(self) -> None:
        self._pool = ProbePool()

    @property
    def pids(self) -> set[int]:
        return self._pool.pids

    def warm_up(self) -> None:
        """Starts the processes, which otherwise start with the first recordings."""
        self._pool.warm_up()

    def check(self, path: Path) -> AudioType:
        """Returns the type of a complete recording of at most 50 MiB and 120 s; blocks for some milliseconds.

        Raises AudioEmpty, AudioTooLarge, AudioTypeUnsupported, AudioTooLong or AudioUndecodable.
        """
        found = self.check_all([path])[0]
        if isinstance(found, AppError):
            raise found
        return found

    def check_all(self, paths: Sequence[Path]) -> list[AudioType | AppError]:
        """Returns for each recording its type, or what `check` raises. None affects another."""
        results: list[AudioType | AppError] = []
        unsure: dict[int, bytes] = {}
        for path in paths:
            result, is_sure = _check_head(path)
            if isinstance(result, AudioType) and not is_sure:
                unsure[len(results)] = _probe_request(path)
            results.append(result)
        for index, reply in zip(unsure, self._pool.probe_all(list(unsure.values())), strict=True):
            if error := _ERRORS.get(reply or b"undecodable", AudioUndecodable):
                results[index] = error()
        return results

    def close(self) -> None:
        self._pool.close()


def _check_head(path: Path) -> tuple[AudioType | AppError, bool]:
    """Returns the type that the first bytes announce, or the error, and whether that is final."""
    size = path.stat().st_size
    if size == 0:
        return AudioEmpty(), True
    if size > MAX_AUDIO_BYTES:
        return AudioTooLarge(), True
    with path.open("rb") as file:
        head = file.read(_WAV_HEAD_BYTES)
        kind = sniff(head[:HEAD_BYTES]) or find_behind_junk(head + file.read(mpeg.SEARCHED_BYTES - len(head)))
    return kind or AudioTypeUnsupported(), _is_plain_wav(head, size)


def _is_plain_wav(head: bytes, size: int) -> bool:
    """Returns whether the header announces PCM samples, as many as the file holds, and an accepted length: then no
    other process needs to look. So few bytes can be read here without danger.
    """
    if head[:4] != b"RIFF":
        return False
    try:
        wav = riff.read_header(io.BytesIO(head), size)
    except riff.OddSamplesError:
        return False
    if wav is None or not wav.is_pcm or not wav.has_length:
        return False
    if wav.channels > _PLAIN_CHANNELS or wav.rate_hz > riff.MAX_RATE_HZ:
        return False
    end = wav.data_start + wav.data_bytes
    frames = wav.data_bytes // wav.frame_bytes
    return end <= min(size, int.from_bytes(head[4:8], "little") + 8) and 0 < frames <= MAX_AUDIO_S * wav.rate_hz


def _probe_request(path: Path) -> bytes:
    request = {"path": os.fspath(path), "codecs": CODECS, "max_s": MAX_AUDIO_S}
    return json.dumps(request).encode()
