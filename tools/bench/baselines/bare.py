"""The upper limit without a database: a Starlette route that returns bytes, and event streams in bare ASGI."""

import json
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

# The same size as the ten most read scenes of tools.bench.seed_data.
_SCENE: dict[str, Any] = {
    "slug": None,
    "title": "Scene 100",
    "title_ko": None,
    "category": "drama",
    "language": "en-US",
    "description": None,
    "description_ko": None,
    "translations": {},
    "synthetic_voice": False,
    "views": 100,
    "token_count": 20,
    "actors": [f"Actor {number}" for number in range(1, 21)],
}
_POPULAR = json.dumps([{"id": number, **_SCENE} for number in range(10)]).encode()
_STREAM = "/api/tokens/analysis-progress/"
_streams: dict[str, Send] = {}


async def list_popular(request: Request) -> Response:
    return Response(_POPULAR, media_type="application/json")


async def take_report(request: Request) -> Response:
    report: dict[str, Any] = await request.json()
    event = f"id: 4\ndata: {json.dumps(report)}\n\n".encode()
    await _streams[report["job_id"]]({"type": "http.response.body", "body": event, "more_body": True})
    return Response(b"{}", media_type="application/json")


_routes = Starlette(
    routes=[
        Route("/api/scripts/popular", list_popular),
        Route("/api/tokens/webhook/analysis-complete", take_report, methods=["POST"]),
    ]
)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http" or not scope["path"].startswith(_STREAM):
        await _routes(scope, receive, send)
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    await send({"type": "http.response.body", "body": b'id: 3\ndata: {"progress":12}\n\n', "more_body": True})
    _streams[scope["path"].removeprefix(_STREAM)] = send
    while (await receive())["type"] != "http.disconnect":
        pass
