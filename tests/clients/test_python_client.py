"""The Python client on the real service, and on a server with the rare answers."""

import asyncio
import json
import threading
import uuid
from collections.abc import Iterator
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


class RareServer:
    """Answers the requests of a stream with `answers` in turn, and records their Last-Event-ID."""

    def __init__(self, *answers: tuple[int, dict[str, str], str]) -> None:
        self.last_event_ids: list[str | None] = []
        fake, remaining = self, list(answers)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                fake.last_event_ids.append(self.headers["last-event-id"])
                status, headers, body = remaining.pop(0)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

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
    assert [(event.progress, event.status) for event in events] == [
        (10, "processing"),
        (20, "processing"),
        (30, "failed"),
    ]
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
