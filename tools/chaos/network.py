"""A bad network between two servers: TCP proxies that delay, hold back and reset what passes through them.

TCP repeats lost packets, so that a program notices their loss as a wait: for the time after which the sender repeats
them, doubled at each loss of the same packet (RFC 6298). The proxies run in a process of their own,
`python -m tools.chaos.network PORT:TO_PORT …`, which reads one command per line, `PORT STATE`, and ends at their end.
"""

import asyncio
import random
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from core.settings import ROOT
from tests.support.server_processes import free_port

GOOD, BAD, CUT, RESET = "good", "bad", "cut", "reset"
"""States of a link: unchanged; with delay and loss; nothing passes. RESET ends every connection and is no state."""
DELAY_S = (0.02, 0.12)
LOST_PERCENT = 8
# The shortest time after which Linux repeats a packet.
FIRST_REPEAT_S = 0.2
_PIECE_BYTES = 64 * 1024
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)


class Link:
    """The connections to one server; `port` forwards to it."""

    def __init__(self, to_port: int) -> None:
        self.port, self.to_port = free_port(), to_port
        self._process: subprocess.Popen[str] | None = None

    def attach(self, process: subprocess.Popen[str]) -> None:
        """Gives the link its running proxy."""
        self._process = process

    def set(self, state: str) -> None:
        """Changes the network between the servers at once."""
        assert self._process is not None and self._process.stdin is not None
        self._process.stdin.write(f"{self.port} {state}\n")
        self._process.stdin.flush()

    @contextmanager
    def in_state(self, state: str) -> Iterator[None]:
        """Changes the network while the block runs."""
        self.set(state)
        try:
            yield
        finally:
            self.set(GOOD)


@contextmanager
def forwarding(*links: Link) -> Iterator[None]:
    """Runs the proxies of `links` until the end of the block."""
    words = [f"{link.port}:{link.to_port}" for link in links]
    command = [sys.executable, "-m", "tools.chaos.network", *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            for link in links:
                link.attach(process)
            yield
        finally:
            process.kill()


class _Relay:
    """The proxy of one link."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._state = GOOD
        self._is_whole = asyncio.Event()
        self._is_whole.set()
        self._writers: set[asyncio.StreamWriter] = set()

    def obey(self, command: str) -> None:
        if command == RESET:
            for writer in tuple(self._writers):
                _reset(writer)
            return
        self._state = command
        if command == CUT:
            self._is_whole.clear()
        else:
            self._is_whole.set()

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forwards one connection in both directions until both have ended, or one has failed."""
        await self._travel()
        writers = {writer}
        try:
            to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self._to_port)
            writers.add(to_writer)
            self._writers |= writers
            async with asyncio.TaskGroup() as directions:
                directions.create_task(self._forward(reader, to_writer))
                directions.create_task(self._forward(to_reader, writer))
        except* OSError:
            for each in writers:
                _reset(each)
        finally:
            self._writers -= writers
            for each in writers:
                each.close()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_PIECE_BYTES):
            await self._travel()
            writer.write(data)
            await writer.drain()
        await self._travel()
        writer.write_eof()

    async def _travel(self) -> None:
        """Waits for as long as a packet of this link is on its way."""
        if self._state == BAD:
            delay_s, repeat_s = random.uniform(*DELAY_S), FIRST_REPEAT_S  # noqa: S311 - no secret
            while random.randrange(100) < LOST_PERCENT:  # noqa: S311 - as above
                delay_s, repeat_s = delay_s + repeat_s, 2 * repeat_s
            await asyncio.sleep(delay_s)
        await self._is_whole.wait()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Ends a connection with RST, as a router does that has lost its state."""
    with suppress(OSError):  # it is closed already
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
    writer.transport.abort()


async def _serve(ports: list[str]) -> None:
    relays: dict[str, _Relay] = {}
    for port, _, to_port in (pair.partition(":") for pair in ports):
        relays[port] = _Relay(int(to_port))
        await asyncio.start_server(relays[port].connect, "127.0.0.1", int(port), backlog=1024)
    commands = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while line := await commands.readline():
        port, state = line.decode().split()
        relays[port].obey(state)


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1:]))
