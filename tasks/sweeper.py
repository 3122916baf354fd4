"""What goes on behind the answers of an API process. Workers take most of it over where there are any."""

import asyncio
import logging
import time
from uuid import UUID

from anyio import create_task_group, to_thread

from container import Container
from tasks import maintenance

log = logging.getLogger("yousync.sweeper")

# Less than HEAD_START_S of jobs/state.py: then the sweeper comes.
PATIENCE_S = 3.0
_FEATURES_EVERY_S = 30.0


async def advance(container: Container, job_id: UUID) -> None:
    """Takes one job as far as it goes now; what fails is left to the sweeper."""
    await to_thread.run_sync(maintenance.advance, container, job_id, limiter=container.limits.jobs)


async def follow_up(container: Container, job_id: UUID) -> None:
    """Takes a new job as far as it goes, once recordings that are being taken let it, or after PATIENCE_S."""
    until = asyncio.get_running_loop().time() + PATIENCE_S
    async with container.limits.follow_ups:
        await container.priority_gate.wait(until)
        await advance(container, job_id)


async def compute_features(container: Container, token_id: int) -> None:
    """Has a line's features computed: by a worker, or here."""

    def hand_on_or_compute() -> None:
        if container.queue is None or not container.queue.send("compute_features", token_id):
            maintenance.compute_features(container, token_id)

    await to_thread.run_sync(hand_on_or_compute, limiter=container.limits.jobs)


async def delete_objects(container: Container, keys: list[str]) -> None:
    for key in keys:
        try:
            await to_thread.run_sync(container.store.delete, key, limiter=container.limits.jobs)
        except Exception as error:
            log.warning("object %s stays behind: %s", key, type(error).__name__)


async def write_views(container: Container) -> None:
    seen = container.view_counts.take()
    if not seen:
        return
    try:
        await to_thread.run_sync(container.view_counts.write, seen, limiter=container.limits.jobs)
    except Exception as error:
        container.view_counts.give_back(seen)
        log.warning("views of %d scripts wait: %s", len(seen), type(error).__name__)


async def sweep_forever(container: Container) -> None:
    """Takes up what nobody moved in time: jobs every few seconds, features and leftovers now and then."""
    features_at = clean_at = 0.0
    resumed = False
    while True:
        try:
            if not resumed:
                # With several processes here, another one may be at work on what this one finds unfinished.
                if container.bus is None:
                    await to_thread.run_sync(container.jobs.resume, limiter=container.limits.jobs)
                resumed = True
            await write_views(container)
            has_workers = container.queue is not None and await to_thread.run_sync(
                container.queue.read_heartbeat, limiter=container.limits.jobs
            )
            await _advance_due(container, only_here=has_workers)
            now = time.monotonic()
            if now >= features_at:
                features_at = now + _FEATURES_EVERY_S
                if not has_workers:
                    await to_thread.run_sync(maintenance.compute_due_features, container, limiter=container.limits.jobs)
            if now >= clean_at:
                clean_at = now + container.settings.clean_interval_s
                await to_thread.run_sync(maintenance.clean_spool, container, limiter=container.limits.jobs)
                if not has_workers:
                    await to_thread.run_sync(maintenance.clean, container, limiter=container.limits.jobs)
        except Exception as error:
            log.warning("sweep interrupted: %s", type(error).__name__)
        await asyncio.sleep(container.settings.sweep_interval_s)


async def _advance_due(container: Container, *, only_here: bool) -> None:
    due = await to_thread.run_sync(lambda: container.jobs.due(only_here=only_here), limiter=container.limits.jobs)
    async with create_task_group() as group:
        for job_id in due:
            group.start_soon(advance, container, job_id)
