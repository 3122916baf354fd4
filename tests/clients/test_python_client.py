"""The Python client on the real service, and on a server with the rare answers."""

import asyncio
import json
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from yousync_client import YouSync, YouSyncError
from yousync_client.generated.api.auth import get_me
from yousync_client.generated.api.tokens import get_token
from yousync_client.generated.models import ProgressEvent, TokenDetail, UserResponse

from tests.support.audio import encode
from tests.support.server_processes import ServerProcess
from tools.python_client import outdated

JOB = str(uuid.UUID(int=7))


@pytest.fixture(scope="module")
def server(pipeline: ServerProcess) -> ServerProcess:
    return pipeline


async def _signed_in(yousync: YouSync) -> YouSync:
    await yousync.sign_in_for_development(f"{uuid.uuid4().hex}@yousync.test")
    return yousync


async def _followed(yousync: YouSync, job: Any) -> list[ProgressEvent]:
    return [event async for event in yousync.follow(job)]


def test_generated_part_is_that_of_the_present_document() -> None:
    assert outdated() == []


def test_generated_part_of_another_document_is_outdated(tmp_path: Path) -> None:
    document = json.loads(Path("docs/openapi.json").read_text(encoding="utf-8"))
    document["components"]["schemas"]["Category"]["properties"]["colour"] = {"type": "string"}
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    assert outdated(document=tmp_path / "openapi.json") == ["models/category.py"]


@pytest.mark.parametrize("kind", ["path", "bytes", "file"])
def test_upload_follow_and_result_take_three_lines(server: ServerProcess, line: int, tmp_path: Path, kind: str) -> None:
    take = tmp_path / "take.webm"
    take.write_bytes(encode("webm"))

    async def dub() -> None:
        async with YouSync(server.url) as yousync:
            await _signed_in(yousync)
            with take.open("rb") as file:
                recordings: dict[str, Path | bytes | BinaryIO] = {"path": take, "bytes": encode("webm"), "file": file}
                job = await yousync.upload(line, recordings[kind])
            events = [event async for event in yousync.follow(job)]
            result = await yousync.result(job)
        assert events[-1].status == "completed"
        assert [event.progress for event in events] == sorted(event.progress for event in events)
        assert (result.status, result.attempt_class) == ("completed", "scored")
        assert result.overall_score and result.overall_score > 80

    asyncio.run(dub())


def test_repeated_key_gives_the_same_job(server: ServerProcess, line: int) -> None:
    async def upload_twice() -> None:
        async with YouSync(server.url) as yousync:
            await _signed_in(yousync)
            jobs = [await yousync.upload(line, encode("wav"), idempotency_key="once") for _ in range(2)]
        assert jobs[0].job_id == jobs[1].job_id

    asyncio.run(upload_twice())


def test_follow_of_an_ended_job_gives_its_last_state(server: ServerProcess, line: int) -> None:
    async def follow_twice() -> None:
        async with YouSync(server.url) as yousync:
            await _signed_in(yousync)
            job = await yousync.upload(line, encode("wav"))
            await _followed(yousync, job)
            assert [event.status for event in await _followed(yousync, job.job_id)] == ["completed"]

    asyncio.run(follow_twice())


def test_refusals_are_errors_with_code_status_and_detail(server: ServerProcess, line: int) -> None:
    async def refused() -> None:
        async with YouSync(server.url) as yousync:
            await _signed_in(yousync)
            with pytest.raises(YouSyncError) as no_audio:
                await yousync.upload(line, b"no audio")
            with pytest.raises(YouSyncError) as foreign:
                await _followed(yousync, uuid.uuid4())
            with pytest.raises(YouSyncError) as no_line:
                await get_token.asyncio(999_999_999, client=yousync.api)
        assert (no_audio.value.code, no_audio.value.status) == ("audio_type_unsupported", 415)
        assert no_audio.value.detail.isascii() and not no_audio.value.is_transient
        assert (foreign.value.code, foreign.value.status) == ("job_not_found", 404)
        assert (no_line.value.code, no_line.value.status) == ("token_not_found", 404)

    asyncio.run(refused())


def test_expired_tokens_are_renewed_once_for_all_requests(server: ServerProcess, line: int) -> None:
    async def outlive() -> None:
        async with YouSync(server.url) as yousync:
            await _signed_in(yousync)
            assert yousync.tokens and yousync.tokens.refresh
            spent, yousync.tokens.access = yousync.tokens.refresh, "expired"
            answers = await asyncio.gather(*(get_me.asyncio(client=yousync.api) for _ in range(5)))
            assert all(isinstance(answer, UserResponse) for answer in answers)
            assert yousync.tokens.refresh != spent
            yousync.tokens.expires_at = 0.0
            job = await yousync.upload(line, encode("wav"))
            assert (await _followed(yousync, job))[-1].status == "completed"

    asyncio.run(outlive())


def test_session_that_has_ended_is_an_error(server: ServerProcess) -> None:
    async def ended() -> None:
        async with YouSync(server.url, access_token="no token", refresh_token="no token either") as yousync:
            with pytest.raises(YouSyncError) as refused:
                await get_me.asyncio(client=yousync.api)
        assert refused.value.status == 401

    asyncio.run(ended())


def test_generated_functions_work_without_a_session(server: ServerProcess, line: int) -> None:
    async def read() -> None:
        async with YouSync(server.url) as yousync:
            token = await get_token.asyncio(line, client=yousync.api)
        assert isinstance(token, TokenDetail) and token.id == line

    asyncio.run(read())


def test_unreachable_service_is_an_error_without_a_status() -> None:
    async def refused() -> None:
        async with YouSync("http://127.0.0.1:9") as yousync:
            with pytest.raises(YouSyncError) as error:
                await yousync.result(JOB)
        assert (error.value.code, error.value.status, error.value.is_transient) == ("unreachable", None, True)

    asyncio.run(refused())


Answer = tuple[int, dict[str, str], str]


class RareServer:
    """Answers with `answers` in turn, or as `answer` says; records path, Authorization and Last-Event-ID."""

    def __init__(self, *answers: Answer, answer: Callable[[str, str | None], Answer] | None = None) -> None:
        self.last_event_ids: list[str | None] = []
        self.requests: list[tuple[str, str | None]] = []
        self.bodies: list[bytes] = []
        fake, remaining = self, list(answers)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                fake.last_event_ids.append(self.headers["last-event-id"])
                fake.requests.append((self.path, self.headers["authorization"]))
                fake.bodies.append(self.rfile.read(int(self.headers["content-length"] or 0)))
                status, headers, body = answer(*fake.requests[-1]) if answer else remaining.pop(0)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "RareServer":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


EVENTS = {"content-type": "text/event-stream"}


def _event(version: int, status: str = "processing") -> str:
    state = {"job_id": JOB, "status": status, "stage": "analyzing", "progress": 10 * version, "message": None}
    return f": ping\n\nid: {version}\ndata: {json.dumps(state)}\n\n"


@pytest.fixture(
    params=[
        (200, EVENTS, "retry: 10\n\n"),
        (200, EVENTS | {"content-length": "999999"}, _event(2)),
        (503, {"retry-after": "1"}, "busy"),
    ],
    ids=["ended", "cut", "busy"],
)
def interrupted(request: pytest.FixtureRequest) -> Iterator[RareServer]:
    answers = (200, EVENTS, "retry: 10\n\n" + _event(1)), request.param, (200, EVENTS, _event(2) + _event(3, "failed"))
    with RareServer(*answers) as server:
        yield server


def test_follow_reconnects_with_the_last_id(interrupted: RareServer) -> None:
    async def follow() -> list[ProgressEvent]:
        async with YouSync(interrupted.url) as yousync:
            return await _followed(yousync, JOB)

    events = asyncio.run(follow())
    states = [(event.progress, event.status) for event in events]
    assert states == [(10, "processing"), (20, "processing"), (30, "failed")]
    assert interrupted.last_event_ids[:2] == [None, "1"]


def test_follow_ends_where_nothing_is_left_to_read() -> None:
    async def follow(url: str) -> list[ProgressEvent]:
        async with YouSync(url) as yousync:
            return await _followed(yousync, JOB)

    with RareServer((200, EVENTS, "retry: 10\n\n" + _event(1)), (204, {}, "")) as server:
        assert [event.progress for event in asyncio.run(follow(server.url))] == [10]


@pytest.mark.parametrize("answer", [(200, {"content-type": "text/html"}, "<p>"), (403, {}, "<p>no</p>")])
def test_follow_of_no_stream_is_an_error(answer: tuple[int, dict[str, str], str]) -> None:
    async def follow(url: str) -> None:
        async with YouSync(url) as yousync:
            await _followed(yousync, JOB)

    with RareServer(answer) as server, pytest.raises(YouSyncError) as error:
        asyncio.run(follow(server.url))
    assert (error.value.code, error.value.status) == ("unexpected_answer", answer[0])


REFRESH = "/api/auth/refresh"
RESULT = f"/api/tokens/analysis-result/{JOB}"
USER = {"id": 1, "email": "a@b.c", "name": "A", "picture_url": None, "is_admin": False, "created_at": "2026-01-01"}
SESSION = {"access_token": "new", "refresh_token": "next", "token_type": "bearer", "expires_in": 900, "user": USER}
STATE = {"job_id": JOB, "status": "processing", "stage": "analyzing", "progress": 1, "message": None}
UNKNOWN = ("attempt_class", "audio", "completed_at", "detailed_feedback", "emotion_score", "engine", "error")
SCORES = ("intonation_score", "overall_score", "pronunciation_score", "user_audio_url")
UNFINISHED = STATE | dict.fromkeys(UNKNOWN + SCORES) | {"created_at": "2026-01-01", "token_id": 1}


def _renewing(path: str, authorization: str | None) -> Answer:
    """Renews slowly; takes the new token only."""
    if path.endswith(REFRESH):
        time.sleep(0.3)
        return 200, {}, json.dumps(SESSION)
    return (200, {}, json.dumps(UNFINISHED)) if authorization == "Bearer new" else (401, {}, "")


@pytest.mark.parametrize("is_accepted", [True, False])
def test_tokens_are_renewed_behind_a_path_prefix(is_accepted: bool) -> None:
    async def read(url: str) -> None:
        async with YouSync(f"{url}/prefix", access_token="old", refresh_token="spent") as yousync:
            await asyncio.wait_for(asyncio.gather(*(_read(yousync) for _ in range(4))), 10)

    async def _read(yousync: YouSync) -> None:
        if is_accepted:
            await yousync.result(JOB)
            return
        with pytest.raises(YouSyncError, match="401"):
            await yousync.result(JOB)

    with RareServer(answer=_renewing if is_accepted else lambda *_: (401, {}, "")) as server:
        asyncio.run(read(server.url))
    assert [path for path, _ in server.requests].count(f"/prefix{REFRESH}") == 1


def test_cancelled_call_does_not_end_the_session() -> None:
    async def cancel(url: str) -> None:
        async with YouSync(url, access_token="old", refresh_token="spent") as yousync:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(yousync.result(JOB), 0.15)
            assert (await yousync.result(JOB)).status == "processing"
            assert yousync.tokens and yousync.tokens.refresh == "next"

    with RareServer(answer=_renewing) as server:
        asyncio.run(cancel(server.url))
    assert [path for path, _ in server.requests].count(REFRESH) == 1


@pytest.mark.parametrize(
    "body",
    [
        "<p>page</p>",
        "[]",
        "{}",
        "null",
        "7",
        json.dumps({**STATE, "job_id": 7}),
        json.dumps({**STATE, "status": "odd"}),
    ],
)
def test_answer_of_another_shape_is_an_error(body: str) -> None:
    calls: list[Callable[[YouSync], Any]] = [
        lambda yousync: yousync.result(JOB),
        lambda yousync: yousync.upload(1, b"sound"),
        lambda yousync: yousync.sign_in_for_development("a@b.c"),
        lambda yousync: yousync.sign_in_with_google("token"),
    ]

    async def read(url: str) -> None:
        async with YouSync(url) as yousync:
            for call in calls:
                with pytest.raises(YouSyncError) as error:
                    await call(yousync)
                assert error.value.code == "unexpected_answer" and not error.value.is_transient

    with RareServer(answer=lambda *_: (200, {"content-type": "application/json"}, body)) as server:
        asyncio.run(read(server.url))


@pytest.mark.parametrize("data", ["no JSON", "[]", "{}", json.dumps({**STATE, "status": "odd"})])
def test_event_of_another_shape_is_an_error(data: str) -> None:
    async def follow(url: str) -> None:
        async with YouSync(url) as yousync:
            await _followed(yousync, JOB)

    with RareServer((200, EVENTS, f"id: 1\ndata: {data}\n\n")) as server, pytest.raises(YouSyncError) as error:
        asyncio.run(follow(server.url))
    assert (error.value.code, error.value.status) == ("unexpected_answer", 200)


NO_SERVERS = ("ftp://yousync.test", "yousync.test", "", "http://", "http://yousync.test:port", "http://127.0.0.1:99999")
NO_JOBS = ("no job", "../../auth/me")


@pytest.mark.parametrize(
    ("url", "job"),
    [(url, JOB) for url in (*NO_SERVERS, f"http://{'a' * 70}.test")] + [("http://127.0.0.1:9", job) for job in NO_JOBS],
)
def test_request_that_cannot_be_sent_is_an_error_at_once(url: str, job: str) -> None:
    async def follow() -> None:
        async with YouSync(url) as yousync:
            await asyncio.wait_for(_followed(yousync, job), 10)

    async def read() -> None:
        async with YouSync(url) as yousync:
            await yousync.result(job)

    for call in (follow, read):
        with pytest.raises(YouSyncError) as error:
            asyncio.run(call())
        assert (error.value.code, error.value.status, error.value.is_transient) == ("invalid_request", None, False)


def test_stream_that_cannot_seek_is_sent_again_after_a_renewal() -> None:
    accepted = {"job_id": JOB, "progress_url": "/p", "result_url": "/r", "status": "processing"}

    def answer(path: str, authorization: str | None) -> Answer:
        status, headers, body = _renewing(path, authorization)
        return (202, headers, json.dumps(accepted)) if "upload" in path and status == 200 else (status, headers, body)

    async def upload(url: str) -> None:
        reader, writer = os.pipe()
        os.write(writer, b"sound of a pipe")
        os.close(writer)
        async with YouSync(url, access_token="old", refresh_token="spent") as yousync:
            with os.fdopen(reader, "rb") as file:
                assert str((await yousync.upload(1, file)).job_id) == JOB

    with RareServer(answer=answer) as server:
        asyncio.run(upload(server.url))
    assert [b"sound of a pipe" in body for body in server.bodies] == [True, False, True]


def test_access_token_stays_with_the_service() -> None:
    async def read(home: str) -> None:
        async with YouSync(home, access_token="secret", refresh_token="kept", follow_redirects=True) as yousync:
            http = yousync.api.get_async_httpx_client()
            for url in (f"{other.url}/direct", "/away"):
                with pytest.raises(YouSyncError, match="401"):
                    await http.get(url)

    with RareServer(answer=lambda *_: (401, {}, "")) as other:
        away = {"location": f"{other.url}/redirected"}
        with RareServer(answer=lambda path, _: (302 if path == "/away" else 401, away, "")) as server:
            asyncio.run(read(server.url))
    assert server.requests[0] == ("/away", "Bearer secret")
    assert {authorization for _, authorization in other.requests} == {None}
