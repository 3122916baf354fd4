"""The end of sessions, the scope of tickets, and the pages that may use the cookie."""

import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg2.extensions
import pytest
from jose import jwt

from dependencies import SESSION_COOKIE
from tests.support.factories import Learner, complete, make_job, make_token, upload
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until

PROGRESS = "/api/tokens/analysis-progress"


@pytest.fixture(scope="module")
def token(client: httpx.Client, admin: Learner) -> dict[str, Any]:
    return make_token(client, admin)


@pytest.fixture
def job_id(client: httpx.Client, learner: Learner, token: dict[str, Any]) -> str:
    job_id = make_job(client, learner, token["id"])
    complete(client, job_id)
    return job_id


def test_erasing_an_account_and_refreshing_do_not_deadlock(
    api: ServerProcess, learner: Learner, database: psycopg2.extensions.connection
) -> None:
    """Both lock the user and the token; in opposite order they would deadlock and return 503."""
    database.autocommit = False
    with ThreadPoolExecutor(1) as pool, database.cursor() as erasure:
        erasure.execute("SELECT id FROM users WHERE id = %s FOR UPDATE", [learner.user["id"]])
        refreshed = pool.submit(refresh, api.url, learner.refresh_token)
        wait_until_something_waits_for(database)
        erasure.execute("DELETE FROM users WHERE id = %s", [learner.user["id"]])
        database.commit()
        assert refreshed.result().json()["code"] == "invalid_refresh_token"


def wait_until_something_waits_for(database: psycopg2.extensions.connection) -> None:
    mine = database.info.backend_pid

    def somebody_waits() -> bool:
        with database.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))", [mine])
            return cursor.fetchone() is not None

    wait_until(somebody_waits, explain=lambda: "the refresh never waited for the user's row")


def refresh(base_url: str, token: str) -> httpx.Response:
    return httpx.post(f"{base_url}/api/auth/refresh", json={"refresh_token": token}, timeout=30)


def claims_of(access_token: str) -> dict[str, Any]:
    return dict(jwt.get_unverified_claims(access_token))


def test_logout_ends_access_refresh_and_tickets_at_once(
    client: httpx.Client, learner: Learner, token: dict[str, Any], api: ServerProcess
) -> None:
    progress_url = upload(client, learner, token["id"]).json()["progress_url"]
    path = f"/api/tokens/{token['id']}"
    assert client.get(path, headers=learner.headers).json()["mine"] is not None
    assert client.post("/api/auth/logout", headers=learner.headers).status_code == 204
    for answer in (
        client.get("/api/auth/me", headers=learner.headers),
        client.get("/api/mypage/overview", headers=learner.headers),
        client.get(path, headers=learner.headers),
        upload(client, learner, token["id"]),
        client.post("/api/auth/logout", headers=learner.headers),
    ):
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_access_token")
    for url, headers in ((progress_url.partition("?")[0], learner.headers), (progress_url, {})):
        with client.stream("GET", url, headers=headers) as stream:
            assert stream.status_code == 401
    assert refresh(api.url, learner.refresh_token).json()["code"] == "invalid_refresh_token"


def test_logout_ends_only_its_own_session(client: httpx.Client) -> None:
    email = f"{uuid.uuid4().hex}@yousync.test"
    first, second = (client.post("/api/auth/dev", json={"email": email}).json()["access_token"] for _ in range(2))
    client.cookies.clear()
    client.post("/api/auth/logout", headers={"Authorization": f"Bearer {first}"})
    for access_token, status in ((first, 401), (second, 200)):
        assert client.get("/api/auth/me", headers={"Authorization": f"Bearer {access_token}"}).status_code == status


def test_reused_refresh_token_ends_the_access_of_the_whole_family(
    client: httpx.Client, learner: Learner, api: ServerProcess, database: psycopg2.extensions.connection
) -> None:
    fresh = refresh(api.url, learner.refresh_token).json()
    headers = {"Authorization": f"Bearer {fresh['access_token']}"}
    change_tokens(database, learner, "spent_at = spent_at - interval '11 seconds'")
    assert client.get("/api/auth/me", headers=headers).status_code == 200
    assert refresh(api.url, learner.refresh_token).json()["code"] == "invalid_refresh_token"
    assert client.get("/api/auth/me", headers=headers).status_code == 401
    assert refresh(api.url, fresh["refresh_token"]).status_code == 401


def test_concurrent_refreshes_keep_the_session_and_rotate_once(
    client: httpx.Client, learner: Learner, api: ServerProcess, database: psycopg2.extensions.connection
) -> None:
    with ThreadPoolExecutor(25) as tabs:
        answers = list(tabs.map(lambda _: refresh(api.url, learner.refresh_token), range(100)))
    (winner,) = (answer.json() for answer in answers if answer.status_code == 200)
    for access_token in (learner.access_token, winner["access_token"]):
        assert client.get("/api/auth/me", headers={"Authorization": f"Bearer {access_token}"}).status_code == 200
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(spent_at), count(revoked_at) FROM refresh_tokens WHERE user_id = %s",
            (learner.user["id"],),
        )
        assert cursor.fetchone() == (2, 1, 0)


def test_session_has_an_absolute_lifetime(
    client: httpx.Client, learner: Learner, api: ServerProcess, database: psycopg2.extensions.connection
) -> None:
    fresh = refresh(api.url, learner.refresh_token).json()
    assert claims_of(fresh["access_token"])["sid"] == claims_of(learner.access_token)["sid"]
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT family_expires_at) FROM refresh_tokens WHERE user_id = %s", (learner.user["id"],)
        )
        assert cursor.fetchone() == (1,), "rotating must not prolong it"
    change_tokens(database, learner, "family_expires_at = now()")
    assert refresh(api.url, fresh["refresh_token"]).json()["code"] == "invalid_refresh_token"
    headers = {"Authorization": f"Bearer {fresh['access_token']}"}
    assert client.get("/api/auth/me", headers=headers).status_code == 401


def change_tokens(database: psycopg2.extensions.connection, learner: Learner, change: str) -> None:
    with database.cursor() as cursor:
        cursor.execute(f"UPDATE refresh_tokens SET {change} WHERE user_id = %s", (learner.user["id"],))


def test_access_token_with_a_wrong_algorithm_or_claim_is_refused(
    client: httpx.Client, learner: Learner, api: ServerProcess
) -> None:
    claims, key = claims_of(learner.access_token), api.env["SECRET_KEY"]
    header, payload, _ = learner.access_token.split(".")
    none = jwt.encode(claims, key, algorithm="HS256", headers={"alg": "none"}).split(".")
    for forged in (
        f"{none[0]}.{payload}.",
        f"{none[0]}.{payload}.{learner.access_token.rsplit('.', 1)[1]}",
        f"{header}.{payload}.",
        jwt.encode(claims, key, algorithm="HS384"),
        jwt.encode({**claims, "iss": "elsewhere"}, key, algorithm="HS256"),
        jwt.encode({**claims, "sub": str(learner.user["id"] + 1)}, key, algorithm="HS256"),
        jwt.encode({**claims, "sid": str(uuid.uuid4())}, key, algorithm="HS256"),
        jwt.encode({**claims, "nbf": int(time.time()) + 60}, key, algorithm="HS256"),
    ):
        answer = client.get("/api/auth/me", headers={"Authorization": f"Bearer {forged}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_access_token")


def test_stream_ticket_opens_only_its_own_stream(
    client: httpx.Client, learner: Learner, token: dict[str, Any], job_id: str
) -> None:
    other_job = make_job(client, learner, token["id"])
    complete(client, other_job)
    ticket = upload(client, learner, token["id"]).json()["progress_url"].partition("ticket=")[2]
    as_bearer = {"Authorization": f"Bearer {ticket}"}
    assert client.get("/api/auth/me", headers=as_bearer).status_code == 401
    assert client.get(f"{PROGRESS}/{other_job}", headers=as_bearer).status_code == 401
    answer = client.get(f"{PROGRESS}/{other_job}", params={"ticket": ticket})
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_stream_ticket")
    assert client.get(f"/api/tokens/analysis-result/{job_id}", params={"ticket": ticket}).status_code == 401


def test_access_token_in_a_url_is_refused(client: httpx.Client, learner: Learner, job_id: str) -> None:
    for params in ({"ticket": learner.access_token}, {"access_token": learner.access_token}):
        assert client.get(f"{PROGRESS}/{job_id}", params=params).status_code == 401
        assert client.get("/api/auth/me", params=params).status_code == 401


def test_stream_ticket_expires_after_60_s(
    client: httpx.Client, learner: Learner, token: dict[str, Any], api: ServerProcess
) -> None:
    answer = upload(client, learner, token["id"]).json()
    complete(client, answer["job_id"])
    path, _, ticket = answer["progress_url"].partition("?ticket=")
    claims = claims_of(ticket)
    assert claims["exp"] - claims["iat"] == 60
    assert client.get(path, params={"ticket": ticket}).status_code == 200
    late = {**claims, "iat": claims["iat"] - 61, "exp": claims["exp"] - 61}
    expired = jwt.encode(late, api.env["SECRET_KEY"], algorithm="HS256")
    cookie = {"Cookie": f"{SESSION_COOKIE}={learner.access_token}"}
    assert client.get(path, params={"ticket": expired}, headers=cookie).status_code == 200
    foreign = {**claims, "sub": str(learner.user["id"] + 1)}
    for changed, code in ((late, "invalid_stream_ticket"), (foreign, "invalid_access_token")):
        forged = jwt.encode(changed, api.env["SECRET_KEY"], algorithm="HS256")
        refusal = client.get(path, params={"ticket": forged})
        assert (refusal.status_code, refusal.json()["code"]) == (401, code)


@pytest.fixture
def browser(api: ServerProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=api.url) as http:
        assert http.post("/api/auth/dev", json={"email": f"{uuid.uuid4().hex}@yousync.test"}).status_code == 200
        yield http


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "http://localhost:3001"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "http://[::1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_foreign_origin_cannot_use_the_cookie(browser: httpx.Client, headers: dict[str, str]) -> None:
    answer = browser.post("/api/auth/refresh", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "origin_not_allowed")
    assert "set-cookie" not in answer.headers
    assert browser.post("/api/auth/refresh").status_code == 200, "the refusal must not have spent the token"


@pytest.mark.parametrize("origin", [None, "http://localhost:3000", "https://yousync.link", "itself"])
def test_own_origins_can_use_the_cookie(browser: httpx.Client, origin: str | None) -> None:
    own = str(browser.base_url).rstrip("/")
    headers = {} if origin is None else {"Origin": own if origin == "itself" else origin}
    assert browser.post("/api/auth/refresh", headers=headers).status_code == 200


def test_cookies_authorize_only_their_own_path(browser: httpx.Client) -> None:
    """No other route needs protection against cross-site request forgery."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    for method, path in (("GET", "/api/auth/me"), ("POST", "/api/auth/logout"), ("DELETE", "/api/auth/me")):
        answer = httpx.request(method, f"{browser.base_url}{path}", headers={"Cookie": cookies})
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    paths = {cookie.name: cookie.path for cookie in browser.cookies.jar}
    assert paths == {"yousync_session": PROGRESS, "yousync_refresh": "/api/auth"}
