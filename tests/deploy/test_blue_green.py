"""Releases behind a real Caddy under load: good ones fail no request, bad ones are rolled back automatically."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg2
import pytest

from core.settings import ROOT
from local.embedded import EmbeddedPostgres
from tests.conftest import clone_database
from tests.support.release_hook import is_running
from tests.support.server_processes import ServerProcess, free_port
from tests.support.waiting import wait_until

CADDY = shutil.which("caddy") or shutil.which("caddy", path=str(Path(sys.executable).parent))
pytestmark = pytest.mark.skipif(CADDY is None, reason="no caddy (it comes with tools/requirements-dev.txt)")


class Site:
    """A proxy in front of blue, with a port reserved for green."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.ports = {"blue": free_port(), "green": free_port()}
        self._env = {"PATH": os.environ["PATH"], "HOME": str(folder), **env}
        (folder / "live").mkdir()
        self.hook = folder / "hook"
        command = f'cd "{ROOT}" && exec "{sys.executable}" -m tests.support.release_hook "{folder}" "$@"'
        self.hook.write_text(f"#!/bin/sh\n{command}\n")
        self.hook.chmod(0o755)
        (folder / "Caddyfile").write_text(
            f"{{\n\tadmin 127.0.0.1:{free_port()}\n\tpersist_config off\n\tauto_https off\n}}\n"
            f"http://127.0.0.1:{self.port} {{\n\timport live/*.caddy\n}}\n"
        )
        (folder / "live" / "api.caddy").write_text(f"reverse_proxy 127.0.0.1:{self.ports['blue']}\n")
        (folder / "live" / "colour").write_text("blue")
        self.describe()

    def describe(self, **changes_of_green: str) -> None:
        """Writes the environment of both colours for the release hook."""
        env = {}
        for colour, changes in (("blue", {}), ("green", changes_of_green)):
            env[colour] = self._env | changes
            env[colour]["WEBHOOK_URL"] = f"{self.url}/api/tokens/webhook/analysis-complete"
            env[colour]["SPOOL_DIR"] = str(self.folder / f"spool-{colour}")
        told = {"caddy": CADDY, "ports": self.ports, "env": env}
        (self.folder / "hook.json").write_text(json.dumps(told))

    @property
    def live(self) -> str:
        return (self.folder / "live" / "colour").read_text()

    def pid(self, colour: str) -> int:
        return int((self.folder / f"{colour}.pid").read_text())

    def release(self, ready_s: float = 60, watch_s: float = 6) -> subprocess.Popen[str]:
        words = [sys.executable, str(ROOT / "deploy" / "blue_green.py"), "--hook", str(self.hook)]
        words += ["--ready", str(ready_s), "--watch", str(watch_s)]
        return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def send(http: httpx.Client, method: str, path: str, **body: Any) -> httpx.Response:
    """Sends a request, and once more if the server closed the idle connection meanwhile, as browsers do.

    RFC 9112, section 9.3.1. A proxy closes idle connections when it reloads its configuration.
    """
    try:
        return http.request(method, path, **body)
    except httpx.RemoteProtocolError as error:
        if "without sending a response" not in str(error):
            raise
    return http.request(method, path, **body)


class Load:
    """Reads and signs in through the proxy from three threads without a pause; counts good and bad responses."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._over = threading.Event()
        self.good = 0
        self.bad: list[tuple[float, str]] = []
        self._threads = [threading.Thread(target=self._ask) for _ in range(3)]

    def _ask(self) -> None:
        with httpx.Client(base_url=self._url, timeout=30) as http:
            while not self._over.is_set():
                try:
                    email = f"{uuid.uuid4().hex}@yousync.test"
                    sign_in = {"email": email, "name": "L"}
                    answers = [send(http, "GET", "/api/scripts"), send(http, "POST", "/api/auth/dev", json=sign_in)]
                    wrong = [f"{answer.status_code} {answer.text[:200]}" for answer in answers if answer.is_error]
                except httpx.HTTPError as error:
                    wrong = [repr(error)]
                self.good += not wrong
                self.bad += [(time.monotonic(), words) for words in wrong]
                self._over.wait(0.02)

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        wait_until(lambda: self.good > 3)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def site(
    tmp_path: Path, base_env: dict[str, str], postgres: EmbeddedPostgres, analysis: ServerProcess
) -> Iterator[Site]:
    database = clone_database(postgres, f"release_{uuid.uuid4().hex[:8]}")
    site = Site(tmp_path, {**base_env, "DATABASE_URL": database, "TARGET_SERVER_URL": analysis.url})
    assert CADDY is not None
    words = [CADDY, "run", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"]
    with (tmp_path / "caddy.log").open("wb") as log:
        proxy = subprocess.Popen(words, cwd=tmp_path, env={**os.environ, "HOME": str(tmp_path)}, stdout=log, stderr=log)
    subprocess.run([site.hook, "start", "blue"], check=True)
    wait_until(lambda: is_ready(site.url), timeout_s=60)
    yield site
    for colour in ("blue", "green"):
        subprocess.run([site.hook, "stop", colour], check=True)
    proxy.terminate()
    proxy.wait(20)


def is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready", timeout=10).is_success
    except httpx.TransportError:
        return False


def test_good_releases_alternate_colours_without_a_failed_request(site: Site) -> None:
    blue = site.pid("blue")
    with Load(site.url) as load:
        said, _ = (first := site.release()).communicate(timeout=150)
        before = load.good
        wait_until(lambda: load.good > before + 5)
    assert first.returncode == 0, said
    assert load.bad == []
    assert site.live == "green" and not is_running(blue)
    assert (site.folder / "verbs").read_text() == "migrate\nsettle green\n"
    second = site.release(watch_s=2)
    said, _ = second.communicate(timeout=150)
    assert second.returncode == 0, said
    assert site.live == "blue" and httpx.get(f"{site.url}/api/scripts").is_success


def test_release_that_never_becomes_ready_gets_no_request(site: Site) -> None:
    site.describe(TARGET_SERVER_URL=f"http://127.0.0.1:{free_port()}")
    with Load(site.url) as load:
        said, _ = (released := site.release(ready_s=8)).communicate(timeout=120)
    assert released.returncode == 1 and "was not ready within 8 s" in said
    assert load.bad == []
    assert site.live == "blue" and not (site.folder / "green.pid").exists()


def test_release_with_server_errors_is_rolled_back(site: Site, postgres: EmbeddedPostgres) -> None:
    """Its database has no tables: the release is ready, but its responses are server errors."""
    name = f"bare_{uuid.uuid4().hex[:8]}"
    connection = psycopg2.connect(postgres.url_of("postgres"))
    connection.autocommit = True
    connection.cursor().execute(f"CREATE DATABASE {name}")
    connection.close()
    site.describe(DATABASE_URL=postgres.url_of(name))
    with Load(site.url) as load:
        said, _ = (released := site.release(watch_s=60)).communicate(timeout=150)
        back_at, before = time.monotonic(), load.good
        wait_until(lambda: load.good > before + 20)
    assert released.returncode == 1 and "with a server error" in said, said
    assert load.bad and not [words for at, words in load.bad if at > back_at + 1]
    assert site.live == "blue"


def test_crashed_release_is_rolled_back(site: Site) -> None:
    released = site.release(watch_s=60)
    wait_until(lambda: site.live == "green", timeout_s=90)
    os.kill(site.pid("green"), signal.SIGKILL)
    said, _ = released.communicate(timeout=120)
    assert released.returncode == 1 and "is no longer ready" in said, said
    assert site.live == "blue" and httpx.get(f"{site.url}/api/scripts").is_success


def test_concurrent_release_is_refused_and_interrupted_one_rolled_back(site: Site) -> None:
    first = site.release(watch_s=20)
    wait_until(lambda: site.live == "green", timeout_s=90)
    second = site.release()
    assert "another release is running" in second.communicate(timeout=30)[0] and second.returncode == 1
    first.terminate()
    said, _ = first.communicate(timeout=60)
    assert first.returncode == 1 and "interrupted" in said
    assert site.live == "blue" and not (site.folder / "green.pid").exists()
