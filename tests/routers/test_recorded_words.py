"""Recordings of some words of a line: how they are sent, handed over, judged and counted."""

import uuid
from typing import Any

import httpx
import pytest

from tests.conftest import MakeApi
from tests.support.audio import encode
from tests.support.factories import (
    ADMIN_EMAIL,
    HUMAN_AUDIO,
    HUMAN_LINE,
    Learner,
    make_job,
    make_token,
    report,
    sign_in,
    wait_for_end,
)
from tests.support.fake_analysis_server import FakeAnalysisServer
from tests.support.server_processes import ServerProcess

SCORES = {f"{name}_score": 80.0 for name in ("pronunciation", "intonation", "emotion", "overall")}


@pytest.fixture
def token(client: httpx.Client, admin: Learner) -> dict[str, Any]:
    return make_token(client, admin)


def send_words(client: httpx.Client, who: Learner, token_id: int, words: str, key: str | None = None) -> httpx.Response:
    return client.post(
        f"/api/tokens/{token_id}/upload-audio",
        params={"words": words},
        files={"audio_file": encode("webm")},
        headers=who.headers | ({"Idempotency-Key": key} if key else {}),
    )


def send_directly(
    client: httpx.Client, who: Learner, token_id: int, words: str, key: str | None = None
) -> httpx.Response:
    audio, headers = encode("webm"), who.headers | ({"Idempotency-Key": key} if key else {})
    path = f"/api/tokens/{token_id}/uploads"
    answer = client.post(path, params={"words": words}, json={"size": len(audio)}, headers=headers)
    if answer.is_error:
        return answer
    offer = answer.json()
    httpx.post(offer["url"], data=offer["fields"], files={"file": audio}).raise_for_status()
    return client.post(offer["complete_url"], headers=who.headers)


@pytest.mark.parametrize("send", [send_words, send_directly])
def test_an_idempotency_key_names_one_choice_of_words(
    client: httpx.Client, learner: Learner, token: dict[str, Any], send: Any
) -> None:
    first = send(client, learner, token["id"], "1-3", key="take")
    assert first.status_code == 202
    again = send(client, learner, token["id"], "1-3", key="take")
    assert again.json()["job_id"] == first.json()["job_id"]
    other = send(client, learner, token["id"], "1-2", key="take")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


@pytest.mark.parametrize("send", [send_words, send_directly])
def test_the_words_are_handed_over_and_shown(make_api: MakeApi, send: Any) -> None:
    with FakeAnalysisServer() as fake, httpx.Client(base_url=make_api(fake.url).url) as client:
        who, admin = sign_in(client, f"{uuid.uuid4().hex}@yousync.test"), sign_in(client, ADMIN_EMAIL)
        token = make_token(client, admin)
        accepted = send(client, who, token["id"], "1-3")
        assert accepted.status_code == 202, accepted.text
        whole = make_job(client, who, token["id"])
        fake.wait_for_jobs(2)
        sent = {body["job_id"]: body.get("words") for body in fake.jobs}
        assert sent == {accepted.json()["job_id"]: {"first": 1, "last": 3}, whole: None}
        shown = client.get(accepted.json()["result_url"], headers=who.headers).json()
        assert shown["recorded_words"] == {"first": 1, "last": 3}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("3-1", "words_reversed"),
        ("1", "string_pattern_mismatch"),
        ("-1-2", "string_pattern_mismatch"),
        ("1-99999", "string_pattern_mismatch"),
        ("1234-12345", "string_too_long"),
        ("", "string_pattern_mismatch"),
        ("①-②", "string_pattern_mismatch"),
    ],
)
def test_other_forms_are_refused(
    client: httpx.Client, learner: Learner, token: dict[str, Any], words: str, kind: str
) -> None:
    refused = send_words(client, learner, token["id"], words)
    assert refused.status_code == 422
    assert [(error["loc"], error["type"]) for error in refused.json()["errors"]] == [(["query", "words"], kind)]


def test_words_count_in_no_average_and_no_best(client: httpx.Client, learner: Learner, token: dict[str, Any]) -> None:
    whole = make_job(client, learner, token["id"])
    part = send_words(client, learner, token["id"], "0-0").json()["job_id"]
    report(client, {"job_id": whole, "result": {**SCORES, "overall_score": 40.0}}).raise_for_status()
    # An analysis server of others may report scores for them, too.
    report(client, {"job_id": part, "result": {**SCORES, "overall_score": 99.0}}).raise_for_status()
    attempts = client.get("/api/mypage/attempts", params={"token_id": token["id"]}, headers=learner.headers).json()
    assert [(each["job_id"], each["overall_score"], each["recorded_words"]) for each in attempts["items"]] == [
        (part, None, {"first": 0, "last": 0}),
        (whole, 40.0, None),
    ]
    overview = client.get("/api/mypage/overview", headers=learner.headers).json()
    assert overview["averages"]["overall"] == 40
    (dub,) = [each for each in overview["recent_dubs"] if each["token"]["id"] == token["id"]]
    assert (dub["best_overall_score"], dub["last_overall_score"], dub["attempts"]) == (40, 40, 2)


def test_the_real_analysis_judges_only_these_words(pipeline: ServerProcess) -> None:
    with httpx.Client(base_url=pipeline.url, timeout=60) as client:
        admin, who = sign_in(client, "admin@yousync.test"), sign_in(client, f"{uuid.uuid4().hex}@yousync.test")
        line = make_token(client, admin, text=f"Well, {HUMAN_LINE}")
        first, last = 1, len(HUMAN_LINE.split())
        answer = client.post(
            f"/api/tokens/{line['id']}/upload-audio",
            params={"words": f"{first}-{last}"},
            files={"audio_file": HUMAN_AUDIO.read_bytes()},
            headers=who.headers,
        )
        result = wait_for_end(client, who, answer.json()["job_id"])
        assert (result["status"], result["attempt_class"], result["overall_score"]) == ("completed", "scored", None)
        detailed = result["detailed_feedback"]
        assert detailed["first_word"] == first
        assert len(detailed["words"]) == last
        assert detailed["scores"]["pronunciation"]["value"] > 80
        # The line has fewer words.
        beyond = client.post(
            f"/api/tokens/{line['id']}/upload-audio",
            params={"words": "40-41"},
            files={"audio_file": HUMAN_AUDIO.read_bytes()},
            headers=who.headers,
        )
        failed = wait_for_end(client, who, beyond.json()["job_id"])
        assert (failed["status"], failed["error"]["code"]) == ("failed", "words_outside_line")
        assert failed["error"]["message"]
