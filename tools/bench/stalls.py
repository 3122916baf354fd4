"""Reads of 200 learners while another server hangs: Google, the store, the analysis server, Redis."""

import base64
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from typing import Any

import httpx

from tests.support.audio import encode
from tools.bench.load_client import CLIENT_CPU_MAX, Load, LoadResult, request_head, run_load
from tools.bench.processes import Server
from tools.bench.results import Goal, SectionResults, Table, at_most, ms
from tools.bench.seed_data import SeedData, seed
from tools.bench.testbed import Testbed
from tools.chaos.processes import stalled

_LEARNERS, _CONNECTIONS, _ROUNDS = 200, 50, 3
_GOAL = 3.0
# Time for the requests beside the reads to reach the server that hangs.
_LEAD_S = 2.0
_PAUSE_S = 1.0
_HEADINGS = ("hangs", "beside the reads", "responses/s", "p50", "p99", "hanging: responses/s", "p50", "p99", "failed")
_UNKNOWN_KEY = base64.urlsafe_b64encode(json.dumps({"alg": "RS256", "typ": "JWT", "kid": "k"}).encode()).decode()

Request = Callable[[httpx.Client], object]


@dataclass(frozen=True)
class Stall:
    """A server that hangs, and requests that need it: `senders` threads, each with a pause after each request."""

    name: str
    beside: str
    hang: Callable[[], AbstractContextManager[object]]
    request: Request
    senders: int


def measure(testbed: Testbed) -> SectionResults:
    """Measures the reads with the same requests beside them, while all servers answer and while one hangs, in turn."""
    results = SectionResults()
    rows: list[Sequence[str]] = []
    for rows_of_server, goals in (_without_redis(testbed), _with_redis(testbed)):
        rows += rows_of_server
        results.goals += goals
    note = (
        f"GET /api/auth/me and lines of {_LEARNERS} learners over {_CONNECTIONS} connections; the median of {_ROUNDS} "
        "rounds in which both states take turns. A server hangs by SIGSTOP; Google takes the connection only."
    )
    results.tables.append(Table("Reads while another server hangs", _HEADINGS, rows, note))
    return results


def _without_redis(testbed: Testbed) -> tuple[list[Sequence[str]], list[Goal]]:
    url, recording = testbed.database(), encode("flac")
    data = seed(url, learners=_LEARNERS)
    token = testbed.access_token(data.learners[0])
    upload = _upload(token, data.token_ids[0], recording)
    with _google() as (certificates, hang_google):
        settings = {"GOOGLE_CLIENT_ID": "bench", "GOOGLE_CERTS_URL": certificates}
        stalls = [
            Stall("Google", "sign-ins", hang_google, _sign_in, senders=60),
            Stall("S3 store", "erasures of accounts", lambda: stalled(_pid(testbed.s3)), _erase, senders=16),
            Stall("analysis server", "uploads", lambda: stalled(testbed.sink.pid), upload, senders=8),
        ]
        with testbed.server("main:app", url, **settings) as server:
            return _measure_all(testbed, server, data, stalls)


def _with_redis(testbed: Testbed) -> tuple[list[Sequence[str]], list[Goal]]:
    url, recording = testbed.database(), encode("flac")
    data = seed(url, learners=_LEARNERS)
    upload = _upload(testbed.access_token(data.learners[0]), data.token_ids[0], recording)
    (redis,) = testbed.broker.servers.values()
    stall = Stall("Redis", "uploads", lambda: stalled(_pid(redis)), upload, senders=8)
    with testbed.server("main:app", url, **testbed.broker_settings) as server:
        return _measure_all(testbed, server, data, [stall])


def _measure_all(
    testbed: Testbed, server: Server, data: SeedData, stalls: Sequence[Stall]
) -> tuple[list[Sequence[str]], list[Goal]]:
    tokens = [testbed.access_token(learner) for learner in data.learners]
    paths = [f"/api/tokens/{token_id}" for token_id in data.token_ids[: len(tokens)]]
    heads = [
        request_head("GET", path, token=token)
        for token, line in zip(tokens, paths, strict=True)
        for path in ("/api/auth/me", line)
    ]
    rows: list[Sequence[str]] = []
    goals: list[Goal] = []
    for stall in stalls:
        usual, hanging = _measure_one(testbed, server, heads, stall)
        rows.append((stall.name, stall.beside, *_cells(usual), *_cells(hanging), _failures(hanging)))
        ratio = _p99_s(hanging) / _p99_s(usual)
        goals.append(at_most(f"reads while {stall.name} hangs, p99 relative to undisturbed", ratio, _GOAL, "×"))
    return rows, goals


def _measure_one(
    testbed: Testbed, server: Server, heads: Sequence[bytes], stall: Stall
) -> tuple[list[LoadResult], list[LoadResult]]:
    """The rounds in which all servers answer, and those in which one hangs."""
    load = Load(server.port, heads, connections=_CONNECTIONS, count=100_000, seconds=2.0 if testbed.is_quick else 8.0)
    usual: list[LoadResult] = []
    hanging: list[LoadResult] = []
    for number in range(1 if testbed.is_quick else _ROUNDS):
        testbed.announce(f"{stall.name}, round {number + 1}")
        with _sending(server, stall):
            usual.append(run_load(load))
        with stall.hang(), _sending(server, stall):
            hanging.append(run_load(load))
    return usual, hanging


@contextmanager
def _sending(server: Server, stall: Stall) -> Iterator[None]:
    """Sends the requests beside the reads while the block runs; a request that hangs at its end is given up."""
    ended = threading.Event()

    def send(number: int) -> None:
        with httpx.Client(base_url=server.url, timeout=30, trust_env=False) as client:
            ended.wait(_PAUSE_S * number / stall.senders)
            while not ended.is_set():
                with suppress(httpx.HTTPError):
                    stall.request(client)
                ended.wait(_PAUSE_S)

    with ThreadPoolExecutor(stall.senders) as threads:
        for number in range(stall.senders):
            threads.submit(send, number)
        try:
            time.sleep(_LEAD_S)
            yield
        finally:
            ended.set()


def _sign_in(client: httpx.Client) -> object:
    return client.post("/api/auth/google", json={"id_token": f"{_UNKNOWN_KEY}.e30.e30"})


def _erase(client: httpx.Client) -> object:
    account = client.post("/api/auth/dev", json={"email": f"{uuid.uuid4().hex}@bench.test", "name": "Learner"}).json()
    return client.delete("/api/auth/me", headers={"Authorization": f"Bearer {account['access_token']}"})


def _upload(token: str, token_id: int, recording: bytes) -> Request:
    def send(client: httpx.Client) -> object:
        path, headers = f"/api/tokens/{token_id}/upload-audio", {"Authorization": f"Bearer {token}"}
        return client.post(path, files={"audio_file": ("take.flac", recording)}, headers=headers)

    return send


@contextmanager
def _google() -> Iterator[tuple[str, Callable[[], AbstractContextManager[object]]]]:
    """Serves certificates; yields their URL, and what makes the server take connections only."""
    answers = threading.Event()
    answers.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers.wait()
            with suppress(OSError):  # given up meanwhile
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

        def log_message(self, *_: Any) -> None:
            """Logs nothing."""

    @contextmanager
    def hang() -> Iterator[None]:
        answers.clear()
        try:
            yield
        finally:
            answers.set()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/certs", hang
    finally:
        answers.set()
        server.shutdown()
        server.server_close()


def _pid(server: Any) -> int:
    assert server.pid is not None
    return int(server.pid)


def _p99_s(runs: Sequence[LoadResult]) -> float:
    return median(run.percentile_s(0.99) for run in runs)


def _cells(runs: Sequence[LoadResult]) -> tuple[str, str, str]:
    p50_s = median(run.percentile_s(0.5) for run in runs)
    return f"{median(run.rate for run in runs):.0f}", ms(p50_s), ms(_p99_s(runs))


def _failures(runs: Sequence[LoadResult]) -> str:
    is_busy = any(run.client_cpu > CLIENT_CPU_MAX for run in runs)
    return str(sum(run.failures for run in runs)) + (" (client busy)" if is_busy else "")
