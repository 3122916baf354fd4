"""Practice: progress per scene and line, attempts on a line, weak sounds."""

import json
import uuid
from typing import Any

import httpx
import psycopg2.extensions
import pytest
from psycopg2.extras import Json

from core.settings import ROOT
from tests.support.factories import Learner, complete, make_job, make_script, make_token, report, sign_in, wait_for_end
from tests.support.server_processes import ServerProcess


@pytest.fixture
def scene(client: httpx.Client, admin: Learner) -> list[dict[str, Any]]:
    script_id = make_script(client, admin)["id"]
    return [make_token(client, admin, script_id=script_id, text=f"Line {place}.") for place in range(3)]


def get(client: httpx.Client, who: Learner, path: str, **query: Any) -> Any:
    answer = client.get(f"/api/mypage/{path}", headers=who.headers, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def dub(client: httpx.Client, who: Learner, line: dict[str, Any], overall: float | None) -> str:
    job_id = make_job(client, who, line["id"])
    complete(client, job_id, overall)
    return job_id


def test_scene_progress_counts_lines_and_averages_best_scores(
    client: httpx.Client, learner: Learner, stranger: Learner, scene: list[dict[str, Any]]
) -> None:
    assert get(client, learner, "progress") == []
    for line, overall in ((scene[0], 60.0), (scene[0], 80.0), (scene[1], 40.0), (scene[2], None)):
        dub(client, learner, line, overall)
    assert get(client, learner, "progress") == [
        {"script_id": scene[0]["script_id"], "tokens_dubbed": 3, "best_average": 60.0}
    ]
    assert get(client, stranger, "progress") == []


def test_line_progress_lists_every_line_in_order(
    client: httpx.Client, learner: Learner, stranger: Learner, scene: list[dict[str, Any]]
) -> None:
    dub(client, learner, scene[1], 80.0)
    dub(client, learner, scene[1], 70.0)
    unscored = dub(client, learner, scene[1], None)
    client.post("/api/mypage/bookmarks", json={"token_id": scene[2]["id"]}, headers=learner.headers)
    client.post("/api/mypage/bookmarks", json={"token_id": scene[0]["id"]}, headers=stranger.headers)
    nothing = {"attempts": 0, "best": None, "last": None, "last_job_id": None, "bookmarked": False}
    assert get(client, learner, f"progress/{scene[0]['script_id']}") == [
        {"token_id": scene[0]["id"], **nothing},
        {
            "token_id": scene[1]["id"],
            "attempts": 3,
            "best": 80.0,
            "last": 70.0,
            "last_job_id": unscored,
            "bookmarked": False,
        },
        {"token_id": scene[2]["id"], **nothing, "bookmarked": True},
    ]
    unknown = client.get("/api/mypage/progress/4000000", headers=learner.headers)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "script_not_found")


def test_own_attempts_are_paged_newest_first(
    client: httpx.Client, learner: Learner, stranger: Learner, scene: list[dict[str, Any]]
) -> None:
    jobs = [dub(client, learner, scene[0], overall) for overall in (50.0, None, 70.0)]
    dub(client, stranger, scene[0], 99.0)
    dub(client, learner, scene[1], 99.0)
    first = get(client, learner, "attempts", token_id=scene[0]["id"], limit=2)
    second = get(client, learner, "attempts", token_id=scene[0]["id"], limit=2, cursor=first["next_cursor"])
    found = first["items"] + second["items"]
    assert [attempt["job_id"] for attempt in found] == jobs[::-1]
    assert [attempt["overall_score"] for attempt in found] == [70.0, None, 50.0]
    assert second["next_cursor"] is None
    unknown = client.get("/api/mypage/attempts", params={"token_id": 4000000}, headers=learner.headers)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "token_not_found")


def phone(expected: str, *, flagged: bool, score: float, heard: str | None = None) -> dict[str, Any]:
    return {"expected": expected, "ipa": expected.lower(), "heard_ipa": heard, "score": score, "flagged": flagged}


def judge(client: httpx.Client, who: Learner, line: dict[str, Any], feedback: Any) -> None:
    job_id = make_job(client, who, line["id"])
    result = {"overall_score": 50.0, "detailed_feedback": feedback}
    assert report(client, {"job_id": job_id, "result": result}).status_code == 200


def test_weak_sounds_have_heard_sounds_and_lines_to_practise(
    client: httpx.Client,
    learner: Learner,
    stranger: Learner,
    scene: list[dict[str, Any]],
    database: psycopg2.extensions.connection,
) -> None:
    # An invented phone, so that no line of another test has it.
    odd = f"Q{uuid.uuid4().hex}"
    with database.cursor() as cursor:
        for line, phones in ((scene[0], ["K", "K", odd]), (scene[2], ["K", odd]), (scene[1], ["K"])):
            features = {"words": [{"text": "coffee", "phones": [{"phone": phone} for phone in phones]}]}
            cursor.execute("UPDATE tokens SET reference_features = %s WHERE id = %s", [Json(features), line["id"]])
    fine, wrong = phone("K", flagged=False, score=90), phone(odd, flagged=True, score=20, heard="p")
    judge(client, learner, scene[0], {"words": [{"text": "coffee", "phones": [fine, wrong]}]})
    judge(client, learner, scene[0], {"words": [{"text": "fine", "phones": [phone(odd, flagged=False, score=80)]}]})
    judge(client, stranger, scene[0], {"words": [{"text": "key", "phones": [phone("K", flagged=True, score=1)]}]})
    (sound,) = get(client, learner, "weak-sounds")
    assert [line["id"] for line in sound.pop("lines")] == [scene[2]["id"], scene[0]["id"]]
    assert sound == {
        "phone": odd,
        "ipa": odd.lower(),
        "said": 2,
        "corrected": 1,
        "average_score": 50.0,
        "heard_ipa": ["p"],
        "words": ["coffee"],
    }


@pytest.mark.parametrize(
    "feedback",
    [
        {},
        {"words": None},
        {"words": "text"},
        {"words": [1, None, {"text": 3, "phones": []}, {"text": "a"}, {"text": "a", "phones": {"expected": "K"}}]},
        {"words": [{"text": "a", "phones": [{"expected": "K", "ipa": "k", "score": "high", "flagged": True}]}]},
        {"words": [{"text": "a", "phones": [{"expected": "K", "ipa": "k", "score": 1, "flagged": "yes"}]}]},
    ],
    ids=str,
)
def test_malformed_feedback_is_skipped(
    client: httpx.Client, learner: Learner, scene: list[dict[str, Any]], feedback: Any
) -> None:
    judge(client, learner, scene[0], feedback)
    assert get(client, learner, "weak-sounds") == []


def test_corrections_of_the_real_analysis_become_weak_sounds(pipeline: ServerProcess) -> None:
    """Feedback of the real analysis of a take with wrong sounds has the shape that the API server reads."""
    takes = ROOT / "catalogue" / "takes"
    (take,) = json.loads((takes / "takes.json").read_text(encoding="utf-8"))
    with httpx.Client(base_url=pipeline.url, timeout=60) as client:
        admin = sign_in(client, "admin@yousync.test")
        who = sign_in(client, f"{uuid.uuid4().hex}@yousync.test")
        line = make_token(client, admin, text=take["text"])
        answer = client.post(
            f"/api/tokens/{line['id']}/upload-audio",
            files={"audio_file": (takes / take["file"]).read_bytes()},
            headers=who.headers,
        )
        result = wait_for_end(client, who, answer.json()["job_id"])
        words = result["detailed_feedback"]["words"]
        corrected = {sound["expected"] for word in words for sound in word["phones"] if sound["flagged"]}
        assert corrected
        assert {sound["phone"] for sound in get(client, who, "weak-sounds")} == corrected


def test_categories_have_script_counts(client: httpx.Client, admin: Learner) -> None:
    name = f"genre {uuid.uuid4().hex}"
    for _ in range(2):
        make_script(client, admin, category=name)
    categories = client.get("/api/categories").json()
    assert {"category": name, "script_count": 2} in categories
    assert [each["category"] for each in categories] == sorted({each["category"] for each in categories})


def test_sign_in_options_reflect_the_settings(client: httpx.Client) -> None:
    options = {"google_client_id": None, "development": True, "direct_uploads": True, "guest_takes": 3}
    assert client.get("/api/auth/options").json() == options
