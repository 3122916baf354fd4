"""The work of administrators on scenes: hide, limit by a licence, set levels, hear new times, replace audio."""

import io
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import numpy as np
import psycopg2
import pytest
import soundfile

from media.clip_cutting import RATE_HZ
from tests.support.factories import (
    ADMIN_EMAIL,
    OTHER_AUDIO,
    Learner,
    complete,
    make_actor,
    make_job,
    make_script,
    make_token,
    sign_in,
    somebody,
    wait_for_end,
)
from tests.support.scenes import cues, heard, problem_of, send
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until

TONE_FROM_S, TONE_TO_S, LENGTH_S = 1.0, 2.0, 3.0


@pytest.fixture(scope="module")
def wav() -> bytes:
    """Three seconds, of which the middle one is a tone of half of full scale."""
    times = np.arange(int(LENGTH_S * RATE_HZ)) / RATE_HZ
    tone = 0.5 * np.sin(2 * np.pi * 300 * times) * ((times >= TONE_FROM_S) & (times < TONE_TO_S))
    file = io.BytesIO()
    soundfile.write(file, tone, RATE_HZ, format="WAV", subtype="PCM_16")
    return file.getvalue()


@pytest.fixture
def draft(client: httpx.Client, admin: Learner, wav: bytes) -> dict[str, Any]:
    return dict(send(client, admin, cues("Hello.", "Nice to meet you."), wav).json())


def post(client: httpx.Client, who: Learner, path: str) -> httpx.Response:
    return client.post(path, headers=who.headers)


def patch(client: httpx.Client, who: Learner, path: str, *, version: str = "", **changes: Any) -> httpx.Response:
    headers = who.headers | ({"If-Match": f'"{version}"'} if version else {})
    return client.patch(path, json=changes, headers=headers)


def read_draft(client: httpx.Client, admin: Learner, script_id: int) -> dict[str, Any]:
    answer = client.get(f"/api/scripts/{script_id}/draft", headers=admin.headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def statuses(client: httpx.Client, script_id: int, line_id: int, who: Learner | None = None) -> list[int]:
    paths = (f"scripts/{script_id}", f"scripts/{script_id}/audio", f"tokens/{line_id}", f"tokens/{line_id}/audio")
    headers = who.headers if who else {}
    return [client.get(f"/api/{path}", headers=headers, follow_redirects=False).status_code for path in paths]


def listed(client: httpx.Client, script: dict[str, Any]) -> list[int]:
    scripts = client.get("/api/scripts", params={"q": script["title"]}).json()["items"]
    lines = client.get("/api/tokens", params={"script_id": script["id"]}).json()["items"]
    return [each["id"] for each in (*scripts, *lines)]


def recorded_scene(client: httpx.Client, admin: Learner, learner: Learner) -> tuple[dict[str, Any], int, str]:
    """Returns a public script, its line, and a job of a learner on it that is completed."""
    script = make_script(client, admin)
    line = make_token(client, admin, script_id=script["id"], with_audio=True)["id"]
    job = make_job(client, learner, line)
    complete(client, job)
    return script, line, job


def test_a_hidden_scene_is_not_shown_and_its_results_stay(
    client: httpx.Client, admin: Learner, learner: Learner, stranger: Learner
) -> None:
    script, line, job = recorded_scene(client, admin, learner)
    assert statuses(client, script["id"], line) == [200, 200, 200, 307]
    for _ in range(2):
        assert post(client, admin, f"/api/scripts/{script['id']}/hide").status_code == 200
    assert statuses(client, script["id"], line) == [404] * 4
    assert statuses(client, script["id"], line, learner) == [404] * 4
    assert statuses(client, script["id"], line, admin) == [200, 200, 200, 307]
    assert listed(client, script) == []
    hidden = read_draft(client, admin, script["id"])
    assert (hidden["state"], hidden["is_draft"], hidden["tokens"][0]["results"]) == ("hidden", False, 1)
    assert hidden["hidden_at"] is not None
    own = client.get("/api/mypage/my-dubbed-tokens", headers=learner.headers).json()["items"]
    assert [each["token"]["id"] for each in own] == [line]
    assert client.get(f"/api/tokens/analysis-result/{job}", headers=learner.headers).json()["overall_score"] == 80
    for path in (f"attempts?token_id={line}", f"progress/{script['id']}"):
        assert client.get(f"/api/mypage/{path}", headers=learner.headers).status_code == 200
        assert client.get(f"/api/mypage/{path}", headers=stranger.headers).status_code == 404
    assert post(client, admin, f"/api/scripts/{script['id']}/publish").status_code == 200
    assert statuses(client, script["id"], line) == [200, 200, 200, 307]
    assert read_draft(client, admin, script["id"])["state"] == "published"
    assert post(client, admin, f"/api/scripts/{2**61}/hide").json()["code"] == "script_not_found"


def test_a_scene_can_be_created_as_a_draft(client: httpx.Client, admin: Learner) -> None:
    body = {"title": "Scene", "category": "test"}
    script = client.post("/api/scripts?state=draft", json=body, headers=admin.headers).json()["id"]
    assert read_draft(client, admin, script)["state"] == "draft"
    assert client.get(f"/api/scripts/{script}").status_code == 404
    assert client.post("/api/scripts?state=hidden", json=body, headers=admin.headers).status_code == 422


def test_a_draft_cannot_be_hidden_and_stays_one(client: httpx.Client, admin: Learner, draft: dict[str, Any]) -> None:
    assert post(client, admin, f"/api/scripts/{draft['id']}/hide").status_code == 200
    assert read_draft(client, admin, draft["id"])["state"] == "draft"


def test_no_line_moves_from_a_public_scene_to_a_hidden_one(client: httpx.Client, admin: Learner) -> None:
    line, hidden = make_token(client, admin), make_script(client, admin)
    post(client, admin, f"/api/scripts/{hidden['id']}/hide")
    refused = patch(client, admin, f"/api/tokens/{line['id']}", script_id=hidden["id"], position=9)
    assert (refused.status_code, refused.json()["code"]) == (404, "script_not_found")


def test_a_scene_is_hidden_once_its_licence_has_expired(
    client: httpx.Client, admin: Learner, learner: Learner, database: psycopg2.extensions.connection
) -> None:
    script, line, _ = recorded_scene(client, admin, learner)
    path = f"/api/scripts/{script['id']}"
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    answer = patch(client, admin, path, credit="Grace Park", licence="CC BY 4.0", expires_at=tomorrow)
    assert answer.status_code == 200, answer.text
    shown = client.get(path).json()
    assert (shown["credit"], shown["licence"]) == ("Grace Park", "CC BY 4.0")
    assert datetime.fromisoformat(shown["expires_at"]) == datetime.fromisoformat(tomorrow)
    assert statuses(client, script["id"], line) == [200, 200, 200, 307]
    with database.cursor() as cursor:
        cursor.execute("UPDATE scripts SET expires_at = now() + interval '2 seconds' WHERE id = %s", [script["id"]])
    wait_until(lambda: statuses(client, script["id"], line) == [404] * 4)
    assert read_draft(client, admin, script["id"])["state"] == "expired"
    assert listed(client, script) == []
    refused = post(client, admin, f"{path}/publish")
    assert (refused.status_code, refused.json()["code"]) == (409, "licence_expired")
    assert patch(client, admin, path, expires_at=None).status_code == 200
    assert statuses(client, script["id"], line) == [200, 200, 200, 307]


@pytest.mark.parametrize(
    "moment",
    [
        "2027-03-01",
        "2027-03-01T00:00:00",
        1_800_000_000,
        "1800000000",
        "9999-12-31T23:59:59-01:00",
        "0001-01-01T00:00:00+01:00",
        "soon",
        True,
    ],
)
def test_an_expiry_is_a_moment_with_an_offset(client: httpx.Client, admin: Learner, moment: object) -> None:
    script = make_script(client, admin)
    for method, body in (("PATCH", {}), ("PUT", {"title": "Scene", "category": "test"})):
        answer = client.request(
            method, f"/api/scripts/{script['id']}", json=body | {"expires_at": moment}, headers=admin.headers
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed_request")


def test_the_list_of_administrators_has_every_state(
    client: httpx.Client, admin: Learner, draft: dict[str, Any]
) -> None:
    name = uuid.uuid4().hex
    path = f"/api/scripts/{draft['id']}"
    assert patch(client, admin, path, title=f"Draft {name}").status_code == 200
    public, hidden = (make_script(client, admin, title=f"{word} {name}") for word in ("Public", "Hidden"))
    past = make_script(client, admin, title=f"Past {name}", expires_at="2026-01-01T00:00:00Z")
    post(client, admin, f"/api/scripts/{hidden['id']}/hide")
    expected = {draft["id"]: "draft", public["id"]: "published", hidden["id"]: "hidden", past["id"]: "expired"}

    def find(**filters: str) -> dict[int, str]:
        found: dict[int, str] = {}
        cursor = ""
        while True:
            query: dict[str, str | int] = {"q": name, "limit": 1, "cursor": cursor, **filters}
            page = client.get("/api/scripts/managed", params=query, headers=admin.headers).json()
            found |= {each["id"]: each["state"] for each in page["items"]}
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    assert find() == expected
    assert list(find()) == sorted(expected, reverse=True)
    for script_id, state in expected.items():
        assert find(state=state) == {script_id: state}
    assert client.get("/api/scripts/managed?state=gone", headers=admin.headers).status_code == 422


def test_actors_of_drafts_are_listed_for_administrators(client: httpx.Client, admin: Learner, wav: bytes) -> None:
    name = f"SPEAKER {uuid.uuid4().hex}"
    send(client, admin, cues("Hello."), wav, actor=name)

    def names(path: str) -> dict[str, int]:
        found: dict[str, int] = {}
        cursor = ""
        while cursor is not None:
            params: dict[str, str | int] = {"limit": 100, "cursor": cursor}
            page = client.get(path, params=params, headers=admin.headers).json()
            found |= {each["name"]: each["token_count"] for each in page["items"]}
            cursor = page["next_cursor"]
        return found

    assert names("/api/actors/managed")[name] == 1
    assert name not in names("/api/actors")
    unused = make_actor(client, admin)["name"]
    assert names("/api/actors/managed")[unused] == 0


def test_a_curator_sets_the_level_of_a_line(client: httpx.Client, admin: Learner, draft: dict[str, Any]) -> None:
    line = draft["tokens"][0]
    path = f"/api/tokens/{line['id']}"
    assert line["curator_level"] is None
    allowed: tuple[object, ...] = (1, 5, None)
    for level in allowed:
        assert patch(client, admin, path, curator_level=level).status_code == 200
        shown = read_draft(client, admin, draft["id"])["tokens"][0]
        assert shown["curator_level"] == level
        # Without it, the computed level.
        assert shown["level"] == (level or line["level"])
    for refused in (0, 6, 2.5, "2", True):
        assert patch(client, admin, path, curator_level=refused).status_code == 422


def test_a_change_of_a_line_that_was_changed_elsewhere_is_refused(
    client: httpx.Client, admin: Learner, draft: dict[str, Any]
) -> None:
    first, path = draft["tokens"][0], f"/api/tokens/{draft['tokens'][0]['id']}"
    assert patch(client, admin, path, version=first["version"], text="Good morning.").status_code == 200
    for changes in ({"text": "Good evening."}, {"end_time": 0.5}):
        refused = patch(client, admin, path, version=first["version"], **changes)
        assert (refused.status_code, refused.json()["code"]) == (412, "changed_elsewhere")
    now = read_draft(client, admin, draft["id"])["tokens"][0]
    assert (now["text"], now["end_time"]) == ("Good morning.", first["end_time"])
    assert patch(client, admin, path, version=now["version"], end_time=0.5).status_code == 200
    assert patch(client, admin, path, text="Without a version.").status_code == 200
    assert client.patch(path, json={"position": 1}, headers=admin.headers | {"If-Match": "*"}).status_code == 200


def test_features_and_audio_change_no_version(client: httpx.Client, admin: Learner, draft: dict[str, Any]) -> None:
    line = draft["tokens"][0]
    files = {"audio_file": OTHER_AUDIO.read_bytes()}
    assert client.put(f"/api/tokens/{line['id']}/audio", files=files, headers=admin.headers).status_code == 200
    assert read_draft(client, admin, draft["id"])["tokens"][0]["version"] == line["version"]


def test_a_change_of_a_scene_that_was_changed_elsewhere_is_refused(
    client: httpx.Client, admin: Learner, draft: dict[str, Any]
) -> None:
    path = f"/api/scripts/{draft['id']}"
    for changes in ({"credit": "Grace"}, {"expires_at": "2030-01-01T00:00:00Z"}, {"title_ko": "커피"}, {"slug": None}):
        version = read_draft(client, admin, draft["id"])["version"]
        assert patch(client, admin, path, version=version, **changes).status_code == 200, changes
    refused = patch(client, admin, path, version=draft["version"], title="Another")
    assert (refused.status_code, refused.json()["code"]) == (412, "changed_elsewhere")


def waveform(client: httpx.Client, who: Learner, script_id: int, **query: float) -> httpx.Response:
    return client.get(f"/api/scripts/{script_id}/media/waveform", params=query, headers=who.headers)


def test_the_waveform_shows_where_the_sound_is(client: httpx.Client, admin: Learner, draft: dict[str, Any]) -> None:
    whole = waveform(client, admin, draft["id"], points=30).json()
    assert whole["length_s"] == pytest.approx(LENGTH_S)
    assert (whole["start"], whole["end"], len(whole["peaks"])) == (0, pytest.approx(LENGTH_S), 30)
    assert whole["peaks"][:10] == whole["peaks"][20:] == [0] * 10
    assert whole["peaks"][10:20] == [pytest.approx(128, abs=2)] * 10
    part = waveform(client, admin, draft["id"], start=0.95, end=1.05, points=4000).json()
    assert part["peaks"] == [0] * 5 + [pytest.approx(128, abs=8)] * 5, "one peak for each 10 ms"
    assert waveform(client, admin, draft["id"], start=2.9, end=9).json()["end"] == pytest.approx(LENGTH_S)
    assert problem_of(waveform(client, admin, draft["id"], start=4))[0] == ["body", "end"]
    assert waveform(client, admin, draft["id"], points=0).status_code == 422


def test_a_waveform_from_before_they_were_stored_is_measured(
    client: httpx.Client, admin: Learner, draft: dict[str, Any], database: psycopg2.extensions.connection
) -> None:
    before = waveform(client, admin, draft["id"]).json()
    with database.cursor() as cursor:
        cursor.execute("UPDATE scripts SET waveform = NULL WHERE id = %s", [draft["id"]])
    assert [waveform(client, admin, draft["id"]).json() for _ in range(2)] == [before, before]
    with database.cursor() as cursor:
        cursor.execute("SELECT length(waveform) FROM scripts WHERE id = %s", [draft["id"]])
        assert cursor.fetchone() == (300,)


def test_the_sound_between_two_times_is_what_a_line_with_them_gets(
    client: httpx.Client, admin: Learner, draft: dict[str, Any]
) -> None:
    def listen(start: float, end: float) -> httpx.Response:
        return client.get(
            f"/api/scripts/{draft['id']}/media/sound", params={"start": start, "end": end}, headers=admin.headers
        )

    answer = listen(0.95, 2.05)
    assert answer.headers["content-type"] == "audio/flac"
    sound, rate = soundfile.read(io.BytesIO(answer.content))
    assert rate == RATE_HZ
    assert len(sound) == pytest.approx(1.1 * RATE_HZ, abs=2)
    line = draft["tokens"][0]["id"]
    assert patch(client, admin, f"/api/tokens/{line}", start_time=1.0, end_time=2.0).status_code == 200
    assert heard(client, line, admin) == pytest.approx(sound, abs=1e-4), (
        "the clip of a line has 50 ms more on each side"
    )
    short, _ = soundfile.read(io.BytesIO(listen(2.5, 9).content))
    assert len(short) == pytest.approx(0.5 * RATE_HZ, abs=2)
    for start, end in ((1.0, 1.1), (2.0, 1.0), (0.0, 121.0)):
        assert problem_of(listen(start, end))[0] == ["query", "end"]
    assert problem_of(listen(3.5, 4.5))[0] == ["body", "end"]


def test_a_new_line_of_an_imported_scene_has_its_sound(
    client: httpx.Client, admin: Learner, draft: dict[str, Any]
) -> None:
    body = {"script_id": draft["id"], "actor_id": draft["tokens"][0]["actor"]["id"], "text": "One more."}

    def create(start: float, end: float) -> httpx.Response:
        return client.post("/api/tokens", json=body | {"start_time": start, "end_time": end}, headers=admin.headers)

    line = create(1.0, 2.0).json()
    assert line["has_audio"]
    assert line["position"] == 3
    assert len(heard(client, line["id"], admin)) == pytest.approx(1.1 * RATE_HZ, abs=2)
    assert problem_of(create(30.0, 31.0))[0] == ["body", "end_time"]
    assert len(read_draft(client, admin, draft["id"])["tokens"]) == 3


def test_a_scene_without_a_file_has_no_waveform(client: httpx.Client, admin: Learner) -> None:
    script = make_script(client, admin)["id"]
    assert read_draft(client, admin, script)["has_media"] is False
    for path in ("waveform", "sound?start=0&end=1"):
        answer = client.get(f"/api/scripts/{script}/media/{path}", headers=admin.headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "scene_media_missing")
    assert waveform(client, admin, 2**61).json()["code"] == "script_not_found"


def test_results_say_whether_the_audio_was_replaced_since(pipeline: ServerProcess) -> None:
    with httpx.Client(base_url=pipeline.url, timeout=60) as client:
        admin, learner = sign_in(client, ADMIN_EMAIL), somebody(client)
        line = make_token(client, admin, with_audio=True)["id"]
        job = make_job(client, learner, line)
        before = wait_for_end(client, learner, job)
        assert before["reference"]["is_current"]
        files = {"audio_file": OTHER_AUDIO.read_bytes()}
        assert client.put(f"/api/tokens/{line}/audio", files=files, headers=admin.headers).status_code == 200
        after = client.get(f"/api/tokens/analysis-result/{job}", headers=learner.headers).json()
        assert after["reference"] == {"audio_id": before["reference"]["audio_id"], "is_current": False}
        assert (after["overall_score"], after["detailed_feedback"]) == (
            before["overall_score"],
            before["detailed_feedback"],
        )
        attempts = client.get(f"/api/mypage/attempts?token_id={line}", headers=learner.headers).json()["items"]
        assert [each["overall_score"] for each in attempts] == [before["overall_score"]]


def test_results_that_were_not_sent_name_no_audio(client: httpx.Client, admin: Learner, learner: Learner) -> None:
    job = make_job(client, learner, make_token(client, admin, with_audio=True)["id"])
    assert client.get(f"/api/tokens/analysis-result/{job}", headers=learner.headers).json()["reference"] is None
