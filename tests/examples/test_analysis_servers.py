"""The reference analysis servers of docs/examples behind the real API server: the webhook contract from both ends."""

import json
import shutil
import socket
import sys
import threading
import uuid
from collections import defaultdict
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.settings import ROOT
from tests.conftest import MakeApi
from tests.support.audio import encode
from tests.support.factories import Learner, dubbable_line, make_job, signed, somebody, upload, wait_for_end
from tests.support.server_processes import WEBHOOK_SECRET, ManagedProcess, ServerProcess, free_port
from tests.support.waiting import wait_until
from web.build import BuildFailed, node_command, run_npm

EXAMPLES = ROOT / "docs" / "examples"
OTHER_SECRET = "whsec_b3RoZXItc2VjcmV0LW9mLXRoZS15b3VzeW5jLXRlc3Qtc3VpdGU="
MAX_SECONDS = "20"
MAX_FINISHED = 12


class ForgetfulProxy:
    """Forwards webhooks to the API server, and answers the first of each end of a job 503 although it was taken."""

    def __init__(self) -> None:
        self.target = ""
        self.ends: defaultdict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
        """By job: the ids with which its end was sent, and what the API server answered."""
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                answer = httpx.post(proxy.target + self.path, content=body, headers=dict(self.headers.items()))
                status, report = answer.status_code, json.loads(body)
                if report["type"] != "analysis.progress":
                    ends = proxy.ends[report["job_id"]]
                    ends.append((self.headers["webhook-id"], answer.json()))
                    status = 503 if len(ends) == 1 else status
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/api/tokens/webhook/analysis-complete"

    def __enter__(self) -> "ForgetfulProxy":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Example(ManagedProcess):
    """One of the reference servers."""

    def __init__(self, words: list[str], env: dict[str, str], folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        env = {"WEBHOOK_SECRET": WEBHOOK_SECRET, "MAX_SECONDS": MAX_SECONDS, "PORT": str(self.port), **env}
        env["MAX_FINISHED"] = str(MAX_FINISHED)
        super().__init__([word.format(port=self.port) for word in words], env, folder / "example.log", folder)

    def start(self) -> "Example":
        self.launch()
        self.wait_until(self._is_ready, 120)
        return self

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/ready").is_success
        except httpx.TransportError:
            return False


def _python(folder: Path) -> Example:
    shutil.copy(EXAMPLES / "analysis_server.py", folder)
    return Example([sys.executable, "-m", "uvicorn", "analysis_server:app", "--port", "{port}"], {}, folder)


def _node(folder: Path) -> Example:
    for name in ("analysis-server.mjs", "package.json", "package-lock.json", ".npmrc"):
        shutil.copy(EXAMPLES / name, folder)
    try:
        command = node_command()
    except BuildFailed:
        pytest.skip("Node.js is not installed")
    installed = run_npm("ci", folder=folder)
    assert installed.returncode == 0, installed.stderr
    return Example([*command, "analysis-server.mjs"], {}, folder)


@pytest.fixture(scope="module", params=[_python, _node], ids=["python", "node"])
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Example]:
    server: Example = request.param(tmp_path_factory.mktemp("example"))
    try:
        yield server.start()
    finally:
        server.end()


@pytest.fixture(scope="module")
def proxy() -> Iterator[ForgetfulProxy]:
    with ForgetfulProxy() as proxy:
        yield proxy


@pytest.fixture(scope="module")
def server(make_api: MakeApi, example: Example, proxy: ForgetfulProxy) -> ServerProcess:
    api = make_api(example.url, WEBHOOK_URL=proxy.url)
    proxy.target = api.url
    return api


@pytest.fixture(scope="module")
def http(server: ServerProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def line(http: httpx.Client) -> int:
    return dubbable_line(http)


@pytest.fixture
def learner(http: httpx.Client) -> Learner:
    return somebody(http)


@pytest.mark.parametrize("kind", ["wav", "flac", "mp3", "m4a", "ogg"])
def test_recording_is_measured(http: httpx.Client, learner: Learner, line: int, kind: str) -> None:
    job_id = upload(http, learner, line, encode(kind)).json()["job_id"]
    result = wait_for_end(http, learner, job_id)
    assert (result["status"], result["attempt_class"]) == ("completed", "scored"), result
    assert result["audio"]["duration_s"] == pytest.approx(2.99, abs=0.2)
    assert 90 <= result["overall_score"] <= 100  # as long as the reference audio, which is the same recording
    assert result["pronunciation_score"] is None


def test_end_of_a_job_is_repeated_with_its_id_until_it_is_taken(
    http: httpx.Client, learner: Learner, line: int, proxy: ForgetfulProxy
) -> None:
    job_id = make_job(http, learner, line)
    assert wait_for_end(http, learner, job_id)["status"] == "completed"
    wait_until(lambda: len(proxy.ends[job_id]) == 2, explain=lambda: proxy.ends[job_id])
    (first_id, first), (second_id, second) = proxy.ends[job_id]
    assert first_id == second_id
    assert (first["changed"], second["changed"]) == (True, False)


def test_recording_that_is_refused_fails(http: httpx.Client, learner: Learner, line: int) -> None:
    job_id = upload(http, learner, line, encode("wav", 25)).json()["job_id"]
    result = wait_for_end(http, learner, job_id)
    assert (result["status"], result["error"]["code"]) == ("failed", "audio_too_long")
    assert result["overall_score"] is None


def _handover(**change: str) -> bytes:
    body = {"job_id": str(uuid.uuid4()), "audio_url": "http://127.0.0.1:9/audio", "text": "Go.", "language": "en-US"}
    return json.dumps(body | {"webhook_url": "http://127.0.0.1:9/hook"} | change).encode()


def _hand_over(example: Example, body: bytes) -> httpx.Response:
    return httpx.post(f"{example.url}/analyze", content=body, headers=signed(body, target="POST /analyze"))


def _state(example: Example, job_id: str) -> httpx.Response:
    path = f"/analyze/{job_id}"
    return httpx.get(example.url + path, headers=signed(b"", target=f"GET {path}"))


def _wait_for_failure(example: Example, job_id: str) -> Any:
    wait_until(
        lambda: _state(example, job_id).json()["status"] == "failed", explain=lambda: _state(example, job_id).text
    )
    return _state(example, job_id).json()


@pytest.mark.parametrize(
    "signature",
    [
        {"secret": OTHER_SECRET, "target": "POST /analyze"},
        {"target": "POST /features"},
        {"target": None},
        {"at": 1_000_000_000, "target": "POST /analyze"},
    ],
    ids=["another secret", "another target", "no target", "old"],
)
def test_handover_with_another_signature_is_refused(example: Example, signature: dict[str, Any]) -> None:
    body = _handover()
    answer = httpx.post(f"{example.url}/analyze", content=body, headers=signed(body, **signature))
    assert answer.status_code == 401
    assert httpx.post(f"{example.url}/analyze", content=body).status_code == 401


def test_same_handover_runs_once(example: Example) -> None:
    body = _handover()
    for _ in range(2):
        answer = httpx.post(f"{example.url}/analyze", content=body, headers=signed(body, target="POST /analyze"))
        assert (answer.status_code, answer.json()["accepted"]) == (202, True)


def test_body_that_is_no_handover_is_refused(example: Example) -> None:
    for body in (b"[]", b"{}", b"no JSON"):
        answer = httpx.post(f"{example.url}/analyze", content=body, headers=signed(body, target="POST /analyze"))
        assert answer.status_code == 422


def test_state_is_told_to_who_signs(example: Example) -> None:
    path = f"/analyze/{uuid.uuid4()}"
    assert httpx.get(example.url + path).status_code == 401
    assert httpx.get(example.url + path, headers=signed(b"", target=f"GET {path}")).status_code == 404


def test_api_server_with_another_secret_reports_it(make_api: MakeApi, example: Example) -> None:
    api = make_api(example.url, WEBHOOK_SECRET=OTHER_SECRET)
    health = httpx.get(f"{api.url}/health/ready", timeout=30)
    assert health.status_code == 503 and health.json()["checks"]["analysis"] != "ok"


@pytest.mark.parametrize(
    "url", ["no URL", "ftp://yousync.test/a", "http://127.0.0.1:99999/a", "http://[", "", "http://a\n"]
)
@pytest.mark.parametrize("field", ["audio_url", "webhook_url"])
def test_job_with_an_invalid_url_fails_and_the_server_goes_on(example: Example, field: str, url: str) -> None:
    job_id = str(uuid.uuid4())
    assert _hand_over(example, _handover(job_id=job_id, **{field: url})).status_code == 202
    assert _wait_for_failure(example, job_id)["error"]["code"] == "audio_fetch_failed"


def test_job_id_that_is_no_uuid_is_refused(example: Example) -> None:
    for job_id in ("7", "", "__proto__", f"{uuid.uuid4()}0"):
        assert _hand_over(example, _handover(job_id=job_id)).status_code in (400, 422)
    assert _state(example, "7").status_code in (400, 422)


def test_large_body_is_refused_while_it_is_read(example: Example) -> None:
    assert _hand_over(example, _handover(text="a" * 60_000)).status_code == 202
    with socket.create_connection(("127.0.0.1", example.port), timeout=30) as connection:
        connection.sendall(
            b"POST /analyze HTTP/1.1\r\nhost: example\r\ncontent-length: 9999999\r\n\r\n" + bytes(70_000)
        )
        assert connection.recv(4096).startswith(b"HTTP/1.1 413")


def test_oldest_jobs_that_have_ended_are_forgotten(example: Example) -> None:
    jobs = [str(uuid.uuid4()) for _ in range(MAX_FINISHED + 1)]
    for job_id in jobs:
        assert _hand_over(example, _handover(job_id=job_id)).status_code == 202
        _wait_for_failure(example, job_id)
    assert [_state(example, job_id).status_code for job_id in jobs] == [404] + [200] * MAX_FINISHED
