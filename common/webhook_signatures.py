"""Standard Webhooks signatures for both directions: headers over the raw bytes, ±5 minutes, several secrets."""

import binascii
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook, WebhookVerificationError

WEBHOOK_ID, WEBHOOK_TIMESTAMP, WEBHOOK_SIGNATURE = HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


class BadSignatureError(Exception):
    """The request was not signed with one of the configured secrets."""


class Signer:
    """Signs with the first secret and accepts any of them."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._webhooks = [Webhook(secret) for secret in secrets]

    def headers(self, message_id: str, body: bytes) -> dict[str, str]:
        """Returns the three headers for a body sent now."""
        now = datetime.now(UTC)
        return {
            WEBHOOK_ID: message_id,
            WEBHOOK_TIMESTAMP: str(int(now.timestamp())),
            WEBHOOK_SIGNATURE: self._webhooks[0].sign(message_id, now, body.decode()),
        }

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Raises BadSignatureError, also for malformed headers; never another error."""
        for webhook in self._webhooks:
            try:
                webhook.verify(body, dict(headers), json_parse=False)
            except (WebhookVerificationError, ValueError, TypeError, binascii.Error):
                continue
            return
        raise BadSignatureError
