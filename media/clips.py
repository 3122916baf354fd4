"""The sound of a scene's lines, cut by another process: the file comes from outside."""

import json
import logging
from collections.abc import Sequence
from pathlib import Path

from media.isolated_process import IsolatedProcess, ProcessFailed

log = logging.getLogger("yousync.audio")

_SCRIPT = Path(__file__).with_name("clip_cutting.py")


class TrackMissing(ValueError):
    """The file has `count` tracks with sound, fewer than the number that was asked for."""

    def __init__(self, count: int) -> None:
        super().__init__(f"the file has {count} audio track{'s' * (count != 1)}")
        self.count = count


def cut_clips(
    media: Path,
    times_s: Sequence[tuple[float, float]],
    folder: Path,
    *,
    language: str | None = None,
    track: int | None = None,
    timeout_s: float,
) -> float | None:
    """Writes the sound between each pair of times to folder/0.flac, folder/1.flac, … and returns the length of all the
    sound in seconds; None when there is none, or when the process failed, crashed or took too long. Blocks.

    Of several tracks, `track` counts from 1; without it the one in `language` (a tag) is taken, else the default one.
    Raises TrackMissing.
    """
    asked = {"media": str(media), "times_s": times_s, "folder": str(folder), "language": language, "track": track}
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
    length_s: float | None = reply["length_s"]
    return length_s
