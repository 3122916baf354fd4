"""Decides which recordings are accepted. The bytes decide, never a name or a header; other processes parse them."""

import io
import json
import os
import wave
from collections.abc import Sequence
from pathlib import Path

from core.audio_formats import CODECS, HEAD_BYTES, AudioType, sniff
from core.errors import AppError, AudioEmpty, AudioTooLarge, AudioTooLong, AudioTypeUnsupported, AudioUndecodable
from core.settings import MAX_AUDIO_BYTES, MAX_AUDIO_S
from media.probe_pool import ProbePool

_WAV_HEAD_BYTES, _PLAIN_CHANNELS, _PLAIN_SAMPLE_BYTES = 4096, 8, 4
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
                unsure[len(results)] = _probe_request(path, result)
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
    return sniff(head[:HEAD_BYTES]) or AudioTypeUnsupported(), _is_plain_wav(head, size)


def _is_plain_wav(head: bytes, size: int) -> bool:
    """Returns whether the header announces PCM samples, as many as the file holds, and an accepted length: then no
    other process needs to look. So few bytes can be read here without danger.
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


def _probe_request(path: Path, audio_type: AudioType) -> bytes:
    request = {"path": os.fspath(path), "extension": audio_type.extension, "codecs": CODECS, "max_s": MAX_AUDIO_S}
    return json.dumps(request).encode()
