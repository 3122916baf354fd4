"""The hazards of `make chaos` take effect and end; the size of a run fits its number of jobs."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tools.chaos.hazards import NoHazards
from tools.chaos.network import BAD, CUT, GOOD, RESET, Link, forwarding
from tools.chaos.plan import FLOOD, Plan, rounds_for
from tools.chaos.slow_disk import PreloadedPostgres, SlowFsync

DATA = bytes(range(256)) * 4096


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.settimeout(30)
        yield server


@pytest.fixture
def link(listener: socket.socket) -> Iterator[Link]:
    link = Link(listener.getsockname()[1])
    with forwarding(link):
        yield link


def connect(link: Link, listener: socket.socket) -> tuple[socket.socket, socket.socket]:
    """Returns both ends of a connection through the link, which has forwarded a byte."""
    client = socket.create_connection(("127.0.0.1", link.port), timeout=30)
    server, _ = listener.accept()
    server.settimeout(30)
    client.sendall(b".")
    assert server.recv(1) == b"."
    return client, server


def read_all(end: socket.socket) -> bytes:
    with end.makefile("rb") as file:
        return file.read()


@pytest.mark.parametrize("state", [GOOD, BAD])
def test_a_network_delivers_everything_in_order(link: Link, listener: socket.socket, state: str) -> None:
    link.set(state)
    client, server = connect(link, listener)
    with client, server:
        client.sendall(DATA)
        client.shutdown(socket.SHUT_WR)
        assert read_all(server) == DATA
        server.sendall(DATA[:1000])
        server.close()
        assert read_all(client) == DATA[:1000]


def test_nothing_passes_a_cut_network_until_it_is_mended(link: Link, listener: socket.socket) -> None:
    client, server = connect(link, listener)
    with client, server:
        with link.in_state(CUT):
            # The command has arrived when new connections no longer do.
            assert not _is_reachable(link, listener)
            client.sendall(b"late")
            server.settimeout(0.5)
            with pytest.raises(TimeoutError):
                server.recv(4)
        server.settimeout(30)
        assert server.recv(4) == b"late"


def test_a_reset_ends_all_connections_and_no_later_one(link: Link, listener: socket.socket) -> None:
    client, server = connect(link, listener)
    link.set(RESET)
    for end in (client, server):
        with end, pytest.raises(ConnectionResetError):
            end.recv(1)
    for end in connect(link, listener):
        end.close()


def test_a_server_that_is_down_resets_connections(link: Link, listener: socket.socket) -> None:
    listener.close()
    with pytest.raises(ConnectionResetError), socket.create_connection(("127.0.0.1", link.port), timeout=30) as client:
        client.recv(1)


def _is_reachable(link: Link, listener: socket.socket) -> bool:
    for _ in range(50):
        with socket.create_connection(("127.0.0.1", link.port), timeout=30):
            listener.settimeout(0.5)
            try:
                listener.accept()[0].close()
            except TimeoutError:
                return False
    return True


def test_two_hundred_jobs_end_within_ten_minutes_and_more_have_more_time() -> None:
    usual = Plan(200, rounds_for(200))
    assert usual.faults_until_s < usual.limit_s < 600
    large = Plan(1000, rounds_for(1000))
    assert usual.limit_s < Plan(200, 1, is_cluster=True).limit_s < 900
    assert large.rounds > usual.rounds
    assert large.limit_s - large.faults_until_s > usual.limit_s - usual.faults_until_s


@pytest.mark.parametrize(("jobs", "faults"), [(40, 27), (200, 27), (1000, 27), (5000, 47)])
def test_the_uploads_beside_the_faults_reach_the_number_of_jobs(jobs: int, faults: int) -> None:
    plan = Plan(jobs, rounds_for(jobs))
    assert plan.rounds * (FLOOD + faults * plan.burst(faults)) >= jobs


def test_each_commit_of_postgresql_waits_while_fsync_is_slow(tmp_path: Path) -> None:
    fsync = SlowFsync(tmp_path)
    if not fsync.is_available:
        pytest.skip("no C compiler")
    with PreloadedPostgres(tmp_path / "postgres", fsync.environment) as postgres, fsync.slower_by(500):
        started_at = time.monotonic()
        postgres.create_database("another")
        assert time.monotonic() - started_at >= 0.5
    assert (tmp_path / "slow_fsync.ms").read_text() == "0\n"


def test_servers_without_hazards_reach_each_other_directly() -> None:
    hazards = NoHazards()
    hazards.connect({"PostgreSQL": 5432})
    assert hazards.through("postgresql://127.0.0.1:5432/x") == "postgresql://127.0.0.1:5432/x"
    assert not hazards.clock("API server")
