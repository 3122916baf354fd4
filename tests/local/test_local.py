"""`make run` and `make demo` as processes: start, stop, kill -9, and messages on failure."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from core.settings import ROOT
from local.embedded import EmbeddedPostgres, EmbeddedS3, EmbeddedValkey
from local.embedded.server import process_identity
from local.stack import LocalSettings
from tests.support.server_processes import free_port
from tests.support.waiting import wait_until

READY = "YouSync is ready"
REPLACING = ("DATABASE_URL", "S3_ENDPOINT_URL", "S3_BUCKET_NAME", "TARGET_SERVER_URL", "WEBHOOK_URL", "HOST")


class Run:
    """One `python -m local`, without a terminal."""

    def __init__(self, data_dir: Path, port: int | None = None, **settings: str) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._output_path = data_dir.parent / f"{data_dir.name}-{self.port}.out"
        kept = {name: value for name, value in os.environ.items() if name not in REPLACING}
        self.env = kept | {
            "YOUSYNC_DATA_DIR": str(data_dir),
            "PORT": str(self.port),
            "ANALYSIS_PORT": str(free_port()),
            **settings,
        }
        with self._output_path.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "local"],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def output(self) -> str:
        return self._output_path.read_text()

    def wait_for(self, text: str, timeout_s: float = 300) -> "Run":
        def is_printed() -> bool:
            is_running = self.process.poll() is None
            assert text in self.output or is_running, self.output
            return text in self.output

        wait_until(is_printed, timeout_s, explain=lambda: self.output)
        return self

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Sends the signal and returns the exit code; no process of the run may remain."""
        family = descendants(self.process.pid)
        self.process.send_signal(number)
        code = self.process.wait(15)
        wait_until(lambda: not running(family), timeout_s=5, explain=lambda: running(family))
        return code

    def pid_of(self, words: str) -> int:
        for identity in descendants(self.process.pid):
            pid = int(identity.split("@")[0])
            if words in Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " "):
                return pid
        raise AssertionError(f"no child runs {words}")


def running(identities: list[str]) -> list[str]:
    return [each for each in identities if process_identity(int(each.split("@")[0])) == each]


def descendants(pid: int) -> list[str]:
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, waiting = [], [pid]
    while waiting:
        new = children.get(waiting.pop(), [])
        waiting += new
        found += new
    return [identity for each in found if (identity := process_identity(each))]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the data folder of a service that has run once: set up and seeded, as after the first start."""
    folder = tmp_path_factory.mktemp("a local service") / "data"
    run = Run(folder)
    try:
        run.wait_for(READY)
        assert run.end() == 0, run.output
    finally:
        run.process.kill()
        run.process.wait()
    return folder


@pytest.fixture
def run(data_dir: Path) -> Iterator[Run]:
    run = Run(data_dir)
    yield run
    run.process.kill()
    run.process.wait()


def is_ready(run: Run) -> bool:
    try:
        return httpx.get(f"{run.url}/health/ready").is_success
    except httpx.TransportError:
        return False


def demo(run: Run) -> "subprocess.CompletedProcess[str]":
    words = [sys.executable, "-m", "local.demo"]
    return subprocess.run(words, cwd=ROOT, env=run.env, capture_output=True, text=True, timeout=90, check=False)


def test_second_start_is_quick_scores_the_demo_and_stops_cleanly(run: Run) -> None:
    begun = time.monotonic()
    run.wait_for(READY)
    assert time.monotonic() - begun < 60  # 4 s on an idle machine with two cores

    assert httpx.get(f"{run.url}/health/ready").status_code == 200
    assert httpx.get(f"{run.url}/docs").status_code == 200
    page = httpx.get(run.url).text
    (script,) = re.findall(r'<script type="module"[^>]* src="(/assets/[^"]+)"', page)
    assert "immutable" in httpx.get(run.url + script).headers["cache-control"]
    assert "computing pitch" not in run.output
    done = demo(run)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Using the service that runs at {run.url}" in done.stdout
    assert "100 %" in done.stdout and "overall" in done.stdout and "ill-disposed" in done.stdout

    assert run.end(signal.SIGINT) == 0
    assert "stopped; all data are kept" in run.output
    assert "\nTraceback" not in f"\n{run.output}"


def test_secrets_are_readable_by_the_owner_only_and_never_printed(run: Run, data_dir: Path) -> None:
    run.wait_for(READY)
    for path in (data_dir / "secrets.json", data_dir / "postgres" / "server.json", data_dir / "s3" / "server.json"):
        assert path.stat().st_mode & 0o077 == 0
    assert "postgresql://yousync@127.0.0.1" in run.output
    for line in (data_dir / "secrets.json", data_dir / "postgres" / "server.json"):
        for secret in line.read_text().split('"'):
            assert len(secret) < 40 or secret not in run.output
    assert run.end(signal.SIGTERM) == 0


def test_sigkill_leaves_no_process_and_the_next_start_works(run: Run, data_dir: Path) -> None:
    run.wait_for(READY)
    family = descendants(run.process.pid)
    assert len(family) >= 4
    run.process.kill()
    run.process.wait()

    again = Run(data_dir, run.port)
    try:
        again.wait_for(READY)
        assert not running(family)
        assert again.end() == 0
    finally:
        again.process.kill()
        again.process.wait()


def test_crashed_server_is_named_and_restarted(run: Run) -> None:
    run.wait_for(READY)
    for server in ("main:app", "analysis.app:app"):
        os.kill(run.pid_of(f"uvicorn {server}"), signal.SIGKILL)
    run.wait_for("api was ended by SIGKILL; starting it again")
    run.wait_for("analysis was ended by SIGKILL; starting it again")
    wait_until(lambda: is_ready(run), explain=lambda: run.output)
    assert run.end() == 0


def test_crashed_store_ends_the_run_with_an_explanation(run: Run) -> None:
    run.wait_for(READY)
    os.kill(run.pid_of("weed"), signal.SIGKILL)
    assert run.process.wait(10) == 1
    assert "YouSync cannot run: s3 ended, and nothing works without it" in run.output
    assert descendants(run.process.pid) == []


def test_stop_during_start_up_is_clean(data_dir: Path) -> None:
    for moment in ("postgres | ready", "s3 | ready"):
        run = Run(data_dir)
        try:
            run.wait_for(moment)
            assert run.end() == 0, run.output
            assert "\nTraceback" not in f"\n{run.output}"
        finally:
            run.process.kill()
            run.process.wait()


def test_second_run_on_the_same_data_is_refused(run: Run, data_dir: Path) -> None:
    run.wait_for(READY)
    second = Run(data_dir)
    assert second.process.wait(20) == 1
    assert f"YouSync already runs with the data in {data_dir}: {run.url}" in second.output
    assert run.process.poll() is None
    assert run.end() == 0


def test_port_in_use_is_reported_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        run = Run(tmp_path / "data", other.getsockname()[1])
        assert run.process.wait(20) == 1
        assert f"port {run.port} cannot be used" in run.output
        assert not (tmp_path / "data" / "postgres").exists()


class AnalysisElsewhere(BaseHTTPRequestHandler):
    """Healthy, but refuses all work."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def do_POST(self) -> None:
        self.send_error(501)

    def log_message(self, *_: object) -> None:
        pass


def test_environment_variables_replace_embedded_servers(
    tmp_path: Path, postgres: EmbeddedPostgres, s3: EmbeddedS3
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), AnalysisElsewhere) as elsewhere:
        Thread(target=elsewhere.serve_forever, daemon=True).start()
        settings: dict[str, str] = {
            "DATABASE_URL": postgres.create_database("replaced"),
            "TARGET_SERVER_URL": f"http://127.0.0.1:{elsewhere.server_port}",
            **s3.account.environment(),
        }
        run = Run(tmp_path / "data", None, **settings)
        try:
            run.wait_for(READY)
            assert "the demo catalogue is not complete" in run.output
            assert settings["TARGET_SERVER_URL"] in run.output and settings["S3_ENDPOINT_URL"] in run.output
            commands = [Path(f"/proc/{each.split('@')[0]}/cmdline") for each in descendants(run.process.pid)]
            assert not any(
                name in path.read_bytes() for path in commands for name in (b"weed", b"postgres", b"analysis")
            )
            assert run.end() == 0
        finally:
            run.process.kill()
            run.process.wait()
            elsewhere.shutdown()
    assert not (tmp_path / "data" / "postgres").exists()


def test_invalid_settings_are_named(tmp_path: Path) -> None:
    run = Run(tmp_path / "data", SWEEP_INTERVAL_S="often")
    assert run.process.wait(20) == 1
    assert "SWEEP_INTERVAL_S" in run.output
    assert "\nTraceback" not in f"\n{run.output}"


def test_demo_starts_and_stops_the_service_itself(data_dir: Path) -> None:
    env = {name: value for name, value in os.environ.items() if name not in REPLACING}
    env["YOUSYNC_DATA_DIR"] = str(data_dir)
    with socket.create_server(("127.0.0.1", 0)) as other:
        env["PORT"] = str(other.getsockname()[1])  # in use: the demo chooses another
        words = [sys.executable, "-m", "local.demo"]
        done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "overall" in done.stdout


def test_redis_url_starts_the_workers_of_a_cluster(data_dir: Path, tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path / "valkey") as valkey:
        run = Run(data_dir, REDIS_URL=valkey.url)
        try:
            run.wait_for(READY)
            shown = demo(run)
            assert shown.returncode == 0, shown.stdout + shown.stderr + run.output
            for words in ("-A tasks.worker worker", "-A tasks.worker beat", "-A analysis.queueing.tasks worker"):
                assert run.pid_of(words)
            assert run.end() == 0, run.output
        finally:
            run.process.kill()
            run.process.wait()


def test_demo_explains_its_failure(data_dir: Path) -> None:
    words = [sys.executable, "-m", "local.demo", "--base-url", "http://127.0.0.1:9"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "The demo failed" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("host", "page"),
    [
        ("127.0.0.1", "http://localhost:8123"),
        ("0.0.0.0", "http://localhost:8123"),
        ("localhost", "http://localhost:8123"),
        ("192.168.1.20", "http://192.168.1.20:8123"),
    ],
)
def test_the_page_is_of_one_site_with_a_development_server(host: str, page: str) -> None:
    local = LocalSettings(host=host, port=8123)
    assert local.page_url == page
    assert set(local.page_origins) == {page, local.url}


@pytest.mark.parametrize(("host", "added"), [("192.168.1.5", "192.168.1.5/32"), ("fd00::5", "fd00::5/128")])
def test_analysis_server_reaches_this_machine_and_configured_networks(host: str, added: str) -> None:
    networks = LocalSettings(host=host, analysis_private_networks="10.0.0.0/8").reachable_networks
    assert set(networks.split()) == {"127.0.0.0/8", "::1/128", "10.0.0.0/8", added}
    assert "127.0.0.0/8" in LocalSettings(host="localhost").reachable_networks
