"""Signatures for both directions: Standard Webhooks over the raw bytes (±5 minutes, several secrets), and a header of
our own that binds them to a method and a path, so that a signed request cannot be used for another purpose.

TARGET_HEADER carries a Standard Webhooks signature of the same id and time over the text `yousync-target POST /analyze`
instead of the body. A body never equals such a text: all signed bodies are empty or JSON.
"""

import binascii
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from standardwebhooks import Webhook, WebhookVerificationError

WEBHOOK_ID, WEBHOOK_TIMESTAMP, WEBHOOK_SIGNATURE = HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
TARGET_HEADER = "yousync-target"
TOLERANCE_S = 300
"""The largest difference between the time in WEBHOOK_TIMESTAMP and the receiver's."""


class BadSignatureError(Exception):
    """The request was not signed with one of the configured secrets, or not for this target."""


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """The identity of one signed request: the sender's id, and the time in whole seconds that was signed with it.

    The text of WEBHOOK_TIMESTAMP does not: receivers round `1700000000.5` down before they verify it.
    """

    id: str
    timestamp: int


def target_of(method: str, path: str) -> str:
    """Returns what TARGET_HEADER signs: without a query and without a last slash. `path` is an absolute path or URL."""
    return f"yousync-target {method.upper()} {unquote(urlsplit(path).path).rstrip('/') or '/'}"


def require_usable_secret(secret: str) -> None:
    """Raises ValueError for a malformed secret, so that a server does not start, instead of failing at a request."""
    message = "WEBHOOK_SECRET must be whsec_ followed by base64 of at least 24 bytes"
    if not secret.startswith("whsec_") or len(secret) < 38:
        raise ValueError(message)
    try:
        Webhook(secret)
    except Exception as error:
        raise ValueError(message) from error


class Signer:
    """Signs with the first secret and accepts any of them."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._webhooks = [Webhook(secret) for secret in secrets]

    def headers(self, message_id: str, body: bytes, target: str) -> dict[str, str]:
        """Returns the headers for a body sent now to a target (`target_of`)."""
        now = datetime.now(UTC)
        return {
            WEBHOOK_ID: message_id,
            WEBHOOK_TIMESTAMP: str(int(now.timestamp())),
            WEBHOOK_SIGNATURE: self._webhooks[0].sign(message_id, now, body.decode()),
            TARGET_HEADER: self._webhooks[0].sign(message_id, now, target),
        }

    def verify(
        self, headers: Mapping[str, str], body: bytes, targets: Iterable[str], *, target_optional: bool = False
    ) -> SignedMessage:
        """Returns what identifies a request that was signed for one of `targets`.

        target_optional: accept a request without TARGET_HEADER.
        Raises BadSignatureError, also for malformed headers; never another error.
        """
        given = dict(headers)
        if not any(_is_valid(webhook, given, body) for webhook in self._webhooks):
            raise BadSignatureError
        target_signature = given.get(TARGET_HEADER)
        if target_signature is None:
            if not target_optional:
                raise BadSignatureError
        elif not self._is_for(given | {WEBHOOK_SIGNATURE: target_signature}, targets):
            raise BadSignatureError
        return SignedMessage(given[WEBHOOK_ID], int(float(given[WEBHOOK_TIMESTAMP])))

    def _is_for(self, headers: dict[str, str], targets: Iterable[str]) -> bool:
        return any(_is_valid(webhook, headers, target.encode()) for target in targets for webhook in self._webhooks)


def _is_valid(webhook: Webhook, headers: dict[str, str], data: bytes) -> bool:
    try:
        webhook.verify(data, headers, json_parse=False)
    except (WebhookVerificationError, ValueError, TypeError, binascii.Error):
        return False
    return True
