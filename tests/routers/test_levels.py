"""Levels of lines and scenes, their filters and the newcomer's order, and names of actors in other languages."""

import uuid
from typing import Any

import httpx
import psycopg2
import pytest

from core.settings import Settings
from database import make_engine, make_session_factory
from services import levels
from tests.routers.test_tokens import all_pages
from tests.support.factories import HUMAN_AUDIO, Learner, make_actor, make_script, make_token
from tests.support.server_processes import ServerProcess

EASY: dict[str, Any] = {"text": "What do you think?", "start_time": 0, "end_time": 1.5}
MIDDLE: dict[str, Any] = {
    "text": "I left the keys on the table by the door this morning.",
    "start_time": 2,
    "end_time": 5.5,
}
HARD: dict[str, Any] = {
    "text": "Prudently, the amiable gentleman relinquished his extraordinarily unprofitable manufactory.",
    **{"start_time": 6, "end_time": 12.5},
}


def add_audio(client: httpx.Client, admin: Learner, token_id: int) -> None:
    files = {"audio_file": HUMAN_AUDIO.read_bytes()}
    assert client.put(f"/api/tokens/{token_id}/audio", files=files, headers=admin.headers).status_code == 200


def line(client: httpx.Client, token_id: int) -> dict[str, Any]:
    return dict(client.get(f"/api/tokens/{token_id}").json())


def scene(client: httpx.Client, script_id: int) -> dict[str, Any]:
    return dict(client.get(f"/api/scripts/{script_id}").json())


def test_lines_have_a_level_and_scenes_the_mean(client: httpx.Client, admin: Learner) -> None:
    script = make_script(client, admin)
    assert (script["level"], script["good_to_start"], script["spoken_s"]) == (None, False, 0)
    easy = make_token(client, admin, script_id=script["id"], **EASY)
    hard = make_token(client, admin, script_id=script["id"], **HARD)
    assert (easy["level"], hard["level"]) == (1, 5)
    found = scene(client, script["id"])
    assert (found["level"], found["spoken_s"]) == (3, 8.0)
    assert client.delete(f"/api/tokens/{hard['id']}", headers=admin.headers).status_code == 204
    found = scene(client, script["id"])
    assert (found["level"], found["spoken_s"]) == (1, 1.5)


def test_edits_change_the_level_at_once(client: httpx.Client, admin: Learner) -> None:
    token = make_token(client, admin, **EASY)
    changed = client.patch(f"/api/tokens/{token['id']}", json={"text": HARD["text"]}, headers=admin.headers).json()
    assert changed["level"] == 5
    changes = {"text": MIDDLE["text"], "end_time": 9}
    slow = client.patch(f"/api/tokens/{token['id']}", json=changes, headers=admin.headers).json()
    fast = client.patch(f"/api/tokens/{token['id']}", json={"end_time": 2}, headers=admin.headers).json()
    assert slow["level"] < fast["level"]
    assert scene(client, token["script_id"])["level"] == fast["level"]


def test_moving_a_line_counts_it_in_its_new_scene(client: httpx.Client, admin: Learner) -> None:
    token, other = make_token(client, admin, **HARD), make_script(client, admin)
    client.patch(f"/api/tokens/{token['id']}", json={"script_id": other["id"]}, headers=admin.headers)
    assert scene(client, token["script_id"])["level"] is None
    assert scene(client, other["id"])["level"] == 5


def test_only_lines_that_can_be_heard_are_good_to_start_with(client: httpx.Client, admin: Learner) -> None:
    token = make_token(client, admin, **EASY)
    assert token["good_to_start"] is False
    assert scene(client, token["script_id"])["good_to_start"] is False
    add_audio(client, admin, token["id"])
    assert line(client, token["id"])["good_to_start"] is True
    assert scene(client, token["script_id"])["good_to_start"] is True


def test_lines_of_other_languages_have_no_level(client: httpx.Client, admin: Learner) -> None:
    script = make_script(client, admin, language="ja-JP")
    token = make_token(client, admin, script_id=script["id"], text="40分も遅刻だよ。", start_time=0, end_time=2)
    assert (token["level"], token["good_to_start"]) == (None, False)
    found = scene(client, script["id"])
    assert (found["level"], found["spoken_s"], found["good_to_start"]) == (None, 2.0, False)


def test_a_new_language_of_a_scene_levels_its_lines_again(client: httpx.Client, admin: Learner) -> None:
    token = make_token(client, admin, **EASY)
    address = f"/api/scripts/{token['script_id']}"
    assert client.patch(address, json={"language": "nl-NL"}, headers=admin.headers).json()["level"] is None
    assert line(client, token["id"])["level"] is None
    assert client.patch(address, json={"language": "en-GB"}, headers=admin.headers).json()["level"] == 1


@pytest.fixture
def mixed(client: httpx.Client, admin: Learner) -> dict[str, Any]:
    """A category with scenes of one line each: three easy ones, of which one can be heard, two others, one unknown."""
    category, ids = uuid.uuid4().hex, []
    lines = (HARD, EASY, MIDDLE, {**EASY, "end_time": 1.6}, {**EASY, "end_time": 1.4})
    for each in lines:
        script = make_script(client, admin, category=category)
        ids.append((script["id"], make_token(client, admin, script_id=script["id"], **each)["id"]))
    foreign = make_script(client, admin, category=category, language="nl")
    ids.append((foreign["id"], make_token(client, admin, script_id=foreign["id"], **EASY)["id"]))
    add_audio(client, admin, ids[3][1])
    return {"category": category, "scenes": [pair[0] for pair in ids], "lines": [pair[1] for pair in ids]}


NEWCOMER = [3, 4, 1, 2, 0, 5]


@pytest.mark.parametrize("limit", [1, 2, 5, 100])
@pytest.mark.parametrize("path", ["scenes", "lines"])
def test_the_newcomers_order_is_paged(client: httpx.Client, mixed: dict[str, Any], path: str, limit: int) -> None:
    address = {"scenes": "/api/scripts", "lines": "/api/tokens"}[path]
    found = all_pages(client, address, category=mixed["category"], sort="easiest", limit=limit)
    assert [row["id"] for row in found] == [mixed[path][place] for place in NEWCOMER]


@pytest.mark.parametrize(
    ("filters", "places"),
    [
        ({"level": 1}, [1, 3, 4]),
        ({"level": 5}, [0]),
        ({"good_to_start": "true"}, [3]),
        ({"good_to_start": "false"}, [0, 1, 2, 4, 5]),
        ({"level": 1, "good_to_start": "false"}, [1, 4]),
        ({"level": 2, "good_to_start": "true"}, []),
    ],
)
@pytest.mark.parametrize("sort", [None, "easiest"])
def test_filters_page_in_each_order(
    client: httpx.Client, mixed: dict[str, Any], filters: dict[str, Any], places: list[int], sort: str | None
) -> None:
    params = {"category": mixed["category"], "limit": 1, **filters, **({"sort": sort} if sort else {})}
    lines = [row["id"] for row in all_pages(client, "/api/tokens", **params)]
    scenes = [row["id"] for row in all_pages(client, "/api/scripts", **params)]
    order = [place for place in NEWCOMER if place in places] if sort else places
    assert lines == [mixed["lines"][place] for place in order]
    assert scenes == [mixed["scenes"][place] for place in (order if sort else places[::-1])]


def test_lengths(client: httpx.Client, admin: Learner) -> None:
    category = uuid.uuid4().hex
    ids: dict[str, list[int]] = {"scene": [], "line": []}
    for seconds in (2.9, 3, 5.9, 6, 19.9, 20, 59.9, 60):
        script = make_script(client, admin, category=category)
        token = make_token(client, admin, script_id=script["id"], text="Hello.", start_time=0, end_time=seconds)
        ids["scene"].append(script["id"])
        ids["line"].append(token["id"])

    def places(path: str, kind: str, length: str) -> list[int]:
        rows = all_pages(client, path, category=category, length=length, limit=2)
        return sorted(ids[kind].index(row["id"]) for row in rows)

    assert [places("/api/tokens", "line", length) for length in ("short", "medium", "long")] == [
        *([0], [1, 2], [3, 4, 5, 6, 7])
    ]
    assert [places("/api/scripts", "scene", length) for length in ("short", "medium", "long")] == [
        *([0, 1, 2, 3, 4], [5, 6], [7])
    ]


@pytest.mark.parametrize(
    "params", [{"level": 0}, {"level": 6}, {"level": "x"}, {"length": "tiny"}, {"good_to_start": "yes"}, {"sort": "x"}]
)
@pytest.mark.parametrize("path", ["/api/scripts", "/api/tokens"])
def test_other_values_are_422(client: httpx.Client, path: str, params: dict[str, Any]) -> None:
    answer = client.get(path, params=params)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed_request")


def test_a_cursor_belongs_to_its_order(client: httpx.Client, mixed: dict[str, Any]) -> None:
    cursors = {
        sort: client.get("/api/scripts", params={"sort": sort, "limit": 1}).json()["next_cursor"]
        for sort in ("latest", "popular", "easiest")
    }
    for sort in cursors:
        for other, cursor in cursors.items():
            answer = client.get("/api/scripts", params={"sort": sort, "cursor": cursor})
            assert answer.status_code == (200 if sort == other else 422), (sort, other)


def test_lines_of_the_previous_version_are_levelled(
    client: httpx.Client, admin: Learner, api: ServerProcess, database: psycopg2.extensions.connection
) -> None:
    token = make_token(client, admin, **EASY)
    untouched = make_token(client, admin, **EASY)
    forget = "UPDATE tokens SET level = NULL, ease_rank = 1999999, levelled_at = NULL WHERE id = %s"
    stale = "UPDATE tokens SET text = %s, updated_at = clock_timestamp() WHERE id = %s"
    with database.cursor() as cursor:
        cursor.execute(forget, [token["id"]])
        cursor.execute(stale, [HARD["text"], token["id"]])
        cursor.execute("UPDATE scripts SET level = NULL WHERE id = %s", [token["script_id"]])
        cursor.execute("SELECT levelled_at FROM tokens WHERE id = %s", [untouched["id"]])
        (before,) = cursor.fetchone() or (None,)
    engine = make_engine(Settings(_env_file=None, database_url=api.env["DATABASE_URL"]))
    levels.fill(make_session_factory(engine))
    engine.dispose()
    with database.cursor() as cursor:
        cursor.execute("SELECT level, updated_at = levelled_at FROM tokens WHERE id = %s", [token["id"]])
        assert cursor.fetchone() == (5, True)
        cursor.execute("SELECT level FROM scripts WHERE id = %s", [token["script_id"]])
        assert cursor.fetchone() == (5,)
        cursor.execute("SELECT levelled_at FROM tokens WHERE id = %s", [untouched["id"]])
        assert cursor.fetchone() == (before,)


def test_actors_have_names_in_other_languages(client: httpx.Client, admin: Learner) -> None:
    mark = uuid.uuid4().hex
    body = {"name": f"Grace {mark}", "translations": {"ko": f"그레이스 {mark}", "ja": "グレース"}}
    made = client.post("/api/actors", json=body, headers=admin.headers)
    assert (made.status_code, made.json()["translations"]) == (201, body["translations"])
    script = make_script(client, admin, title_ko="막차")
    token = make_token(client, admin, script_id=script["id"], actor_id=made.json()["id"])
    assert token["actor"] == made.json()
    assert token["script_titles"] == {"ko": "막차"}
    assert scene(client, script["id"])["actor_details"] == [made.json()]
    assert scene(client, script["id"])["actors"] == [body["name"]]
    for part in (f"그레이스 {mark}", mark):
        assert [row["id"] for row in all_pages(client, "/api/scripts", actor=part)] == [script["id"]]
        assert [row["id"] for row in all_pages(client, "/api/tokens", actor=part)] == [token["id"]]
    assert all_pages(client, "/api/scripts", actor='", "') == []
    renamed = client.put(f"/api/actors/{made.json()['id']}", json={"name": f"Ruth {mark}"}, headers=admin.headers)
    assert renamed.json()["translations"] == {}


def test_scenes_of_short_lines_come_before_those_of_long_ones(client: httpx.Client, admin: Learner) -> None:
    category = uuid.uuid4().hex
    long, short = (make_script(client, admin, category=category)["id"] for _ in range(2))
    make_token(client, admin, script_id=long, **{**EASY, "end_time": 2.9})
    for _ in range(3):
        make_token(client, admin, script_id=short, **EASY)
    found = all_pages(client, "/api/scripts", category=category, sort="easiest")
    assert [(row["id"], row["level"], row["spoken_s"]) for row in found] == [(short, 1, 4.5), (long, 1, 2.9)]


def test_the_cast_is_in_the_order_of_the_names(client: httpx.Client, admin: Learner) -> None:
    script, mark = make_script(client, admin), uuid.uuid4().hex
    for name in ("B", "A", "C", "A"):
        known = [actor for actor in scene(client, script["id"])["actor_details"] if actor["name"] == f"{name} {mark}"]
        actor = known[0] if known else make_actor(client, admin, f"{name} {mark}")
        make_token(client, admin, script_id=script["id"], actor_id=actor["id"])
    found = scene(client, script["id"])
    assert (
        found["actors"] == [f"{name} {mark}" for name in "ABC"] == [actor["name"] for actor in found["actor_details"]]
    )


@pytest.mark.parametrize("translations", [{"ko": ""}, {"KO": "그레이스"}, {"ko": 1}, ["ko"], {"ko": "가" * 201}])
def test_bad_names_are_422(client: httpx.Client, admin: Learner, translations: Any) -> None:
    body = {"name": uuid.uuid4().hex, "translations": translations}
    assert client.post("/api/actors", json=body, headers=admin.headers).status_code == 422
