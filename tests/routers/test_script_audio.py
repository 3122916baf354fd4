"""The reference audio of lines: playing, replacing, deleting."""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.audio import encode
from tests.support.factories import HUMAN_AUDIO, Learner, make_script, make_token
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def line(client: httpx.Client, admin: Learner) -> Iterator[dict[str, int]]:
    yield make_token(client, admin, with_audio=True)


def test_line_audio_is_served_with_range_support(client: httpx.Client, line: dict[str, int]) -> None:
    redirect = client.get(f"/api/tokens/{line['id']}/audio")
    assert redirect.status_code == 307
    whole = httpx.get(redirect.headers["location"])
    assert whole.content == HUMAN_AUDIO.read_bytes()
    part = httpx.get(redirect.headers["location"], headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, whole.content[4:8])


def test_a_scene_lists_the_audio_of_its_lines_in_order(
    client: httpx.Client, admin: Learner, line: dict[str, int]
) -> None:
    script_id = line["script_id"]
    silent = make_token(client, admin, script_id=script_id)
    body = client.get(f"/api/scripts/{script_id}/audio").json()
    assert [(each["token_id"], each["position"]) for each in body["lines"]] == [(line["id"], 1), (silent["id"], 2)]
    assert body["lines"][1]["audio_url"] is None
    assert httpx.get(body["lines"][0]["audio_url"]).status_code == 200
    assert body["expires_in"] == 3600
    assert client.get(f"/api/scripts/{make_script(client, admin)['id']}/audio").json()["lines"] == []


def test_line_without_audio_is_404(client: httpx.Client, admin: Learner) -> None:
    answer = client.get(f"/api/tokens/{make_token(client, admin)['id']}/audio")
    assert (answer.status_code, answer.json()["code"]) == (404, "reference_audio_missing")
    assert client.get("/api/tokens/999999999/audio").json()["code"] == "token_not_found"


def test_new_audio_replaces_the_old(client: httpx.Client, admin: Learner) -> None:
    token = make_token(client, admin, with_audio=True)
    path = f"/api/tokens/{token['id']}/audio"
    old_url = client.get(path).headers["location"]
    stored = client.put(path, files={"audio_file": ("x.wav", encode("mp3"), "audio/wav")}, headers=admin.headers)
    assert stored.json()["content_type"] == "audio/mpeg"
    assert httpx.get(client.get(path).headers["location"]).content == encode("mp3")
    assert httpx.get(old_url).status_code == 404


@pytest.mark.parametrize(
    ("audio", "status", "code"),
    [(b"", 422, "audio_empty"), (b"text", 415, "audio_type_unsupported"), (None, 422, "audio_missing")],
)
def test_bad_reference_audio_changes_nothing(
    client: httpx.Client, admin: Learner, line: dict[str, int], audio: bytes | None, status: int, code: str
) -> None:
    path = f"/api/tokens/{line['id']}/audio"
    before = client.get(path).headers["location"].split("?")[0]
    files = {"audio_file": audio} if audio is not None else {"other": b"x"}
    answer = client.put(path, files=files, headers=admin.headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.get(path).headers["location"].split("?")[0] == before


def test_audio_for_an_unknown_line_is_404(client: httpx.Client, admin: Learner) -> None:
    answer = client.put("/api/tokens/999999999/audio", files={"audio_file": b"x"}, headers=admin.headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "token_not_found")


def test_deleting_a_line_deletes_its_stored_audio(client: httpx.Client, admin: Learner) -> None:
    token = make_token(client, admin, with_audio=True)
    url = client.get(f"/api/tokens/{token['id']}/audio").headers["location"]
    assert client.delete(f"/api/tokens/{token['id']}", headers=admin.headers).status_code == 204
    wait_until(lambda: httpx.get(url).status_code == 404)


def test_swagger_ui_loads_only_from_this_server(client: httpx.Client, api: ServerProcess) -> None:
    page = client.get("/docs").text
    for address in [part.split('"')[0] for part in page.split('src="')[1:]] + [page.split('href="')[1].split('"')[0]]:
        assert address.startswith(api.url)
        assert httpx.get(address).status_code == 200
