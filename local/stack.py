"""The parts of a local service: which there are, where their data live, and in what order they start and stop."""

import asyncio
import base64
import contextlib
import fcntl
import json
import os
import re
import secrets
import signal
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.settings import ROOT, Settings
from local.embedded import EmbeddedError, EmbeddedPostgres, EmbeddedS3
from local.embedded.server import EmbeddedServer, end_process, is_free
from local.supervisor import Child, Log, LogFile, PartFailed

READY_PATIENCE_S = 180.0
READY_WORD_EVERY_S = 15.0
# Together below the 5 s in which a service that is told to stop has to be gone.
API_STOP_S, ANALYSIS_STOP_S, STORES_STOP_S = 1.8, 1.0, 1.8
WARNINGS = {
    "postgres": re.compile(r" (WARNING|ERROR|FATAL|PANIC): "),
    "s3": re.compile(r"^[WEF]\d{4} "),
}


class LocalSettings(BaseSettings):
    """Where the parts live; all else is in `settings.Settings`."""

    model_config = SettingsConfigDict(env_file=ROOT / ".env", extra="ignore", env_ignore_empty=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65_535)
    analysis_port: int = Field(default=8001, ge=1, le=65_535)
    yousync_data_dir: Path = ROOT / ".data"
    analysis_private_networks: str = ""

    @property
    def url(self) -> str:
        if self.host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
            return f"http://127.0.0.1:{self.port}"
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"

    @property
    def page_origins(self) -> list[str]:
        """Where browsers on this machine find the page, which plays audio from the store."""
        return [self.url, f"http://localhost:{self.port}"]

    @property
    def reachable_networks(self) -> str:
        """Where the analysis server finds the store and reports to: this machine, and what is configured."""
        networks = ["127.0.0.0/8", "::1/128", self.analysis_private_networks]
        with contextlib.suppress(ValueError):
            networks.append(str(ip_network(self.host)))
        return " ".join(networks)


class DataDir:
    """The folder with all that outlives a run. One run at a time holds it."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Raises AlreadyRunning when another run holds the folder."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(lock)
            raise AlreadyRunning(self) from error
        try:
            self._end_left_overs()
            yield
            (self.path / "run.json").unlink(missing_ok=True)
        finally:
            os.close(lock)

    def read_run(self) -> dict[str, Any]:
        """What the present run, or one that was killed, wrote about itself."""
        try:
            run: dict[str, Any] = json.loads((self.path / "run.json").read_text())
        except (OSError, ValueError):
            return {}
        return run

    def write_run(self, **facts: object) -> None:
        self._replace("run.json", facts)

    def secrets(self) -> dict[str, str]:
        """The secrets of this installation, made once."""
        with contextlib.suppress(FileNotFoundError):
            kept: dict[str, str] = json.loads((self.path / "secrets.json").read_text())
            return kept
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        new = {"SECRET_KEY": secrets.token_urlsafe(48), "WEBHOOK_SECRET": f"whsec_{key}"}
        self._replace("secrets.json", new)
        return new

    def _end_left_overs(self) -> None:
        # The kernel told the children of a killed run to end; they may still be at it, and hold the ports.
        for identity in self.read_run().get("children", []):
            end_process(identity, signal.SIGTERM, timeout_s=3.0)

    def _replace(self, name: str, content: object) -> None:
        new = self.path / f"{name}.new"
        new.touch(mode=0o600)
        new.write_text(json.dumps(content))
        new.replace(self.path / name)


class AlreadyRunning(PartFailed):
    """Another run holds the data folder."""

    def __init__(self, data: DataDir) -> None:
        where = data.read_run().get("url", "it is just starting")
        super().__init__(f"YouSync already runs with the data in {data.path}: {where}")


class Stack:
    """All parts. DATABASE_URL, S3_ENDPOINT_URL (or a bucket with keys) and TARGET_SERVER_URL replace ours."""

    def __init__(self, local: LocalSettings, data: DataDir, log: Log) -> None:
        self.local = local
        self.data = data
        self.settings = Settings(environment="development")
        self._log = log
        self._children: list[Child] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._given = given = self.settings.model_fields_set
        logs = data.path / "log"
        self.is_analysis_ours = "target_server_url" not in given
        self.postgres: EmbeddedPostgres | None = None
        if "database_url" not in given:
            self.postgres = EmbeddedPostgres(data.path / "postgres", log_path=logs / "postgres.log")
        self.s3: EmbeddedS3 | None = None
        if "s3_endpoint_url" not in given and not {"aws_access_key_id", "s3_bucket_name"} <= given:
            self.s3 = EmbeddedS3(
                data.path / "s3",
                log_path=logs / "s3.log",
                bucket=self.settings.s3_bucket_name,
                region=self.settings.aws_region,
                cors_origins=[*self.settings.cors_origins, *local.page_origins],
            )

    @property
    def analysis_url(self) -> str:
        ours = f"http://127.0.0.1:{self.local.analysis_port}"
        return ours if self.is_analysis_ours else self.settings.target_server_url

    async def run(self, body: Callable[[], Awaitable[None]]) -> None:
        """Start everything, await body, stop everything. Raises PartFailed when a part cannot go on."""
        failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        work = asyncio.create_task(self._start_then(body, failure))
        try:
            await asyncio.wait({work, failure}, return_when=asyncio.FIRST_COMPLETED)
            (failure if failure.done() else work).result()
        finally:
            work.cancel()
            await asyncio.wait({work})
            await self._stop()

    async def _start_then(self, body: Callable[[], Awaitable[None]], failure: "asyncio.Future[None]") -> None:
        self._check_ports()
        if self.is_analysis_ours:
            self._serve("analysis", "analysis.app:app", "127.0.0.1", self.local.analysis_port, failure)
        await asyncio.gather(self._start_database(), self._start_store(self.s3), self._build_page())
        for store in filter(None, (self.postgres, self.s3)):
            self._in_background(self._watch(store), failure)
        if self.settings.redis_url:
            self._start_workers(failure)
        self._serve("api", "main:app", self.local.host, self.local.port, failure)
        await asyncio.gather(self._seed(), self._wait_ready())
        await body()

    def _check_ports(self) -> None:
        wanted = {"PORT": (self.local.port, "" if ":" in self.local.host else self.local.host)}
        if self.is_analysis_ours:
            wanted["ANALYSIS_PORT"] = (self.local.analysis_port, "127.0.0.1")
        if len({port for port, _ in wanted.values()}) < len(wanted):
            raise PartFailed("PORT and ANALYSIS_PORT are the same: give the two servers a port each")
        for name, (port, host) in wanted.items():
            if not is_free(port, host):
                raise PartFailed(
                    f"port {port} cannot be used: another program has it, or this user may not. "
                    f"Stop that program, or choose another port: {name}={port + 1000} make run"
                )

    async def _start_database(self) -> None:
        await self._start_store(self.postgres)
        migration = self._script("-m", "alembic", "upgrade", "head")
        if await migration.run():
            raise PartFailed(f"the database could not be migrated:\n{migration.last_words}")

    async def _build_page(self) -> None:
        if "web_dir" not in self._given and await self._script("-m", "web.build").run():
            self._log.say("the page could not be built; the API works without it, and the next start tries again")

    async def _start_store(self, store: EmbeddedPostgres | EmbeddedS3 | None) -> None:
        if store is None:
            return
        try:
            await asyncio.to_thread(store.start)
        except EmbeddedError as error:
            raise PartFailed(str(error)) from error
        self._log.line(store.name, f"ready on port {store.port}")

    async def _seed(self) -> None:
        if await self._script("-m", "catalogue.seed").run():
            self._log.say("the demo catalogue is not complete; the next start goes on with it")

    async def _wait_ready(self) -> None:
        clock = asyncio.get_running_loop().time
        deadline, next_word_at = clock() + READY_PATIENCE_S, clock() + READY_WORD_EVERY_S
        missing = "the API server"
        async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
            while clock() < deadline:
                with contextlib.suppress(httpx.TransportError):
                    response = await client.get(f"{self.local.url}/health/ready")
                    if response.is_success:
                        return
                    missing = _what_is_down(response)
                if clock() > next_word_at:
                    self._log.say(f"waiting for {missing}")
                    next_word_at += READY_WORD_EVERY_S
                await asyncio.sleep(0.1)
        raise PartFailed(f"the service is not ready after {READY_PATIENCE_S:.0f} s; it lacks {missing}")

    def _serve(self, name: str, app: str, host: str, port: int, failure: "asyncio.Future[None]") -> None:
        words = ["-m", "uvicorn", app, "--host", host, "--port", str(port), "--timeout-graceful-shutdown", "1"]
        words.append("--no-proxy-headers")  # the API server believes proxies by its own setting
        self._keep_running(name, words, failure)

    def _start_workers(self, failure: "asyncio.Future[None]") -> None:
        """What does the work of a cluster: with REDIS_URL the servers leave it to others."""
        quiet = ("--without-gossip", "--without-mingle")
        self._keep_running(
            "worker", ["-m", "celery", "-A", "tasks.worker", "worker", "--concurrency", "2", *quiet], failure
        )
        self._keep_running("clock", ["-m", "celery", "-A", "tasks.worker", "beat"], failure)
        if self.is_analysis_ours:
            self._keep_running("analysis", ["-m", "celery", "-A", "analysis.queueing.tasks", "worker", *quiet], failure)

    def _keep_running(self, name: str, words: Sequence[str], failure: "asyncio.Future[None]") -> None:
        child = Child(name, words, self._environment(), self._log)
        self._children.append(child)
        self._in_background(child.keep_running(self._write_run), failure)

    def _script(self, *words: str) -> Child:
        child = Child("setup", words, self._environment(), self._log)
        self._children.append(child)
        return child

    def _write_run(self) -> None:
        identities = [child.identity for child in self._children if child.identity]
        self.data.write_run(url=self.local.url, children=identities)

    def _environment(self) -> dict[str, str]:
        made = {**self.data.secrets(), "SPOOL_DIR": str(self.data.path / "spool")}
        env = {name: value for name, value in made.items() if name.lower() not in self._given}
        if "webhook_secret" in self._given:
            env["WEBHOOK_SECRET"] = self.settings.webhook_secret.get_secret_value()
        if self.is_analysis_ours or "webhook_url" not in self._given:
            env["WEBHOOK_URL"] = f"{self.local.url}/api/tokens/webhook/analysis-complete"
        env |= {"ENVIRONMENT": "development", "TARGET_SERVER_URL": self.analysis_url}
        env["ANALYSIS_PRIVATE_NETWORKS"] = self.local.reachable_networks
        if self.postgres and self.postgres.port:
            env["DATABASE_URL"] = self.postgres.url
        if self.s3 and self.s3.port:
            env |= self.s3.account.environment()
        return env

    def _in_background(self, work: Coroutine[Any, Any, None], failure: "asyncio.Future[None]") -> None:
        def report(task: asyncio.Task[None]) -> None:
            if not task.cancelled() and (error := task.exception()) and not failure.done():
                failure.set_exception(error)

        task = asyncio.create_task(work)
        task.add_done_callback(report)
        self._tasks.append(task)

    async def _watch(self, store: EmbeddedServer) -> None:
        log_file = LogFile(store.log_path)
        while store.is_running:
            for line in filter(WARNINGS[store.name].search, log_file.new_lines()):
                self._log.line(store.name, line)
            await asyncio.sleep(0.5)
        raise PartFailed(
            f"{store.name} ended, and nothing works without it; its data are safe. "
            f"The end of {store.log_path}:\n{store.last_words}"
        )

    async def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        for names, patience_s in ((("api", "setup", "worker", "clock"), API_STOP_S), (("analysis",), ANALYSIS_STOP_S)):
            children = [child for child in self._children if child.name in names]
            await asyncio.gather(*(child.stop(patience_s) for child in children))
        stores = [store for store in (self.postgres, self.s3) if store]
        await asyncio.gather(*(asyncio.to_thread(store.stop, STORES_STOP_S) for store in stores))


def _what_is_down(response: httpx.Response) -> str:
    try:
        return ", ".join(name for name, state in response.json()["checks"].items() if state != "ok")
    except (ValueError, KeyError, AttributeError):
        return f"a good answer (status {response.status_code})"
