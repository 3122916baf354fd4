"""Private addresses in all their spellings (SSRF): no request of the analysis server's client may reach them."""

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any

import httpx

from analysis.net.download import make_client
from tools.fuzz.report import AttackReport, within

_PRIVATE4 = [
    IPv4Network(text)
    for text in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
        *("169.254.0.0/16", "100.64.0.0/10", "0.0.0.0/8", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),
    )
]
_PRIVATE6 = [IPv6Network(text) for text in ("::1/128", "::/128", "fc00::/7", "fe80::/10", "ff00::/8")]
_NAMES = ("localhost", "LOCALHOST", "localhost.", "ip6-localhost")


def hostile_host(rng: random.Random) -> str:
    """A private address in a random spelling; about one in four is an address of the canary server."""
    if rng.random() < 0.1:
        return rng.choice(_NAMES)
    if rng.random() < 0.15:
        network6 = rng.choice(_PRIVATE6)
        return f"[{IPv6Address(int(network6[0]) + rng.randrange(network6.num_addresses))}]"
    network = IPv4Network("127.0.0.0/8") if rng.random() < 0.4 else rng.choice(_PRIVATE4)
    address = IPv4Address(int(network[0]) + rng.randrange(network.num_addresses))
    return rng.choice(_SPELLINGS)(address)


def _octal(address: IPv4Address) -> str:
    return ".".join(f"0{part:o}" for part in address.packed)


def _hexadecimal(address: IPv4Address) -> str:
    return ".".join(hex(part) for part in address.packed)


def _short(address: IPv4Address) -> str:
    return f"{address.packed[0]}.{int(address) & 0xFFFFFF}"


def _full_width(address: IPv4Address) -> str:
    return str(address).translate(_FULL_WIDTH)


_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９。")
_SPELLINGS = (
    str,
    lambda address: str(int(address)),
    lambda address: hex(int(address)),
    _octal,
    _hexadecimal,
    _short,
    _full_width,
    lambda address: f"{address}.",
    lambda address: f"[::ffff:{address}]",
    lambda address: f"[64:ff9b::{address}]",
    lambda address: f"[2002:{address.packed.hex()[:4]}:{address.packed.hex()[4:]}::1]",
    lambda address: f"user:pass@{address}",
)


@contextmanager
def canary() -> Iterator[tuple[int, list[str]]]:
    """A server on all addresses of this machine; yields its port and the paths that were requested."""
    visits: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            visits.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Logs nothing."""

    server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_port, visits
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def attack_addresses(count: int, seconds: float, seed: int) -> AttackReport:
    """Requests `count` private addresses; every response and every visit to the canary is a fault."""
    report = AttackReport("addresses (SSRF)")
    with canary() as (port, visits):
        asyncio.run(_request_hosts(report, port, count, seconds, seed))
    report.faults += [f"reached the canary: {path}" for path in visits]
    report.notes = f"{len(visits)} requests reached the canary"
    return report


async def _request_hosts(report: AttackReport, port: int, count: int, seconds: float, seed: int) -> None:
    rng = random.Random(seed)
    hosts = iter(lambda: hostile_host(rng), None)
    async with make_client([]) as client:
        for host in within(hosts, count, seconds, report.name):
            report.cases += 1
            try:
                answer = await client.get(f"http://{host}:{port}/{report.cases}", timeout=2)
                report.faults.append(f"{host} answered {answer.status_code}")
            except (httpx.RequestError, httpx.InvalidURL):
                continue
