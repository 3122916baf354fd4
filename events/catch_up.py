"""The messages about progress between processes, over any broker, and making up for those that were missed.

A message says only which job has changed, and to which version; a process with listeners for that job reads the row,
which is the truth. A bus calls `resync` as soon as it is connected again, and every RESYNC_EVERY_S.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from core.thread_pool import Threads
from events.hub import Hub
from events.snapshot import Snapshot

log = logging.getLogger("yousync.events")

CHANNEL = "yousync:progress"
RESYNC_EVERY_S = 15.0

# Returns, for job ids with the versions that listeners know, the states that are newer. Blocks.
LoadNewer = Callable[[Mapping[UUID, int]], Iterable[Snapshot]]


def write_message(snapshot: Snapshot) -> str:
    """Returns the message that announces a state."""
    return f"{snapshot.job_id} {snapshot.version}"


class CatchUp:
    """Gives the hub the states that listeners here do not have yet."""

    def __init__(self, hub: Hub, threads: Threads, load: LoadNewer) -> None:
        self._hub = hub
        self._threads = threads
        self._load = load

    async def receive(self, message: bytes) -> None:
        """Reads the job that a message names, if it has listeners here."""
        try:
            job, _, version = message.decode().partition(" ")
            changed = {UUID(job): int(version) - 1}
        except ValueError:
            log.warning("unknown message on channel %s", CHANNEL)
            return
        await self._publish_newer(self._hub.known_versions(changed))

    async def resync(self) -> None:
        """Reads all jobs with listeners here, since messages may have been missed."""
        await self._publish_newer(self._hub.known_versions())

    async def _publish_newer(self, known: Mapping[UUID, int]) -> None:
        """Reads the states that are newer than what listeners here know, and hands them to the hub."""
        if not known:
            return
        try:
            snapshots = await self._threads.run(self._load, known)
        except Exception as error:
            # The next resync reads them; an unavailable database is reported elsewhere.
            log.warning("progress of other processes could not be read: %s", type(error).__name__)
            return
        for snapshot in snapshots:
            self._hub.publish(snapshot)
