"""Reports unexpected errors to Sentry when SENTRY_DSN is set: error and place, nothing about the user."""

import json
from typing import TYPE_CHECKING, Any

import sentry_sdk

from core.telemetry.logs import request_id
from core.telemetry.redaction import redact

if TYPE_CHECKING:
    from sentry_sdk.types import Event

_NEVER = ("cookies", "data", "env", "query_string")


def report_errors(dsn: str | None, environment: str) -> None:
    """Starts reporting. Without a DSN nothing is sent."""
    if not dsn:
        return
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=_without_secrets,
    )


def _without_secrets(event: "Event", hint: dict[str, Any]) -> "Event":
    told: dict[str, Any] = json.loads(redact(json.dumps(event, default=str)))
    request = told.get("request", {})
    told["request"] = {name: value for name, value in request.items() if name not in (*_NEVER, "headers")}
    told["tags"] = {**(told.get("tags") or {}), "request_id": request_id()}
    told.pop("user", None)
    told.pop("server_name", None)
    return told  # type: ignore[return-value]
