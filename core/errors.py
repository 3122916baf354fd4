"""Errors as application/problem+json (RFC 9457): one family, stable codes, Korean or English."""

import logging
import math
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from botocore.exceptions import BotoCoreError, ClientError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.i18n import error_text, preferred_language
from core.telemetry.logs import request_id
from middleware.trailing_slash import allowed_methods

log = logging.getLogger("yousync.errors")

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_S = 5
# What the framework refuses by itself.
HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "request_too_large"}


class AppError(Exception):
    """What a service raises when it cannot do what was asked; `code` is stable and machine-readable."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    headers: ClassVar[dict[str, str]] = {}


class MalformedRequest(AppError):
    status, code = 422, "malformed_request"


class InvalidCursor(AppError):
    status, code = 422, "invalid_cursor"


class NotAuthenticated(AppError):
    status, code, headers = 401, "not_authenticated", {"WWW-Authenticate": "Bearer"}


class InvalidAccessToken(AppError):
    status, code = 401, "invalid_access_token"
    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


class InvalidRefreshToken(InvalidAccessToken):
    code = "invalid_refresh_token"


class RefreshTokenSpent(InvalidAccessToken):
    code = "refresh_token_spent"


class InvalidGoogleToken(InvalidAccessToken):
    code = "invalid_google_token"


class InvalidStreamTicket(InvalidAccessToken):
    code = "invalid_stream_ticket"


class InvalidWebhookSignature(AppError):
    status, code = 401, "invalid_webhook_signature"
    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": "Webhook-Signature"}


class AdminOnly(AppError):
    status, code = 403, "admin_only"


class OriginNotAllowed(AppError):
    status, code = 403, "origin_not_allowed"


class ScriptNotFound(AppError):
    status, code = 404, "script_not_found"


class TokenNotFound(AppError):
    status, code = 404, "token_not_found"


class ActorNotFound(AppError):
    status, code = 404, "actor_not_found"


class JobNotFound(AppError):
    status, code = 404, "job_not_found"


class UploadNotFound(AppError):
    status, code = 404, "upload_not_found"


class BookmarkNotFound(AppError):
    status, code = 404, "bookmark_not_found"


class ReferenceAudioMissing(AppError):
    status, code = 404, "reference_audio_missing"


class ActorExists(AppError):
    status, code = 409, "actor_exists"


class SlugTaken(AppError):
    status, code = 409, "slug_taken"


class PositionTaken(AppError):
    status, code = 409, "position_taken"


class CatalogueItemInUse(AppError):
    status, code = 409, "catalogue_item_in_use"


class IdempotencyKeyReused(AppError):
    status, code = 409, "idempotency_key_reused"


class RecordingInUse(AppError):
    status, code = 409, "recording_in_use"


class UploadMissing(AppError):
    status, code = 409, "upload_missing"


class DirectUploadsOff(AppError):
    status, code = 409, "direct_uploads_off"


class StorageQuotaExceeded(AppError):
    status, code = 409, "storage_quota_exceeded"


class AudioTooLarge(AppError):
    status, code = 413, "audio_too_large"


class AudioTypeUnsupported(AppError):
    status, code = 415, "audio_type_unsupported"


class AudioMissing(AppError):
    status, code = 422, "audio_missing"


class AudioEmpty(AppError):
    status, code = 422, "audio_empty"


class AudioTooLong(AppError):
    status, code = 422, "audio_too_long"


class AudioUndecodable(AppError):
    status, code = 422, "audio_undecodable"


class LimitReached(AppError):
    """Too much of something for now; says after how many seconds it may be tried again."""

    status = 429
    headers: ClassVar[dict[str, str]] = {"Retry-After": str(RETRY_AFTER_S)}

    def __init__(self, wait_s: float = RETRY_AFTER_S) -> None:
        super().__init__()
        self.wait_s = max(1, math.ceil(wait_s))


class TooManyRequests(LimitReached):
    code = "too_many_requests"


class TooManySignIns(LimitReached):
    code = "too_many_sign_ins"


class TooManyUploads(LimitReached):
    code = "too_many_uploads"


class TooManyJobs(LimitReached):
    code = "too_many_jobs"


class TooManyStreams(LimitReached):
    code = "too_many_streams"


class TooManyExports(LimitReached):
    code = "too_many_exports"


class Unavailable(AppError):
    status = 503
    headers: ClassVar[dict[str, str]] = {"Retry-After": str(RETRY_AFTER_S)}


class DatabaseUnavailable(Unavailable):
    code = "database_unavailable"


class StorageUnavailable(Unavailable):
    code = "storage_unavailable"


class SpoolUnavailable(Unavailable):
    code = "spool_unavailable"


class SpoolFull(Unavailable):
    status, code = 507, "spool_full"


class GoogleUnavailable(Unavailable):
    code = "google_unavailable"


class GoogleNotConfigured(InvalidAccessToken):
    code = "google_not_configured"


class NotReady(Unavailable):
    code = "not_ready"


def problem(
    status: int, code: str, accept_language: str | None, errors: Sequence[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """The body of a problem answer; `errors` lists the fields of a 422."""
    body: dict[str, Any] = {
        "type": f"https://yousync.link/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": error_text(code, preferred_language(accept_language)),
        "code": code,
        "request_id": request_id(),
    }
    return body if errors is None else body | {"errors": list(errors)}


def _answer(
    request: Request,
    status: int,
    code: str,
    headers: dict[str, str] | None = None,
    errors: Sequence[dict[str, Any]] | None = None,
) -> JSONResponse:
    body = problem(status, code, request.headers.get("accept-language"), errors)
    return JSONResponse(body, status, headers, media_type=PROBLEM_JSON)


async def answer_app_error(request: Request, error: AppError) -> JSONResponse:
    """What is sent when a request comes to this."""
    headers = error.headers
    if isinstance(error, LimitReached):
        headers = {"Retry-After": str(error.wait_s)}
    return _answer(request, error.status, error.code, headers)


async def _http_exception(request: Request, error: HTTPException) -> JSONResponse:
    code = HTTP_CODES.get(error.status_code, "malformed_request" if error.status_code < 500 else "internal_error")
    if error.status_code == 405:
        return _answer(request, 405, code, {"Allow": ", ".join(allowed_methods(request))})
    if error.status_code == 400:  # a body that cannot be parsed
        fields = [{"loc": ["body"], "msg": str(error.detail), "type": "unparsable"}]
        return _answer(request, 422, code, errors=fields)
    return _answer(request, error.status_code, code, dict(error.headers or {}))


async def _validation_error(request: Request, error: RequestValidationError) -> JSONResponse:
    fields = [
        {"loc": [str(part) for part in item["loc"]], "msg": item["msg"], "type": item["type"]}
        for item in error.errors()
    ]
    return _answer(request, 422, "malformed_request", errors=fields)


async def _database_error(request: Request, error: DBAPIError | PoolTimeout) -> JSONResponse:
    if isinstance(error, DataError):
        return await answer_app_error(request, MalformedRequest())
    lost = isinstance(error, PoolTimeout | OperationalError | InterfaceError) or error.connection_invalidated
    if not lost:
        return await _unexpected(request, error)
    log.warning("database unavailable: %s", type(error).__name__)
    return await answer_app_error(request, DatabaseUnavailable())


async def _storage_error(request: Request, error: BotoCoreError | ClientError) -> JSONResponse:
    log.warning("storage unavailable: %s", error)
    return await answer_app_error(request, StorageUnavailable())


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("unexpected %s", type(error).__name__, exc_info=error)
    # This answer is made outside of the middleware that names the others.
    return _answer(request, 500, "internal_error", {"X-Request-ID": request_id() or ""})


def add_error_handlers(app: FastAPI) -> None:
    handlers: dict[type[Exception], Any] = {
        AppError: answer_app_error,
        HTTPException: _http_exception,
        RequestValidationError: _validation_error,
        DBAPIError: _database_error,
        PoolTimeout: _database_error,
        BotoCoreError: _storage_error,
        ClientError: _storage_error,
        Exception: _unexpected,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


class BodyLimitAsProblem:
    """Turns the plain-text 413 of Starlette's body limiter, which no handler sees, into a problem answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        replaced = False

        async def send_problem(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and message["status"] == 413:
                replaced = (b"content-type", b"text/plain; charset=utf-8") in message["headers"]
                if replaced:
                    language = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
                    body = problem(413, "request_too_large", language)
                    answer = JSONResponse(body, 413, media_type=PROBLEM_JSON)
                    await answer(scope, receive, send)
            if not replaced:
                await send(message)

        await self.app(scope, receive, send_problem)


def problem_responses(*kinds: type[AppError]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that may answer with these errors, one example per code."""
    documented: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        entry = documented.setdefault(
            kind.status,
            {
                "description": HTTPStatus(kind.status).phrase,
                "content": {
                    PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}},
                },
            },
        )
        example = {
            "type": f"https://yousync.link/problems/{kind.code}",
            "title": HTTPStatus(kind.status).phrase,
            "status": kind.status,
            "detail": error_text(kind.code, "en"),
            "code": kind.code,
            "request_id": "5f0c1d0e9a7b4c7d8a52c0f2a1b3d4e5",
        }
        entry["content"][PROBLEM_JSON]["examples"][kind.code] = {"value": example}
        for name in kind.headers:
            entry.setdefault("headers", {})[name] = {"schema": {"type": "string"}}
    return documented
