"""Requests of learners for scenes: one open each, votes, answers, and nobody's name."""

import io
import json
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.conftest import MakeApi
from tests.support.factories import ADMIN_EMAIL, Learner, make_script, sign_in, somebody

PATH = "/api/scripts/requests"


def ask(client: httpx.Client, who: Learner, title: str = "The last scene", **fields: object) -> httpx.Response:
    return client.post(PATH, json={"title": title, **fields}, headers=who.headers)


def asked(client: httpx.Client, who: Learner, title: str = "The last scene") -> int:
    answer = ask(client, who, title)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def vote(client: httpx.Client, who: Learner, request_id: int, method: str = "PUT") -> httpx.Response:
    return client.request(method, f"{PATH}/{request_id}/vote", headers=who.headers)


def answer(client: httpx.Client, admin: Learner, request_id: int, **changes: object) -> httpx.Response:
    return client.patch(f"{PATH}/{request_id}", json=changes, headers=admin.headers)


def find(client: httpx.Client, who: Learner, path: str = "", **query: object) -> list[dict[str, Any]]:
    """Returns all requests of a list, read page by page."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        params: dict[str, Any] = {"limit": 2, "cursor": cursor, **query}
        page = client.get(f"{PATH}{path}", params=params, headers=who.headers)
        assert page.status_code == 200, page.text
        found += page.json()["items"]
        cursor = page.json()["next_cursor"]
    return found


def one(client: httpx.Client, who: Learner, request_id: int, path: str = "", **query: object) -> dict[str, Any] | None:
    return next((each for each in find(client, who, path, **query) if each["id"] == request_id), None)


def test_each_learner_has_one_open_request(client: httpx.Client, learner: Learner) -> None:
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: ask(client, learner), range(4)))
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
    refused = next(each for each in answers if each.status_code == 409)
    assert refused.json()["code"] == "scene_request_exists"
    (own,) = find(client, learner, "/mine")
    assert client.delete(f"{PATH}/{own['id']}", headers=learner.headers).status_code == 204
    assert find(client, learner, "/mine") == []
    assert ask(client, learner).status_code == 201


@pytest.mark.parametrize(
    "body",
    [{}, {"title": " "}, {"title": "x" * 121}, {"title": "x", "note": "y" * 501}, {"title": "a\0"}, {"title": 1}],
)
def test_texts_are_bounded(client: httpx.Client, learner: Learner, body: dict[str, object]) -> None:
    refused = client.post(PATH, json=body, headers=learner.headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "malformed_request")


def test_requests_are_listed_by_votes_without_a_name(client: httpx.Client, learner: Learner, stranger: Learner) -> None:
    third = somebody(client)
    mine, theirs, other = (asked(client, who, f"Scene {who.user['id']}") for who in (learner, stranger, third))
    for who in (learner, stranger):
        for _ in range(2):
            assert vote(client, who, other).status_code == 204
    assert vote(client, third, theirs).status_code == 204
    listed = [each for each in find(client, learner) if each["id"] in (mine, theirs, other)]
    assert [(each["id"], each["votes"]) for each in listed] == [(other, 3), (theirs, 2), (mine, 1)]
    assert [(each["is_mine"], each["is_voted"]) for each in listed] == [(False, True), (False, False), (True, True)]
    shown = {"id", "title", "note", "status", "answer", "script_id", "votes", "is_mine", "is_voted", "is_hidden"}
    assert set(listed[0]) == shown | {"created_at"}
    for _ in range(2):
        assert vote(client, learner, other, "DELETE").status_code == 204
    found = one(client, learner, other)
    assert found is not None
    assert (found["votes"], found["is_voted"]) == (2, False)
    assert vote(client, learner, 2**61).json()["code"] == "scene_request_not_found"
    refused = client.delete(f"{PATH}/{theirs}", headers=learner.headers)
    assert (refused.status_code, refused.json()["code"]) == (404, "scene_request_not_found")


def test_an_administrator_answers_with_a_scene(client: httpx.Client, admin: Learner, learner: Learner) -> None:
    request_id, script = asked(client, learner), make_script(client, admin)["id"]
    done = answer(client, admin, request_id, status="done", answer="It is there now.", script_id=script)
    assert done.status_code == 200, done.text
    (own,) = find(client, learner, "/mine")
    assert (own["status"], own["answer"], own["script_id"]) == ("done", "It is there now.", script)
    assert one(client, learner, request_id) is None, "open ones only"
    assert one(client, learner, request_id, status="done") is not None
    closed = vote(client, learner, request_id)
    assert (closed.status_code, closed.json()["code"]) == (409, "scene_request_closed")
    client.post(f"/api/scripts/{script}/hide", headers=admin.headers)
    assert find(client, learner, "/mine")[0]["script_id"] is None, "no link to a hidden scene"
    assert one(client, admin, request_id, "/managed")["script_id"] == script  # type: ignore[index]
    assert client.delete(f"/api/scripts/{script}", headers=admin.headers).status_code == 204
    assert one(client, admin, request_id, "/managed")["script_id"] is None  # type: ignore[index]


def test_answers_are_checked(client: httpx.Client, admin: Learner, learner: Learner) -> None:
    request_id = asked(client, learner)
    missing = answer(client, admin, request_id, script_id=2**61)
    assert (missing.status_code, missing.json()["code"]) == (404, "script_not_found")
    assert answer(client, admin, 2**61, status="done").json()["code"] == "scene_request_not_found"
    for changes in ({}, {"status": "lost"}, {"answer": "x" * 501}, {"is_hidden": None}, {"votes": 5}, {"status": None}):
        assert answer(client, admin, request_id, **changes).status_code == 422, changes
    assert answer(client, admin, request_id, status="declined").status_code == 200
    assert ask(client, learner).status_code == 201
    refused = answer(client, admin, request_id, status="open")
    assert (refused.status_code, refused.json()["code"]) == (409, "scene_request_exists")


def test_a_hidden_request_is_shown_to_its_learner_only(
    client: httpx.Client, admin: Learner, learner: Learner, stranger: Learner
) -> None:
    request_id = asked(client, learner)
    assert answer(client, admin, request_id, status="declined", is_hidden=True).json()["is_hidden"]
    for status in ("open", "declined"):
        assert one(client, stranger, request_id, status=status) is None
    assert vote(client, stranger, request_id).status_code == 404
    assert [each["is_hidden"] for each in find(client, learner, "/mine")] == [True]
    assert one(client, admin, request_id, "/managed", status="declined") is not None
    assert not answer(client, admin, request_id, is_hidden=False).json()["is_hidden"]
    assert one(client, stranger, request_id, status="declined") is not None


def test_an_erased_account_leaves_neither_requests_nor_votes(
    client: httpx.Client, learner: Learner, stranger: Learner
) -> None:
    mine, theirs = asked(client, learner), asked(client, stranger)
    assert [vote(client, who, other).status_code for who, other in ((learner, theirs), (stranger, mine))] == [204] * 2
    assert client.delete("/api/auth/me", headers=learner.headers).status_code == 204
    assert one(client, stranger, mine) is None
    left = one(client, stranger, theirs)
    assert left is not None
    assert left["votes"] == 1


def test_the_export_has_requests_and_votes(client: httpx.Client, learner: Learner, stranger: Learner) -> None:
    asked(client, learner, "Mine")
    vote(client, learner, asked(client, stranger, "Theirs"))
    archive = client.get("/api/mypage/export", headers=learner.headers)
    with zipfile.ZipFile(io.BytesIO(archive.content)) as files:
        found = json.loads(files.read("scene_requests.json"))
    assert [(each["title"], each["status"]) for each in found["requests"]] == [("Mine", "open")]
    assert {each["title"] for each in found["votes"]} == {"Mine", "Theirs"}
    assert all(set(each) == {"title", "created_at"} for each in found["votes"])


@pytest.fixture(scope="module")
def limited(make_api: MakeApi) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=make_api(RATE_LIMIT_SCENE_REQUEST="2/hour").url, timeout=30) as client:
        yield client


def test_requests_of_one_learner_are_limited(limited: httpx.Client) -> None:
    learner = somebody(limited)
    for _ in range(2):
        request_id = asked(limited, learner)
        assert limited.delete(f"{PATH}/{request_id}", headers=learner.headers).status_code == 204
    refused = ask(limited, learner)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_scene_requests")
    assert int(refused.headers["retry-after"]) > 0
    assert ask(limited, sign_in(limited, ADMIN_EMAIL)).status_code == 201
