"""Importing a scene from a subtitle file and an audio or video file."""

import io
import json
import tempfile
import uuid
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
import pytest
import soundfile

from core.settings import ROOT
from media.clip_cutting import PADDING_S, RATE_HZ, cut_lines
from media.subtitles import Cue, SubtitlesUnreadable, read_subtitles
from tests.support.factories import ADMIN_EMAIL, Learner, sign_in
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until

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


@pytest.fixture(scope="module")
def samples() -> np.ndarray[Any, Any]:
    """The samples of the scene on its own timeline, as one track."""
    track = np.zeros(int((LINES[-1]["end_s"] + 0.5) * SAMPLE_HZ), "int16")
    for line in LINES:
        sound, rate = soundfile.read(ROOT / "catalogue" / line["audio"], dtype="int16")
        assert rate == SAMPLE_HZ
        at = int(line["start_s"] * SAMPLE_HZ)
        track[at : at + len(sound)] = sound[: len(track) - at]
    return track


@pytest.fixture(scope="module")
def wav(samples: np.ndarray[Any, Any]) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, SAMPLE_HZ, format="WAV", subtype="PCM_16")
    return file.getvalue()


def frame_of(samples: np.ndarray[Any, Any], at: int = 0) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = SAMPLE_HZ, at, Fraction(1, SAMPLE_HZ)
    return frame


@pytest.fixture(scope="module")
def video(samples: np.ndarray[Any, Any]) -> bytes:
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


def send(client: httpx.Client, who: Learner, subtitles: bytes, media: bytes, **fields: str) -> httpx.Response:
    files = {"subtitle_file": ("scene.srt", subtitles), "media_file": ("scene", media)}
    data = {"title": f"Scene {uuid.uuid4().hex}", "category": "test", **fields}
    return client.post("/api/scripts/import", files=files, data=data, headers=who.headers, timeout=60)


def heard(client: httpx.Client, token_id: int) -> np.ndarray[Any, Any]:
    audio = client.get(f"/api/tokens/{token_id}/audio", follow_redirects=True)
    assert audio.headers["content-type"] == "audio/flac"
    found, rate = soundfile.read(io.BytesIO(audio.content), dtype="float64")
    assert rate == RATE_HZ
    return np.asarray(found)


@pytest.mark.parametrize("kind", ["wav", "video"])
def test_each_cue_becomes_a_line_with_its_own_audio(
    client: httpx.Client, admin: Learner, kind: str, request: pytest.FixtureRequest
) -> None:
    answer = send(
        client, admin, srt(), request.getfixturevalue(kind), title_ko="식어 버린 커피", synthetic_voice="true"
    )
    assert answer.status_code == 201, answer.text
    script = answer.json()
    assert (script["title_ko"], script["synthetic_voice"], script["language"]) == ("식어 버린 커피", True, "en-US")
    assert sorted(script["actors"]) == ["GRACE", "LEO"]
    assert [line["text"] for line in script["tokens"]] == [line["text"] for line in LINES]
    for line, expected in zip(script["tokens"], LINES, strict=True):
        assert line["has_audio"]
        assert line["start_time"] == pytest.approx(expected["start_s"], abs=0.001)
        found = heard(client, line["id"])
        lead_s = expected["start_s"] - max(0.0, expected["start_s"] - PADDING_S)
        assert len(found) / RATE_HZ == pytest.approx(
            expected["end_s"] - expected["start_s"] + lead_s + PADDING_S, abs=0.01
        )
        original, rate = soundfile.read(ROOT / "catalogue" / expected["audio"], dtype="float64")
        times = np.arange(len(original)) / rate
        again = np.interp(times + lead_s, np.arange(len(found)) / RATE_HZ, found)
        assert np.corrcoef(original, again)[0, 1] > 0.9, "the audio of this line only"


def test_translations_are_a_json_field_of_the_form(client: httpx.Client, admin: Learner, wav: bytes) -> None:
    texts = {"ja": {"title": "冷めたコーヒー", "description": None}}
    script = send(client, admin, srt(), wav, title_ko="식어 버린 커피", translations=json.dumps(texts)).json()
    assert script["translations"] == texts | {"ko": {"title": "식어 버린 커피", "description": None}}
    for malformed in ("", "{", "[" * 5000, '"ja"', '{"ja": {"title": 1}}', '{"ko": {"title": "다른 제목"}}'):
        refused = send(client, admin, srt(), wav, title_ko="식어 버린 커피", translations=malformed)
        assert (refused.status_code, refused.json()["code"]) == (422, "malformed_request"), malformed[:20]


def test_the_pitch_is_computed_after_the_response(pipeline: ServerProcess, wav: bytes) -> None:
    with httpx.Client(base_url=pipeline.url, timeout=60) as client:
        script = send(client, sign_in(client, ADMIN_EMAIL), srt(), wav).json()
        paths = [f"/api/tokens/{line['id']}" for line in script["tokens"]]
        wait_until(lambda: all(client.get(path).json()["reference_pitch"] is not None for path in paths))


def test_webvtt_voices_name_actors_and_slugs_are_unique(client: httpx.Client, admin: Learner, wav: bytes) -> None:
    first = f"{stamp(0.1, '.')} --> {stamp(1.5, '.')}\n<v Ruth>Who <i>is</i> there?\n"
    cues = f"WEBVTT\n\n{first}\n00:02.000 --> 00:03.000\nNobody.\n"
    slug = f"s-{uuid.uuid4().hex}"
    script = send(client, admin, cues.encode(), wav, slug=slug, actor="The voice").json()
    assert [(line["actor"]["name"], line["text"]) for line in script["tokens"]] == [
        ("Ruth", "Who is there?"),
        ("The voice", "Nobody."),
    ]
    again = send(client, admin, cues.encode(), wav, slug=slug)
    assert (again.status_code, again.json()["code"]) == (409, "slug_taken")


def problem_of(answer: httpx.Response) -> tuple[list[str], str]:
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    return error["loc"], error["msg"]


def test_a_refused_import_names_the_cause_and_leaves_nothing(client: httpx.Client, admin: Learner, wav: bytes) -> None:
    before = client.get("/api/scripts", params={"q": "Broken import"}).json()["items"]
    late = f"1\n{stamp(0.1)} --> {stamp(1)}\nFine.\n\n2\n{stamp(3000)} --> {stamp(3002)}\nToo late.\n".encode()
    title = {"title": "Broken import"}
    assert problem_of(send(client, admin, late, wav, **title))[0] == ["body", "subtitle_file", "cue 2"]
    assert "SubRip" in problem_of(send(client, admin, b"no subtitles at all", wav, **title))[1]
    assert problem_of(send(client, admin, srt(), wav, title=" "))[0] == ["body", "title"]
    noise = send(client, admin, srt(), b"this is no sound" * 1000, **title)
    assert (noise.status_code, noise.json()["code"]) == (422, "audio_undecodable")
    missing = client.post("/api/scripts/import", data={"title": "x", "category": "y"}, headers=admin.headers)
    assert missing.status_code in (415, 422)
    assert client.get("/api/scripts", params={"q": "Broken import"}).json()["items"] == before == []


def test_only_administrators_can_import(client: httpx.Client, learner: Learner, wav: bytes) -> None:
    assert send(client, learner, srt(), wav).json()["code"] == "admin_only"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1\n00:00:01,000 --> 00:00:02,500\nHi.\n", [Cue("Hi.", None, 1.0, 2.5)]),
        ("1\n00:00:01,000 --> 00:00:02,500\n- MR. BEAN: Hi\nyou.\n", [Cue("Hi you.", "MR. BEAN", 1.0, 2.5)]),
        ("1\n00:00:01,000 --> 00:00:02,500\nIt is 5:30 now.\n", [Cue("It is 5:30 now.", None, 1.0, 2.5)]),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<v.loud Leo>Hi.</v>\n", [Cue("Hi.", "Leo", 1.0, 2.0)]),
        (
            "1\n00:00:05,000 --> 00:00:06,000\nSecond.\n\n2\n00:00:01,000 --> 00:00:02,000\nFirst.\n",
            [Cue("First.", None, 1.0, 2.0), Cue("Second.", None, 5.0, 6.0)],
        ),
        (
            "1\n00:00:01,000 --> 00:00:02,000\n<i></i>\n\n2\n00:00:03,000 --> 00:00:04,000\nHi.\n",
            [Cue("Hi.", None, 3, 4)],
        ),
    ],
)
def test_subtitles_become_cues(text: str, expected: list[Cue]) -> None:
    assert read_subtitles(text.encode()) == expected
    assert read_subtitles(text.encode("utf-16")) == expected
    assert read_subtitles(text.replace("\n", "\r\n").encode("utf-8-sig")) == expected


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "neither"),
        (b"\x00\xff" * 50, "neither"),
        (b"1\n00:00:05,000 --> 00:00:03,000\nBack.\n", "less than"),
        (b"1\n00:00:05,000 --> 00:09:03,000\nLong.\n", "more than"),
        (b"1\n00:00:05,000 --> 00:00:07,000\n" + b"long " * 500, "longer than"),
        (b"[Script Info]\n[Events]\nFormat: Start, End, Text\nDialogue: 0:00:01.00,0:00:02.00,Hi\n", "neither"),
        ("".join(f"{n}\n00:00:01,000 --> 00:00:02,000\nHi.\n\n" for n in range(501)).encode(), "more than 500"),
    ],
    ids=["empty", "binary", "end before start", "cue too long", "text too long", "other format", "too many cues"],
)
def test_unreadable_subtitles_raise_with_the_cause(data: bytes, why: str) -> None:
    with pytest.raises(SubtitlesUnreadable, match=why):
        read_subtitles(data)


def test_audio_track_with_a_late_start_keeps_its_times(tmp_path: Path) -> None:
    click = np.zeros(SAMPLE_HZ, "int16")
    click[SAMPLE_HZ // 2 :][:160] = 20_000
    media = tmp_path / "late.mkv"
    with av.open(str(media), "w") as container:
        pictures = container.add_stream("mpeg4", rate=10, width=64, height=48)
        pictures.pix_fmt = "yuv420p"
        sound = container.add_stream("flac", rate=SAMPLE_HZ, layout="mono")
        container.mux(pictures.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), "uint8"), "rgb24")))
        container.mux(pictures.encode(None))
        container.mux(sound.encode(frame_of(click, at=2 * SAMPLE_HZ)))
        container.mux(sound.encode(None))
    assert cut_lines(str(media), [(2.0, 3.0)], str(tmp_path)) == pytest.approx(3.0, abs=0.05)
    found, rate = soundfile.read(tmp_path / "0.flac")
    assert np.argmax(np.abs(found)) / rate == pytest.approx(0.5 + PADDING_S, abs=0.02)


def test_subtitles_in_a_legacy_korean_encoding_are_read() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n안녕하세요.\n"
    assert read_subtitles(text.encode("cp949")) == [Cue("안녕하세요.", None, 1.0, 2.0)]


def test_the_temporary_folder_is_deleted(client: httpx.Client, admin: Learner, wav: bytes, tmp_path: Path) -> None:
    before = set(Path(tempfile.gettempdir()).glob("tmp*/media"))
    send(client, admin, srt(), wav)
    assert set(Path(tempfile.gettempdir()).glob("tmp*/media")) <= before
