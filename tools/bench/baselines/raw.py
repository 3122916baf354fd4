"""The upper limit with a database: psycopg2 and JSON with the same query and access token, and nothing else."""

from anyio import CapacityLimiter, to_thread
from psycopg2.pool import ThreadedConnectionPool
from pydantic_core import to_json
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.security import read_access_token
from core.settings import get_settings
from core.translations import FIELD_LANGUAGE
from database import REQUEST_SESSIONS

_LINES = """
SELECT t.id, t.script_id, s.title, s.translations, s.language, a.id, a.name, a.translations, t.position, t.text,
       t.translations, t.start_time, t.end_time, t.s3_url IS NOT NULL, t.level, t.ease_rank < 1000000
FROM tokens t JOIN scripts s ON s.id = t.script_id JOIN actors a ON a.id = t.actor_id
ORDER BY t.id LIMIT %s
"""
_NAMES = ("position", "text", "translations", "start_time", "end_time", "has_audio", "level", "good_to_start")
settings = get_settings()
pool = ThreadedConnectionPool(REQUEST_SESSIONS, REQUEST_SESSIONS, settings.database_url.get_secret_value())
limiter = CapacityLimiter(REQUEST_SESSIONS)


def _read(limit: int) -> bytes:
    connection = pool.getconn()
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(_LINES, (limit + 1,))
            rows = cursor.fetchall()
    finally:
        pool.putconn(connection)
    items = [
        {"id": id_, "script_id": script, "script_title": title, "script_language": language}
        | {"script_titles": {tag: texts["title"] for tag, texts in titles.items() if texts.get("title")}}
        | {"actor": {"id": actor, "name": name, "translations": names}}
        | dict(zip(_NAMES, rest, strict=True))
        | {"translation": rest[2].get(FIELD_LANGUAGE)}
        for id_, script, title, titles, language, actor, name, names, *rest in rows[:limit]
    ]
    return to_json({"items": items, "next_cursor": str(items[-1]["id"])})


async def list_tokens(request: Request) -> Response:
    read_access_token(settings, request.headers["authorization"].removeprefix("Bearer "))
    limit = int(request.query_params["limit"])
    body = await to_thread.run_sync(_read, limit, limiter=limiter)
    return Response(body, media_type="application/json")


app = Starlette(routes=[Route("/api/tokens", list_tokens)])
