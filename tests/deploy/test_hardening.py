"""The restrictions of the containers, and the paths that Caddy keeps inside."""

import http.client
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.settings import ROOT
from tests.support.server_processes import free_port
from tests.support.waiting import wait_until

DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
ON_AWS: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.aws.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"] | {"cloudwatch": ON_AWS["services"]["cloudwatch"]}
OURS = {"api", "api-green", "worker", "beat", "migrate", "analysis", "analysis-worker"}
CAPABILITIES = {
    **{name: {"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"} for name in ("postgres", "redis", "s3")},
    "proxy": {"NET_BIND_SERVICE"},
}


@pytest.mark.parametrize("name", SERVICES)
def test_container_has_no_needless_rights_and_bounded_memory(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert set(service.get("cap_add", ())) == CAPABILITIES.get(name, set())
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"] and service["pids_limit"]
    assert not {"privileged", "pid", "network_mode", "devices"} & set(service)


def networks(name: str) -> set[str]:
    return set(SERVICES[name]["networks"])


def test_each_container_reaches_only_what_it_needs() -> None:
    assert COMPOSE["networks"]["data"]["internal"] is True
    assert {name for name in SERVICES if networks(name) & networks("postgres")} == (
        OURS - {"analysis", "analysis-worker"}
    ) | {"postgres", "redis"}
    assert networks("analysis") == networks("analysis-worker") == {"analysis"}
    assert {name for name in SERVICES if networks(name) & networks("proxy")} == {"proxy", "api", "api-green", "s3"}


def test_trusted_and_private_networks_are_those_of_compose() -> None:
    subnets = {name: network["ipam"]["config"][0]["subnet"] for name, network in COMPOSE["networks"].items()}
    assert len(set(subnets.values())) == len(subnets)
    assert SERVICES["api"]["environment"]["TRUSTED_PROXIES"] == subnets["edge"]
    assert SERVICES["analysis"]["environment"]["ANALYSIS_PRIVATE_NETWORKS"] == subnets["analysis"]
    # Docker answers a name with an address on any network that both share: the analysis servers may use only one.
    assert networks("api") & networks("analysis") == {"analysis"}


def test_only_the_proxy_is_published_to_other_machines() -> None:
    published = {name: port for name, service in SERVICES.items() for port in service.get("ports", ())}
    assert {name for name, port in published.items() if not port.startswith("127.0.0.1:")} == {"proxy"}


@pytest.fixture
def api() -> Iterator[ThreadingHTTPServer]:
    """A server that answers every request with 200."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Writes nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def proxy(api: ThreadingHTTPServer, tmp_path: Path) -> Iterator[int]:
    """The port of a Caddy with our Caddyfile in front of `api`."""
    caddy = shutil.which("caddy") or shutil.which("caddy", path=str(Path(sys.executable).parent))
    if caddy is None:
        pytest.skip("no caddy (it comes with tools/requirements-dev.txt)")
    port = free_port()
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8").replace("api:8000", f"127.0.0.1:{api.server_port}")
    (tmp_path / "Caddyfile").write_text("{\n\tadmin off\n}\n" + text)
    addresses = {"DOMAIN": f"http://127.0.0.1:{port}", "STORE_DOMAIN": f"http://127.0.0.1:{free_port()}"}
    process = subprocess.Popen(
        [caddy, "run", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"],
        env={**os.environ, **addresses, "HOME": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: status(port, "/") == 200, 30)
    yield port
    process.kill()
    process.wait()


def status(port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def test_metrics_and_health_stay_inside_in_every_spelling(proxy: int) -> None:
    spellings: tuple[str, ...] = (
        "/metrics",
        "/metrics/",
        "/METRICS",
        "/%6detrics",
        "//metrics",
        "/./metrics",
        "/api/../metrics",
    )
    spellings += ("/metrics?a=b", "/metrics//", "/health", "/health/ready", "/health/ready/", "/Health/live")
    assert {path: status(proxy, path) for path in spellings} == dict.fromkeys(spellings, 404)
    assert status(proxy, "/api/scripts") == 200
    assert status(proxy, "/metricsandmore") == 200
