"""Signatures of Standard Webhooks: rotation of secrets, malformed headers, changed bodies."""

import base64

import pytest

from common.webhook_signatures import (
    TARGET_HEADER,
    WEBHOOK_ID,
    WEBHOOK_SIGNATURE,
    WEBHOOK_TIMESTAMP,
    BadSignatureError,
    Signer,
    target_of,
)

OWN = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes, ok").decode()
OLD = "whsec_" + base64.b64encode(b"another secret, 32 bytes as well").decode()
HERE = target_of("POST", "/analyze")


def test_the_first_secret_signs_and_all_secrets_verify() -> None:
    rotating = Signer([OWN, OLD])
    Signer([OWN]).verify(rotating.headers("msg_1", b"{}", HERE), b"{}", [HERE])
    rotating.verify(Signer([OLD]).headers("msg_1", b"{}", HERE), b"{}", [HERE])
    with pytest.raises(BadSignatureError):
        Signer([OLD]).verify(rotating.headers("msg_1", b"{}", HERE), b"{}", [HERE])


@pytest.mark.parametrize(
    "changes",
    [
        {WEBHOOK_SIGNATURE: "nonsense"},
        {WEBHOOK_SIGNATURE: "v1,%%%"},
        {WEBHOOK_SIGNATURE: "v1,a,b v1"},
        {WEBHOOK_SIGNATURE: ""},
        {WEBHOOK_TIMESTAMP: "yesterday"},
        {WEBHOOK_TIMESTAMP: "nan"},
        {WEBHOOK_TIMESTAMP: "1"},
        {WEBHOOK_ID: "msg_2"},
        {WEBHOOK_SIGNATURE: "v1,é"},
        {TARGET_HEADER: ""},
        {TARGET_HEADER: "v1,é"},
        {TARGET_HEADER: "v1,AAAA"},
    ],
)
def test_malformed_headers_are_bad_signatures(changes: dict[str, str]) -> None:
    signer = Signer([OWN])
    headers = {**signer.headers("msg_1", b"{}", HERE), **changes}
    with pytest.raises(BadSignatureError):
        signer.verify(headers, b"{}", [HERE], target_optional=True)


def test_a_changed_or_binary_body_has_a_bad_signature() -> None:
    signer = Signer([OWN])
    headers = signer.headers("msg_1", b"{}", HERE)
    for body in (b"{} ", b"\xff\xfe", b""):
        with pytest.raises(BadSignatureError):
            signer.verify(headers, body, [HERE])


@pytest.mark.parametrize(
    "other",
    [target_of("GET", "/analyze"), target_of("POST", "/features"), target_of("POST", "/analyze/1"), "POST /analyze"],
)
def test_a_request_serves_only_where_it_was_meant(other: str) -> None:
    signer = Signer([OWN])
    headers = signer.headers("msg_1", b"{}", HERE)
    with pytest.raises(BadSignatureError):
        signer.verify(headers, b"{}", [other], target_optional=True)
    signer.verify(headers, b"{}", [other, HERE])


def test_the_signature_of_a_body_is_none_of_a_target_and_the_other_way_round() -> None:
    signer = Signer([OWN])
    headers = signer.headers("msg_1", b"{}", HERE)
    swapped = headers | {WEBHOOK_SIGNATURE: headers[TARGET_HEADER], TARGET_HEADER: headers[WEBHOOK_SIGNATURE]}
    with pytest.raises(BadSignatureError):
        signer.verify(swapped, b"{}", [HERE])


def test_a_missing_target_is_accepted_only_on_request() -> None:
    signer = Signer([OWN])
    headers = signer.headers("msg_1", b"{}", HERE)
    del headers[TARGET_HEADER]
    signer.verify(headers, b"{}", [HERE], target_optional=True)
    with pytest.raises(BadSignatureError):
        signer.verify(headers, b"{}", [HERE])


@pytest.mark.parametrize("path", ["/analyze/", "/analyze?x=1", "https://analysis.example/analyze", "/%61nalyze"])
def test_spellings_of_one_path_are_one_target(path: str) -> None:
    assert target_of("post", path) == HERE


def test_a_fraction_in_the_time_does_not_make_another_request() -> None:
    signer = Signer([OWN])
    headers = signer.headers("msg_1", b"{}", HERE)
    later = headers | {WEBHOOK_TIMESTAMP: headers[WEBHOOK_TIMESTAMP] + ".75"}
    assert signer.verify(later, b"{}", [HERE]) == signer.verify(headers, b"{}", [HERE])
