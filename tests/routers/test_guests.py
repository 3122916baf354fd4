"""Guests, who record without an account: what they may do, and what is left of them when they sign in or leave."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg2
import pytest

from local.embedded import EmbeddedPostgres, EmbeddedS3
from tests.conftest import MakeApi
from tests.routers.test_erasure import (
    erasures_in,
    holders_of,
    keys_of,
    objects_with,
    rows_with,
    unique_recording,
    upload_voice,
)
from tests.support.factories import (
    HUMAN_AUDIO,
    Learner,
    complete,
    dubbable_line,
    follow,
    make_job,
    read_events,
    sign_in,
    somebody,
    upload,
)
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until

VOICE = HUMAN_AUDIO.read_bytes()
COOKIE = "yousync_refresh"


@pytest.fixture(scope="module")
def server(make_api: MakeApi) -> ServerProcess:
    return make_api(JOB_RETRY_BASE_S="30")


def become_guest(client: httpx.Client) -> Learner:
    answer = client.post("/api/auth/guest")
    assert answer.status_code == 200, answer.text
    client.cookies.clear()
    body = answer.json()
    return Learner(body["user"], body["access_token"], body["refresh_token"])


def take_over(client: httpx.Client, guest: Learner, email: str, **options: Any) -> tuple[Learner, dict[str, Any]]:
    """Signs in with a guest's token; returns the account and the body of the answer."""
    body = {"email": email, "guest_token": guest.refresh_token, **options}
    answer = client.post("/api/auth/dev", json=body)
    assert answer.status_code == 200, answer.text
    client.cookies.clear()
    told = answer.json()
    return Learner(told["user"], told["access_token"], told["refresh_token"]), told


def an_address() -> str:
    return f"{uuid.uuid4().hex}@yousync.test"


def result_of(client: httpx.Client, who: Learner, job_id: str) -> httpx.Response:
    return client.get(f"/api/tokens/analysis-result/{job_id}", headers=who.headers)


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_guest_records_follows_and_sees_the_scores(http: httpx.Client, line: int) -> None:
    answer = http.post("/api/auth/guest")
    told, cookie = answer.json(), answer.headers["set-cookie"]
    until, since = (datetime.fromisoformat(text) for text in (told["guest_until"], told["user"]["created_at"]))
    assert until - since == timedelta(days=1)
    assert told["user"]["email"] == told["user"]["name"] == ""
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Max-Age=86400" in cookie
    http.cookies.clear()
    guest = Learner(told["user"], told["access_token"], told["refresh_token"])
    accepted = upload(http, guest, line)
    assert accepted.status_code == 202
    job_id = accepted.json()["job_id"]
    with follow(http, accepted.json()["progress_url"]) as stream:
        events = read_events(stream)
        assert next(events).data["status"] == "processing"
        audio = wait_until(lambda: result_of(http, guest, job_id).json()["user_audio_url"])
        complete(http, job_id, 71.0)
        assert [event.data for event in events][-1]["result"]["overall_score"] == 71.0
    assert result_of(http, guest, job_id).json()["overall_score"] == 71.0
    assert httpx.get(audio).content == VOICE
    assert http.get(f"/api/tokens/{line}", headers=guest.headers).json()["mine"]["last"] == 71.0


def test_only_accounts_have_lists_bookmarks_and_exports(http: httpx.Client, line: int) -> None:
    guest = become_guest(http)
    job_id = make_job(http, guest, line)
    for method, path in (
        ("GET", "bookmarks"),
        ("POST", "bookmarks"),
        ("DELETE", f"bookmarks/{line}"),
        ("GET", "my-dubbed-tokens"),
        ("GET", "progress"),
        ("GET", "progress/1"),
        ("GET", f"attempts?token_id={line}"),
        ("GET", "weak-sounds"),
        ("GET", "recordings"),
        ("DELETE", f"recordings/{job_id}"),
        ("GET", "overview"),
        ("GET", "export"),
    ):
        body = {"token_id": line} if method == "POST" else None
        answer = http.request(method, f"/api/mypage/{path}", json=body, headers=guest.headers)
        assert code_of(answer) == (403, "account_required"), path
    for method, path in (
        ("GET", "/api/scripts/requests"),
        ("POST", "/api/scripts/requests"),
        ("PUT", "/api/scripts/requests/1/vote"),
        ("DELETE", "/api/scripts/requests/1"),
    ):
        answer = http.request(method, path, json={"title": "Any"} if method == "POST" else None, headers=guest.headers)
        assert code_of(answer) == (403, "account_required"), path
    assert code_of(http.post("/api/actors", json={"name": "Nobody"}, headers=guest.headers)) == (403, "admin_only")
    assert http.get("/api/auth/me", headers=guest.headers).json()["is_admin"] is False


def test_others_get_nothing_of_a_guest(http: httpx.Client, line: int) -> None:
    guest, other = become_guest(http), become_guest(http)
    job_id = make_job(http, guest, line)
    for who in (other, somebody(http)):
        assert result_of(http, who, job_id).status_code == 404
        assert http.get(f"/api/tokens/analysis-progress/{job_id}", headers=who.headers).status_code == 404


def test_a_guest_has_a_few_takes(http: httpx.Client, line: int) -> None:
    guest = become_guest(http)
    assert http.get("/api/auth/options").json()["guest_takes"] == 3
    first = upload(http, guest, line, key="first").json()["job_id"]
    make_job(http, guest, line)
    offers = f"/api/tokens/{line}/uploads"
    assert http.post(offers, json={"size": 1000}, headers=guest.headers).status_code == 201
    assert code_of(upload(http, guest, line)) == (403, "guest_limit_reached")
    assert code_of(http.post(offers, json={}, headers=guest.headers)) == (403, "guest_limit_reached")
    assert upload(http, guest, line, key="first").json()["job_id"] == first


def test_the_recordings_of_a_guest_are_small(make_api: MakeApi) -> None:
    server = make_api(GUEST_QUOTA_BYTES=str(len(VOICE) + 1000))
    with httpx.Client(base_url=server.url, timeout=60) as client:
        guest, line = become_guest(client), dubbable_line(client)
        make_job(client, guest, line)
        assert code_of(upload(client, guest, line)) == (403, "guest_limit_reached")
        assert code_of(upload(client, guest, line, b"RIFF" + bytes(2_000_000))) == (403, "guest_limit_reached")
        offer = client.post(f"/api/tokens/{line}/uploads", json={"size": 100_000}, headers=guest.headers)
        assert code_of(offer) == (403, "guest_limit_reached")
        assert upload(client, somebody(client), line).status_code == 202


def test_one_address_has_a_few_guests_and_counts_for_all_of_them(make_api: MakeApi) -> None:
    server = make_api(RATE_LIMIT_GUEST="2/hour", RATE_LIMIT_UPLOAD="3/hour")
    with httpx.Client(base_url=server.url, timeout=60) as client:
        line, first, second = dubbable_line(client), become_guest(client), become_guest(client)
        refused = client.post("/api/auth/guest", headers={"Accept-Language": "en"})
        assert code_of(refused) == (429, "too_many_guests")
        assert int(refused.headers["retry-after"]) > 60 and "sign in" in refused.json()["detail"]
        for who in (first, second, first):
            make_job(client, who, line)
        assert code_of(upload(client, second, line)) == (429, "too_many_uploads")
        assert upload(client, somebody(client), line).status_code == 202


def test_guests_share_the_requests_of_their_address(make_api: MakeApi) -> None:
    server = make_api(RATE_LIMIT_ADDRESS="8/hour")
    with httpx.Client(base_url=server.url, timeout=60) as client:
        guests = [become_guest(client) for _ in range(3)]
        codes = [client.get("/api/auth/me", headers=guest.headers).status_code for guest in guests * 3]
        assert codes == [200] * 5 + [429] * 4


def test_guests_can_be_switched_off(make_api: MakeApi) -> None:
    server = make_api(GUEST_TAKES="0")
    with httpx.Client(base_url=server.url, timeout=60) as client:
        assert client.get("/api/auth/options").json()["guest_takes"] == 0
        assert code_of(client.post("/api/auth/guest")) == (409, "guests_off")


def test_a_browser_with_a_session_keeps_it(http: httpx.Client) -> None:
    for who in (become_guest(http), somebody(http)):
        answer = http.post("/api/auth/guest", headers={"Cookie": f"{COOKIE}={who.refresh_token}"})
        http.cookies.clear()
        assert answer.json()["user"] == who.user
        renewed = http.post("/api/auth/refresh", json={"refresh_token": answer.json()["refresh_token"]}).json()
        http.cookies.clear()
        assert bool(renewed["guest_until"]) == (who.user["email"] == "")
    foreign = {"Origin": "https://elsewhere.example", "Cookie": f"{COOKIE}={who.refresh_token}"}
    assert code_of(http.post("/api/auth/guest", headers=foreign)) == (403, "origin_not_allowed")


@pytest.mark.parametrize("is_new", [True, False], ids=["new account", "existing account"])
def test_signing_in_moves_the_takes_also_running_ones(http: httpx.Client, line: int, is_new: bool) -> None:
    guest, email = become_guest(http), an_address()
    if not is_new:
        make_job(http, sign_in(http, email), line)
    done, running = make_job(http, guest, line), make_job(http, guest, line)
    complete(http, done, 55.0)
    wait_until(lambda: result_of(http, guest, running).json()["user_audio_url"])
    with follow(http, f"/api/tokens/analysis-progress/{running}", **guest.headers) as stream:
        events = read_events(stream)
        next(events)
        account, told = take_over(http, guest, email)
        assert (told["takes_kept"], told["takes_refused"], told["guest_until"]) == (2, 0, None)
        complete(http, running, 66.0)
        assert [event.data for event in events][-1]["result"]["overall_score"] == 66.0
    attempts = http.get(f"/api/mypage/attempts?token_id={line}", headers=account.headers).json()["items"]
    assert {done: 55.0, running: 66.0}.items() <= {one["job_id"]: one["overall_score"] for one in attempts}.items()
    assert len(attempts) == (2 if is_new else 3)
    for answer in (result_of(http, guest, done), upload(http, guest, line)):
        assert code_of(answer) == (401, "invalid_access_token")
    assert http.post("/api/auth/refresh", json={"refresh_token": guest.refresh_token}).status_code == 401


def test_a_second_sign_in_and_another_person_get_nothing(http: httpx.Client, line: int) -> None:
    guest, email = become_guest(http), an_address()
    job_id = make_job(http, guest, line)
    take_over(http, guest, email)
    again, told = take_over(http, guest, email)
    assert told["takes_kept"] == 0 and result_of(http, again, job_id).status_code == 200
    other, told = take_over(http, guest, an_address())
    assert told["takes_kept"] == 0 and result_of(http, other, job_id).status_code == 404


def test_of_concurrent_sign_ins_one_gets_the_takes(http: httpx.Client, server: ServerProcess, line: int) -> None:
    guest = become_guest(http)
    job_id = make_job(http, guest, line)

    def claim(email: str) -> tuple[Learner, dict[str, Any]]:
        with httpx.Client(base_url=server.url, timeout=60) as client:
            return take_over(client, guest, email)

    twice = an_address()
    with ThreadPoolExecutor(6) as pool:
        claims = list(pool.map(claim, [twice, twice, *(an_address() for _ in range(4))]))
    assert sorted(told["takes_kept"] for _, told in claims) == [0, 0, 0, 0, 0, 1]
    owners = {who.user["id"] for who, _ in claims if result_of(http, who, job_id).status_code == 200}
    assert owners == {who.user["id"] for who, told in claims if told["takes_kept"]}


def test_the_cookie_of_the_browser_claims_but_not_from_another_page(http: httpx.Client, line: int) -> None:
    guest = become_guest(http)
    job_id = make_job(http, guest, line)
    headers = {"Cookie": f"{COOKIE}={guest.refresh_token}"}
    foreign = headers | {"Origin": "https://elsewhere.example"}
    thief = http.post("/api/auth/dev", json={"email": an_address()}, headers=foreign)
    assert thief.status_code == 200 and thief.json()["takes_kept"] == 0
    own = http.post("/api/auth/dev", json={"email": an_address()}, headers=headers | {"Origin": str(http.base_url)})
    http.cookies.clear()
    account = Learner(own.json()["user"], own.json()["access_token"], "")
    assert own.json()["takes_kept"] == 1 and result_of(http, account, job_id).status_code == 200


def test_a_token_that_another_tab_has_just_spent_claims(http: httpx.Client, line: int) -> None:
    guest = become_guest(http)
    make_job(http, guest, line)
    http.post("/api/auth/refresh", json={"refresh_token": guest.refresh_token}).raise_for_status()
    http.cookies.clear()
    assert take_over(http, guest, an_address())[1]["takes_kept"] == 1


@pytest.mark.parametrize("token", ["", "x", "\x00", "x" * 513, 7])
def test_a_damaged_token_claims_nothing(http: httpx.Client, token: object) -> None:
    answer = http.post("/api/auth/dev", json={"email": an_address(), "guest_token": token})
    http.cookies.clear()
    assert answer.status_code == 422 or answer.json()["takes_kept"] == 0


def test_the_token_of_an_account_moves_nothing(http: httpx.Client, line: int) -> None:
    victim = somebody(http)
    job_id = make_job(http, victim, line)
    thief, told = take_over(http, victim, an_address())
    assert told["takes_kept"] == 0 and result_of(http, thief, job_id).status_code == 404
    assert result_of(http, victim, job_id).status_code == 200


def test_idempotency_keys_stay_unique_and_work_for_the_account(http: httpx.Client, line: int) -> None:
    guest, email = become_guest(http), an_address()
    own = upload(http, sign_in(http, email), line, key="same").json()["job_id"]
    moved = [upload(http, guest, line, key=key).json()["job_id"] for key in ("same", "other")]
    account, told = take_over(http, guest, email)
    assert told["takes_kept"] == 2
    assert all(result_of(http, account, job_id).status_code == 200 for job_id in (own, *moved))
    assert upload(http, account, line, key="same").json()["job_id"] == own
    assert upload(http, account, line, key="other").json()["job_id"] == moved[1]


@pytest.fixture
def place(make_api: MakeApi, own_s3: EmbeddedS3, own_postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator["Place"]:
    yield Place(make_api, own_s3, own_postgres, tmp_path)


class Place:
    """A service whose tables, bucket and folders are its own."""

    def __init__(self, make_api: MakeApi, store: EmbeddedS3, postgres: EmbeddedPostgres, folder: Path) -> None:
        self.store, self.postgres, self._make_api = store, postgres, make_api
        self._files = folder / "tmp"
        self._files.mkdir()

    def serve(self, **settings: str) -> httpx.Client:
        defaults = {"UPLOAD_TTL_S": "3", "JOB_RETRY_BASE_S": "30"}
        database = {"DATABASE_URL": self.postgres.url, "TMPDIR": str(self._files)}
        server = self._make_api(**{**database, **self.store.account.environment(), **defaults, **settings})
        self._spool = Path(server.env["SPOOL_DIR"])
        return httpx.Client(base_url=server.url, timeout=60)

    def let_a_day_pass(self, guest: Learner) -> None:
        """Moves the end of a guest and of its session to the present; both are a day after the beginning."""
        ends = (
            "UPDATE users SET guest_until = guest_until - interval '1 day' WHERE id = %s",
            "UPDATE refresh_tokens SET family_expires_at = family_expires_at - interval '1 day' WHERE user_id = %s",
        )
        with closing(psycopg2.connect(self.postgres.url)) as connection, connection, connection.cursor() as cursor:
            for statement in ends:
                cursor.execute(statement, [guest.user["id"]])

    def traces(self, voice: bytes, *words: str) -> list[object]:
        """Returns where a recording, or a row with one of the words, still is."""
        files = holders_of(voice, self._files, self._spool)
        return [*files, *objects_with(voice, self.store), *rows_with(words, self.postgres)]

    def wait_until_erased(self, guest: Learner, voice: bytes, *jobs: str) -> None:
        words = [*jobs, f"recordings/{guest.user['id']}/"]
        wait_until(lambda: not self.traces(voice, *words), explain=lambda: str(self.traces(voice, *words)))
        wait_until(lambda: erasures_in(self.postgres) == 0)


def test_nothing_is_left_of_a_guest_after_the_time(place: Place) -> None:
    voice = unique_recording()
    with place.serve() as client:
        guest, line = become_guest(client), dubbable_line(client)
        jobs = [upload_voice(client, guest, line, voice) for _ in range(2)]
        offer = client.post(f"/api/tokens/{line}/uploads", json={}, headers=guest.headers).json()
        form = {"data": offer["fields"], "files": {"file": ("blob", voice, "audio/wav")}}
        httpx.post(offer["url"], **form).raise_for_status()
        wait_until(lambda: len(objects_with(voice, place.store)) == 3)
        complete(client, jobs[0])
        place.let_a_day_pass(guest)
        place.wait_until_erased(guest, voice, *jobs)
        assert result_of(client, guest, jobs[0]).status_code == 401
        assert client.post("/api/auth/refresh", json={"refresh_token": guest.refresh_token}).status_code == 401
        assert take_over(client, guest, an_address())[1]["takes_kept"] == 0


@pytest.mark.parametrize("way", ["delete", "sign out", "sign in without keeping"])
def test_nothing_is_left_of_a_guest_who_leaves(place: Place, way: str) -> None:
    voice = unique_recording()
    with place.serve() as client:
        guest, line = become_guest(client), dubbable_line(client)
        job_id = upload_voice(client, guest, line, voice)
        wait_until(lambda: objects_with(voice, place.store))
        if way == "delete":
            assert client.delete("/api/auth/me", headers=guest.headers).status_code == 204
        elif way == "sign out":
            assert client.post("/api/auth/logout", headers=guest.headers).status_code == 204
        else:
            assert take_over(client, guest, an_address(), keep_guest_takes=False)[1]["takes_kept"] == 0
        assert result_of(client, guest, job_id).status_code == 401
        place.wait_until_erased(guest, voice, job_id)


def test_what_an_account_has_taken_over_stays_until_the_account_is_erased(place: Place) -> None:
    voice, refused = unique_recording(), unique_recording()
    with place.serve(STORAGE_QUOTA_BYTES=str(len(voice) + 1000)) as client:
        guest, line = become_guest(client), dubbable_line(client)
        lost, kept = upload_voice(client, guest, line, refused), upload_voice(client, guest, line, voice)
        wait_until(lambda: objects_with(voice, place.store) and objects_with(refused, place.store))
        account, told = take_over(client, guest, an_address())
        assert (told["takes_kept"], told["takes_refused"]) == (1, 1)
        wait_until(lambda: not place.traces(refused, lost))
        wait_until(lambda: erasures_in(place.postgres) == 0)
        assert httpx.get(result_of(client, account, kept).json()["user_audio_url"]).content == voice
        assert keys_of(place.store, account) == []
        assert voice in client.get("/api/mypage/export", headers=account.headers).content
        assert client.delete("/api/auth/me", headers=account.headers).status_code == 204
        assert objects_with(voice, place.store) == []
        place.wait_until_erased(guest, voice, kept)
