"""The sound of a scene's lines, cut by another process: the file comes from outside."""

import json
import logging
from collections.abc import Sequence
from pathlib import Path

from media.isolated_process import IsolatedProcess, ProcessFailed

log = logging.getLogger("yousync.audio")

_SCRIPT = Path(__file__).with_name("clip_cutting.py")


def cut_clips(media: Path, times_s: Sequence[tuple[float, float]], folder: Path, *, timeout_s: float) -> float | None:
    """Writes the sound between each pair of times to folder/0.flac, folder/1.flac, … and returns the length of all the
    sound in seconds; None when there is none, or when the process failed, crashed or took too long. Blocks.
    """
    request = json.dumps({"media": str(media), "times_s": times_s, "folder": str(folder)}).encode()
    process = IsolatedProcess(_SCRIPT)
    try:
        process.wait_ready()
        process.send(request, timeout_s)
        length_s: float | None = json.loads(process.receive(timeout_s))
    except ProcessFailed as error:
        log.info("clips could not be cut: %s", error)
        return None
    finally:
        process.close()
    return length_s
