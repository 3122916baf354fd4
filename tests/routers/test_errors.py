"""Errors: one catalogue, one page of documentation, and a request id from the response to the log."""

import ast
import asyncio
import json
import logging
import re
import socket
import uuid

import httpx
import psycopg2
import pytest
from fastapi import FastAPI
from httpx import ASGITransport
from sqlalchemy.exc import DBAPIError

from analysis.failures import MESSAGES as ANALYSIS_FAILURES
from core.i18n import ERRORS
from core.settings import ROOT, Settings
from jobs.lifecycle import RETRYABLE_FAILURES
from main import create_app
from routers.shared.problems import add_error_handlers
from tests.conftest import MakeApi
from tests.support.factories import Learner, dubbable_line, somebody, upload
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until
from tools import error_catalogue

PREFLIGHT = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "GET"}
HANGUL = re.compile("[가-힣]")


def given_up_codes() -> set[str]:
    """Returns the codes in the source where jobs fail."""
    tree = ast.parse((ROOT / "jobs/lifecycle.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    texts = [
        node.value
        for call in calls
        if call.func.attr == "_fail"  # type: ignore[attr-defined]
        for node in ast.walk(call.args[1])
        if isinstance(node, ast.Constant)
    ]
    return {text for text in texts if isinstance(text, str)}


def test_error_codes_and_texts_match_in_both_languages() -> None:
    ours = given_up_codes()
    assert {"recording_lost", "storage_failed", "analysis_unavailable"} <= ours
    reported = {code for code in ANALYSIS_FAILURES if not code.startswith("reference_")}
    # the analysis server's responses to a request, and the code for an unknown refusal
    refused = {"invalid_request", "analysis_rejected"}
    may_end_a_job = ours | reported | refused | set(RETRYABLE_FAILURES)
    assert set(ERRORS) == set(error_catalogue.response_statuses()) | may_end_a_job
    for code, texts in ERRORS.items():
        assert set(texts) == {"ko", "en"}, code
        assert HANGUL.search(texts["ko"]) and not HANGUL.search(texts["en"]), code


def test_error_codes_are_unique_and_well_formed() -> None:
    kinds = error_catalogue.error_classes()
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) and len(code) <= 60 for code in ERRORS)


def test_the_page_of_error_codes_is_up_to_date() -> None:
    assert error_catalogue.PAGE.read_text(encoding="utf-8") == error_catalogue.render(), "run `make openapi`"


def test_every_response_has_a_request_id(client: httpx.Client, learner: Learner) -> None:
    answers = [
        client.get("/health/live"),
        client.get("/api/scripts"),
        client.get("/api/scripts/999999999"),
        client.get("/nowhere"),
        client.put("/api/auth/me"),
        client.get("/api/auth/me"),
        client.get("/api/scripts", params={"cursor": "%%%"}),
        client.get("/api/scripts", params={"limit": "many"}),
        client.post("/api/mypage/bookmarks/", content=b"{", headers=learner.headers),
        client.post("/api/mypage/bookmarks/", content=b"x" * (3 << 20), headers=learner.headers),
        client.get("/health/ready"),
        client.options(
            "/api/scripts", headers={"Origin": "http://localhost:3000", "Access-Control-Request-Method": "GET"}
        ),
    ]
    for answer in answers:
        name = answer.headers["x-request-id"]
        assert re.fullmatch(r"[0-9a-f]{32}", name), answer.request.url
        if not answer.is_success:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["request_id"] == name
            assert answer.json()["code"] in ERRORS
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)
    assert {answer.status_code for answer in answers} == {200, 401, 404, 405, 413, 422, 503}


def test_internal_error_has_a_request_id_and_reveals_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    app = create_app(Settings(_env_file=None))

    @app.get("/breaks")
    async def break_down() -> None:
        raise RuntimeError("hunter2")

    async def ask() -> httpx.Response:
        transport = ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            return await http.get("/breaks")

    try:
        answer = asyncio.run(ask())
    finally:
        logging.getLogger("yousync").handlers = []
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "hunter2" not in answer.text
    assert answer.json()["request_id"] in capsys.readouterr().err


PRODUCTION = {
    "ENVIRONMENT": "production",
    "GOOGLE_CLIENT_ID": "client.apps.googleusercontent.test",
    "DEVELOPMENT_SIGN_IN": "false",
    "LOG_LEVEL": "DEBUG",
}


def test_log_lines_carry_the_request_id(make_api: MakeApi) -> None:
    server = make_api(**PRODUCTION)
    name = uuid.uuid4().hex
    with httpx.Client(base_url=server.url) as client:
        assert client.get("/api/scripts/999999999", headers={"X-Request-ID": name}).headers["x-request-id"] == name
    server.end()
    lines = [json.loads(line) for line in server.log.splitlines() if line.startswith("{")]
    assert all({"time", "level", "logger", "message", "request_id"} <= set(line) for line in lines)
    (access,) = [line for line in lines if "/api/scripts/999999999" in line["message"]]
    assert access["request_id"] == name
    others = [line for line in server.log.splitlines() if not line.startswith("{")]
    assert not [line for line in others if "GET " in line], "an access line without a request id"


def test_log_lines_carry_the_request_id_in_development(api: ServerProcess, client: httpx.Client) -> None:
    name = uuid.uuid4().hex
    client.get("/api/actors/999999999/tokens", headers={"X-Request-ID": name})
    (line,) = [line for line in api.log.splitlines() if "/api/actors/999999999/tokens" in line]
    assert name in line


def test_work_after_an_upload_logs_its_request_id(make_api: MakeApi) -> None:
    server = make_api()  # the analysis server is down, and that is logged
    with httpx.Client(base_url=server.url, timeout=30) as client:
        taken = upload(client, somebody(client), dubbable_line(client))
    said = f"job {taken.json()['job_id']} waits"
    wait_until(lambda: not said not in server.log)
    first = next(line for line in server.log.splitlines() if said in line)
    assert taken.headers["x-request-id"] in first


def test_connection_that_breaks_within_a_result_is_503() -> None:
    broken = psycopg2.DatabaseError("error with status PGRES_TUPLES_OK and no message from the libpq")
    app = FastAPI()
    add_error_handlers(app)

    @app.get("/")
    def read() -> None:
        raise DBAPIError.instance("SELECT", None, broken, psycopg2.Error)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=ASGITransport(app), base_url="http://test") as http:
            return await http.get("/")

    response = asyncio.run(ask())
    assert (response.status_code, response.json()["code"]) == (503, "database_unavailable")


@pytest.mark.parametrize("path", ["/api/tokens/{line}/upload-audio", "/api/tokens/webhook/analysis-complete"])
def test_a_client_that_breaks_off_is_no_fault_of_the_server(make_api: MakeApi, path: str) -> None:
    server = make_api()
    with httpx.Client(base_url=server.url, timeout=30) as client:
        who, line = somebody(client), dubbable_line(client)
        head = (
            f"POST {path.format(line=line)} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
            f"Authorization: {who.headers['Authorization']}\r\n"
            "Content-Type: multipart/form-data; boundary=end\r\n\r\n"
            '--end\r\nContent-Disposition: form-data; name="audio_file"; filename="a.wav"\r\n\r\nRIFF'
        )
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(head.encode())
        wait_until(lambda: 'status="499"' in client.get("/metrics").text)
        assert 'status="500"' not in client.get("/metrics").text
        assert "ERROR" not in server.log and "Traceback" not in server.log


DIFFERING = json.dumps(
    {"title": "t", "category": "c", "title_ko": "x", "translations": {"ko": {"title": "y", "description": None}}}
).encode()


@pytest.mark.parametrize(
    ("method", "path", "body", "kind"),
    [
        ("POST", "/api/auth/dev", b"{", "json_invalid"),
        ("POST", "/api/auth/dev", b"{}", "missing"),
        ("GET", "/api/tokens?limit=many", None, "int_parsing"),
        ("GET", "/api/tokens?limit=0", None, "greater_than_equal"),
        ("GET", "/api/mypage/overview?timezone=Mars", None, "timezone"),
        ("POST", "/api/actors", json.dumps({"name": "string"}).encode(), "placeholder"),
        ("POST", "/api/actors", json.dumps({"name": "n" * 201}).encode(), "string_too_long"),
        ("POST", "/api/actors", json.dumps({"name": "a\0b"}).encode(), "text_not_storable"),
        ("PATCH", "/api/tokens/1", b"{}", "no_field"),
        ("GET", "/api/scripts?sort=x", None, "literal_error"),
        ("GET", "/api/scripts/1_0", None, "int_parsing"),
        ("GET", "/api/scripts/+1", None, "int_parsing"),
        ("GET", "/api/tokens?script_id=1_0", None, "int_parsing"),
        ("GET", "/api/tokens?limit=%201", None, "int_parsing"),
        ("POST", "/api/scripts", DIFFERING, "translations_differ"),
        ("POST", "/api/scripts/import", b"", "missing"),
    ],
)
def test_invalid_fields_are_told_in_the_language_of_the_detail(
    client: httpx.Client, admin: Learner, method: str, path: str, body: bytes | None, kind: str
) -> None:
    texts = set()
    for language, is_of_it in (("ko", re.compile("[가-힣]")), ("en", re.compile("^[^가-힣]+$"))):
        headers = {**admin.headers, "Accept-Language": language, "Content-Type": "application/json"}
        if path.endswith("import"):
            headers["Content-Type"] = "multipart/form-data; boundary=empty"
        answer = client.request(method, path, content=body or None, headers=headers)
        assert answer.status_code == 422
        (*_, error) = answer.json()["errors"]
        assert error["type"] == kind
        assert is_of_it.search(error["msg"])
        assert is_of_it.search(answer.json()["detail"])
        assert "' or '" not in error["msg"]
        texts.add(error["msg"])
    assert len(texts) == 2
