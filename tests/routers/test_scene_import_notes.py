"""The reasons of a refused import, and the notes on the sound of one."""

import io

import httpx
import numpy as np
import pytest
import soundfile

from tests.support import field_files
from tests.support.factories import Learner
from tests.support.scenes import SAMPLE_HZ, cues, heard, problem_of, send, srt, stamp


@pytest.fixture(scope="module")
def wav() -> bytes:
    file = io.BytesIO()
    soundfile.write(file, field_files.tones(), field_files.RATE_HZ, format="WAV", subtype="PCM_16")
    return file.getvalue()


def test_a_refused_import_names_the_cause_and_leaves_nothing(client: httpx.Client, admin: Learner, wav: bytes) -> None:
    before = client.get("/api/scripts", params={"q": "Broken import"}).json()["items"]
    late = f"1\n{stamp(0.1)} --> {stamp(1)}\nFine.\n\n2\n{stamp(3000)} --> {stamp(3002)}\nToo late.\n".encode()
    title = {"title": "Broken import"}
    assert problem_of(send(client, admin, late, wav, **title))[0] == ["body", "subtitle_file", "cue 2"]
    assert "SubRip" in problem_of(send(client, admin, b"no subtitles at all", wav, **title))[1]
    assert problem_of(send(client, admin, srt(), wav, title=" "))[0] == ["body", "title"]
    assert problem_of(send(client, admin, srt(), b"this is no sound" * 1000, **title))[0] == ["body", "media_file"]
    assert problem_of(send(client, admin, srt(), wav, audio_track="2", **title))[0] == ["body", "audio_track"]
    missing = client.post("/api/scripts/import", data={"title": "x", "category": "y"}, headers=admin.headers)
    assert missing.status_code in (415, 422)
    assert client.get("/api/scripts", params={"q": "Broken import"}).json()["items"] == before == []


def test_the_cause_is_told_in_the_language_of_the_request(client: httpx.Client, admin: Learner, wav: bytes) -> None:
    told = {}
    for language in ("en", "ko"):
        headers = {**admin.headers, "Accept-Language": language}
        files = {"subtitle_file": ("a.srt", b"no subtitles"), "media_file": ("a.wav", wav)}
        fields = {"title": "Broken import", "category": "test"}
        told[language] = problem_of(client.post("/api/scripts/import", files=files, data=fields, headers=headers))[1]
    assert "subtitle file" in told["en"]
    assert "자막 파일" in told["ko"]


def test_the_track_that_was_taken_is_told_and_kept(client: httpx.Client, admin: Learner) -> None:
    media = field_files.encode(
        [np.zeros((1, 8 * SAMPLE_HZ)), field_files.tones()[None]],
        "matroska",
        "flac",
        SAMPLE_HZ,
        languages=("kor", "eng"),
    )
    draft = send(client, admin, cues("Hello there.", "And again."), media).json()
    assert [(note["code"], note["text"]) for note in draft["notes"]] == [("track_guessed", "2 / 2")]
    line = draft["tokens"][0]
    korean = {"language": "ko"}
    changed = client.patch(f"/api/scripts/{draft['id']}", json=korean, headers=admin.headers)
    assert changed.status_code == 200, changed.text
    times = {"start_time": line["start_time"] + 0.5, "end_time": line["end_time"] + 0.5}
    assert client.patch(f"/api/tokens/{line['id']}", json=times, headers=admin.headers).status_code == 200
    assert np.abs(heard(client, line["id"], admin)).max() > 0.1, "cut from the track that was imported"


def test_silent_lines_are_told(client: httpx.Client, admin: Learner) -> None:
    file = io.BytesIO()
    soundfile.write(file, np.zeros(8 * SAMPLE_HZ, "int16"), SAMPLE_HZ, format="WAV")
    draft = send(client, admin, cues("Hello there."), file.getvalue()).json()
    assert [(note["code"], note["cue"]) for note in draft["notes"]] == [("sound_silent", "1")]
