"""Renders the 413 response for a too large request body as a problem document."""

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from routers.shared.problems import PROBLEM_JSON, problem


class BodyLimitAsProblem:
    """Replaces the plain-text 413 of Starlette's body limiter, which no exception handler sees."""

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
                    response = JSONResponse(body, 413, media_type=PROBLEM_JSON)
                    await response(scope, receive, send)
            if not replaced:
                await send(message)

        await self.app(scope, receive, send_problem)
