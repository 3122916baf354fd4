"""The main job in three lines: upload a recording of a line, follow its analysis, read the result."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractContextManager, aclosing, nullcontext
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Self, TypeVar
from uuid import UUID

import httpx
from httpx_sse import ServerSentEvent, SSEError, aconnect_sse

from yousync_client.generated import AuthenticatedClient
from yousync_client.generated.api.auth import create_development_session, create_google_session
from yousync_client.generated.api.recordings import get_result
from yousync_client.generated.models import (
    AnalysisResultResponse,
    DevelopmentSignIn,
    GoogleSignIn,
    ProgressEvent,
    SessionResponse,
    UploadAccepted,
)
from yousync_client.session import Session, Tokens, YouSyncError, documented_shape, failure_of, parsed

Recording = str | Path | bytes | BinaryIO
Job = UploadAccepted | UUID | str
# The server sends a comment at least every 15 s: a stream that is silent for longer is dead.
STREAM_SILENCE_S = 40.0
FIRST_RETRY_S, RETRY_MAX_S = 1.0, 30.0
_T = TypeVar("_T")


class YouSync:
    """A client of one service, for one user: `async with YouSync("https://yousync.link") as yousync`.

    access_token, refresh_token: of a session that exists; otherwise sign in.
    language: of texts for people, `ko` or `en`.
    options: more arguments of httpx.AsyncClient, such as `verify`.
    """

    def __init__(
        self,
        base_url: str,
        *,
        access_token: str | None = None,
        refresh_token: str | None = None,
        language: str = "en",
        **options: Any,
    ) -> None:
        tokens = Tokens(access_token, refresh_token) if access_token else None
        settings = {"timeout": 60.0, "headers": {"Accept-Language": language}, **options}
        self._http = Session(tokens, base_url=base_url, **settings)
        self.api = AuthenticatedClient(base_url=base_url, token="").set_async_httpx_client(self._http)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    @property
    def tokens(self) -> Tokens | None:
        """The tokens in use: store them to continue the session later."""
        return self._http.tokens

    async def sign_in_with_google(self, id_token: str) -> SessionResponse:
        """Signs in with an ID token of Google, issued for the service's client id."""
        with documented_shape(httpx.codes.OK):
            return self._use(await create_google_session.asyncio(client=self.api, body=GoogleSignIn(id_token)))

    async def sign_in_for_development(self, email: str, name: str = "Learner") -> SessionResponse:
        """Signs in without Google to a service that runs in development."""
        body = DevelopmentSignIn(email, name)
        with documented_shape(httpx.codes.OK):
            return self._use(await create_development_session.asyncio(client=self.api, body=body))

    async def upload(
        self, token_id: int, recording: Recording, *, idempotency_key: str | None = None
    ) -> UploadAccepted:
        """Uploads a recording of the line `token_id`: a path, bytes or an open binary file.

        idempotency_key: makes repeated calls give the same job. Raises YouSyncError.
        """
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        with _opened(await _repeatable(recording)) as file:
            files = {"audio_file": ("recording", file)}
            response = await self._http.post(f"/api/tokens/{token_id}/upload-audio", files=files, headers=headers)
        return _expected(parsed(response, UploadAccepted), UploadAccepted)

    async def follow(self, job: Job) -> AsyncIterator[ProgressEvent]:
        """Yields each new state of a job; the last one is completed or failed.

        Reconnects after a lost connection or a busy server. Raises YouSyncError for a refusal that will not pass.
        """
        url, last_id = f"/api/tokens/analysis-progress/{_id_of(job)}", ""
        retry_s = wait_s = FIRST_RETRY_S
        while True:
            try:
                async with aclosing(self._events(url, last_id)) as events:
                    async for sent in events:
                        if sent is None:
                            return
                        wait_s = retry_s = retry_s if sent.retry is None else min(sent.retry, 1000 * RETRY_MAX_S) / 1000
                        if not sent.data or sent.id == last_id:
                            continue
                        last_id, state = sent.id, _state_in(sent)
                        yield state
                        if state.status != "processing":
                            return
                await asyncio.sleep(retry_s)
            except YouSyncError as error:
                if not error.is_transient:
                    raise
                await asyncio.sleep(error.retry_after_s or wait_s)
                wait_s = min(2 * wait_s, RETRY_MAX_S)

    async def result(self, job: Job) -> AnalysisResultResponse:
        """Returns the state of a job and, once it is completed, its scores and feedback."""
        job_id = UUID(_id_of(job))
        with documented_shape(httpx.codes.OK):
            return _expected(await get_result.asyncio(job_id, client=self.api), AnalysisResultResponse)

    async def _events(self, url: str, last_id: str) -> AsyncGenerator[ServerSentEvent | None, None]:
        """Yields the events of one connection; None if the job has ended before. Raises YouSyncError."""
        headers: dict[str, Any] = {"Last-Event-ID": last_id.encode()} if last_id else {}
        timeout = httpx.Timeout(30.0, read=STREAM_SILENCE_S)
        try:
            async with aconnect_sse(self._http, "GET", url, headers=headers, timeout=timeout) as source:
                if source.response.status_code == httpx.codes.NO_CONTENT:
                    yield None
                async for sent in source.aiter_sse():
                    yield sent
        except SSEError as error:
            raise YouSyncError("unexpected_answer", httpx.codes.OK, str(error)) from error
        except httpx.RequestError as error:
            raise failure_of(error) from error

    def _use(self, answer: object) -> SessionResponse:
        session = _expected(answer, SessionResponse)
        self._http.accept(session)
        return session


def _id_of(job: Job) -> str:
    """Returns the id of a job in its usual form. Raises YouSyncError for a malformed one."""
    job_id = str(job.job_id if isinstance(job, UploadAccepted) else job)
    try:
        return str(UUID(job_id))
    except ValueError as error:
        raise YouSyncError("invalid_request", None, f"{job_id[:80]!r} is no id of a job") from error


def _state_in(sent: ServerSentEvent) -> ProgressEvent:
    with documented_shape(httpx.codes.OK):
        return ProgressEvent.from_dict(sent.json())


async def _repeatable(recording: Recording) -> Recording:
    """Returns a recording that can be sent twice: a stream that cannot seek is read into memory."""
    if isinstance(recording, str | Path | bytes):
        return recording
    is_seekable = getattr(recording, "seekable", None)
    return recording if is_seekable and is_seekable() else await asyncio.to_thread(recording.read)


def _opened(recording: Recording) -> AbstractContextManager[BinaryIO]:
    if isinstance(recording, str | Path):
        return Path(recording).open("rb")
    return BytesIO(recording) if isinstance(recording, bytes) else nullcontext(recording)


def _expected(answer: object, kind: type[_T]) -> _T:
    if not isinstance(answer, kind):
        raise YouSyncError("unexpected_answer", None, f"the service sent {type(answer).__name__}, not {kind.__name__}")
    return answer
