"""Inward addresses in all their spellings, sent through the client of the analysis server: none may arrive."""

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
from tools.fuzz.report import Outcome, within

_PRIVATE4 = [
    IPv4Network(text)
    for text in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
        *("169.254.0.0/16", "100.64.0.0/10", "0.0.0.0/8", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),
    )
]
_PRIVATE6 = [IPv6Network(text) for text in ("::1/128", "::/128", "fc00::/7", "fe80::/10", "ff00::/8")]
_NAMES = ("localhost", "LOCALHOST", "localhost.", "ip6-localhost")


def hostile_host(chance: random.Random) -> str:
    """One inward address in one of its many spellings; one in four is the canary's own."""
    if chance.random() < 0.1:
        return chance.choice(_NAMES)
    if chance.random() < 0.15:
        network6 = chance.choice(_PRIVATE6)
        return f"[{IPv6Address(int(network6[0]) + chance.randrange(network6.num_addresses))}]"
    network = IPv4Network("127.0.0.0/8") if chance.random() < 0.4 else chance.choice(_PRIVATE4)
    address = IPv4Address(int(network[0]) + chance.randrange(network.num_addresses))
    return chance.choice(_SPELLINGS)(address)


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
    """A server on all addresses of this machine, and who came to it."""
    visits: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            visits.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_port, visits
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def attack_addresses(count: int, seconds: float, seed: int) -> Outcome:
    outcome = Outcome("addresses (SSRF)")
    with canary() as (port, visits):
        asyncio.run(_knock(outcome, port, visits, count, seconds, seed))
    outcome.faults += [f"reached the canary by {path}" for path in visits]
    outcome.notes = f"{len(visits)} reached the canary"
    return outcome


async def _knock(outcome: Outcome, port: int, visits: list[str], count: int, seconds: float, seed: int) -> None:
    chance = random.Random(seed)
    hosts = iter(lambda: hostile_host(chance), None)
    async with make_client([]) as client:
        for host in within(hosts, count, seconds, outcome.name):
            outcome.cases += 1
            try:
                answer = await client.get(f"http://{host}:{port}/{outcome.cases}", timeout=2)
                outcome.faults.append(f"{host} answered {answer.status_code}")
            except (httpx.RequestError, httpx.InvalidURL):
                continue
