"""Scenes to import: subtitles, and the requests that send them."""

import io
import json
import uuid
from fractions import Fraction
from typing import Any

import av
import httpx
import numpy as np
import soundfile

from core.settings import ROOT
from media.clip_cutting import RATE_HZ
from tests.support.factories import Learner

SCENE = json.loads((ROOT / "catalogue" / "scenes" / "late-coffee.json").read_text(encoding="utf-8"))
LINES = SCENE["lines"][:4]
SAMPLE_HZ = 16_000


def scene_samples() -> np.ndarray[Any, Any]:
    """Returns the samples of LINES on the scene's own timeline, as one track."""
    track = np.zeros(int((LINES[-1]["end_s"] + 0.5) * SAMPLE_HZ), "int16")
    for line in LINES:
        sound, rate = soundfile.read(ROOT / "catalogue" / line["audio"], dtype="int16")
        assert rate == SAMPLE_HZ
        at = int(line["start_s"] * SAMPLE_HZ)
        track[at : at + len(sound)] = sound[: len(track) - at]
    return track


def frame_of(samples: np.ndarray[Any, Any], at: int = 0) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = SAMPLE_HZ, at, Fraction(1, SAMPLE_HZ)
    return frame


def as_mp4(samples: np.ndarray[Any, Any]) -> bytes:
    """Returns a small black video with this sound."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        pictures = container.add_stream("mpeg4", rate=10, width=64, height=48)
        pictures.pix_fmt = "yuv420p"
        sound = container.add_stream("aac", rate=SAMPLE_HZ, layout="mono")
        for _ in range(int(len(samples) / SAMPLE_HZ * 10)):
            container.mux(pictures.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), "uint8"), "rgb24")))
        container.mux(sound.encode(frame_of(samples)))
        for stream in (pictures, sound):
            container.mux(stream.encode(None))
    return file.getvalue()


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
