"""Signatures of Standard Webhooks: rotation of secrets, malformed headers, changed bodies."""

import base64

import pytest

from common.webhook_signatures import WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP, BadSignatureError, Signer

OWN = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes, ok").decode()
OLD = "whsec_" + base64.b64encode(b"another secret, 32 bytes as well").decode()


def test_the_first_secret_signs_and_all_secrets_verify() -> None:
    rotating = Signer([OWN, OLD])
    Signer([OWN]).verify(rotating.headers("msg_1", b"{}"), b"{}")
    rotating.verify(Signer([OLD]).headers("msg_1", b"{}"), b"{}")
    with pytest.raises(BadSignatureError):
        Signer([OLD]).verify(rotating.headers("msg_1", b"{}"), b"{}")


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
    ],
)
def test_malformed_headers_are_bad_signatures(changes: dict[str, str]) -> None:
    signer = Signer([OWN])
    headers = {**signer.headers("msg_1", b"{}"), **changes}
    with pytest.raises(BadSignatureError):
        signer.verify(headers, b"{}")


def test_a_changed_or_binary_body_has_a_bad_signature() -> None:
    signer = Signer([OWN])
    headers = signer.headers("msg_1", b"{}")
    for body in (b"{} ", b"\xff\xfe", b""):
        with pytest.raises(BadSignatureError):
            signer.verify(headers, body)
