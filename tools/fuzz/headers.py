"""Attacks every operation of the OpenAPI document with random request headers, well-formed and not.

A fault is a server error, a refusal that is no documented problem, no answer, or an exception in the server's log.
"""

import json
import random
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

from common.webhook_signatures import HEADERS, TARGET_HEADER
from tests.support.factories import ADMIN_EMAIL, Learner, make_job, make_token, sign_in, somebody
from tools.fuzz.report import AttackReport, exceptions_in, within
from tools.fuzz.servers import Target

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
_TIMEOUT_S = 15.0
_PROBLEM = "application/problem+json"
# These end the attacker's session or erase the account.
_SPARED = ("delete_me", "delete_session")
_NAMES = (
    *("Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Connection"),
    *("Access-Control-Request-Headers", "Access-Control-Request-Method", "Access-Control-Request-Private-Network"),
    *("Content-Disposition", "Content-Encoding", "Content-Language", "Content-MD5", "Content-Range", "Content-Type"),
    *("Cookie", "DNT", "Date", "Early-Data", "Expect", "Forwarded", "From", "Host", "Idempotency-Key", "If-Match"),
    *("If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since", "Last-Event-ID", "Max-Forwards"),
    *("Origin", "Pragma", "Prefer", "Priority", "Proxy-Authorization", "Range", "Referer", "Save-Data", "TE"),
    *("Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Upgrade", "User-Agent", "Via"),
    *("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Forwarded-Proto", "X-HTTP-Method-Override"),
    *("X-Original-URL", "X-Real-IP", "X-Request-ID", "baggage", "sentry-trace", "traceparent", "tracestate"),
    *(*HEADERS, TARGET_HEADER),
)
_VALUES = (
    *("", " ", ",", ";", "*", "*/*", "null", "0", "-1", "1e999", "9" * 40, "%00", "%s%n", "[", "]", '"', '"x', "\\"),
    *(
        "http://[",
        "http://[::1",
        "https://",
        "//",
        "http://a@b:c",
        "http://:99999",
        "::ffff:1.2.3.4",
        "[::]:0",
        "1.2.3",
    ),
    *("Bearer", "Bearer  ", "Bearer a.b.c", "Basic x", "bearer eyJhbGciOiJub25lIn0.e30.", "Negotiate " + "A" * 3000),
    *("bytes=0-", "bytes=-0", "bytes=5-1", "bytes=a-b", "bytes=0-1,2-3,4-5", "bytes=" + "0-0," * 400, "items=0-1"),
    *('W/"x"', '"' + "x" * 4000 + '"', ",,,,", 'W/"', "Thu, 99 Foo 0000 99:99:99 GMT", "Sun, 06 Nov 1994 08:49:37"),
    *("multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "b" * 300),
    *("application/json; charset=utf-7", "text/plain; charset=\xff", "application/json;;=;", "a/b/c", "/"),
    *("gzip", "gzip, gzip", "br;q=2", "identity;q=0, *;q=0", "deflate", "100-continue", "trailers", "websocket"),
    *("ko;q=nan", "en-US-x-" + "a-" * 200, "zz-ZZ;q=0.1,*;q=1e9", "x" * 8000, "é", "\xff\xfe", "\t"),
    *("yousync_session=", "yousync_session=a.b.c; yousync_refresh=%%%", "yousync_refresh=" + "r" * 3000, "=; =;;"),
    *("00-" + "0" * 32 + "-" + "0" * 16 + "-01", "ff-x", "for=_hidden;proto=gopher", "for=", "unknown", "v1,é", "v1"),
)


@dataclass(frozen=True)
class Operation:
    """An operation of the document, with a path whose parameters are filled in."""

    method: str
    path: str
    body: bytes | None
    content_type: str


def attack_headers(target: Target, count: int, seconds: float, seed: int) -> AttackReport:
    """Sends `count` requests with random headers, each over a connection of its own."""
    report, log_offset = AttackReport("request headers"), len(target.server.log)
    rng, statuses = random.Random(seed), Counter[str]()
    learner = somebody(target.client)
    operations = list(_operations(target, learner))
    for _ in within(iter(int, 1), count, seconds, report.name):
        report.cases += 1
        operation, headers = rng.choice(operations), _random_headers(rng, learner)
        status, fault = _send(target, operation, headers)
        statuses[f"{status // 100}xx"] += 1
        if fault:
            shown = {name: value[:60] for name, value in headers}
            report.faults.append(f"{operation.method} {operation.path}: {fault} for {shown}")
    report.notes = ", ".join(f"{status} {number}" for status, number in sorted(statuses.items()))
    report.faults += exceptions_in(target.server.log[log_offset:])
    return report


def _operations(target: Target, learner: Learner) -> Iterator[Operation]:
    admin = sign_in(target.client, ADMIN_EMAIL)
    line = make_token(target.client, admin, with_audio=True)
    known = {
        "token_id": line["id"],
        "script_id": line["script_id"],
        "job_id": make_job(target.client, learner, line["id"]),
    }
    document = target.client.get("/openapi.json").json()
    for path, item in document["paths"].items():
        for method in set(_METHODS) & set(item):
            if item[method].get("operationId") not in _SPARED:
                yield _operation(method, path, item[method], known)


def _operation(method: str, path: str, described: dict[str, Any], known: dict[str, Any]) -> Operation:
    for parameter in described.get("parameters", []):
        if parameter["in"] == "path":
            value = str(known.get(parameter["name"], 1))
            path = path.replace(f"{{{parameter['name']}}}", value)
    types = list(described.get("requestBody", {}).get("content", {}))
    return Operation(method.upper(), path, b"{}" if types else None, types[0] if types else "")


def _random_headers(rng: random.Random, learner: Learner) -> list[tuple[str, str]]:
    """One to eight headers; half of the requests are those of a signed-in learner."""
    names = rng.sample(_NAMES, rng.randint(1, 8))
    headers = [(name, _random_value(rng)) for name in names]
    if rng.random() < 0.2:
        headers.append((rng.choice(names), _random_value(rng)))
    if rng.random() < 0.5:
        headers.insert(rng.randint(0, len(headers)), ("Authorization", learner.headers["Authorization"]))
    return headers


def _random_value(rng: random.Random) -> str:
    if rng.random() < 0.7:
        return rng.choice(_VALUES)
    if rng.random() < 0.3:
        return str(uuid.UUID(int=rng.getrandbits(128)))
    characters = [chr(rng.choice((rng.randint(33, 126), rng.randint(128, 255)))) for _ in range(rng.randint(1, 60))]
    return "".join(characters)


def _send(target: Target, operation: Operation, headers: list[tuple[str, str]]) -> tuple[int, str]:
    """Returns the status, 0 without an answer, and the fault if there is one."""
    address = urlsplit(target.server.url)
    given = {name.lower() for name, _ in headers}
    with closing(HTTPConnection(address.hostname or "", address.port, timeout=_TIMEOUT_S)) as connection:
        connection.putrequest(operation.method, operation.path, skip_host="host" in given, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value.encode("latin-1"))
        if operation.body is not None:
            connection.putheader("Content-Length", str(len(operation.body)))
            if "content-type" not in given:
                connection.putheader("Content-Type", operation.content_type)
        try:
            connection.endheaders(operation.body)
            answer = connection.getresponse()
            return answer.status, _fault_of(operation, answer)
        except (OSError, HTTPException) as error:
            return 0, f"no answer ({type(error).__name__})"


def _fault_of(operation: Operation, answer: HTTPResponse) -> str:
    is_ready = operation.path == "/health/ready"
    if answer.status >= 500 and not (is_ready and answer.status == 503):
        return f"{answer.status} {answer.read(300)!r}"
    if answer.status < 400 or operation.method == "HEAD":
        return ""
    content_type = answer.getheader("content-type") or ""
    # uvicorn itself refuses what is not HTTP.
    if answer.status == 400 and content_type.startswith("text/plain"):
        return ""
    if content_type != _PROBLEM:
        return f"{answer.status} with {content_type or 'no type'}"
    return "" if "code" in json.loads(answer.read()) else f"{answer.status} without a code"
