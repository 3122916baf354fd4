"""Names and numbers of HTTP that more than one module needs."""

from typing import Final

RETRY_AFTER: Final = "retry-after"
# The refusals below 500 that may pass: request timeout, too early, too many requests.
RETRIED_4XX: Final = frozenset({408, 425, 429})
