#!/usr/bin/env bash
# Most expect: uvloop is a faster event loop with the same behaviour, so a library that works on asyncio's loop reports the
# same errors there: a connection that the peer has reset raises an OSError, which the library turns into its own error.
# What happens: where asyncio's loop raises ConnectionResetError or ends quietly, uvloop raises RuntimeError for a write on
# a closed transport, and returns None for the socket of one that was reset as soon as it was made. redis-py then raises
# RuntimeError instead of redis.ConnectionError, and httpx AttributeError instead of httpx.TransportError: no handler of
# theirs, and no retry, applies.
# Versions: uvloop 0.23.0 with redis-py 8.1.0 and httpx 0.28.1 (httpcore 1.0.9, anyio 4.16.0), Linux.
# Why it matters: a load balancer or a restarted store resets connections; the worker takes an outage for a bug of its own.
# Source: uvloop's documentation calls it a drop-in replacement; asyncio's does not say what a write raises after a reset.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(command -v python3.11 || command -v python3)" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    uvloop==0.23.0 redis==8.1.0 httpx==0.28.1 httpcore==1.0.9 anyio==4.16.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import socket
import struct
import sys
import threading
from collections import Counter

import httpx
import redis
import uvloop
from redis.asyncio import Redis

ATTEMPTS = 200
RESET = struct.pack("ii", 1, 0)


def serve(handle):
    server = socket.create_server(("127.0.0.1", 0), backlog=256)

    def accept():
        while True:
            connection, _ = server.accept()
            handle(connection)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            connection.close()

    threading.Thread(target=accept, daemon=True).start()
    return server.getsockname()[1]


def answer_until_ping(connection):
    """Answers each command of RESP2 with OK, and the first PING with PONG."""
    while True:
        data = connection.recv(4096)
        commands = data.count(b"*")
        if b"PING" in data.upper():
            connection.sendall(b"+PONG\r\n")
            return
        connection.sendall(b"+OK\r\n" * commands)


async def ask_http(port):
    seen = Counter()
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(ATTEMPTS):
            try:
                await client.get(f"http://127.0.0.1:{port}")
            except httpx.TransportError:
                seen["httpx.TransportError"] += 1
            except Exception as error:
                seen[type(error).__name__] += 1
    return seen


async def ask_redis(port):
    seen = Counter()
    for _ in range(20):
        client = Redis(host="127.0.0.1", port=port, protocol=2, retry=None)
        await client.ping()
        await asyncio.sleep(0.05)
        try:
            await client.ping()
        except redis.ConnectionError:
            seen["redis.ConnectionError"] += 1
        except Exception as error:
            seen[type(error).__name__] += 1
        await client.connection_pool.disconnect()
    return seen


def show(counts):
    return ", ".join(sorted(counts))


http_port, redis_port = serve(lambda connection: None), serve(answer_until_ping)
found = {}
for name, run in (("asyncio", asyncio.run), ("uvloop", uvloop.run)):
    found[name] = show(run(ask_http(http_port))), show(run(ask_redis(redis_port)))
    print(f"{name}: httpx raised {found[name][0]}; redis raised {found[name][1]}")
print(f"uvloop {uvloop.__version__}, httpx {httpx.__version__}, redis-py {redis.__version__}")
if found["asyncio"] != ("httpx.TransportError", "redis.ConnectionError"):
    sys.exit("asyncio's loop has changed")
if "AttributeError" not in found["uvloop"][0] or "RuntimeError" not in found["uvloop"][1]:
    sys.exit("uvloop has changed")
PYTHON
