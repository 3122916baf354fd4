"""The sound of a scene's lines, cut by another process: the file comes from outside."""

import json
import logging
from collections.abc import Sequence
from pathlib import Path

from common.audio.cut import Cut, waveform_path
from media.isolated_process import IsolatedProcess, ProcessFailed

log = logging.getLogger("yousync.audio")

_SCRIPT = Path(__file__).with_name("clip_cutting.py")


class TrackMissing(ValueError):
    """The file has `count` tracks with sound, fewer than the number that was asked for."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def clip_path(folder: Path, place: int) -> Path:
    """Returns the file of the line at an index."""
    return folder / f"{place}.flac"


def read_waveform(folder: Path) -> bytes:
    """Returns the waveform that `cut_clips` has left in a folder: WAVEFORM_HZ peaks a second, one byte each."""
    return waveform_path(folder).read_bytes()


def cut_clips(
    media: Path,
    times_s: Sequence[tuple[float, float]],
    folder: Path,
    *,
    language: str | None = None,
    track: int | None = None,
    is_whole: bool = True,
    timeout_s: float,
) -> Cut | None:
    """Writes the sound between each pair of times to folder/0.flac, folder/1.flac, …; returns None when there is no
    sound, or when the process failed, crashed or took too long. Blocks.

    Of several tracks, `track` counts from 1; without it the one in `language` (a tag) is taken, else the default one.
    `read_waveform` then returns the waveform; unless `is_whole`, only up to the last of the times.
    Raises TrackMissing.
    """
    asked = {
        "media": str(media),
        "times_s": times_s,
        "folder": str(folder),
        "language": language,
        "track": track,
        "is_whole": is_whole,
    }
    process = IsolatedProcess(_SCRIPT)
    try:
        process.wait_ready()
        process.send(json.dumps(asked).encode(), timeout_s)
        reply = json.loads(process.receive(timeout_s))
    except ProcessFailed as error:
        log.info("clips could not be cut: %s", error)
        return None
    finally:
        process.close()
    if reply["tracks"] is not None:
        raise TrackMissing(reply["tracks"])
    return Cut(**reply["cut"]) if reply["cut"] else None
