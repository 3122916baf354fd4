"""A cluster: a broker, two API servers behind a load balancer, two workers and a beat process, an analysis server and
two analysis workers. Each API server and worker has its own spool, as on separate machines.
"""

import random
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from local.embedded import EmbeddedBroker, EmbeddedPostgres, EmbeddedS3
from tests.support.server_processes import WEBHOOK_SECRET, CeleryProcess, ManagedProcess, ServerProcess, free_port
from tools.chaos.proxy import WebhookProxy
from tools.chaos.servers import QUEUE_SIZE, Servers, api_environment, migrate

# Requests to a server that is down go to the other one, for as long as a restart may take.
_CADDYFILE = """{{
	admin off
}}
http://127.0.0.1:{port} {{
	reverse_proxy {servers} {{
		lb_policy round_robin
		lb_try_duration 10s
		fail_duration 1s
		flush_interval -1
	}}
}}
"""


@contextmanager
def start_cluster(folder: Path, rng: random.Random) -> Iterator[Servers]:
    """Starts everything in `folder`; stops everything at the end."""
    with ExitStack() as stack:
        postgres = stack.enter_context(EmbeddedPostgres(folder / "postgres"))
        s3 = stack.enter_context(EmbeddedS3(folder / "s3"))
        broker = stack.enter_context(EmbeddedBroker(folder))
        front, ports = free_port(), (free_port(), free_port())
        url = f"http://127.0.0.1:{front}"
        proxy = stack.enter_context(WebhookProxy(url, rng))

        analysis_env = {
            "WEBHOOK_SECRET": WEBHOOK_SECRET,
            **broker.settings,
            "ANALYSIS_QUEUE_SIZE": str(QUEUE_SIZE),
            "ANALYSIS_WORKERS": "1",
        }
        analysis = ServerProcess("analysis.app:app", analysis_env, folder / "analysis.log")
        env = {**api_environment(postgres, s3, analysis.url, proxy.url), **broker.settings}
        migrate(env)
        processes: dict[str, ServerProcess | CeleryProcess] = {}
        for name in ("analysis worker 1", "analysis worker 2"):
            processes[name] = CeleryProcess(_worker("analysis.queueing.tasks", name), analysis_env, _log(folder, name))
        processes["analysis server"] = analysis
        for name in ("worker 1", "worker 2"):
            processes[name] = CeleryProcess(
                _worker("tasks.worker", name), _with_spool(folder, name, env), _log(folder, name)
            )
        processes["beat"] = CeleryProcess(
            "-A tasks.worker beat", _with_spool(folder, "beat", env), _log(folder, "beat")
        )
        for name, port in zip(("API server 1", "API server 2"), ports, strict=True):
            processes[name] = ServerProcess("main:app", _with_spool(folder, name, env), _log(folder, name), port)

        for process in processes.values():
            stack.callback(process.kill)
            process.start(timeout_s=90)
        stack.callback(_start_load_balancer(folder, front, ports).kill)
        stores = {"PostgreSQL": postgres, "S3 store": s3, **broker.servers}
        yield Servers(url, postgres, s3, stores, processes, proxy, list(folder.glob("spool-*")))


def _log(folder: Path, name: str) -> Path:
    return folder / f"{name.replace(' ', '-')}.log"


def _with_spool(folder: Path, name: str, env: dict[str, str]) -> dict[str, str]:
    return {**env, "SPOOL_DIR": str(folder / f"spool-{name.replace(' ', '-')}")}


def _worker(app: str, name: str) -> str:
    hostname = name.replace(" ", "-")
    return f"-A {app} worker --concurrency 1 --hostname {hostname}@%h --without-gossip --without-mingle"


def _start_load_balancer(folder: Path, port: int, ports: Sequence[int]) -> ManagedProcess:
    """Starts a real Caddy in front of the API servers; no fault affects it."""
    config = folder / "Caddyfile"
    config.write_text(_CADDYFILE.format(port=port, servers=" ".join(f"127.0.0.1:{number}" for number in ports)))
    caddy = shutil.which("caddy") or shutil.which("caddy", path=str(Path(sys.executable).parent))
    if caddy is None:
        raise FileNotFoundError("caddy was not found: run `make set-up`, which installs tools/requirements-dev.txt")
    command = [caddy, "run", "--config", str(config), "--adapter", "caddyfile"]
    process = ManagedProcess(command, {"HOME": str(folder)}, folder / "caddy.log")
    process.launch()
    process.wait_until(lambda: "serving initial configuration" in process.log, timeout_s=30)
    return process
