"""The catalogue: lists, searches, details and the changes of administrators."""

import uuid
from typing import Any

import httpx
import psycopg2
import pytest

from tests.support.factories import Learner, complete, make_actor, make_job, make_script, make_token
from tests.support.waiting import wait_until


def all_pages(client: httpx.Client, path: str, **params: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = client.get(path, params={**params, **({"cursor": cursor} if cursor else {})}).json()
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items


def wait_for_views(database: psycopg2.extensions.connection, script_id: int, views: int) -> None:
    """Views are counted in memory and written by the sweeper."""

    def written() -> int:
        with database.cursor() as cursor:
            cursor.execute("SELECT views FROM scripts WHERE id = %s", [script_id])
            (count,) = cursor.fetchone() or (0,)
            return int(count)

    wait_until(lambda: written() == views, explain=lambda: f"{written()} views instead of {views}")


def test_scripts_page_by_keyset_in_both_orders(
    client: httpx.Client, admin: Learner, database: psycopg2.extensions.connection
) -> None:
    category = uuid.uuid4().hex
    made = [make_script(client, admin, category=category)["id"] for _ in range(5)]
    for script_id in (made[2], made[2], made[4]):
        client.get(f"/api/scripts/{script_id}")
    wait_for_views(database, made[2], 2)
    wait_for_views(database, made[4], 1)
    latest = [row["id"] for row in all_pages(client, "/api/scripts", category=category, limit=2)]
    popular = [row["id"] for row in all_pages(client, "/api/scripts", category=category, limit=2, sort="popular")]
    assert latest == made[::-1]
    assert popular == [made[2], made[4], made[3], made[1], made[0]]


def test_search_finds_titles_korean_titles_and_lines(client: httpx.Client, admin: Learner) -> None:
    mark = uuid.uuid4().hex
    by_title = make_script(client, admin, title=f"100% {mark}")["id"]
    by_korean = make_script(client, admin, title_ko=f"막차 {mark}")["id"]
    by_line = make_token(client, admin, text=f"Say {mark} please.")["script_id"]
    assert {row["id"] for row in all_pages(client, "/api/scripts", q=mark)} == {by_title, by_korean, by_line}
    assert [row["id"] for row in all_pages(client, "/api/scripts", q=f"100% {mark}")] == [by_title]
    assert all_pages(client, "/api/scripts", q=f"100_ {mark}") == []
    assert [row["script_id"] for row in all_pages(client, "/api/tokens", q=mark.upper())] == [by_line]


def test_search_finds_titles_in_every_language_and_nothing_between_them(client: httpx.Client, admin: Learner) -> None:
    mark = uuid.uuid4().hex
    category = mark[:20]
    titles = {"ja": f'終電 "{mark}" \\', "fr": f"Le dernier train, {mark}"}
    texts = {tag: {"title": title} for tag, title in titles.items()}
    made = make_script(client, admin, category=category, translations=texts)["id"]
    make_script(client, admin, category=category, translations={"ko": {"description": mark}})
    for part in (*titles.values(), f'"{mark}"', "終電", f'{mark}" \\', f"TRAIN, {mark[:6].upper()}"):
        assert [row["id"] for row in all_pages(client, "/api/scripts", q=part, category=category)] == [made], part
    for part in ("[", '", "', "null", '\\"', "\\\\", f"{mark}%"):
        assert all_pages(client, "/api/scripts", q=part, category=category) == [], part


def test_translations_stand_beside_the_fields_for_korean(client: httpx.Client, admin: Learner) -> None:
    japanese = {"title": "終電", "description": None}
    korean = {"title": "막차", "description": "밤 열한 시."}
    script = make_script(
        client, admin, title_ko="막차", translations={"ja": japanese, "ko": {"description": "밤 열한 시."}}
    )
    assert script["translations"] == {"ja": japanese, "ko": korean}
    assert (script["title_ko"], script["description_ko"]) == ("막차", "밤 열한 시.")
    token = make_token(
        client, admin, script_id=script["id"], translation=None, translations={"ja": "遅い。", "ko": "늦었어."}
    )
    assert (token["translation"], token["translations"]) == ("늦었어.", {"ja": "遅い。", "ko": "늦었어."})
    shown = client.get(f"/api/tokens/{token['id']}").json()
    assert (shown["translation"], shown["translations"]) == ("늦었어.", {"ja": "遅い。", "ko": "늦었어."})
    assert (shown["script"]["title_ko"], shown["script"]["translations"]) == ("막차", script["translations"])
    body = {"title": "N", "category": "c", "title_ko": "새 제목"}
    replaced = client.put(f"/api/scripts/{script['id']}", json=body, headers=admin.headers).json()
    assert replaced["translations"] == {"ko": {"title": "새 제목", "description": None}}
    assert (replaced["title_ko"], replaced["description_ko"]) == ("새 제목", None)


@pytest.mark.parametrize(
    "fields",
    [
        {"title_ko": "막차", "translations": {"ko": {"title": "첫차"}}},
        {"description_ko": "밤.", "translations": {"ko": {"description": "낮."}}},
        {"translations": {"KO": {"title": "막차"}}},
        {"translations": {"korean": {"title": "막차"}}},
        {"translations": {"ko-Kore-KR": {"title": "막차"}}},
        {"translations": {"ko": "막차"}},
        {"translations": {"ko": {"title": ""}}},
        {"translations": {"ko": {"title": "막" * 301}}},
        {"translations": {"ko": {"title": "\u0000"}}},
        {"translations": {f"a{letter}": {"title": "T"} for letter in "abcdefghijklmnopqrstu"}},
        {"title_ko": "막차", "translations": {f"a{letter}": {"title": "T"} for letter in "abcdefghijklmnopqrst"}},
        {"translations": {"ko": {"titel": "막차"}}},
        {"translations": None},
        {"translations": []},
    ],
    ids=str,
)
def test_malformed_and_contradicting_translations_are_refused(
    client: httpx.Client, admin: Learner, fields: dict[str, object]
) -> None:
    body = {"title": "T", "category": "test", **fields}
    refused = client.post("/api/scripts", json=body, headers=admin.headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "malformed_request")


def test_line_refuses_two_translations_for_one_language(client: httpx.Client, admin: Learner) -> None:
    token = make_token(client, admin, translation="늦었어.", translations={"ko": "늦었어.", "pt-BR": "Atrasado."})
    assert (token["translation"], set(token["translations"])) == ("늦었어.", {"ko", "pt-BR"})
    body = {key: token[key] for key in ("script_id", "text", "start_time", "end_time", "translation")}
    body |= {"actor_id": token["actor"]["id"], "translations": {"ko": "다른 말."}}
    refused = client.put(f"/api/tokens/{token['id']}", json=body, headers=admin.headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "malformed_request")


def test_filters_by_actor_and_language(client: httpx.Client, admin: Learner) -> None:
    actor = make_actor(client, admin)
    script = make_script(client, admin, language="en-NZ")
    token = make_token(client, admin, script_id=script["id"], actor_id=actor["id"])
    make_token(client, admin)
    for params in (
        {"actor": actor["name"][:20]},
        {"actor": str(actor["id"])},
        {"actor": actor["name"], "language": "en-NZ"},
    ):
        assert [row["id"] for row in all_pages(client, "/api/scripts", **params)] == [script["id"]]
        assert [row["id"] for row in all_pages(client, "/api/tokens", **params)] == [token["id"]]
    listed = client.get(f"/api/actors/{actor['id']}/tokens").json()["items"]
    assert [row["id"] for row in listed] == [token["id"]]
    assert {**actor, "token_count": 1} in all_pages(client, "/api/actors", limit=100)


def test_reading_a_script_counts_a_view_and_shows_its_lines(
    client: httpx.Client, admin: Learner, database: psycopg2.extensions.connection
) -> None:
    script = make_script(client, admin)
    lines = [make_token(client, admin, script_id=script["id"])["id"] for _ in range(3)]
    assert client.get(f"/api/scripts/{script['id']}").json()["views"] == 0
    body = client.get(f"/api/scripts/{script['id']}/").json()
    wait_for_views(database, script["id"], 2)
    assert [(line["id"], line["position"]) for line in body["tokens"]] == list(zip(lines, [1, 2, 3], strict=True))


def test_popular_lists_at_most_ten_scripts(client: httpx.Client, admin: Learner) -> None:
    for _ in range(11):
        make_script(client, admin)
    popular = client.get("/api/scripts/popular").json()
    assert len(popular) <= 10
    assert [row["views"] for row in popular] == sorted((row["views"] for row in popular), reverse=True)


def test_line_shows_scores_only_to_their_owner(
    client: httpx.Client, admin: Learner, learner: Learner, stranger: Learner
) -> None:
    token = make_token(client, admin)
    for overall in (60.0, 90.0, 70.0, None):
        complete(client, make_job(client, learner, token["id"]), overall)
    client.post("/api/mypage/bookmarks/", json={"token_id": token["id"]}, headers=learner.headers)
    path = f"/api/tokens/{token['id']}"
    mine = client.get(path, headers=learner.headers).json()["mine"]
    assert mine == {"attempts": 4, "best": 90.0, "last": 70.0, "bookmarked": True}
    assert client.get(path, headers=stranger.headers).json()["mine"] == {
        "attempts": 0,
        "best": None,
        "last": None,
        "bookmarked": False,
    }
    assert client.get(path).json()["mine"] is None
    assert client.get(path, headers={"Authorization": "Bearer expired"}).status_code == 401


@pytest.mark.parametrize(
    "path", ["/api/scripts/{}", "/api/tokens/{}", "/api/actors/{}/tokens", "/api/scripts/{}/audio"]
)
def test_unknown_ids_are_404(client: httpx.Client, path: str) -> None:
    assert client.get(path.format(2**62)).status_code == 404
    assert client.get(path.format(2**63)).status_code == 422
    assert client.get(path.format("abc")).status_code == 422


@pytest.mark.parametrize(
    "params",
    [
        {"cursor": "%%%"},
        {"cursor": "bnVsbA"},
        {"cursor": "WzFlMzAwXQ"},
        {"cursor": "WyJhIl0"},
        {"limit": "0"},
        {"limit": "101"},
        {"q": "a\x00b"},
        {"sort": "oldest"},
    ],
)
def test_invalid_query_parameters_are_422(client: httpx.Client, params: dict[str, str]) -> None:
    answer = client.get("/api/scripts", params=params)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_only_administrators_change_the_catalogue(client: httpx.Client, learner: Learner) -> None:
    script = {"title": "T", "category": "c"}
    for method, path, body in (
        ("POST", "/api/scripts", script),
        ("PUT", "/api/scripts/1", script),
        ("DELETE", "/api/scripts/1", None),
        ("POST", "/api/actors", {"name": "A"}),
        ("DELETE", "/api/tokens/1", None),
        ("PUT", "/api/tokens/1/audio", None),
    ):
        assert client.request(method, path, json=body).status_code == 401
        refused = client.request(method, path, json=body, headers=learner.headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "admin_only")


def test_admin_updates_and_deletes_items(client: httpx.Client, admin: Learner) -> None:
    token = make_token(client, admin)
    body = {key: token[key] for key in ("script_id", "start_time", "end_time")}
    body |= {"actor_id": token["actor"]["id"], "text": "New words.", "translation": None}
    changed = client.put(f"/api/tokens/{token['id']}", json=body, headers=admin.headers).json()
    assert (changed["text"], changed["position"]) == ("New words.", token["position"])
    script_path = f"/api/scripts/{token['script_id']}"
    renamed = client.put(script_path, json={"title": "N", "category": "c"}, headers=admin.headers)
    assert renamed.json()["title"] == "N"
    actor_path = f"/api/actors/{token['actor']['id']}"
    name = uuid.uuid4().hex
    assert client.put(actor_path, json={"name": name}, headers=admin.headers).json()["name"] == name
    assert client.delete(actor_path, headers=admin.headers).json()["code"] == "catalogue_item_in_use"
    assert client.delete(script_path, headers=admin.headers).status_code == 204
    assert client.get(f"/api/tokens/{token['id']}").status_code == 404
    assert client.delete(actor_path, headers=admin.headers).status_code == 204
    assert client.delete(actor_path, headers=admin.headers).status_code == 404


def test_dubbed_lines_cannot_be_deleted(client: httpx.Client, admin: Learner, learner: Learner) -> None:
    token = make_token(client, admin)
    make_job(client, learner, token["id"])
    for path in (f"/api/tokens/{token['id']}", f"/api/scripts/{token['script_id']}"):
        answer = client.delete(path, headers=admin.headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "catalogue_item_in_use")


def test_conflicts_have_error_codes(client: httpx.Client, admin: Learner) -> None:
    name, slug = uuid.uuid4().hex, uuid.uuid4().hex
    make_actor(client, admin, name)
    make_script(client, admin, slug=slug)
    token = make_token(client, admin)
    place = {"script_id": token["script_id"], "actor_id": token["actor"]["id"], "position": 1}
    line = {"text": "x", "start_time": 0, "end_time": 1}
    for path, body, status, code in (
        ("/api/actors", {"name": name}, 409, "actor_exists"),
        ("/api/scripts", {"title": "T", "category": "c", "slug": slug}, 409, "slug_taken"),
        ("/api/tokens", {**place, **line}, 409, "position_taken"),
        ("/api/tokens", {**place, **line, "script_id": 2**60}, 404, "script_not_found"),
        ("/api/tokens", {**place, **line, "actor_id": 2**60, "position": 2}, 404, "actor_not_found"),
        ("/api/tokens", {**place, **line, "end_time": 0}, 422, "malformed_request"),
        ("/api/actors", {"name": "a\x00b"}, 422, "malformed_request"),
        ("/api/actors", {"name": "   "}, 422, "malformed_request"),
    ):
        answer = client.post(path, json=body, headers=admin.headers)
        assert (answer.status_code, answer.json().get("code")) == (status, code), body


def test_errors_are_in_the_language_of_the_request(client: httpx.Client) -> None:
    korean = client.get("/api/tokens/999999999").json()
    english = client.get("/api/tokens/999999999", headers={"Accept-Language": "en-GB,ko;q=0.5"})
    assert korean["detail"] == "대사를 찾을 수 없습니다."
    assert english.json()["detail"] == "This line does not exist."
    assert english.json()["request_id"] == english.headers["x-request-id"]
    assert client.get("/api/nothing-here").json()["code"] == "not_found"
    assert client.patch("/api/scripts").status_code == 405


def test_malformed_json_is_422_with_the_field(client: httpx.Client, admin: Learner) -> None:
    headers = {**admin.headers, "content-type": "application/json"}
    for raw in (b"{", b"[]", b'{"name": "\\ud800"}', b"\xff", b'{"name": 1}'):
        answer = client.post("/api/actors", content=raw, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed_request"), raw
        assert answer.json()["errors"][0]["loc"][0] == "body", raw


def test_a_huge_json_body_is_413(client: httpx.Client, admin: Learner) -> None:
    body = b'{"name": "' + b"a" * (3 << 20) + b'"}'
    headers = {**admin.headers, "content-type": "application/json"}
    answer = client.post("/api/actors", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "request_too_large")
    chunked = client.post("/api/actors", content=iter([body]), headers=headers)
    assert (chunked.status_code, chunked.json()["code"]) == (413, "request_too_large")


def test_preflight_is_answered_without_a_redirect(client: httpx.Client) -> None:
    headers = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST"}
    for path in ("/api/mypage/bookmarks/", "/api/mypage/bookmarks"):
        answer = client.options(path, headers={**headers, "Access-Control-Request-Headers": "authorization"})
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    stranger = client.options("/api/scripts", headers={**headers, "Origin": "https://evil.test"})
    assert "access-control-allow-origin" not in stranger.headers
