"""Background work of an API process; most of it is left to workers, where there are any."""

import asyncio
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar
from uuid import UUID

from anyio import create_task_group, fail_after, to_thread

from container import Container
from tasks import maintenance

log = logging.getLogger("yousync.sweeper")

Result = TypeVar("Result")

# Less than SWEEP_GRACE_S of jobs/state.py: after that the sweeper claims the job.
GATE_TIMEOUT_S = 3.0
_FEATURES_EVERY_S = 30.0
ERASURE_TIMEOUT_S = 5.0


async def advance(container: Container, job_id: UUID) -> None:
    """Takes one job as far as possible now; the sweeper retries a failure."""
    await to_thread.run_sync(maintenance.advance, container, job_id, limiter=container.limits.jobs)


async def follow_up(container: Container, job_id: UUID) -> None:
    """Takes a new job as far as possible, after the uploads in progress or after GATE_TIMEOUT_S."""
    until = asyncio.get_running_loop().time() + GATE_TIMEOUT_S
    async with container.limits.follow_ups:
        await container.priority_gate.wait(until)
        await advance(container, job_id)


async def compute_features(container: Container, token_id: int) -> None:
    """Computes a line's features in a worker, or here when there is none."""

    def queue_or_compute() -> None:
        if container.queue is None or not container.queue.send("compute_features", token_id):
            maintenance.compute_features(container, token_id)

    await to_thread.run_sync(queue_or_compute, limiter=container.limits.jobs)


async def delete_objects(container: Container, keys: list[str]) -> None:
    for key in keys:
        try:
            await to_thread.run_sync(container.store.delete, key, limiter=container.limits.jobs)
        except Exception as error:
            log.warning("object %s could not be deleted: %s", key, type(error).__name__)


async def delete_erased_objects(container: Container, erasure_id: int) -> None:
    """Deletes the objects of an erased account if the store answers soon; the sweeper repeats what fails."""
    work = partial(container.erasures.delete_objects, erasure_id)
    try:
        with fail_after(ERASURE_TIMEOUT_S):
            await to_thread.run_sync(work, limiter=container.limits.erasures, abandon_on_cancel=True)
    except Exception as error:
        log.warning("objects of an erased account are deleted later: %s", type(error).__name__)


async def write_views(container: Container) -> None:
    seen = container.view_counts.take()
    if not seen:
        return
    try:
        await to_thread.run_sync(container.view_counts.write, seen, limiter=container.limits.jobs)
    except Exception as error:
        container.view_counts.give_back(seen)
        log.warning("views of %d scripts could not be written: %s", len(seen), type(error).__name__)


async def check_then_sweep(container: Container) -> None:
    """Checks the database once, then sweeps as long as the server runs."""
    await to_thread.run_sync(maintenance.check_database, container, limiter=container.limits.jobs)
    await sweep_forever(container)


async def sweep_forever(container: Container) -> None:
    """Runs Sweeper.sweep every SWEEP_INTERVAL_S, and erasures beside it: a store that hangs delays no job."""
    sweeper = Sweeper(container)
    async with create_task_group() as group:
        group.start_soon(_erase_forever, container)
        while True:
            try:
                await sweeper.sweep()
            except Exception as error:
                log.warning("sweep interrupted: %s", type(error).__name__)
            await asyncio.sleep(container.settings.sweep_interval_s)


async def _erase_forever(container: Container) -> None:
    while True:
        for erase in (maintenance.erase_guests, maintenance.resume_erasures):
            await to_thread.run_sync(erase, container, limiter=container.limits.erasures, abandon_on_cancel=True)
        await asyncio.sleep(container.settings.sweep_interval_s)


class Sweeper:
    """Advances due jobs; computes due levels and features and cleans up at longer intervals, where no worker does."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._has_resumed = False
        self._features_at = self._clean_at = 0.0

    async def sweep(self) -> None:
        container, now = self._container, time.monotonic()
        await self._resume_once()
        await write_views(container)
        await self._run(partial(maintenance.remove_erased_files, container))
        has_workers = container.queue is not None and await self._run(container.queue.read_heartbeat)
        await _advance_due(container, only_here=has_workers)
        if now >= self._features_at:
            self._features_at = now + _FEATURES_EVERY_S
            if not has_workers:
                await self._run(partial(maintenance.fill_levels, container))
                await self._run(partial(maintenance.compute_due_features, container))
        if now >= self._clean_at:
            self._clean_at = now + container.settings.clean_interval_s
            await self._run(partial(maintenance.clean_spool, container))
            if not has_workers:
                await self._run(partial(maintenance.clean, container))

    async def _resume_once(self) -> None:
        """Makes unfinished jobs due, unless other processes may hold their leases."""
        if not self._has_resumed and not self._container.settings.allows_several_processes:
            await self._run(self._container.jobs.resume)
        self._has_resumed = True

    async def _run(self, work: Callable[[], Result]) -> Result:
        return await to_thread.run_sync(work, limiter=self._container.limits.jobs)


async def _advance_due(container: Container, *, only_here: bool) -> None:
    due = await to_thread.run_sync(lambda: container.jobs.due(only_here=only_here), limiter=container.limits.jobs)
    async with create_task_group() as group:
        for job_id in due:
            group.start_soon(advance, container, job_id)
