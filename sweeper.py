"""What goes on behind the answers: moving jobs on, computing features, cleaning up. Nothing here may raise."""

import asyncio
import logging
import time
from functools import partial
from uuid import UUID

from anyio import create_task_group, to_thread

from parts import Parts
from services.auth import delete_expired_tokens
from services.orphans import delete_orphans
from services.recordings import remove_expired_recordings

log = logging.getLogger("yousync.sweeper")

_FEATURES_EVERY_S = 30.0


async def advance(parts: Parts, job_id: UUID) -> None:
    """Takes one job as far as it goes now; what fails is left to the sweeper."""
    try:
        await to_thread.run_sync(parts.jobs.advance, job_id, limiter=parts.limits.jobs)
    except Exception as error:
        log.warning("job %s left to the sweeper: %s", job_id, type(error).__name__)


async def compute_features(parts: Parts, token_id: int) -> bool:
    """False when it has to be tried again later."""
    try:
        return await to_thread.run_sync(parts.reference.compute_features, token_id, limiter=parts.limits.jobs)
    except Exception as error:
        log.warning("features of line %d wait: %s", token_id, type(error).__name__)
        return False


async def delete_objects(parts: Parts, keys: list[str]) -> None:
    for key in keys:
        try:
            await to_thread.run_sync(parts.store.delete, key, limiter=parts.limits.jobs)
        except Exception as error:
            log.warning("object %s stays behind: %s", key, type(error).__name__)


async def write_views(parts: Parts) -> None:
    seen = parts.views.take()
    try:
        await to_thread.run_sync(parts.views.write, seen, limiter=parts.limits.jobs)
    except Exception as error:
        parts.views.give_back(seen)
        log.warning("views of %d scripts wait: %s", len(seen), type(error).__name__)


async def sweep_forever(parts: Parts) -> None:
    """Takes up what nobody moved in time: jobs every few seconds, features and leftovers now and then."""
    features_at = clean_at = 0.0
    resumed = False
    while True:
        try:
            if not resumed:
                # With several processes here, another one may be at work on what this one finds unfinished.
                if parts.bus is None:
                    await to_thread.run_sync(parts.jobs.resume, limiter=parts.limits.jobs)
                resumed = True
            await write_views(parts)
            await _advance_due(parts)
            now = time.monotonic()
            if now >= features_at:
                features_at = now + _FEATURES_EVERY_S
                await _compute_due_features(parts)
            if now >= clean_at:
                clean_at = now + parts.settings.clean_interval_s
                await _clean(parts)
        except Exception as error:
            log.warning("sweep interrupted: %s", type(error).__name__)
        await asyncio.sleep(parts.settings.sweep_interval_s)


async def _advance_due(parts: Parts) -> None:
    due = await to_thread.run_sync(parts.jobs.due, limiter=parts.limits.jobs)
    async with create_task_group() as group:
        for job_id in due:
            group.start_soon(advance, parts, job_id)


async def _compute_due_features(parts: Parts) -> None:
    for token_id in await to_thread.run_sync(parts.reference.due, limiter=parts.limits.jobs):
        if not await compute_features(parts, token_id):
            break


async def _clean(parts: Parts) -> None:
    grace_s = parts.settings.orphan_grace_s
    for work in (
        partial(remove_expired_recordings, parts.sessions, parts.store, parts.settings.recording_retention_days),
        partial(delete_expired_tokens, parts.sessions),
        partial(parts.jobs.clean_spool, grace_s),
        partial(delete_orphans, parts.sessions, parts.store, grace_s),
    ):
        try:
            await to_thread.run_sync(work, limiter=parts.limits.jobs)
        except Exception as error:
            log.warning("clean-up interrupted: %s", type(error).__name__)
