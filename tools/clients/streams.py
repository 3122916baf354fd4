"""SSE clients that follow held jobs over a cut connection: all at once, since each waits longer than a ticket lives."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from tools.clients.learner import Learner
from tools.clients.stand_in import StandIn
from tools.clients.toolbox import ClientFailed, Toolbox

CLIENTS = {
    "httpx-sse": "streams.py",
    "aiohttp-sse-client2": "streams.py",
    "sseclient-py": "streams.py",
    "eventsource": "streams.mjs",
    "@microsoft/fetch-event-source": "streams.mjs",
    "eventsource-parser": "streams.mjs",
    "hey-api": "streams.mjs",
    "followProgress": "streams.mjs",
}
"""SSE libraries and the programs that use them."""
CUT_AFTER_S = 70.0
_PATIENCE_S = 60.0


class CuttingProxy:
    """A TCP proxy in front of the service that can cut its connections."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.connections = 0
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        """Resets every open connection."""
        while self._open:
            with suppress(OSError):
                self._open.pop().shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listener.close()
        self.cut()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                target = socket.create_connection(("127.0.0.1", self._target))
                self.connections += 1
                self._open += [client, target]
                for pair in ((client, target), (target, client)):
                    threading.Thread(target=_copy, args=pair, daemon=True).start()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True)
class Follower:
    """One client that follows a job of its own."""

    proxy: CuttingProxy
    process: subprocess.Popen[str]
    job_id: str
    lines: list[str]

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in list(self.lines) if line.startswith("{")]


@contextmanager
def following(toolbox: Toolbox, service: str, audio: bytes) -> Iterator[dict[str, Follower]]:
    """Starts all clients, each with a learner and a job of its own."""
    followers: dict[str, Follower] = {}
    try:
        for name, program in CLIENTS.items():
            followers[name] = _start(toolbox, service, name, program, audio)
        yield followers
    finally:
        for follower in followers.values():
            follower.process.kill()
            follower.process.wait()
            follower.proxy.close()


def _start(toolbox: Toolbox, service: str, name: str, program: str, audio: bytes) -> Follower:
    learner, proxy = Learner(service), CuttingProxy(int(service.rpartition(":")[2]))
    accepted = learner.upload(learner.line(), audio)
    words = [*toolbox.command(program), name, proxy.url, learner.token, accepted["progress_url"]]
    process = subprocess.Popen(
        words, env=environment(toolbox), cwd=toolbox.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    follower = Follower(proxy, process, accepted["job_id"], [])
    threading.Thread(target=_read, args=[follower], daemon=True).start()
    return follower


def environment(toolbox: Toolbox) -> dict[str, str]:
    """Returns the whole environment of a client program."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(toolbox.folder), **toolbox.environment()}


def _read(follower: Follower) -> None:
    assert follower.process.stdout
    for line in follower.process.stdout:
        follower.lines.append(line)


def follow_over_a_cut(toolbox: Toolbox, service: str, stand_in: StandIn, audio: bytes) -> Mapping[str, str | None]:
    """Returns, by client, what was wrong or None. Takes about 80 s."""
    stand_in.holds = True
    try:
        with following(toolbox, service, audio) as followers:
            _wait(lambda: all(each.events() or each.process.poll() is not None for each in followers.values()))
            sys.stdout.write(f"      {len(followers)} streams are open; they are cut after {CUT_AFTER_S:.0f} s\n")
            sys.stdout.flush()
            time.sleep(CUT_AFTER_S)
            seen = {name: len(each.events()) for name, each in followers.items()}
            opened = {name: each.proxy.connections for name, each in followers.items()}
            for each in followers.values():
                each.proxy.cut()
            _wait(lambda: all(each.proxy.connections > opened[name] for name, each in followers.items()))
            for each in followers.values():
                require_hold(stand_in, each.job_id)
                stand_in.release(each.job_id)
            _wait(lambda: all(each.process.poll() is not None for each in followers.values()))
            return {name: _judge(each, seen[name], opened[name]) for name, each in followers.items()}
    finally:
        stand_in.holds = False


def _wait(condition: Any) -> None:
    give_up_at = time.monotonic() + _PATIENCE_S
    while not condition() and time.monotonic() < give_up_at:
        time.sleep(0.2)


def _judge(follower: Follower, seen: int, opened: int) -> str | None:
    events, code = follower.events(), follower.process.poll()
    said = "".join(follower.lines)[-400:]
    if not seen:
        return f"no event before the cut: {said}"
    if follower.proxy.connections <= opened:
        return f"it did not connect again: {said}"
    if code != 0:
        return f"it {'did not end' if code is None else f'ended with {code}'}: {said}"
    if events[-1]["status"] != "completed" or len(events) <= seen:
        return f"the end of the job did not arrive: {said}"
    return None


def require_hold(stand_in: StandIn, job_id: str) -> None:
    """Waits until the stand-in has a job. Raises ClientFailed."""
    _wait(lambda: job_id in stand_in.handovers)
    if job_id not in stand_in.handovers:
        raise ClientFailed("the job was not handed over to the analysis server")
