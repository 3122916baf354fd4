"""Imports media files with a subtitle a second, and listens to the sound that was cut for each.

A media file of `media` in expected.json holds a tone of 300 + 40·k Hz in second k: the sound of second k must hold it.
Of the kind "gap", seconds may be silent; "not silent" asks for any sound.
"""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import av
import httpx
import numpy as np
import soundfile

from common.audio.tracks import MEDIA
from tools.field.rows import Row

PART: Final = "media"
_BASE_HZ, _STEP_HZ, _TOLERANCE_HZ = 300.0, 40.0, 15.0
_FROM_S, _TO_S = 0.2, 0.8
_SILENT_RMS: Final = 1e-3
_WORDS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def check(folder: Path, admin: httpx.Client) -> Iterator[Row]:
    """Yields a row for each media file; `admin` sends the token of an administrator."""
    for entry in json.loads((folder / "expected.json").read_text(encoding="utf-8")).get("media", []):
        path = folder / PART / entry["file"]
        yield _judge(entry["file"], entry["kind"], path, admin)


def _judge(name: str, kind: str, path: Path, admin: httpx.Client) -> Row:
    expected = "sound in all seconds" if kind == "not silent" else "the tone of each second"
    seconds = range(min(_length_s(path), len(_WORDS)))
    files = {"subtitle_file": _subtitles(seconds), "media_file": path.read_bytes()}
    form = {"title": f"Field report: {name}", "category": "field", "language": "en-US"}
    answer = admin.post("/api/scripts/import", data=form, files=files, timeout=180)
    if answer.status_code != 201:
        return Row(PART, name, expected, f"{answer.status_code} {answer.json().get('code')}", False)
    script = answer.json()
    heard = [_heard_hz(admin, token["id"]) for token in script["tokens"]]
    admin.delete(f"/api/scripts/{script['id']}")
    right = [_is_right(kind, second, hertz) for second, hertz in zip(seconds, heard, strict=True)]
    shown = ", ".join("silence" if hertz is None else f"{hertz:.0f}" for hertz in heard)
    return Row(PART, name, expected, f"{sum(right)} of {len(right)} s: {shown} Hz", all(right) and any(heard))


def _is_right(kind: str, second: int, hertz: float | None) -> bool:
    if hertz is None:
        return kind == "gap"
    return kind == "not silent" or abs(hertz - _BASE_HZ - _STEP_HZ * second) <= _TOLERANCE_HZ


def _length_s(path: Path) -> int:
    with av.open(str(path), options={"format_whitelist": MEDIA}, metadata_errors="ignore") as container:
        return int((container.duration or 0) / av.time_base)


def _subtitles(seconds: range) -> bytes:
    def stamp(at_s: float) -> str:
        return f"00:00:{int(at_s):02},{round(at_s % 1 * 1000):03}"

    cues = (
        f"{second + 1}\n{stamp(second + _FROM_S)} --> {stamp(second + _TO_S)}\nNumber {_WORDS[second]}.\n"
        for second in seconds
    )
    return "\n".join(cues).encode()


def _heard_hz(admin: httpx.Client, token_id: int) -> float | None:
    """Returns the strongest frequency of a line's sound, None for silence."""
    answer = admin.get(f"/api/tokens/{token_id}/audio", follow_redirects=True)
    samples: np.ndarray[Any, Any]
    samples, rate_hz = soundfile.read(io.BytesIO(answer.content), dtype="float64")
    if not len(samples) or np.sqrt(np.mean(np.square(samples))) < _SILENT_RMS:
        return None
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate_hz / len(samples))
