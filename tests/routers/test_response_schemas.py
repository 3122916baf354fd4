"""The most frequent reads send bytes without validation: they must match the documented shapes."""

import json
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from schemas import (
    ActorSummary,
    BookmarkResponse,
    Category,
    DubbedToken,
    Overview,
    Page,
    ScriptDetail,
    ScriptSummary,
    TokenDetail,
    TokenSummary,
)
from tests.support.factories import Learner, complete, make_job, make_token

SHAPES: list[tuple[str, Any]] = [
    ("/api/scripts", Page[ScriptSummary]),
    ("/api/scripts?sort=popular&limit=1", Page[ScriptSummary]),
    ("/api/scripts/popular", list[ScriptSummary]),
    ("/api/scripts/{script}", ScriptDetail),
    ("/api/categories", list[Category]),
    ("/api/tokens", Page[TokenSummary]),
    ("/api/tokens/{token}", TokenDetail),
    ("/api/actors", Page[ActorSummary]),
    ("/api/actors/{actor}/tokens", Page[TokenSummary]),
    ("/api/mypage/bookmarks", Page[BookmarkResponse]),
    ("/api/mypage/my-dubbed-tokens", Page[DubbedToken]),
    ("/api/mypage/overview", Overview),
]


@pytest.mark.parametrize(("path", "shape"), SHAPES, ids=lambda value: value if isinstance(value, str) else "")
def test_bytes_match_the_documented_shape(
    client: httpx.Client, admin: Learner, learner: Learner, path: str, shape: Any
) -> None:
    """Every documented field is present, no other is, and each has the documented format."""
    token = make_token(client, admin)
    complete(client, make_job(client, learner, token["id"]), 70.0)
    make_job(client, learner, token["id"])
    client.post("/api/mypage/bookmarks", json={"token_id": token["id"]}, headers=learner.headers)
    address = path.format(script=token["script_id"], token=token["id"], actor=token["actor"]["id"])
    answer = client.get(address, headers=learner.headers)
    assert answer.status_code == 200, answer.text
    adapter = TypeAdapter(shape)
    assert json.loads(adapter.dump_json(adapter.validate_json(answer.content))) == answer.json()
