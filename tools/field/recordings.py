"""Uploads recordings of one line, and compares their class, overall score and completeness with what is right.

`recordings` in expected.json is a list of `file`, `class`, `overall_min`, `truncated` and, where a refusal is right,
too, `or_refused` with its status. All are readings of the line of the catalogue that holds LINE.
"""

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import httpx

from tools.field.rows import Row

PART: Final = "recordings"
LINE: Final = "ill-disposed young"
_POLL_S: Final = 0.3
_TIMEOUT_S: Final = 120.0

Expected = Mapping[str, Any]


def check(folder: Path, client: httpx.Client) -> Iterator[Row]:
    """Yields a row for each recording; `client` sends the token of a user."""
    entries = json.loads((folder / "expected.json").read_text(encoding="utf-8")).get("recordings", [])
    if not entries:
        return
    token_id = _find_line(client)
    for entry in entries:
        content = (folder / PART / entry["file"]).read_bytes()
        files = {"audio_file": (entry["file"], content)}
        answer = client.post(f"/api/tokens/{token_id}/upload-audio", files=files, timeout=60)
        yield _judge(entry, answer, client)


def _find_line(client: httpx.Client) -> int:
    lines = client.get("/api/tokens", params={"q": LINE}).json()["items"]
    return int(lines[0]["id"])


def _judge(entry: Expected, answer: httpx.Response, client: httpx.Client) -> Row:
    expected = f"{entry['class']}, at least {entry['overall_min']:g}{', truncated' * entry['truncated']}"
    if "or_refused" in entry:
        expected += f", or refused with {entry['or_refused']}"
    if answer.status_code != 202:
        is_right = answer.status_code == entry.get("or_refused")
        return Row(PART, entry["file"], expected, f"{answer.status_code} {answer.json().get('code')}", is_right)
    result = _result(client, answer.json()["result_url"])
    found = _found(result)
    return Row(PART, entry["file"], expected, found, _is_right(entry, result))


def _result(client: httpx.Client, url: str) -> dict[str, Any]:
    """Returns the result when the job has ended; the last state after two minutes."""
    give_up_at = time.monotonic() + _TIMEOUT_S
    result: dict[str, Any] = client.get(url).json()
    while result["status"] == "processing" and time.monotonic() < give_up_at:
        time.sleep(_POLL_S)
        result = client.get(url).json()
    return result


def _found(result: Mapping[str, Any]) -> str:
    if result["status"] != "completed":
        return f"{result['status']} {(result['error'] or {}).get('code', '')}".strip()
    score = result["overall_score"]
    truncated = ", truncated" if result["audio"]["truncated"] else ""
    return f"{result['attempt_class']}{'' if score is None else f', {score:.1f}'}{truncated}"


def _is_right(entry: Expected, result: Mapping[str, Any]) -> bool:
    if result["status"] != "completed" or result["attempt_class"] != entry["class"]:
        return False
    is_scored = result["overall_score"] is not None and result["overall_score"] >= entry["overall_min"]
    return is_scored and result["audio"]["truncated"] == entry["truncated"]
