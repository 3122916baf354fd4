"""Cached responses: lifetime, invalidation by changes of the catalogue, and cache headers for clients."""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import psycopg2
import pytest

from local.embedded import EmbeddedValkey
from tests.conftest import MakeApi
from tests.support.factories import (
    ADMIN_EMAIL,
    HUMAN_AUDIO,
    Learner,
    complete,
    make_actor,
    make_job,
    make_script,
    make_token,
    sign_in,
    somebody,
)
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(tmp_path / "valkey") as server:
        yield server


@dataclass
class Service:
    """A separate API server with one script, and a way to change rows without its knowledge."""

    server: ServerProcess
    http: httpx.Client
    admin: Learner
    script_id: int
    token_id: int

    def write(self, statement: str, *values: Any) -> None:
        with closing(psycopg2.connect(self.server.env["DATABASE_URL"])) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, values)

    def written_views(self) -> int:
        """The views in the database, where the sweeper adds those that are counted in memory."""
        with closing(psycopg2.connect(self.server.env["DATABASE_URL"])) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT views FROM scripts WHERE id = %s", [self.script_id])
            (views,) = cursor.fetchone() or (0,)
        return int(views)

    def rename_behind_its_back(self) -> str:
        title = uuid.uuid4().hex
        self.write("UPDATE scripts SET title = %s WHERE id = %s", title, self.script_id)
        return title

    def title(self) -> str:
        return title_at(self.http, self.script_id)


def title_at(http: httpx.Client, script_id: int) -> str:
    return str(http.get(f"/api/scripts/{script_id}").json()["title"])


Serve = Callable[..., Service]


@pytest.fixture
def serve(make_api: MakeApi) -> Iterator[Serve]:
    clients: list[httpx.Client] = []

    def make(**settings: str) -> Service:
        server = make_api(JOB_RETRY_BASE_S="30", **settings)
        http = httpx.Client(base_url=server.url, timeout=30)
        clients.append(http)
        admin = sign_in(http, ADMIN_EMAIL)
        token = make_token(http, admin)
        return Service(server, http, admin, token["script_id"], token["id"])

    yield make
    for http in clients:
        http.close()


@pytest.fixture(scope="module")
def kept(make_api: MakeApi) -> Iterator[Service]:
    """A server whose cached responses outlive these tests."""
    server = make_api(JOB_RETRY_BASE_S="30", CACHE_TTL_S="600")
    with httpx.Client(base_url=server.url, timeout=30) as http:
        admin = sign_in(http, ADMIN_EMAIL)
        token = make_token(http, admin)
        yield Service(server, http, admin, token["script_id"], token["id"])


def test_a_response_is_cached_for_its_lifetime_only(serve: Serve) -> None:
    service = serve(CACHE_TTL_S="2")
    before = service.title()
    kept_until = time.monotonic() + 2
    after = service.rename_behind_its_back()
    assert service.title() == before
    wait_until(lambda: service.title() == after, timeout_s=10)
    assert time.monotonic() >= kept_until - 0.1


def test_a_lifetime_of_0_disables_the_cache(serve: Serve) -> None:
    service = serve(CACHE_TTL_S="0")
    service.title()
    for _ in range(3):
        after = service.rename_behind_its_back()
        assert service.title() == after
        listed = service.http.get("/api/scripts")
        assert [script["title"] for script in listed.json()["items"] if script["id"] == service.script_id] == [after]
    assert listed.headers["cache-control"] == "public, no-cache"


def put(service: Service, path: str, **body: Any) -> httpx.Response:
    return service.http.put(path, json=body, headers=service.admin.headers)


def delete(service: Service, path: str) -> httpx.Response:
    return service.http.delete(path, headers=service.admin.headers)


def line_of(service: Service) -> dict[str, Any]:
    token = make_token(service.http, service.admin)
    names = ("id", "script_id", "text", "start_time", "end_time")
    return {name: token[name] for name in names} | {"actor_id": token["actor"]["id"]}


def upload_reference(service: Service, token_id: int) -> httpx.Response:
    files = {"audio_file": HUMAN_AUDIO.read_bytes()}
    return service.http.put(f"/api/tokens/{token_id}/audio", files=files, headers=service.admin.headers)


def import_scene(service: Service) -> httpx.Response:
    cue = b"WEBVTT\n\n00:00.000 --> 00:02.500\n<v Grace>Hello there.\n"
    files = {"subtitle_file": cue, "media_file": HUMAN_AUDIO.read_bytes()}
    form = {"title": "T", "category": "c"}
    return service.http.post("/api/scripts/import", data=form, files=files, headers=service.admin.headers)


def publish(service: Service, script_id: int) -> httpx.Response:
    return service.http.post(f"/api/scripts/{script_id}/publish", headers=service.admin.headers)


def changes(service: Service) -> dict[str, Callable[[], Any]]:
    """Returns every way to change the catalogue, as functions."""
    http, admin = service.http, service.admin
    line, other = line_of(service), line_of(service)
    actor, script = make_actor(http, admin)["id"], make_script(http, admin)["id"]
    imported = import_scene(service).json()["id"]
    return {
        "a script": lambda: make_script(http, admin),
        "another title": lambda: put(service, f"/api/scripts/{script}", title="T", category="c"),
        "no script": lambda: delete(service, f"/api/scripts/{script}"),
        "a line": lambda: make_token(http, admin, script_id=line["script_id"], actor_id=actor),
        "another text": lambda: put(service, f"/api/tokens/{line['id']}", **line | {"text": "Other words."}),
        "no line": lambda: delete(service, f"/api/tokens/{other['id']}"),
        "an actor": lambda: make_actor(http, admin),
        "another name": lambda: put(service, f"/api/actors/{other['actor_id']}", name=uuid.uuid4().hex),
        "no actor": lambda: delete(service, f"/api/actors/{other['actor_id']}"),
        "reference audio": lambda: upload_reference(service, line["id"]),
        "a scene": lambda: import_scene(service),
        "a public scene": lambda: publish(service, imported),
    }


def test_every_change_of_the_catalogue_is_visible_at_once(kept: Service) -> None:
    """A change without the server's knowledge becomes visible with the next change through it."""
    for what, change in changes(kept).items():
        before = kept.title()
        after = kept.rename_behind_its_back()
        assert kept.title() == before, what
        answer = change()
        assert not isinstance(answer, httpx.Response) or answer.is_success, (what, answer.text)
        assert kept.title() == after, what


def test_computed_features_invalidate_the_cache(make_api: MakeApi, analysis: ServerProcess) -> None:
    server = make_api(analysis.url, CACHE_TTL_S="600")
    with httpx.Client(base_url=server.url, timeout=30) as http:
        path = f"/api/tokens/{make_token(http, sign_in(http, ADMIN_EMAIL), with_audio=True)['id']}"
        wait_until(lambda: http.get(path).json()["reference_pitch"] is not None, timeout_s=30)


def test_deleted_items_are_404_at_a_cached_url(kept: Service) -> None:
    actor = make_actor(kept.http, kept.admin)
    path = f"/api/actors/{actor['id']}/tokens"
    assert [kept.http.get(path).status_code for _ in range(2)] == [200, 200]
    assert delete(kept, f"/api/actors/{actor['id']}").status_code == 204
    for _ in range(2):
        answer = kept.http.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "actor_not_found")


def test_refused_changes_and_views_do_not_invalidate_the_cache(kept: Service) -> None:
    written = kept.written_views()
    before = kept.title()
    kept.rename_behind_its_back()
    nobody = {"script_id": 2**60, "actor_id": 1, "text": "x", "start_time": 0, "end_time": 1}
    assert kept.http.post("/api/tokens", json=nobody, headers=kept.admin.headers).status_code == 404
    wait_until(lambda: kept.written_views() > written)
    assert kept.title() == before


def test_views_appear_when_the_response_is_rebuilt(serve: Serve) -> None:
    service = serve(CACHE_TTL_S="1")
    path = f"/api/scripts/{service.script_id}"
    seen = [service.http.get(path).json()["views"] for _ in range(5)]
    assert seen == [0] * 5
    wait_until(lambda: service.http.get("/api/scripts/popular").json()[0]["views"] == 5, timeout_s=10)


def test_views_are_written_when_the_server_stops(serve: Serve) -> None:
    service = serve(SWEEP_INTERVAL_S="600")
    for _ in range(3):
        service.title()
    service.server.end()
    with closing(psycopg2.connect(service.server.env["DATABASE_URL"])) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT views FROM scripts WHERE id = %s", [service.script_id])
        assert cursor.fetchone() == (3,)


def test_my_scores_are_never_cached(kept: Service) -> None:
    learner, stranger = somebody(kept.http), somebody(kept.http)
    path = f"/api/tokens/{kept.token_id}"
    mine = [kept.http.get(path, headers=who.headers).json()["mine"] for who in (learner, stranger)]
    assert [each["attempts"] for each in mine] == [0, 0]
    complete(kept.http, make_job(kept.http, learner, kept.token_id), 70.0)
    mine = [kept.http.get(path, headers=who.headers).json()["mine"] for who in (learner, stranger)]
    assert [each["attempts"] for each in mine] == [1, 0]
    assert kept.http.get(path).json()["mine"] is None
    kept.http.post("/api/auth/logout", headers=learner.headers)
    assert kept.http.get(path, headers=learner.headers).status_code == 401


def test_an_unchanged_response_is_304_with_the_same_headers(kept: Service) -> None:
    for path in ("/api/scripts", "/api/scripts/popular", "/api/tokens", "/api/actors", f"/api/tokens/{kept.token_id}"):
        full = kept.http.get(path)
        etag = full.headers["etag"]
        assert etag.startswith('"')
        for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
            answer = kept.http.get(path, headers={"If-None-Match": known})
            assert (answer.status_code, answer.content) == (304, b"")
            for name in ("etag", "cache-control", "vary"):
                assert answer.headers[name] == full.headers[name]
        assert kept.http.get(path, headers={"If-None-Match": '"another"'}).content == full.content
        make_token(kept.http, kept.admin)
    assert kept.http.get("/api/tokens", headers={"If-None-Match": etag}).status_code == 200


def test_cache_control_separates_public_from_private_responses(kept: Service) -> None:
    line = f"/api/tokens/{kept.token_id}"
    for path in ("/api/scripts", f"/api/scripts/{kept.script_id}", line):
        anonymous = kept.http.get(path).headers
        signed_in = kept.http.get(path, headers=kept.admin.headers).headers
        assert anonymous["cache-control"] == "public, max-age=10"
        assert signed_in["cache-control"] == f"{'private' if path == line else 'public'}, no-cache"
        assert "Authorization" in anonymous["vary"] and "Authorization" in signed_in["vary"]
    assert kept.http.get("/api/mypage/overview", headers=kept.admin.headers).headers["cache-control"] == "no-store"
    assert "cache-control" not in kept.http.get(f"/api/scripts/{2**62}").headers


def test_signed_urls_outlive_the_cached_responses_that_contain_them(serve: Serve) -> None:
    """A lifetime of 3600 s is cut to half of that of the URLs; a response of that age still contains valid URLs."""
    service = serve(CACHE_TTL_S="3600", SIGNED_URL_TTL_S="60")
    files = {"audio_file": HUMAN_AUDIO.read_bytes()}
    path = f"/api/tokens/{service.token_id}"
    service.http.put(f"{path}/audio", files=files, headers=service.admin.headers)
    first = service.http.get(path)
    url = first.json()["audio_url"]
    assert parse_qs(urlsplit(url).query)["X-Amz-Expires"] == ["60"]
    assert service.http.get(path).json()["audio_url"] == url
    wait_until(lambda: service.http.get(path).json()["audio_url"] != url, timeout_s=40)
    assert httpx.get(url).content == HUMAN_AUDIO.read_bytes()
    assert service.http.get(path, headers={"If-None-Match": first.headers["etag"]}).status_code == 200


@dataclass
class Pair:
    here: Service
    there: httpx.Client


@pytest.fixture
def pair(serve: Serve, make_api: MakeApi, valkey: EmbeddedValkey) -> Iterator[Pair]:
    here = serve(REDIS_URL=valkey.url)
    names = ("DATABASE_URL", "SPOOL_DIR", "REDIS_URL", "JOB_RETRY_BASE_S")
    second = make_api(**{name: here.server.env[name] for name in names})
    with httpx.Client(base_url=second.url, timeout=30) as there:
        wait_until(lambda: there.get("/health/ready").json()["checks"]["events"] == "ok", timeout_s=20)
        yield Pair(here, there)


@pytest.mark.alone
def test_a_change_in_one_process_is_visible_in_the_other_at_once(pair: Pair) -> None:
    for _ in range(5):
        title_at(pair.there, pair.here.script_id)
        title = uuid.uuid4().hex
        put(pair.here, f"/api/scripts/{pair.here.script_id}", title=title, category="c")
        # well below the second after which the process would check by itself
        wait_until(lambda title=title: title_at(pair.there, pair.here.script_id) == title, timeout_s=0.5)  # type: ignore[misc]


def test_processes_share_cached_responses(pair: Pair) -> None:
    before = pair.here.title()
    pair.here.rename_behind_its_back()
    assert title_at(pair.there, pair.here.script_id) == before


def test_without_redis_responses_come_from_the_database(pair: Pair, valkey: EmbeddedValkey) -> None:
    pair.here.title()
    valkey.kill()
    after = pair.here.rename_behind_its_back()
    wait_until(lambda: pair.here.title() == after, timeout_s=5)
    assert "responses are computed in this process" in pair.here.server.log
    body = {"title": "Written without Redis", "category": "c"}
    path = f"/api/scripts/{pair.here.script_id}"
    assert pair.here.http.put(path, json=body, headers=pair.here.admin.headers).is_success
    assert pair.here.title() == body["title"]
    wait_until(lambda: title_at(pair.there, pair.here.script_id) == body["title"], timeout_s=5)
    valkey.launch()
    valkey.wait_ready()
    wait_until(lambda: title_at(pair.there, pair.here.script_id) == body["title"], timeout_s=10)
