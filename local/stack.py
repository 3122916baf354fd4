"""The components of a local service: their data folder, their environment, and their order of start and stop."""

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
from urllib.parse import urlsplit

import httpx
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.settings import ROOT, Settings
from local.embedded import EmbeddedError, EmbeddedPostgres, EmbeddedS3
from local.embedded.server import EmbeddedServer, end_process, is_free
from local.supervisor import ChildProcess, ComponentFailed, Log, LogFile

READY_TIMEOUT_S = 180.0
READY_NOTICE_INTERVAL_S = 15.0
# The whole service has to stop within 5 s, even when nothing heeds SIGTERM: these and two of DRAIN_S come to 4.2 s.
API_STOP_S, ANALYSIS_STOP_S, STORES_STOP_S = 1.5, 0.7, 1.5
WARNINGS = {
    "postgres": re.compile(r" (WARNING|ERROR|FATAL|PANIC): "),
    "s3": re.compile(r"^[WEF]\d{4} "),
}


class LocalSettings(BaseSettings):
    """Addresses and data folder of the local service; core.settings.Settings has all other settings."""

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
    def page_url(self) -> str:
        """The address for a browser on this machine: of one site with a page on `localhost:3000`, for its cookies."""
        return f"http://localhost:{self.port}" if urlsplit(self.url).hostname == "127.0.0.1" else self.url

    @property
    def page_origins(self) -> list[str]:
        """The origins under which browsers on this machine open the page, which plays audio from the store."""
        return [self.url, self.page_url]

    @property
    def reachable_networks(self) -> str:
        """The networks that the analysis server may connect to: this machine, and those that are configured."""
        networks = ["127.0.0.0/8", "::1/128", self.analysis_private_networks]
        with contextlib.suppress(ValueError):
            networks.append(str(ip_network(self.host)))
        return " ".join(networks)


class DataDir:
    """The folder with all persistent data. One run at a time holds its lock."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Holds the lock while the block runs. Raises AlreadyRunning when another run holds it."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise AlreadyRunning(self) from error
        try:
            self._end_orphans()
            yield
            (self.path / "run.json").unlink(missing_ok=True)
        finally:
            os.close(descriptor)

    def read_run_info(self) -> dict[str, Any]:
        """URL and children of the current run, or of one that was killed; empty when there was none."""
        try:
            run: dict[str, Any] = json.loads((self.path / "run.json").read_text())
        except (OSError, ValueError):
            return {}
        return run

    def write_run_info(self, **facts: object) -> None:
        self._replace("run.json", facts)

    def secrets(self) -> dict[str, str]:
        """The secrets of this installation, created at the first run."""
        with contextlib.suppress(FileNotFoundError):
            kept: dict[str, str] = json.loads((self.path / "secrets.json").read_text())
            return kept
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        new = {"SECRET_KEY": secrets.token_urlsafe(48), "WEBHOOK_SECRET": f"whsec_{key}"}
        self._replace("secrets.json", new)
        return new

    def _end_orphans(self) -> None:
        # The kernel signals the children of a killed run; until they have ended they still hold the ports.
        for identity in self.read_run_info().get("children", []):
            end_process(identity, signal.SIGTERM, timeout_s=3.0)

    def _replace(self, name: str, content: object) -> None:
        new = self.path / f"{name}.new"
        new.touch(mode=0o600)
        new.write_text(json.dumps(content))
        new.replace(self.path / name)


class AlreadyRunning(ComponentFailed):
    """Another run holds the lock of the data folder."""

    def __init__(self, data: DataDir) -> None:
        where = data.read_run_info().get("url", "it is still starting")
        super().__init__(f"YouSync already runs with the data in {data.path}: {where}")


class Stack:
    """All components. DATABASE_URL, S3_ENDPOINT_URL (or a bucket with keys) and TARGET_SERVER_URL replace ours."""

    def __init__(self, local: LocalSettings, data: DataDir, log: Log) -> None:
        self.local = local
        self.data = data
        self.settings = Settings(environment="development")
        self._log = log
        self._children: list[ChildProcess] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._configured = configured = self.settings.model_fields_set
        logs = data.path / "log"
        self.runs_analysis = "target_server_url" not in configured
        self.postgres: EmbeddedPostgres | None = None
        if "database_url" not in configured:
            self.postgres = EmbeddedPostgres(data.path / "postgres", log_path=logs / "postgres.log")
        self.s3: EmbeddedS3 | None = None
        if "s3_endpoint_url" not in configured and not {"aws_access_key_id", "s3_bucket_name"} <= configured:
            self.s3 = EmbeddedS3(
                data.path / "s3",
                log_path=logs / "s3.log",
                bucket=self.settings.s3_bucket_name,
                region=self.settings.aws_region,
                cors_origins=[*self.settings.cors_origins, *local.page_origins],
            )

    @property
    def analysis_url(self) -> str:
        local_url = f"http://127.0.0.1:{self.local.analysis_port}"
        return local_url if self.runs_analysis else self.settings.target_server_url

    async def run(self, body: Callable[[], Awaitable[None]]) -> None:
        """Starts everything, awaits body, stops everything. Raises ComponentFailed when a component cannot continue."""
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
        if self.runs_analysis:
            self._serve("analysis", "analysis.app:app", "127.0.0.1", self.local.analysis_port, failure)
        await asyncio.gather(self._start_database(), self._start_store(self.s3), self._build_page())
        for store in filter(None, (self.postgres, self.s3)):
            self._in_background(self._watch_store(store), failure)
        if self.settings.redis_url:
            self._start_workers(failure)
        self._serve("api", "main:app", self.local.host, self.local.port, failure)
        await asyncio.gather(self._seed(), self._wait_ready())
        await body()

    def _check_ports(self) -> None:
        wanted = {"PORT": (self.local.port, "" if ":" in self.local.host else self.local.host)}
        if self.runs_analysis:
            wanted["ANALYSIS_PORT"] = (self.local.analysis_port, "127.0.0.1")
        if len({port for port, _ in wanted.values()}) < len(wanted):
            raise ComponentFailed("PORT and ANALYSIS_PORT are the same: give each server its own port")
        for name, (port, host) in wanted.items():
            if not is_free(port, host):
                raise ComponentFailed(
                    f"port {port} cannot be used: another program listens on it, or this user has no permission. "
                    f"Stop that program, or choose another port: {name}={port + 1000} make run"
                )

    async def _start_database(self) -> None:
        await self._start_store(self.postgres)
        migration = self._script("-m", "alembic", "upgrade", "head")
        if await migration.run():
            raise ComponentFailed(f"the database could not be migrated:\n{migration.last_output}")

    async def _build_page(self) -> None:
        if "web_dir" not in self._configured and await self._script("-m", "web.build").run():
            self._log.announce(
                "the page could not be built; the API works without it, and the next start will try again"
            )

    async def _start_store(self, store: EmbeddedPostgres | EmbeddedS3 | None) -> None:
        if store is None:
            return
        try:
            await asyncio.to_thread(store.start)
        except EmbeddedError as error:
            raise ComponentFailed(str(error)) from error
        self._log.write(store.name, f"ready on port {store.port}")

    async def _seed(self) -> None:
        if await self._script("-m", "catalogue.seed").run():
            self._log.announce("the demo catalogue is not complete; the next start will continue")

    async def _wait_ready(self) -> None:
        clock = asyncio.get_running_loop().time
        deadline, next_notice_at = clock() + READY_TIMEOUT_S, clock() + READY_NOTICE_INTERVAL_S
        failing = "the API server"
        async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
            while clock() < deadline:
                with contextlib.suppress(httpx.TransportError):
                    response = await client.get(f"{self.local.url}/health/ready")
                    if response.is_success:
                        return
                    failing = _failing_checks(response)
                if clock() > next_notice_at:
                    self._log.announce(f"waiting for {failing}")
                    next_notice_at += READY_NOTICE_INTERVAL_S
                await asyncio.sleep(0.1)
        raise ComponentFailed(f"the service is not ready after {READY_TIMEOUT_S:.0f} s; it still waits for {failing}")

    def _serve(self, name: str, app: str, host: str, port: int, failure: "asyncio.Future[None]") -> None:
        arguments = ["-m", "uvicorn", app, "--host", host, "--port", str(port), "--timeout-graceful-shutdown", "1"]
        arguments.append("--no-proxy-headers")  # the API server has its own setting, TRUSTED_PROXIES
        self._keep_running(name, arguments, failure)

    def _start_workers(self, failure: "asyncio.Future[None]") -> None:
        """Starts the Celery processes of a cluster: with REDIS_URL the servers run no background work themselves."""
        quiet = ("--without-gossip", "--without-mingle")
        self._keep_running(
            "worker", ["-m", "celery", "-A", "tasks.worker", "worker", "--concurrency", "2", *quiet], failure
        )
        self._keep_running("beat", ["-m", "celery", "-A", "tasks.worker", "beat"], failure)
        if self.runs_analysis:
            self._keep_running("analysis", ["-m", "celery", "-A", "analysis.queueing.tasks", "worker", *quiet], failure)

    def _keep_running(self, name: str, arguments: Sequence[str], failure: "asyncio.Future[None]") -> None:
        child = ChildProcess(name, arguments, self._environment(), self._log)
        self._children.append(child)
        self._in_background(child.keep_running(self._write_run_info), failure)

    def _script(self, *arguments: str) -> ChildProcess:
        child = ChildProcess("setup", arguments, self._environment(), self._log)
        self._children.append(child)
        return child

    def _write_run_info(self) -> None:
        identities = [child.identity for child in self._children if child.identity]
        self.data.write_run_info(url=self.local.url, children=identities)

    def _environment(self) -> dict[str, str]:
        defaults = {**self.data.secrets(), "SPOOL_DIR": str(self.data.path / "spool")}
        env = {name: value for name, value in defaults.items() if name.lower() not in self._configured}
        if "webhook_secret" in self._configured:
            env["WEBHOOK_SECRET"] = self.settings.webhook_secret.get_secret_value()
        if self.runs_analysis or "webhook_url" not in self._configured:
            env["WEBHOOK_URL"] = f"{self.local.url}/api/tokens/webhook/analysis-complete"
        env |= {"ENVIRONMENT": "development", "TARGET_SERVER_URL": self.analysis_url}
        env["ANALYSIS_PRIVATE_NETWORKS"] = self.local.reachable_networks
        if self.postgres and self.postgres.port:
            env["DATABASE_URL"] = self.postgres.url
        if self.s3 and self.s3.port:
            env |= self.s3.account.environment()
        return env

    def _in_background(self, work: Coroutine[Any, Any, None], failure: "asyncio.Future[None]") -> None:
        def propagate(task: asyncio.Task[None]) -> None:
            if not task.cancelled() and (error := task.exception()) and not failure.done():
                failure.set_exception(error)

        task = asyncio.create_task(work)
        task.add_done_callback(propagate)
        self._tasks.append(task)

    async def _watch_store(self, store: EmbeddedServer) -> None:
        log_file = LogFile(store.log_path)
        while store.is_running:
            for line in filter(WARNINGS[store.name].search, log_file.new_lines()):
                self._log.write(store.name, line)
            await asyncio.sleep(0.5)
        raise ComponentFailed(
            f"{store.name} ended, and nothing works without it; its data are safe. "
            f"The last lines of {store.log_path}:\n{store.log_tail}"
        )

    async def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        for names, timeout_s in ((("api", "setup", "worker", "beat"), API_STOP_S), (("analysis",), ANALYSIS_STOP_S)):
            children = [child for child in self._children if child.name in names]
            await asyncio.gather(*(child.stop(timeout_s) for child in children))
        stores = [store for store in (self.postgres, self.s3) if store]
        await asyncio.gather(*(asyncio.to_thread(store.stop, STORES_STOP_S) for store in stores))


def _failing_checks(response: httpx.Response) -> str:
    try:
        return ", ".join(name for name, state in response.json()["checks"].items() if state != "ok")
    except (ValueError, KeyError, AttributeError):
        return f"a valid health response (status {response.status_code})"
