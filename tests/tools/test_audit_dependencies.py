"""The audit of dependencies with the real pip-audit and npm, against advisory services on this machine."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tools.audit_dependencies import AuditFailed, audit_pins, main
from tools.locks import LOCKS, NotPinned, Pin, read_pins

Answer = Callable[[str], tuple[int, bytes]]
OSV_ADVISORY = {
    "id": "PYSEC-1",
    "affected": [
        {
            "package": {"name": "bad", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3"}]}],
        }
    ],
}
NPM_ADVISORY = {
    "id": 1,
    "url": "https://example.org/GHSA-1",
    "title": "Prototype pollution",
    "severity": "low",
    "vulnerable_versions": "<2.0.0",
}


def clean(body: str) -> tuple[int, bytes]:
    return 200, b"{}"


def advise(body: str) -> tuple[int, bytes]:
    query = json.loads(body)
    known = query["package"]["name"] == "bad" and query["version"] == "2"
    return 200, json.dumps({"vulns": [OSV_ADVISORY]} if known else {}).encode()


class Service:
    """An advisory service that records the bodies of its requests."""

    def __init__(self) -> None:
        self.answer: Answer = clean
        self.bodies: list[str] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode(errors="replace")
                service.bodies.append(body)
                status, answer = service.answer(body)
                if status:
                    self.send_response(status)
                    self.send_header("content-length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)

            def do_GET(self) -> None:
                self.send_error(404)

            def log_message(self, *_: object) -> None:
                """Writes nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    running = Service()
    point_to(monkeypatch, running.url)
    yield running
    running.server.shutdown()
    running.server.server_close()


def point_to(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("PIP_AUDIT_VULNERABILITY_SERVICE", "osv")
    monkeypatch.setenv("PIP_AUDIT_OSV_URL", url)
    monkeypatch.setenv("npm_config_registry", url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def closed_port() -> Iterator[str]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture
def python_lock(tmp_path: Path) -> Path:
    """A universal lock: two versions of one package, of which one is for another Python."""
    lock = tmp_path / "requirements.txt"
    lock.write_text(
        "# a comment\n"
        "good==1.0 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\n    # via nothing\n"
        "bad==1 ; python_full_version >= '3.11' \\\n    --hash=sha256:00\n"
        "bad==2 ; python_full_version < '3.11' \\\n    --hash=sha256:00\n"
    )
    return lock


@pytest.fixture
def npm_lock(tmp_path: Path) -> Path:
    lock = tmp_path / "package-lock.json"
    root = {"name": "page", "version": "1.0.0", "dependencies": {"lodash": "1.0.0"}}
    (tmp_path / "package.json").write_text(json.dumps(root))
    packages = {"": root, "node_modules/lodash": {"version": "1.0.0"}}
    lock.write_text(
        json.dumps({"name": "page", "version": "1.0.0", "lockfileVersion": 3, "requires": True, "packages": packages})
    )
    return lock


def audit(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main([str(argument) for argument in arguments])
    return code, capsys.readouterr().out


def test_both_versions_in_a_lock_are_audited(
    service: Service, python_lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = audit(capsys, "--strict", python_lock)
    assert (code, "3 packages, 0 known vulnerabilities" in text) == (0, True), text
    asked = {(body["package"]["name"], body["version"]) for body in map(json.loads, service.bodies)}
    assert asked == {("good", "1.0"), ("bad", "1"), ("bad", "2")}


def test_a_known_vulnerability_fails_and_is_named(
    service: Service, python_lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.answer = advise
    code, text = audit(capsys, python_lock)
    assert code == 1
    assert "bad 2: PYSEC-1, fixed in 3" in text


@pytest.mark.parametrize("status", [403, 500])
def test_an_error_of_the_service_fails(
    status: int, service: Service, python_lock: Path, npm_lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.answer = lambda body: (status, b"{}")
    for lock in (python_lock, npm_lock):
        code, text = audit(capsys, lock)
        assert (code, "FAILED" in text, "NOT AUDITED" in text) == (1, True, False), text
        assert str(status) in text


def test_a_reply_that_is_no_report_fails(
    service: Service, python_lock: Path, npm_lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.answer = lambda body: (200, b"<html>sign in first</html>")
    for lock in (python_lock, npm_lock):
        code, text = audit(capsys, lock)
        assert (code, "FAILED" in text) == (1, True), text


@pytest.mark.parametrize(
    "line", ["good>=1", "good", "good==1.*", "good @ https://example.org/good.whl", "-r other.txt"]
)
def test_a_line_without_an_exact_version_fails(
    line: str, closed_port: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    point_to(monkeypatch, closed_port)
    lock = tmp_path / "requirements.txt"
    lock.write_text(f"first==1\n{line}\n")
    with pytest.raises(NotPinned):
        read_pins(lock)
    code, text = audit(capsys, lock)
    assert (code, line in text) == (1, True), text


def test_a_refusal_of_pip_audit_is_a_failure(service: Service) -> None:
    with pytest.raises(AuditFailed, match="bad has duplicate requirements"):
        audit_pins([Pin("bad", "1"), Pin("bad", "2")])


def test_missing_and_broken_locks_fail(service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit(capsys, tmp_path / "requirements.txt")[0] == 1
    (tmp_path / "package.json").write_text('{"name": "page", "version": "1.0.0", "dependencies": {"lodash": "1.0.0"}}')
    assert audit(capsys, tmp_path / "package-lock.json")[0] == 1
    (tmp_path / "package-lock.json").write_text("{")
    assert audit(capsys, tmp_path / "package-lock.json")[0] == 1


def test_a_network_error_is_a_warning_unless_strict(
    closed_port: str,
    python_lock: Path,
    npm_lock: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    point_to(monkeypatch, closed_port)
    for lock in (python_lock, npm_lock):
        for options, expected in (((), 0), (("--strict",), 1)):
            code, text = audit(capsys, *options, lock)
            assert (code, "NOT AUDITED" in text, "refused" in text.lower()) == (expected, True, True), text


@pytest.mark.parametrize("status", [0, 503])
def test_a_lost_connection_and_a_gateway_without_server_are_network_errors(
    status: int, service: Service, python_lock: Path, npm_lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.answer = lambda body: (status, b"")
    for lock in (python_lock, npm_lock):
        code, text = audit(capsys, lock)
        assert (code, "NOT AUDITED" in text) == (0, True), text


def test_a_vulnerability_of_the_page_fails_and_is_named(
    service: Service, npm_lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = audit(capsys, "--strict", npm_lock)
    assert (code, "1 packages, 0 known vulnerabilities" in text) == (0, True), text
    service.answer = lambda body: (200, json.dumps({"lodash": [NPM_ADVISORY]}).encode())
    code, text = audit(capsys, npm_lock)
    assert code == 1
    assert "lodash <2.0.0: Prototype pollution (low), https://example.org/GHSA-1" in text


def test_every_pinned_package_is_audited() -> None:
    pins = [pin for lock in LOCKS for pin in read_pins(lock)]
    assert {"fastapi", "av", "hama", "pytest", "jax"} <= {pin.name for pin in pins}
    lines = [line for lock in LOCKS for line in lock.read_text().splitlines() if line[:1].isalnum()]
    assert len(pins) == len(lines) > 100
