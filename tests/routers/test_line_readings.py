"""The reading that is expected of a line: shown, corrected, and refused where there is none."""

import httpx
import pytest

from tests.conftest import MakeApi
from tests.support.factories import ADMIN_EMAIL, HUMAN_LINE, Learner, make_actor, make_script, make_token, sign_in
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until

CODE = "nothing_to_pronounce"


def _body(client: httpx.Client, admin: Learner, text: str, **fields: object) -> dict[str, object]:
    place = {"script_id": make_script(client, admin)["id"], "actor_id": make_actor(client, admin)["id"]}
    return {**place, "text": text, "start_time": 0.0, "end_time": 2.0, **fields}


def _replace(client: httpx.Client, admin: Learner, token: dict[str, object], **fields: object) -> httpx.Response:
    kept = {key: token[key] for key in ("script_id", "text", "start_time", "end_time")}
    body = {**kept, "actor_id": token["actor"]["id"], **fields}  # type: ignore[index]
    return client.put(f"/api/tokens/{token['id']}", json=body, headers=admin.headers)


@pytest.mark.parametrize("text", ["♪ ♪", "[laughs]", "(sighs)", "JOHN:", "… — !?", "안녕하세요"])
def test_line_without_a_word_is_refused(client: httpx.Client, admin: Learner, text: str) -> None:
    refused = client.post("/api/tokens", json=_body(client, admin, text), headers=admin.headers)
    assert (refused.status_code, refused.json()["code"]) == (422, CODE)
    changed = _replace(client, admin, make_token(client, admin), text=text)
    assert (changed.status_code, changed.json()["code"]) == (422, CODE)


def test_refusal_is_in_the_language_of_the_request(client: httpx.Client, admin: Learner) -> None:
    body = _body(client, admin, "♪")
    details = [
        client.post("/api/tokens", json=body, headers={**admin.headers, "Accept-Language": tag}).json()["detail"]
        for tag in ("ko", "en")
    ]
    assert "단어가 없는 대사" in details[0] and "holds no word" in details[1]


def test_lines_of_languages_that_are_not_read_here_are_taken(client: httpx.Client, admin: Learner) -> None:
    script = make_script(client, admin, language="ko-KR")
    token = make_token(client, admin, script_id=script["id"], text="안녕하세요")
    assert client.get(f"/api/tokens/{token['id']}").json()["reading"] is None


def test_line_shows_the_reading_that_is_expected(client: httpx.Client, admin: Learner) -> None:
    token = make_token(client, admin, text="[laughs] Call 911, Dr. Lee!")
    shown = client.get(f"/api/tokens/{token['id']}").json()
    assert (shown["text"], shown["spoken_form"]) == ("[laughs] Call 911, Dr. Lee!", None)
    assert shown["reading"]["text"] == "call nine one one doctor lee"
    assert [word["text"] for word in shown["reading"]["words"]] == ["Call", "911", "Dr", "Lee"]
    assert "nine eleven" in shown["reading"]["words"][1]["readings"]


def test_admin_corrects_the_reading(client: httpx.Client, admin: Learner) -> None:
    token = make_token(client, admin, text="Room 237, now!")
    assert _replace(client, admin, token, spoken_form="room two three seven now").status_code == 200
    shown = client.get(f"/api/tokens/{token['id']}").json()
    assert (shown["text"], shown["spoken_form"]) == ("Room 237, now!", "room two three seven now")
    assert shown["reading"] == {
        "text": "room two three seven now",
        "words": [
            {"text": "Room", "readings": ["room"]},
            {"text": "237", "readings": ["two three seven"]},
            {"text": "now", "readings": ["now"]},
        ],
    }
    refused = _replace(client, admin, token, spoken_form="♪")
    assert (refused.status_code, refused.json()["code"]) == (422, CODE)


def test_features_follow_a_corrected_reading(make_api: MakeApi, analysis: ServerProcess) -> None:
    """The actor says other words than the text; the pitch appears once the reading is corrected."""
    server = make_api(analysis.url, SWEEP_INTERVAL_S="1")
    with httpx.Client(base_url=server.url, timeout=30) as http:
        admin = sign_in(http, ADMIN_EMAIL)
        token = make_token(http, admin, text="Bright green apples grow behind seven houses.", with_audio=True)
        path = f"/api/tokens/{token['id']}"
        assert http.get(path).json()["reference_pitch"] is None
        assert _replace(http, admin, token, spoken_form=HUMAN_LINE).status_code == 200
        wait_until(lambda: http.get(path).json()["reference_pitch"] is not None)
