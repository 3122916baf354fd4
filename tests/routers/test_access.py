"""Access control: every route of the OpenAPI document, called by each kind of caller without access."""

import uuid
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from core.settings import Settings
from main import create_app
from tests.routers.test_openapi import DOCUMENT
from tests.support.factories import Learner, complete, make_actor, make_job, make_script, make_token, somebody

# A new route needs an entry here with the callers that may use it; a missing entry fails the test.
PUBLIC = """
POST /api/auth/google | POST /api/auth/refresh | POST /api/auth/guest | POST /api/auth/dev
GET /health/live | GET /health/ready
GET /api/scripts | GET /api/scripts/popular | GET /api/scripts/{script_id} | GET /api/scripts/{script_id}/audio
GET /api/tokens | GET /api/tokens/{token_id} | GET /api/tokens/{token_id}/audio
GET /metrics | GET /api/auth/options | GET /api/categories | GET /api/actors | GET /api/actors/{actor_id}/tokens
"""
SIGNED_IN = """
GET /api/auth/me | DELETE /api/auth/me | POST /api/auth/logout | POST /api/tokens/{token_id}/upload-audio
POST /api/tokens/{token_id}/uploads
GET /api/mypage/bookmarks | POST /api/mypage/bookmarks | DELETE /api/mypage/bookmarks/{token_id}
GET /api/mypage/my-dubbed-tokens | GET /api/mypage/overview | GET /api/mypage/recordings | GET /api/mypage/export
GET /api/mypage/progress | GET /api/mypage/progress/{script_id} | GET /api/mypage/attempts | GET /api/mypage/weak-sounds
GET /api/scripts/requests | POST /api/scripts/requests | GET /api/scripts/requests/mine
PUT /api/scripts/requests/{request_id}/vote | DELETE /api/scripts/requests/{request_id}/vote
DELETE /api/scripts/requests/{request_id}
"""
# Routes with the id of a resource that belongs to one user.
OWNER = """
GET /api/tokens/analysis-progress/{job_id} | GET /api/tokens/analysis-result/{job_id}
DELETE /api/mypage/recordings/{job_id} | POST /api/tokens/{token_id}/uploads/{job_id}/complete
"""
ADMIN = """
GET /api/scripts/drafts | GET /api/scripts/{script_id}/draft | POST /api/scripts/{script_id}/publish
PATCH /api/scripts/{script_id} | PATCH /api/tokens/{token_id}
GET /api/scripts/managed | GET /api/actors/managed | POST /api/scripts/{script_id}/hide
GET /api/scripts/{script_id}/media/waveform | GET /api/scripts/{script_id}/media/sound
GET /api/scripts/requests/managed | PATCH /api/scripts/requests/{request_id}
POST /api/scripts/import | POST /api/scripts | PUT /api/scripts/{script_id} | DELETE /api/scripts/{script_id}
POST /api/tokens | PUT /api/tokens/{token_id} | DELETE /api/tokens/{token_id} | PUT /api/tokens/{token_id}/audio
POST /api/actors | PUT /api/actors/{actor_id} | DELETE /api/actors/{actor_id}
"""
WEBHOOK = "POST /api/tokens/webhook/analysis-complete"
# Signed-in routes that act on the user's own rows only: another user's row is not found.
MINE_BY_NAME = "DELETE /api/mypage/bookmarks/{token_id} | DELETE /api/scripts/requests/{request_id}"
UNLISTED = {"/", "/docs", "/openapi.json", "/swagger/swagger-ui-bundle.js", "/swagger/swagger-ui.css"}

Route = tuple[str, str]


def routes(listing: str) -> list[Route]:
    entries = listing.replace("\n", "|").split("|")
    return [(method, path) for method, path in (entry.split() for entry in entries if entry.strip())]


EXPECTATIONS = {"public": PUBLIC, "signed in": SIGNED_IN, "owner": OWNER, "admin": ADMIN, "webhook": WEBHOOK}
DOCUMENTED = {(method.upper(), path) for path, item in DOCUMENT["paths"].items() for method in item}
GUARDED = routes(SIGNED_IN) + routes(OWNER) + routes(ADMIN) + routes(WEBHOOK)


@dataclass(frozen=True)
class Belongings:
    """Ids of one learner's rows and of the catalogue, to fill into paths."""

    ids: dict[str, str]

    def address(self, path: str) -> str:
        return path.format(**self.ids)


@pytest.fixture(scope="module")
def belongings(client: httpx.Client, admin: Learner) -> Belongings:
    actor, script = make_actor(client, admin), make_script(client, admin)
    token = make_token(client, admin, actor_id=actor["id"], script_id=script["id"])
    job_id = make_job(client, admin, token["id"])
    complete(client, job_id)
    client.post("/api/mypage/bookmarks", json={"token_id": token["id"]}, headers=admin.headers)
    asked = client.post("/api/scripts/requests", json={"title": "The last scene"}, headers=admin.headers).json()
    ids = {
        "actor_id": actor["id"],
        "script_id": script["id"],
        "token_id": token["id"],
        "job_id": job_id,
        "request_id": asked["id"],
    }
    return Belongings({name: str(value) for name, value in ids.items()})


def body_of(method: str, path: str) -> dict[str, Any]:
    """Returns a valid body, so that only the caller can be the reason of a refusal."""
    content = DOCUMENT["paths"][path][method.lower()].get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        return {"files": {"audio_file": b"RIFF"}}
    if "application/json" in content:
        schema = content["application/json"]["schema"]
        named = next((option for option in schema.get("anyOf", [schema]) if "$ref" in option), schema)
        definition = DOCUMENT["components"]["schemas"][named["$ref"].rsplit("/", 1)[1]]
        return {"json": definition.get("examples", [{}])[0]}
    return {}


def call(client: httpx.Client, route: Route, belongings: Belongings, headers: dict[str, str]) -> httpx.Response:
    method, path = route
    return client.request(method, belongings.address(path), headers=headers, **body_of(method, path))


def test_every_route_has_one_access_rule() -> None:
    stated = [route for listing in EXPECTATIONS.values() for route in routes(listing)]
    assert len(stated) == len(set(stated))
    assert set(stated) == DOCUMENTED, "add the new route to a list in tests/routers/test_access.py"


def test_no_route_is_missing_from_the_document() -> None:
    app = create_app(Settings(environment="development", _env_file=None))
    found = {path for route in app.routes for path in _paths(route)}
    documented = {path for _, path in DOCUMENTED}
    assert documented <= found
    assert found - documented <= UNLISTED | {"/swagger/favicon-32x32.png"}


def _paths(route: Any) -> list[str]:
    if hasattr(route, "path"):
        return [route.path]
    return [context.path_format for context in route.effective_route_contexts()]


@pytest.mark.parametrize("route", GUARDED, ids=" ".join)
def test_anonymous_caller_gets_401(client: httpx.Client, belongings: Belongings, route: Route) -> None:
    answer = call(client, route, belongings, {})
    assert answer.status_code == 401
    assert "www-authenticate" in answer.headers


@pytest.mark.parametrize("route", GUARDED, ids=" ".join)
def test_ended_session_gets_401(
    client: httpx.Client, belongings: Belongings, signed_out: Learner, route: Route
) -> None:
    assert call(client, route, belongings, signed_out.headers).status_code == 401


@pytest.mark.parametrize("route", [*routes(OWNER), *routes(MINE_BY_NAME)], ids=" ".join)
def test_other_user_gets_404(
    client: httpx.Client, belongings: Belongings, stranger: Learner, admin: Learner, route: Route
) -> None:
    answer = call(client, route, belongings, stranger.headers)
    unknown = Belongings(
        {**belongings.ids, "job_id": str(uuid.uuid4()), "token_id": str(2**60), "request_id": str(2**60)}
    )
    nobody = call(client, route, unknown, stranger.headers)
    assert answer.status_code == nobody.status_code == 404
    assert answer.json()["code"] == nobody.json()["code"], "a foreign resource must look like an unknown one"
    assert call(client, route, belongings, admin.headers).status_code in (200, 202, 204), "the owner must find it"


@pytest.mark.parametrize("route", routes(ADMIN), ids=" ".join)
def test_an_ordinary_user_cannot_write_the_catalogue(
    client: httpx.Client, belongings: Belongings, stranger: Learner, route: Route
) -> None:
    answer = call(client, route, belongings, stranger.headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "admin_only")


@pytest.mark.parametrize("route", [r for r in routes(PUBLIC) if r[0] == "GET"], ids=" ".join)
def test_public_routes_need_no_sign_in(client: httpx.Client, belongings: Belongings, route: Route) -> None:
    assert call(client, route, belongings, {}).status_code not in (401, 403)


def test_own_lists_contain_only_own_items(
    client: httpx.Client, belongings: Belongings, stranger: Learner, admin: Learner
) -> None:
    for path in ("/api/mypage/bookmarks", "/api/mypage/my-dubbed-tokens"):
        assert client.get(path, headers=stranger.headers).json()["items"] == []
    assert client.get("/api/mypage/overview", headers=stranger.headers).json()["totals"]["attempts"] == 0
    assert client.get("/api/mypage/my-dubbed-tokens", headers=admin.headers).json()["items"]


@pytest.fixture(scope="module")
def signed_out(client: httpx.Client) -> Learner:
    learner = somebody(client)
    assert client.post("/api/auth/logout", headers=learner.headers).status_code == 204
    return learner


def test_405_lists_the_allowed_methods(client: httpx.Client) -> None:
    for path, allowed in (("/api/scripts", "GET, POST"), ("/api/tokens/1", "GET, PUT, PATCH, DELETE")):
        answer = client.request("TRACE", path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize("change", [{"synthetic_voice": 0}, {"title": 5}, {"title": None}, {"slug": True}])
def test_bodies_are_validated_strictly(client: httpx.Client, admin: Learner, change: dict[str, Any]) -> None:
    body = {"title": "Scene", "category": "test", **change}
    answer = client.post("/api/scripts", json=body, headers=admin.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed_request")


def test_an_optional_body_is_absent_but_not_null(client: httpx.Client, learner: Learner) -> None:
    for path in ("/api/auth/refresh", "/api/tokens/1/uploads", f"/api/tokens/1/uploads/{uuid.UUID(int=1)}/complete"):
        headers = learner.headers | {"Content-Type": "application/json"}
        answer = client.post(path, content=b" null ", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed_request"), path
        assert client.post(path, headers=headers).json().get("code") != "malformed_request", path


def test_a_cursor_is_base64url_and_empty_for_the_first_page(client: httpx.Client) -> None:
    assert client.get("/api/actors?cursor=").status_code == 200
    for cursor in ("Wz EyXQ", "WzEyXQ==", "W/+yXQ", "WzEyXQ!"):
        answer = client.get("/api/actors", params={"cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_cursor"), cursor
