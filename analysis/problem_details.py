"""Errors as application/problem+json (RFC 9457) with a stable code."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from analysis.contract import Problem

_TITLES = {
    401: "Unauthorized",
    404: "Not found",
    405: "Method not allowed",
    413: "Content too large",
    422: "Unprocessable content",
    429: "Too many requests",
    503: "Service unavailable",
}
_CODES = {404: "not_found", 405: "method_not_allowed"}


class ProblemError(Exception):
    """Ends a request with a problem."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.problem = Problem(title=_TITLES[status], status=status, detail=detail, code=code)
        self.headers = headers


def invalid_request(error: ValidationError) -> ProblemError:
    """422 with the fields that are wrong."""
    problem = ProblemError(422, "invalid_request", "The request is not of the documented shape.")
    problem.problem.errors = [
        {"field": ".".join(str(part) for part in item["loc"]), "message": item["msg"]} for item in error.errors()
    ]
    return problem


def install_problem_handlers(app: FastAPI) -> None:
    """Every error of the app leaves as problem+json."""

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
    return JSONResponse(content, problem.status, dict(headers or {}), media_type="application/problem+json")
