"""Ends requests whose body arrives too slowly."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from analysis.problem_details import body_too_slow
from analysis.settings import Settings
from common.body_pace import PacedBody, has_body


class SlowBodies:
    """Raises body_too_slow() while such a body is read."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not has_body(scope):
            await self.app(scope, receive, send)
            return
        body = PacedBody(self._settings.body_grace_s, self._settings.body_bytes_per_s_min)

        async def receive_body() -> Message:
            try:
                message: Message = await body.receive(receive)
            except TimeoutError:
                raise body_too_slow() from None
            return message

        await self.app(scope, receive_body, send)
