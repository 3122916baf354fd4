"""My page: bookmarks, dubbed lines and the overview."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg2
import pytest

from tests.routers.test_tokens import all_pages
from tests.support.factories import Learner, complete, make_job, make_token


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/mypage/bookmarks/"),
        ("POST", "/api/mypage/bookmarks/"),
        ("DELETE", "/api/mypage/bookmarks/1"),
        ("GET", "/api/mypage/my-dubbed-tokens"),
        ("GET", "/api/mypage/overview"),
    ],
)
def test_my_page_requires_sign_in(client: httpx.Client, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_bookmarks(client: httpx.Client, admin: Learner, learner: Learner, stranger: Learner) -> None:
    tokens = [make_token(client, admin)["id"] for _ in range(3)]
    for token_id in tokens:
        made = client.post("/api/mypage/bookmarks/", json={"token_id": token_id}, headers=learner.headers)
        assert made.status_code == 201
    again = client.post("/api/mypage/bookmarks", json={"token_id": token_id}, headers=learner.headers)
    assert (again.status_code, again.json()) == (200, made.json())
    first = client.get("/api/mypage/bookmarks/", params={"limit": 2}, headers=learner.headers).json()
    rest = client.get(
        "/api/mypage/bookmarks/", params={"limit": 2, "cursor": first["next_cursor"]}, headers=learner.headers
    ).json()
    assert [row["token"]["id"] for row in first["items"] + rest["items"]] == tokens[::-1]
    assert rest["next_cursor"] is None
    path = f"/api/mypage/bookmarks/{token_id}"
    assert client.delete(path, headers=stranger.headers).status_code == 404
    assert client.delete(path, headers=learner.headers).status_code == 204
    gone = client.delete(path, headers=learner.headers)
    assert (gone.status_code, gone.json()["code"]) == (404, "bookmark_not_found")
    unknown = client.post("/api/mypage/bookmarks/", json={"token_id": 2**60}, headers=learner.headers)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "token_not_found")


def test_dubbed_tokens(client: httpx.Client, admin: Learner, learner: Learner) -> None:
    first, second, third = (make_token(client, admin)["id"] for _ in range(3))
    for overall in (50.0, None, 80.0, 60.0):
        complete(client, make_job(client, learner, first), overall)
    complete(client, make_job(client, learner, second), None)
    last_job = make_job(client, learner, third)
    rows = all_pages_of(client, learner, "/api/mypage/my-dubbed-tokens", limit=1)
    assert [row["token"]["id"] for row in rows] == [third, second, first]
    assert rows[0]["last_job_id"] == last_job
    scores = [
        (row["attempts"], row["best_overall_score"], row["last_overall_score"], row["first_overall_score"])
        for row in rows
    ]
    assert scores == [(1, None, None, None), (1, None, None, None), (4, 80.0, 60.0, 50.0)]


def all_pages_of(client: httpx.Client, who: Learner, path: str, **params: Any) -> list[dict[str, Any]]:
    with httpx.Client(base_url=client.base_url, headers=who.headers) as signed_in:
        return all_pages(signed_in, path, **params)


def test_overview(
    client: httpx.Client, admin: Learner, learner: Learner, database: psycopg2.extensions.connection
) -> None:
    token = make_token(client, admin)
    jobs = [make_job(client, learner, token["id"]) for _ in range(5)]
    for job_id, overall in zip(jobs, (60.0, 70.0, 80.0, None), strict=False):
        complete(client, job_id, overall)
    now = datetime.now(UTC)
    with database.cursor() as cursor:
        for job_id, days in zip(jobs, (0, 1, 2, 10, 11), strict=True):
            at = now - timedelta(days=days)
            cursor.execute("UPDATE analysis_results SET created_at = %s WHERE job_id = %s", (at, job_id))
    client.post("/api/mypage/bookmarks/", json={"token_id": token["id"]}, headers=learner.headers)
    body = client.get("/api/mypage/overview", headers=learner.headers).json()
    assert body["user"]["id"] == learner.user["id"]
    assert body["totals"] == {"attempts": 5, "completed": 4, "tokens_dubbed": 1, "bookmarks": 1}
    assert body["averages"] == {"pronunciation": 70.0, "intonation": None, "emotion": None, "overall": 70.0}
    assert body["streak"] == {"current_days": 3, "longest_days": 3}
    assert [point["overall"] for point in body["trend"]] == [None, None, 80.0, 70.0, 60.0]
    assert len(body["recent_bookmarks"]) == len(body["recent_dubs"]) == 1


def test_overview_of_a_new_user_has_null_scores(client: httpx.Client, learner: Learner) -> None:
    body = client.get("/api/mypage/overview", headers=learner.headers).json()
    assert set(body["averages"].values()) == {None}
    assert body["streak"] == {"current_days": 0, "longest_days": 0}
    assert (body["trend"], body["recent_dubs"]) == ([], [])


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "../etc/passwd", "a\x00"])
def test_an_unknown_time_zone_is_422(client: httpx.Client, learner: Learner, zone: str) -> None:
    answer = client.get("/api/mypage/overview", params={"timezone": zone}, headers=learner.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed_request")
