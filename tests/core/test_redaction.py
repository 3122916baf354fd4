"""Logs and errors never contain tokens, e-mail addresses or audio."""

import logging
import time
import uuid
from collections.abc import Iterator

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from core.settings import Settings
from core.telemetry.logs import configure_logging
from core.telemetry.redaction import RedactingFormatter, redact
from database import make_engine
from local.embedded import EmbeddedPostgres
from models import User
from tests.conftest import MakeApi
from tests.support.factories import (
    HUMAN_AUDIO,
    dubbable_line,
    follow,
    make_job,
    read_events,
    sign_in,
    upload,
    wait_for_end,
)
from tests.support.server_processes import ServerProcess

EMAIL = "someone.private@secret-mail.test"
# A search text as it is encoded in a URL.
SEARCHED = ("words%20that", "words+that")


@pytest.fixture(scope="module")
def server(make_api: MakeApi, analysis: ServerProcess) -> ServerProcess:
    # The tests send a spent refresh token, which after the grace period would end the session.
    return make_api(analysis.url, LOG_LEVEL="DEBUG", REFRESH_GRACE_S="600")


@pytest.fixture(scope="module")
def bodies() -> list[str]:
    """Returns the bodies of the responses to refused requests."""
    return []


@pytest.fixture(scope="module")
def http(server: ServerProcess, bodies: list[str]) -> Iterator[httpx.Client]:
    def keep(response: httpx.Response) -> None:
        if response.is_error:
            response.read()
            bodies.append(f"{response.headers}{response.text}")

    with httpx.Client(base_url=server.url, timeout=30, event_hooks={"response": [keep]}) as client:
        yield client


def test_logs_and_errors_contain_no_token_address_or_audio(
    server: ServerProcess, analysis: ServerProcess, http: httpx.Client, bodies: list[str]
) -> None:
    line = dubbable_line(http)
    who = sign_in(http, EMAIL)
    fresh = http.post("/api/auth/refresh", json={"refresh_token": who.refresh_token}).json()
    cookies = dict(http.cookies)
    http.cookies.clear()
    accepted = upload(http, who, line).json()
    ticket = accepted["progress_url"].split("ticket=")[1]
    with follow(http, accepted["progress_url"]) as response:
        assert list(read_events(response))[-1].data["status"] == "completed"
    with httpx.Client(base_url=server.url, cookies={"yousync_session": who.access_token}) as browser:
        assert browser.get(accepted["progress_url"].split("?")[0]).status_code == 200
    result = http.get(accepted["result_url"], headers=who.headers).json()
    wait_for_end(http, who, make_job(http, who, line))
    http.get("/api/tokens", params={"q": "words that I looked for"})
    http.post("/api/mypage/bookmarks", json={"token_id": line}, headers=who.headers)
    http.get("/api/mypage/overview", headers=who.headers)
    assert http.get("/api/mypage/export", headers=who.headers).status_code == 200
    refuse_in_many_ways(http, who.headers, line, ticket, who.refresh_token)
    assert http.delete("/api/auth/me", headers=who.headers).status_code == 204

    signature = result["user_audio_url"].split("Signature=")[1]
    secrets = [EMAIL, "secret-mail", ticket, who.access_token, who.refresh_token, signature, *SEARCHED]
    secrets += [fresh["access_token"], fresh["refresh_token"], *cookies.values()]
    secrets += [server.env["SECRET_KEY"], server.env["WEBHOOK_SECRET"], server.env["AWS_SECRET_ACCESS_KEY"]]
    secrets += [HUMAN_AUDIO.read_bytes()[:8].decode("latin-1"), HUMAN_AUDIO.read_bytes()[60:90].decode("latin-1")]
    assert len(bodies) >= 9
    assert "/api/tokens/analysis-progress/" in server.log
    for text in (server.log, analysis.log, *bodies):
        found = [secret for secret in secrets if secret in text]
        assert not found, text


def refuse_in_many_ways(http: httpx.Client, headers: dict[str, str], line: int, ticket: str, spent_token: str) -> None:
    other_job = f"/api/tokens/analysis-progress/{uuid.uuid4()}"
    for answer, status in (
        (http.post("/api/auth/dev", json={"email": EMAIL, "name": ""}), 422),
        (http.post("/api/auth/dev", json={"email": EMAIL + "@", "name": "x"}), 422),
        (
            http.post("/api/auth/dev", content=f'{{"email": "{EMAIL}"', headers={"content-type": "application/json"}),
            422,
        ),
        (http.post("/api/auth/google", json={"id_token": headers["Authorization"].split()[1]}), 401),
        (http.post("/api/auth/refresh", json={"refresh_token": spent_token}), 401),
        (http.get("/api/auth/me", headers={"Authorization": headers["Authorization"] + "x"}), 401),
        (http.get(other_job, params={"ticket": ticket}), 401),
        (http.get(f"/api/nothing/{EMAIL}"), 404),
        (http.get("/api/scripts", params={"cursor": EMAIL}), 422),
        (http.post(f"/api/tokens/{line}/upload-audio", files={"audio_file": EMAIL.encode()}, headers=headers), 415),
    ):
        assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("line", "redacted"),
    [
        ('127.0.0.1:5 - "GET /a/b?ticket=eyJ.eyJ.abc HTTP/1.1" 200', '127.0.0.1:5 - "GET /a/b?… HTTP/1.1" 200'),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [token]"),
        ("token eyJhbGci.eyJzdWIi.c2ln-_x end", "token [token] end"),
        ("refresh " + "aB3-_" * 8 + "xyz,", "refresh [token],"),
        ("DETAIL:  Key (email)=(a.b+c@d.test) already exists.", "DETAIL:  Key (email)=([e-mail]) already exists."),
        ("GET /a/a.b%40d.test HTTP/1.1", "GET /a/[e-mail] HTTP/1.1"),
        ("postgresql://user:pass@host/db", "postgresql://user:[e-mail]/db"),
        ("job 0b1f6d1e-3c1c-4a53-9a5a-6c2a9f1f7f10 failed: x", "job 0b1f6d1e-3c1c-4a53-9a5a-6c2a9f1f7f10 failed: x"),
        ("INFO: Started server process [12]", "INFO: Started server process [12]"),
        ("what is this?", "what is this?"),
    ],
)
def test_only_secrets_are_redacted_from_a_line(line: str, redacted: str) -> None:
    assert redact(line) == redacted


@pytest.mark.parametrize("piece", ["a", "-eyJ", "eyJ.", "?", "%40", "a@", "bearer ", "bearer", "a.b"])
def test_long_lines_are_redacted_quickly(piece: str) -> None:
    started = time.process_time()
    redact(piece * (64_000 // len(piece)))
    assert time.process_time() - started < 0.5


def test_tracebacks_are_redacted() -> None:
    formatter = RedactingFormatter(logging.Formatter("%(message)s"))
    try:
        raise ValueError(f"no such user: {EMAIL}")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "x.py", 1, "boom", None, (type(error), error, error.__traceback__)
        )
    text = formatter.format(record)
    assert "ValueError: no such user: [e-mail]" in text
    assert EMAIL not in text


def test_log_lines_of_other_libraries_are_redacted() -> None:
    configure_logging("INFO", as_json=True)
    handler = logging.lastResort
    assert handler is not None
    assert isinstance(handler.formatter, RedactingFormatter)
    assert isinstance(logging.getLogger("yousync").handlers[0].formatter, RedactingFormatter)


def test_database_errors_do_not_quote_values(postgres: EmbeddedPostgres, base_env: dict[str, str]) -> None:
    engine = make_engine(Settings(_env_file=None, database_url=SecretStr(base_env["DATABASE_URL"])))
    with pytest.raises(IntegrityError) as error, engine.connect() as connection:
        for _ in range(2):
            connection.execute(insert(User).values(issuer="x", subject="y", email=EMAIL, name="z"))
    engine.dispose()
    assert EMAIL not in str(error.value)
    log = postgres.log_path.read_text()
    assert "duplicate key" in log
    assert EMAIL not in log
