"""Renders errors as application/problem+json (RFC 9457), with a stable code and a text in the client's language."""

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import DatabaseError, DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Match

from common.http_limits import HTTP_LIMIT_CODES
from core.errors import AppError, DatabaseUnavailable, LimitReached, MalformedRequest, StorageUnavailable
from core.i18n import Language, error_text, field_error_text, import_refusal_text, preferred_language
from core.telemetry.logs import request_id

log = logging.getLogger("yousync.errors")

PROBLEM_JSON = "application/problem+json"
HOME_PAGE = "https://yousync.link"
# Python 3.13 has renamed these three; the titles of responses do not depend on the interpreter.
_PHRASES = {413: "Request Entity Too Large", 414: "URI Too Long", 422: "Unprocessable Entity"}
CLIENT_LEFT = 499
# Codes for the errors that the framework raises itself, and the limits of the protocol.
HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "request_too_large"} | HTTP_LIMIT_CODES


class RefusedBody(HTTPException):
    """Refuses a body while it is read. FastAPI takes other errors than HTTPException for a body that is no JSON."""

    def __init__(self, error: AppError) -> None:
        super().__init__(error.status)
        self.error = error


class FieldError(BaseModel):
    """One invalid field of a request: its place, a text in the language of `detail`, and a stable type."""

    loc: list[str]
    msg: str
    type: str


class Problem(BaseModel):
    """An error (RFC 9457). `code` is stable and machine-readable; `detail` is in a language of Accept-Language."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str | None
    errors: list[FieldError] | None = None


def invalid_body(error: ValidationError) -> RequestValidationError:
    """Returns the error of a body that is validated in a route instead of by the framework."""
    problems = error.errors()
    return RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in problems])


def refused_field(
    place: Sequence[str], code: str, language: Language, facts: Mapping[str, object] | None = None
) -> RequestValidationError:
    """Returns the error of a field whose content cannot be used; the text of `code` names the `facts`."""
    message = import_refusal_text(code, facts or {}, language)
    return RequestValidationError([{"loc": ("body", *place), "msg": message, "type": code}])


def reason_phrase(status: int) -> str:
    """Returns the title of the problems with a status."""
    return _PHRASES.get(status) or HTTPStatus(status).phrase


def problem(
    status: int, code: str, accept_language: str | None, errors: Sequence[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Returns the body of a Problem; `errors` lists the invalid fields of a 422 response."""
    body: dict[str, Any] = {
        "type": f"{HOME_PAGE}/problems/{code}",
        "title": reason_phrase(status),
        "status": status,
        "detail": error_text(code, preferred_language(accept_language)),
        "code": code,
        "request_id": request_id(),
    }
    return body if errors is None else body | {"errors": list(errors)}


def render_problem(status: int, code: str) -> bytes:
    """Returns the body of a Problem as JSON, for a request whose headers were not read."""
    return json.dumps(problem(status, code, None), ensure_ascii=False).encode()


def _problem_response(
    request: Request,
    status: int,
    code: str,
    headers: dict[str, str] | None = None,
    errors: Sequence[dict[str, Any]] | None = None,
) -> JSONResponse:
    body = problem(status, code, request.headers.get("accept-language"), errors)
    return JSONResponse(body, status, headers, media_type=PROBLEM_JSON)


async def answer_app_error(request: Request, error: AppError) -> JSONResponse:
    """Returns the response to a request that raised `error`."""
    headers = error.headers
    if isinstance(error, LimitReached):
        headers = {"Retry-After": str(error.wait_s)}
    return _problem_response(request, error.status, error.code, headers)


async def _http_exception(request: Request, error: HTTPException) -> JSONResponse:
    code = HTTP_CODES.get(error.status_code, "malformed_request" if error.status_code < 500 else "internal_error")
    if error.status_code == 405:
        return _problem_response(request, 405, code, {"Allow": ", ".join(allowed_methods(request))})
    if error.status_code == 400:  # a body that cannot be parsed
        language = preferred_language(request.headers.get("accept-language"))
        field = _field_error({"loc": ["body"], "msg": str(error.detail), "type": "unparsable"}, language)
        return _problem_response(request, 422, code, errors=[field])
    return _problem_response(request, error.status_code, code, dict(error.headers or {}))


async def _validation_error(request: Request, error: RequestValidationError) -> JSONResponse:
    language = preferred_language(request.headers.get("accept-language"))
    fields = [_field_error(item, language) for item in error.errors()]
    return _problem_response(request, 422, "malformed_request", errors=fields)


def _field_error(item: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Returns a FieldError; without a text of ours, in the words of pydantic."""
    text = field_error_text(item["type"], item.get("ctx", {}), language)
    return {"loc": [str(part) for part in item["loc"]], "msg": text or item["msg"], "type": item["type"]}


async def _database_error(request: Request, error: DBAPIError | PoolTimeout) -> JSONResponse:
    if isinstance(error, DataError):
        return await answer_app_error(request, MalformedRequest())
    if not _is_unreachable(error):
        return await _unexpected(request, error)
    log.warning("database unavailable: %s", type(error).__name__)
    return await answer_app_error(request, DatabaseUnavailable())


def _is_unreachable(error: DBAPIError | PoolTimeout) -> bool:
    if isinstance(error, PoolTimeout | OperationalError | InterfaceError) or error.connection_invalidated:
        return True
    # A connection that breaks in the middle of a result: psycopg2 raises the base class, without a code of PostgreSQL.
    return type(error) is DatabaseError and getattr(error.orig, "pgcode", None) is None


async def _storage_error(request: Request, error: BotoCoreError | ClientError) -> JSONResponse:
    log.warning("storage unavailable: %s", error)
    return await answer_app_error(request, StorageUnavailable())


async def _refused_body(request: Request, refusal: RefusedBody) -> JSONResponse:
    return await answer_app_error(request, refusal.error)


async def _client_left(request: Request, error: ClientDisconnect) -> Response:
    """Returns the status that nginx, too, counts for a client that has left; no one receives it."""
    return Response(status_code=CLIENT_LEFT)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("unexpected %s", type(error).__name__, exc_info=error)
    # This response is made outside of the middleware that adds the request id.
    return _problem_response(request, 500, "internal_error", {"X-Request-ID": request_id() or ""})


def allowed_methods(request: Request) -> list[str]:
    """Returns the methods of all routes of a path, for `Allow`; the router names only those of the first route."""

    def is_routed(method: str) -> bool:
        scope = {**request.scope, "method": method}
        return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)

    return [method for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") if is_routed(method)]


def add_error_handlers(app: FastAPI) -> None:
    """Registers a handler for each kind of error that a request can raise."""
    handlers: dict[type[Exception], Any] = {
        AppError: answer_app_error,
        HTTPException: _http_exception,
        RefusedBody: _refused_body,
        RequestValidationError: _validation_error,
        DBAPIError: _database_error,
        PoolTimeout: _database_error,
        BotoCoreError: _storage_error,
        ClientError: _storage_error,
        ClientDisconnect: _client_left,
        Exception: _unexpected,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def problem_responses(*kinds: type[AppError]) -> dict[int | str, dict[str, Any]]:
    """Returns the `responses=` of a route that may raise these errors, with one example per code."""
    documented: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        entry = documented.setdefault(
            kind.status,
            {
                "description": reason_phrase(kind.status),
                "content": {
                    PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}},
                },
            },
        )
        example = {
            "type": f"{HOME_PAGE}/problems/{kind.code}",
            "title": reason_phrase(kind.status),
            "status": kind.status,
            "detail": error_text(kind.code, "en"),
            "code": kind.code,
            "request_id": "5f0c1d0e9a7b4c7d8a52c0f2a1b3d4e5",
        }
        entry["content"][PROBLEM_JSON]["examples"][kind.code] = {"value": example}
        for name in kind.headers:
            entry.setdefault("headers", {})[name] = {"schema": {"type": "string", "examples": [kind.headers[name]]}}
    return documented
