"""Scenes to import: subtitles, and the requests that send them."""

import io
import json
import uuid
from typing import Any

import httpx
import numpy as np
import soundfile

from core.settings import ROOT
from media.clip_cutting import RATE_HZ
from tests.support.factories import Learner

SCENE = json.loads((ROOT / "catalogue" / "scenes" / "late-coffee.json").read_text(encoding="utf-8"))
LINES = SCENE["lines"][:4]
SAMPLE_HZ = 16_000


def stamp(seconds: float, point: str = ",") -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{point}{rest % 1000:03}"


def srt() -> bytes:
    cues = []
    for number, line in enumerate(LINES, 1):
        times = f"{stamp(line['start_s'])} --> {stamp(line['end_s'])}"
        cues.append(f"{number}\n{times}\n{line['actor'].split()[0].upper()}: {line['text']}\n")
    return "\n".join(cues).encode()


def cues(*texts: str) -> bytes:
    """SRT with one cue every second, each 0.9 s long."""
    return "\n".join(
        f"{number}\n{stamp(number - 1)} --> {stamp(number - 0.1)}\n{text}\n" for number, text in enumerate(texts, 1)
    ).encode()


def send(client: httpx.Client, who: Learner, subtitles: bytes, media: bytes, **fields: str) -> httpx.Response:
    files = {"subtitle_file": ("scene.srt", subtitles), "media_file": ("scene", media)}
    data = {"title": f"Scene {uuid.uuid4().hex}", "category": "test", **fields}
    return client.post("/api/scripts/import", files=files, data=data, headers=who.headers, timeout=60)


def heard(client: httpx.Client, token_id: int, who: Learner) -> np.ndarray[Any, Any]:
    audio = client.get(f"/api/tokens/{token_id}/audio", headers=who.headers)
    audio = httpx.get(audio.headers["location"])
    assert audio.headers["content-type"] == "audio/flac"
    found, rate = soundfile.read(io.BytesIO(audio.content), dtype="float64")
    assert rate == RATE_HZ
    return np.asarray(found)


def problem_of(answer: httpx.Response) -> tuple[list[str], str]:
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    return error["loc"], error["msg"]
