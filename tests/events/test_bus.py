"""The choice of the bus; and catching up with what other processes have published. No server is needed."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from unittest.mock import Mock
from uuid import UUID, uuid4

import pytest

from core.settings import Settings
from core.thread_pool import Threads
from events.bus import LocalBus, make_bus, make_publisher
from events.catch_up import CatchUp, write_message
from events.hub import Hub
from events.snapshot import Snapshot

JOB = uuid4()
UNREACHABLE = "redis://127.0.0.1:1/0"


def snapshot(version: int) -> Snapshot:
    return Snapshot(JOB, version, "processing", "gop", 50)


def make_settings(folder: Path, redis_url: str | None) -> Settings:
    return Settings(_env_file=None, spool_dir=folder, redis_url=redis_url)


@pytest.fixture
def hub() -> Mock:
    """A hub with listeners for one job, which know version 3."""
    hub = Mock(Hub)
    hub.known_versions.return_value = {JOB: 3}
    return hub


def test_local_bus_publishes_to_the_hub_only(tmp_path: Path, hub: Mock) -> None:
    settings = make_settings(tmp_path, None)
    bus = make_bus(settings, hub, Mock(Threads))
    assert isinstance(bus, LocalBus)
    assert (bus.is_connected, settings.allows_several_processes) == (True, False)
    bus.publish(snapshot(4))
    hub.publish.assert_called_once_with(snapshot(4))
    asyncio.run(asyncio.wait_for(bus.listen(Mock()), 1))
    with pytest.raises(ValueError, match="broker"):
        make_publisher(settings)


def test_listeners_here_get_states_while_the_broker_is_unreachable(
    tmp_path: Path, hub: Mock, caplog: pytest.LogCaptureFixture
) -> None:
    settings = make_settings(tmp_path, UNREACHABLE)

    async def scenario() -> None:
        bus = make_bus(settings, hub, Mock(Threads))
        assert not bus.is_connected
        bus.publish(snapshot(4))
        await bus.close()

    asyncio.run(scenario())
    hub.publish.assert_called_once_with(snapshot(4))
    assert "progress cannot be published to other processes: ConnectionError" in caplog.text
    publisher = make_publisher(settings)
    publisher.publish(snapshot(4))
    publisher.close()


def catch_up(hub: Mock, message: bytes | None, load: Mock) -> None:
    """Lets `hub` receive `message`, or resynchronise."""

    async def scenario() -> None:
        threads = Threads(1)
        try:
            part = CatchUp(hub, threads, load)
            await (part.resync() if message is None else part.receive(message))
        finally:
            threads.close()

    asyncio.run(scenario())


@pytest.mark.parametrize("message", [write_message(snapshot(4)).encode(), None], ids=["message", "resync"])
def test_newer_states_of_followed_jobs_are_published(hub: Mock, message: bytes | None) -> None:
    def load(known: Mapping[UUID, int]) -> Iterable[Snapshot]:
        assert known == {JOB: 3}
        return [snapshot(4)]

    catch_up(hub, message, Mock(side_effect=load))
    hub.publish.assert_called_once_with(snapshot(4))


def test_nothing_is_loaded_without_listeners(hub: Mock) -> None:
    hub.known_versions.return_value = {}
    load = Mock()
    catch_up(hub, write_message(snapshot(4)).encode(), load)
    load.assert_not_called()


def test_database_errors_are_logged_and_survived(hub: Mock, caplog: pytest.LogCaptureFixture) -> None:
    catch_up(hub, None, Mock(side_effect=OSError))
    assert "progress of other processes could not be read: OSError" in caplog.text
    assert caplog.records[-1].levelno == logging.WARNING
    hub.publish.assert_not_called()
