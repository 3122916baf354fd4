"""Importing a scene from a subtitle file and an audio or video file."""

import io
import json
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
import pytest
import soundfile

from common.audio.cut import PADDING_S
from core.settings import ROOT
from media.clip_cutting import RATE_HZ, cut_lines
from tests.support.factories import ADMIN_EMAIL, Learner, sign_in, upload
from tests.support.scenes import (
    LINES,
    SAMPLE_HZ,
    as_mp4,
    cues,
    frame_of,
    heard,
    problem_of,
    scene_samples,
    send,
    srt,
    stamp,
)
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def samples() -> np.ndarray[Any, Any]:
    return scene_samples()


@pytest.fixture(scope="module")
def wav(samples: np.ndarray[Any, Any]) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, SAMPLE_HZ, format="WAV", subtype="PCM_16")
    return file.getvalue()


@pytest.fixture(scope="module")
def video(samples: np.ndarray[Any, Any]) -> bytes:
    return as_mp4(samples)


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
        found = heard(client, line["id"], admin)
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
    for malformed in ("{", "[" * 5000, '"ja"', '{"ja": {"title": 1}}', '{"ko": {"title": "다른 제목"}}'):
        refused = send(client, admin, srt(), wav, title_ko="식어 버린 커피", translations=malformed)
        assert (refused.status_code, refused.json()["code"]) == (422, "malformed_request"), malformed[:20]


def test_the_pitch_is_computed_after_the_response(pipeline: ServerProcess, wav: bytes) -> None:
    with httpx.Client(base_url=pipeline.url, timeout=60) as client:
        script = send(client, sign_in(client, ADMIN_EMAIL), srt(), wav).json()
        publish(client, sign_in(client, ADMIN_EMAIL), script["id"])
        paths = [f"/api/tokens/{line['id']}" for line in script["tokens"]]
        wait_until(lambda: all(client.get(path).json()["reference_pitch"] is not None for path in paths))


def test_webvtt_voices_name_actors_and_slugs_are_unique(client: httpx.Client, admin: Learner, wav: bytes) -> None:
    first = f"{stamp(0.1, '.')} --> {stamp(1.5, '.')}\n<v Ruth>Who <i>is</i> there?\n"
    voices = f"WEBVTT\n\n{first}\n00:02.000 --> 00:03.000\nNobody.\n"
    slug = f"s-{uuid.uuid4().hex}"
    script = send(client, admin, voices.encode(), wav, slug=slug, actor="The voice").json()
    assert [(line["actor"]["name"], line["text"]) for line in script["tokens"]] == [
        ("Ruth", "Who is there?"),
        ("The voice", "Nobody."),
    ]
    again = send(client, admin, voices.encode(), wav, slug=slug)
    assert (again.status_code, again.json()["code"]) == (409, "slug_taken")


def publish(client: httpx.Client, who: Learner, script_id: int) -> httpx.Response:
    return client.post(f"/api/scripts/{script_id}/publish", headers=who.headers)


def test_a_draft_is_for_administrators_until_it_is_published(
    client: httpx.Client, admin: Learner, learner: Learner, wav: bytes
) -> None:
    draft = send(client, admin, cues("GRACE: You're late.", "[door slams]"), wav).json()
    assert draft["is_draft"]
    (note,) = [note for note in draft["notes"] if note["code"] == "sounds_only"]
    assert (note["cue"], note["text"]) == ("2", "[door slams]")
    assert note["message"]
    script, line = draft["id"], draft["tokens"][0]["id"]
    paths = [
        f"/api/scripts/{script}",
        f"/api/scripts/{script}/audio",
        f"/api/tokens/{line}",
        f"/api/tokens/{line}/audio",
    ]
    assert [client.get(path).status_code for path in paths] == [404] * 4
    assert [client.get(path, headers=learner.headers).status_code for path in paths] == [404] * 4
    assert [client.get(path, headers=admin.headers).status_code for path in paths] == [200, 200, 200, 307]
    for path in (paths[0], paths[2]):
        assert client.get(path, headers=admin.headers).headers["cache-control"] == "private, no-cache"
    assert client.get(f"/api/scripts/{script}/draft", headers=admin.headers).json() == draft
    assert script in [each["id"] for each in client.get("/api/scripts/drafts", headers=admin.headers).json()]
    assert upload(client, learner, line).json()["code"] == "token_not_found"
    bookmark = client.post("/api/mypage/bookmarks", json={"token_id": line}, headers=learner.headers)
    assert bookmark.json()["code"] == "token_not_found"

    def listed() -> list[list[int]]:
        lists = [client.get(path, params={"q": draft["title"]}).json()["items"] for path in ("/api/scripts",)]
        lists.append(client.get("/api/tokens", params={"script_id": script}).json()["items"])
        return [[each["id"] for each in items] for items in lists]

    assert listed() == [[], []]
    for _ in range(2):
        assert publish(client, admin, script).status_code == 200
    assert listed() == [[script], [line]]
    assert [client.get(path, follow_redirects=False).status_code for path in paths] == [200, 200, 200, 307]
    assert not client.get(f"/api/scripts/{script}/draft", headers=admin.headers).json()["is_draft"]
    assert publish(client, admin, 2**61).json()["code"] == "script_not_found"


def test_notes_are_in_the_language_of_the_request(client: httpx.Client, admin: Learner, wav: bytes) -> None:
    script = send(client, admin, cues("♪ ♪", "Hello."), wav).json()["id"]
    english, korean = (
        client.get(f"/api/scripts/{script}/draft", headers=admin.headers | {"Accept-Language": tag}).json()["notes"]
        for tag in ("en", "ko")
    )
    assert english[0]["message"].isascii()
    assert not korean[0]["message"].isascii()


def test_new_times_cut_the_audio_of_a_line_again(
    client: httpx.Client, admin: Learner, wav: bytes, samples: np.ndarray[Any, Any]
) -> None:
    line = send(client, admin, cues("Hello.", "Goodbye."), wav).json()["tokens"][0]
    url = f"/api/tokens/{line['id']}"
    before = heard(client, line["id"], admin)
    changed = client.patch(url, json={"text": "Hello there."}, headers=admin.headers)
    assert (changed.status_code, changed.json()["text"]) == (200, "Hello there.")
    assert np.array_equal(heard(client, line["id"], admin), before)
    body = {"script_id": line["script_id"], "actor_id": line["actor"]["id"], "text": "Hello there."}
    times = {"start_time": 1.5, "end_time": 2.75}
    assert client.put(url, json=body | times, headers=admin.headers).status_code == 200
    first = SAMPLE_HZ * (1.5 - PADDING_S)
    found = heard(client, line["id"], admin)
    assert len(found) / RATE_HZ == pytest.approx(1.25 + 2 * PADDING_S, abs=0.001)
    original = samples[int(first) : int(first) + int(len(found) / RATE_HZ * SAMPLE_HZ)] / 32768
    again = np.interp(np.arange(len(original)) / SAMPLE_HZ, np.arange(len(found)) / RATE_HZ, found)
    assert np.corrcoef(original, again)[0, 1] > 0.9
    longer = client.patch(url, json={"end_time": 3.0}, headers=admin.headers).json()
    assert (longer["start_time"], longer["end_time"]) == (1.5, 3.0)
    assert len(heard(client, line["id"], admin)) / RATE_HZ == pytest.approx(1.5 + 2 * PADDING_S, abs=0.001)
    for fields in ({"end_time": 1.0}, {"end_time": 4000.0}, {"text": None}, {"text": "null"}, {}, {"tex": "Hi"}):
        refused = client.patch(url, json=fields, headers=admin.headers)
        assert (refused.status_code, refused.json()["code"]) == (422, "malformed_request"), fields
    assert client.patch("/api/tokens/4611686018427387904", json=times, headers=admin.headers).status_code == 404


def test_a_refused_change_leaves_text_and_audio(client: httpx.Client, admin: Learner, wav: bytes) -> None:
    line = send(client, admin, cues("Hello.", "Goodbye."), wav).json()["tokens"][0]
    url, start_s = f"/api/tokens/{line['id']}", line["start_time"]
    before = heard(client, line["id"], admin)
    for refused in ({"position": 2}, {"text": "..."}):
        answer = client.patch(url, json={"start_time": start_s + 1e-6} | refused, headers=admin.headers)
        assert answer.status_code in {409, 422}
        assert np.array_equal(heard(client, line["id"], admin), before)
    assert client.get(url, headers=admin.headers).json()["start_time"] == start_s


def test_changes_of_different_fields_at_the_same_time_all_hold(
    client: httpx.Client, admin: Learner, wav: bytes
) -> None:
    line = send(client, admin, cues("Helo.", "Goodbye."), wav).json()["tokens"][0]
    start_s, end_s = line["start_time"] + 0.125, line["end_time"] - 0.125
    right: dict[str, Any] = {"start_time": start_s, "text": "Hello.", "end_time": end_s, "translation": "안녕."}
    url = f"/api/tokens/{line['id']}"

    def change(name: str) -> int:
        return client.patch(url, json={name: right[name]}, headers=admin.headers).status_code

    with ThreadPoolExecutor(len(right)) as pool:
        assert list(pool.map(change, right)) == [200] * len(right)
    found = client.get(url, headers=admin.headers).json()
    assert {name: found[name] for name in right} == right
    length_s = len(heard(client, line["id"], admin)) / RATE_HZ
    assert length_s == pytest.approx(end_s - start_s + 2 * PADDING_S, abs=0.001)


def test_a_public_line_does_not_move_into_a_draft(client: httpx.Client, admin: Learner, wav: bytes) -> None:
    public, draft = (send(client, admin, cues("Hello."), wav).json() for _ in range(2))
    publish(client, admin, public["id"])
    move = {"script_id": draft["id"], "position": 9}
    answer = client.patch(f"/api/tokens/{public['tokens'][0]['id']}", json=move, headers=admin.headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "script_not_found")


def test_a_language_must_be_able_to_pronounce_the_lines(client: httpx.Client, admin: Learner, wav: bytes) -> None:
    script = send(client, admin, cues("안녕하세요."), wav, language="ko-KR").json()
    answer = client.patch(f"/api/scripts/{script['id']}", json={"language": "en-US"}, headers=admin.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "nothing_to_pronounce")


def test_speakers_of_drafts_are_not_listed(client: httpx.Client, admin: Learner, wav: bytes) -> None:
    name = f"ZEBRANA {time.time_ns()}"
    script = send(client, admin, cues("Hello."), wav, actor=name).json()

    def is_listed() -> bool:
        names, cursor = list[str](), ""
        while cursor is not None:
            page = client.get("/api/actors", params={"limit": 100, "cursor": cursor} if cursor else {"limit": 100})
            names += [actor["name"] for actor in page.json()["items"]]
            cursor = page.json()["next_cursor"]
        return name in names

    assert not is_listed()
    publish(client, admin, script["id"])
    assert is_listed()


def test_one_field_of_a_script_or_a_translation_is_changed(client: httpx.Client, admin: Learner, wav: bytes) -> None:
    texts = {"ja": {"title": "冷めたコーヒー", "description": None}}
    script = send(client, admin, cues("Hi.\n안녕."), wav, title_ko="커피", translations=json.dumps(texts)).json()
    (line,) = script["tokens"]
    assert (line["text"], line["translation"]) == ("Hi.", "안녕.")
    patched = client.patch(
        f"/api/scripts/{script['id']}", json={"description_ko": "카페"}, headers=admin.headers
    ).json()
    korean = {"title": "커피", "description": "카페"}
    assert (patched["title"], patched["translations"]) == (script["title"], texts | {"ko": korean})
    again = client.patch(f"/api/scripts/{script['id']}", json={"title_ko": None}, headers=admin.headers).json()
    assert again["translations"] == texts | {"ko": {"title": None, "description": "카페"}}
    url = f"/api/tokens/{line['id']}"
    assert client.patch(url, json={"translations": {"ja": "やあ"}}, headers=admin.headers).json()["translations"] == {
        "ja": "やあ"
    }
    assert client.patch(url, json={"translation": "안녕하세요"}, headers=admin.headers).json()["translations"] == {
        "ja": "やあ",
        "ko": "안녕하세요",
    }
    assert client.patch(url, json={"translation": None}, headers=admin.headers).json()["translations"] == {"ja": "やあ"}


@pytest.mark.parametrize("word", ["string", "null"])
@pytest.mark.parametrize("field", ["title", "category", "description", "slug", "language", "actor", "title_ko"])
def test_placeholders_of_tools_are_no_values(
    client: httpx.Client, admin: Learner, wav: bytes, field: str, word: str
) -> None:
    assert problem_of(send(client, admin, srt(), wav, **{field: word}))[0] == ["body", field]


def test_deleting_a_draft_deletes_its_file(client: httpx.Client, admin: Learner, wav: bytes) -> None:
    line = send(client, admin, cues("Hello."), wav).json()["tokens"][0]
    audio = client.get(f"/api/tokens/{line['id']}/audio", headers=admin.headers).headers["location"]
    assert client.delete(f"/api/scripts/{line['script_id']}", headers=admin.headers).status_code == 204
    wait_until(lambda: httpx.get(audio).status_code == 404)


def test_only_administrators_can_import(client: httpx.Client, learner: Learner, wav: bytes) -> None:
    assert send(client, learner, srt(), wav).json()["code"] == "admin_only"


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
    assert cut_lines(str(media), [(2.0, 3.0)], str(tmp_path)).length_s == pytest.approx(3.0, abs=0.05)
    found, rate = soundfile.read(tmp_path / "0.flac")
    assert np.argmax(np.abs(found)) / rate == pytest.approx(0.5 + PADDING_S, abs=0.02)


def test_the_temporary_folder_is_deleted(client: httpx.Client, admin: Learner, wav: bytes, tmp_path: Path) -> None:
    def folders() -> set[Path]:
        return set(Path(tempfile.gettempdir()).glob("tmp*/media"))

    before = folders()
    send(client, admin, srt(), wav)
    # Other imports on this machine have a folder, too, as long as they last.
    wait_until(lambda: folders() <= before, 60, explain=folders)
