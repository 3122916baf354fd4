"""Security headers, CORS, and the policy of Swagger UI."""

import base64
import hashlib
import re

import httpx
import pytest

from tests.conftest import MakeApi
from tests.support.factories import Learner
from tests.support.server_processes import ServerProcess

ANSWERS = [
    ("GET", "/health/live"),
    ("GET", "/api/scripts"),
    ("GET", "/api/auth/me"),
    ("GET", "/nowhere"),
    ("PATCH", "/api/scripts"),
    ("POST", "/api/auth/google"),
]


@pytest.mark.parametrize(("method", "path"), ANSWERS)
def test_every_response_has_restrictive_security_headers(client: httpx.Client, method: str, path: str) -> None:
    headers = client.request(method, path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "microphone=()" in headers["permissions-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "strict-transport-security" not in headers


def test_413_of_the_body_limit_has_security_headers(client: httpx.Client) -> None:
    answer = client.post("/api/auth/google", content=b" " * (3 << 20), headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_https_responses_send_hsts(make_api: MakeApi) -> None:
    server = make_api(TRUSTED_PROXIES="127.0.0.1")
    headers = httpx.get(f"{server.url}/health/live", headers={"X-Forwarded-Proto": "https"}).headers
    assert int(re.findall(r"max-age=(\d+); includeSubDomains", headers["strict-transport-security"])[0]) >= 31_536_000


def test_private_responses_are_not_cached(client: httpx.Client, learner: Learner) -> None:
    assert client.get("/api/auth/me", headers=learner.headers).headers["cache-control"] == "no-store"
    assert client.get("/api/scripts", headers=learner.headers).headers["cache-control"] == "public, no-cache"
    assert client.get("/api/scripts").headers["cache-control"].startswith("public")
    assert "cache-control" not in client.get("/api/auth/options").headers


def test_swagger_ui_may_run_only_its_own_scripts(client: httpx.Client, api: ServerProcess) -> None:
    page = client.get("/docs")
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert "unsafe-inline" not in policy["script-src"]
    (inline,) = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    assert base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode() in policy["script-src"]
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert address.startswith(str(client.base_url)), "all files come from this server"
        assert client.get(address).status_code == 200
    assert api.env["S3_ENDPOINT_URL"] in policy["connect-src"]
    assert client.get("/docs/").headers["content-security-policy"] == page.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://yousync.link", True),
        ("http://localhost:3000", True),
        ("http://yousync.link", False),
        ("https://yousync.link:8443", False),
        ("https://yousync.link.evil.test", False),
        ("https://evil-yousync.link", False),
        ("http://localhost:3001", False),
        ("null", False),
    ],
)
def test_cors_allows_only_the_listed_origins(client: httpx.Client, origin: str, allowed: bool) -> None:
    for answer in (
        client.get("/api/scripts", headers={"Origin": origin}),
        client.options("/api/scripts", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}),
    ):
        assert answer.headers.get("access-control-allow-origin") == (origin if allowed else None)
        assert "origin" in answer.headers["vary"].lower().split(", ")


REQUEST_HEADERS = (
    "accept-language, authorization, baggage, cache-control, content-type, idempotency-key, if-match, if-none-match,"
    " if-range, last-event-id, range, traceparent, tracestate, x-request-id"
)
RESPONSE_HEADERS = ("accept-ranges", "content-disposition", "content-range", "etag", "location", "retry-after")


@pytest.mark.parametrize("origin", ["http://localhost:3000", "https://yousync.link"])
def test_a_page_on_another_origin_may_send_and_read_the_headers_that_clients_use(
    client: httpx.Client, origin: str
) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": REQUEST_HEADERS}
        preflight = client.options("/api/tokens/1", headers={"Origin": origin, **asked})
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-credentials"] == "true"
    exposed = client.get("/api/scripts", headers={"Origin": origin}).headers["access-control-expose-headers"]
    assert {*RESPONSE_HEADERS, "x-request-id"} <= set(exposed.lower().split(", "))


def test_a_preflight_with_another_header_is_refused(client: httpx.Client) -> None:
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-forwarded-for"}
    assert client.options("/api/scripts", headers={"Origin": "http://localhost:3000", **asked}).status_code == 400


def test_trace_is_refused(client: httpx.Client) -> None:
    answer = client.request("TRACE", "/api/scripts", headers={"Authorization": "Bearer secret"})
    assert answer.status_code == 405
    assert "secret" not in answer.text


def test_swagger_ui_stores_no_token(client: httpx.Client) -> None:
    assert '"persistAuthorization": false' in client.get("/docs").text
