"""A cluster: a broker, two API servers behind a load balancer, two workers and a beat process, an analysis server and
two analysis workers. Each API server and worker has its own spool, as on separate machines.
"""

import random
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from local.embedded import EmbeddedBroker
from tests.support.server_processes import WEBHOOK_SECRET, CeleryProcess, ManagedProcess, ServerProcess, free_port
from tools.chaos.hazards import Hazards
from tools.chaos.proxy import WebhookProxy
from tools.chaos.servers import QUEUE_SIZE, Servers, api_environment, migrate, start_stores

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


Process = ServerProcess | CeleryProcess


@contextmanager
def start_cluster(folder: Path, rng: random.Random) -> Iterator[Servers]:
    """Starts everything in `folder`; stops everything at the end."""
    with ExitStack() as stack:
        hazards = Hazards(folder, stack)
        postgres, s3 = start_stores(folder, hazards, stack)
        broker = stack.enter_context(EmbeddedBroker(folder))
        front, ports, analysis_port = free_port(), (free_port(), free_port()), free_port()
        url = f"http://127.0.0.1:{front}"
        proxy = stack.enter_context(WebhookProxy(url, rng))
        stores = {"PostgreSQL": postgres, "S3 store": s3, **broker.servers}
        hazards.connect({name: store.port for name, store in stores.items()} | {"analysis server": analysis_port})

        settings = {name: hazards.through(value) for name, value in broker.settings.items()}
        env = {
            **api_environment(postgres, s3, f"http://127.0.0.1:{analysis_port}", proxy.url, hazards),
            **settings,
        }
        migrate(env)
        processes = _analysis_processes(folder, settings, analysis_port) | _api_processes(folder, env, ports)
        for name, process in processes.items():
            process.env |= hazards.clock(name)
            stack.callback(process.kill)
            process.start(timeout_s=90)
        stack.callback(_start_load_balancer(folder, front, ports).kill)
        yield Servers(url, postgres, s3, stores, processes, proxy, list(folder.glob("spool-*")), hazards)


def _analysis_processes(folder: Path, settings: dict[str, str], port: int) -> dict[str, Process]:
    env = {
        "WEBHOOK_SECRET": WEBHOOK_SECRET,
        **settings,
        "ANALYSIS_QUEUE_SIZE": str(QUEUE_SIZE),
        "ANALYSIS_WORKERS": "1",
    }
    processes: dict[str, Process] = {
        name: CeleryProcess(_worker("analysis.queueing.tasks", name), env, _log(folder, name))
        for name in ("analysis worker 1", "analysis worker 2")
    }
    processes["analysis server"] = ServerProcess("analysis.app:app", env, folder / "analysis.log", port)
    return processes


def _api_processes(folder: Path, env: dict[str, str], ports: Sequence[int]) -> dict[str, Process]:
    processes: dict[str, Process] = {
        name: CeleryProcess(_worker("tasks.worker", name), _with_spool(folder, name, env), _log(folder, name))
        for name in ("worker 1", "worker 2")
    }
    processes["beat"] = CeleryProcess("-A tasks.worker beat", _with_spool(folder, "beat", env), _log(folder, "beat"))
    for name, port in zip(("API server 1", "API server 2"), ports, strict=True):
        processes[name] = ServerProcess("main:app", _with_spool(folder, name, env), _log(folder, name), port)
    return processes


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
