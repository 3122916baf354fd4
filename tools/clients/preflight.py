"""Preflight requests of a page on another origin, for each operation of the OpenAPI document."""

import re
from typing import Any

import httpx

ORIGIN = "http://localhost:3000"
HEADERS = (
    "authorization",
    "cache-control",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "last-event-id",
    "range",
    "traceparent",
    "x-request-id",
)
METHODS = ("get", "post", "put", "patch", "delete")


def refused(url: str, document: dict[str, Any]) -> list[str]:
    """Returns each operation that such a page may not use, with the reason."""
    found = []
    with httpx.Client(base_url=url, timeout=30, trust_env=False) as http:
        for path, operations in document["paths"].items():
            for method in (name for name in operations if name in METHODS):
                if reason := _refusal(http, re.sub(r"\{[^}]+\}", "1", path), method.upper()):
                    found.append(f"{method.upper()} {path}: {reason}")
    return found


def _refusal(http: httpx.Client, path: str, method: str) -> str | None:
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": ",".join(HEADERS),
    }
    answer = http.options(path, headers=asked)
    if not answer.is_success:
        return f"{answer.status_code} {answer.text[:100]}"
    if answer.headers.get("access-control-allow-origin") != ORIGIN:
        return "the origin is not allowed"
    if method not in re.split(r",\s*", answer.headers.get("access-control-allow-methods", "")):
        return "the method is not allowed"
    allowed = answer.headers.get("access-control-allow-headers", "").lower()
    missing = set(HEADERS) - set(re.split(r",\s*", allowed))
    return f"headers not allowed: {', '.join(sorted(missing))}" if missing else None
