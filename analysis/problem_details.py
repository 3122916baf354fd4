"""Errors of the HTTP interface as application/problem+json (RFC 9457), each with a stable code."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from analysis.contract import Problem
from analysis.net.http import RETRY_AFTER

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_S: Final = 5
"""The pause that callers are asked for while the server stops or has no queue."""

_TITLES: Final = {
    401: "Unauthorized",
    404: "Not found",
    405: "Method not allowed",
    408: "Request timeout",
    409: "Conflict",
    413: "Content too large",
    414: "URI too long",
    422: "Unprocessable content",
    429: "Too many requests",
    431: "Request header fields too large",
    503: "Service unavailable",
}
_CODES: Final = {404: "not_found", 405: "method_not_allowed"}


class ProblemError(Exception):
    """Ends a request with a problem."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.problem = Problem(title=_TITLES[status], status=status, detail=detail, code=code)
        self.headers = headers


def bad_signature() -> ProblemError:
    """Returns 401."""
    return ProblemError(401, "bad_signature", "The signature is missing, wrong or too old.")


def request_repeated() -> ProblemError:
    """Returns 409 for a signed request that was received before."""
    return ProblemError(409, "request_repeated", "This signed request was received before; please sign it anew.")


def job_not_found() -> ProblemError:
    """Returns 404."""
    return ProblemError(404, "job_not_found", "There is no such job; a restart may have dropped it.")


def body_too_large() -> ProblemError:
    """Returns 413."""
    return ProblemError(413, "body_too_large", "The request body is too large.")


def body_too_slow() -> ProblemError:
    """Returns 408."""
    headers = {"Connection": "close"}
    return ProblemError(408, "request_too_slow", "The request body arrived too slowly.", headers)


def invalid_request(error: ValidationError) -> ProblemError:
    """Returns 422 with the invalid fields."""
    problem = ProblemError(422, "invalid_request", "The request does not have the documented form.")
    problem.problem.errors = [
        {"field": ".".join(str(part) for part in item["loc"]), "message": item["msg"]} for item in error.errors()
    ]
    return problem


def queue_full(retry_after_s: int) -> ProblemError:
    """Returns 429."""
    headers = {RETRY_AFTER: str(retry_after_s)}
    return ProblemError(429, "queue_full", "The queue is full; please try again later.", headers)


def queue_unavailable() -> ProblemError:
    """Returns 503 for a queue on another machine that cannot be reached."""
    headers = {RETRY_AFTER: str(RETRY_AFTER_S)}
    return ProblemError(503, "queue_away", "The queue cannot be reached; please try again later.", headers)


def stopping() -> ProblemError:
    """Returns 503 for a server that is shutting down."""
    return ProblemError(503, "stopping", "The server is shutting down.", {RETRY_AFTER: str(RETRY_AFTER_S)})


def render_problem(status: int, code: str) -> bytes:
    """Returns the JSON of a problem for a request that was not read."""
    detail = "The request is larger, or arrives more slowly, than this server accepts."
    problem = Problem(title=_TITLES[status], status=status, detail=detail, code=code)
    return problem.model_dump_json(exclude_none=True).encode()


def install_problem_handlers(app: FastAPI) -> None:
    """Makes every error response of the app problem+json."""

    @app.exception_handler(ProblemError)
    async def on_problem(_: Request, error: ProblemError) -> JSONResponse:
        return _respond(error.problem, error.headers)

    @app.exception_handler(HTTPException)
    async def on_http(_: Request, error: HTTPException) -> JSONResponse:
        status = error.status_code
        code, title = _CODES.get(status, "http_error"), _TITLES.get(status, "Error")
        problem = Problem(title=title, status=status, detail=str(error.detail), code=code)
        return _respond(problem, error.headers)


def _respond(problem: Problem, headers: Mapping[str, str] | None) -> JSONResponse:
    content: dict[str, Any] = problem.model_dump(exclude_none=True)
    return JSONResponse(content, problem.status, dict(headers or {}), media_type=MEDIA_TYPE)
