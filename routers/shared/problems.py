"""Errors over HTTP: application/problem+json (RFC 9457) with a stable code, in Korean or English."""

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import Match

from core.errors import AppError, DatabaseUnavailable, LimitReached, MalformedRequest, StorageUnavailable
from core.i18n import error_text, preferred_language
from core.telemetry.logs import request_id

log = logging.getLogger("yousync.errors")

PROBLEM_JSON = "application/problem+json"
# Codes of what the framework refuses itself.
HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "request_too_large"}


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
    """The answer to a request that raised `error`."""
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


def allowed_methods(request: Request) -> list[str]:
    """The methods of all routes of a path, for `Allow`; the router itself names only those of the first route."""

    def is_routed(method: str) -> bool:
        scope = {**request.scope, "method": method}
        return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)

    return [method for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") if is_routed(method)]


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
