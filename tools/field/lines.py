"""Reads written lines aloud with synthetic voices, and has the service score them as written.

lines.tsv has the columns kind, line (as subtitles write it) and said (what people say). A line is right where it is
scored with no word omitted and no sound flagged. The voices are held out from every fit.
"""

import csv
import io
import time
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx

from analysis.engine.audio import SAMPLE_RATE, Audio
from analysis.eval.languages.english.voices import find_voice
from tools.field.rows import Row

PART: Final = "lines"
VOICES: Final = ("hibari-heart", "hibari-low")
SHARE: Final = 0.97
"""Lines that must be right, of all; the rest are errors of the voices."""
SHIPPED: Final = Path(__file__).with_name("lines.tsv")
_POLL_S: Final = 0.2
_TIMEOUT_S: Final = 120.0
_LINE_S: Final = 10.0


def check(folder: Path, client: httpx.Client) -> Iterator[Row]:
    """Yields a row for each voice; `client` sends the token of an administrator. Without lines.tsv, ours are read."""
    own = folder / "lines.tsv"
    lines = _read(own if own.exists() else SHIPPED)
    tokens = _make_lines(client, [line for line, _ in lines])
    for voice in VOICES:
        troubles = [
            trouble
            for (line, said), token in zip(lines, tokens, strict=True)
            if (trouble := _trouble(client, token, find_voice(voice).say(said), line))
        ]
        right = len(lines) - len(troubles)
        found = "; ".join([f"{right} of {len(lines)}", *troubles])
        yield Row(PART, voice, f"{SHARE:.0%} without a flag", found, right >= SHARE * len(lines))


def _read(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["line"], row["said"]) for row in rows]


def _make_lines(client: httpx.Client, lines: list[str]) -> list[int]:
    """Makes a script of all lines; returns the ids of their tokens."""
    script = _post(client, "/api/scripts", {"title": "Written lines", "category": "test", "language": "en-US"})
    actor = _post(client, "/api/actors", {"name": f"Reader {time.time_ns()}"})
    place = {"script_id": script["id"], "actor_id": actor["id"], "start_time": 0.0, "end_time": _LINE_S}
    return [int(_post(client, "/api/tokens", {**place, "text": line})["id"]) for line in lines]


def _post(client: httpx.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(path, json=body)
    answer.raise_for_status()
    return dict(answer.json())


def _trouble(client: httpx.Client, token: int, audio: Audio, line: str) -> str:
    """Returns what is wrong with the result of a recording; empty where nothing is."""
    answer = client.post(f"/api/tokens/{token}/upload-audio", files={"audio_file": ("line.wav", _wav(audio))})
    answer.raise_for_status()
    result = _result(client, answer.json()["result_url"])
    if result["attempt_class"] != "scored":
        return f"{line}: {result['attempt_class'] or result['status']}"
    words = result["detailed_feedback"]["words"]
    wrong = [word["text"] for word in words if word["status"] == "omitted" or any(p["flagged"] for p in word["phones"])]
    return f"{line}: {', '.join(wrong)}" if wrong else ""


def _result(client: httpx.Client, url: str) -> dict[str, Any]:
    give_up_at = time.monotonic() + _TIMEOUT_S
    result: dict[str, Any] = client.get(url).json()
    while result["status"] == "processing" and time.monotonic() < give_up_at:
        time.sleep(_POLL_S)
        result = client.get(url).json()
    return result


def _wav(audio: Audio) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        out.writeframes((audio * 32767).astype("<i2").tobytes())
    return buffer.getvalue()
