"""Standard Webhooks by the package of Python: `webhooks.py verify` or `webhooks.py sign`, with JSON on standard input.

verify: `{secret, headers, body, target}` as the API server sent it; fails unless both signatures are right.
sign: `{secret, id, body, target}`; prints the headers for it.
"""

import json
import sys
from datetime import UTC, datetime

from standardwebhooks import Webhook


def main() -> None:
    given = json.load(sys.stdin)
    webhook, target = Webhook(given["secret"]), given["target"]
    if sys.argv[1] == "verify":
        webhook.verify(given["body"], given["headers"], json_parse=False)
        headers = given["headers"] | {"webhook-signature": given["headers"]["yousync-target"]}
        webhook.verify(target, headers, json_parse=False)
        return
    now = datetime.now(UTC)
    headers = {
        "webhook-id": given["id"],
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": webhook.sign(given["id"], now, given["body"]),
        "yousync-target": webhook.sign(given["id"], now, target),
    }
    print(json.dumps(headers))


if __name__ == "__main__":
    main()
