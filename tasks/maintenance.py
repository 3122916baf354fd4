"""What servers and workers do without being asked: move jobs on, compute features, clean up. All of it blocks, may
run twice at once, and raises nothing: what fails now is found again later.
"""

import logging
from functools import partial
from uuid import UUID

from container import WorkerContainer
from services.auth import delete_expired_tokens
from services.recordings import remove_expired_recordings
from services.storage_cleanup import delete_abandoned_uploads, delete_orphans

log = logging.getLogger("yousync.sweeper")


def advance(container: WorkerContainer, job_id: UUID) -> None:
    """Takes one job as far as it goes now; what fails is left to the sweeper."""
    try:
        container.jobs.advance(job_id)
    except Exception as error:
        log.warning("job %s left to the sweeper: %s", job_id, type(error).__name__)


def due(container: WorkerContainer) -> list[UUID]:
    """Jobs that nobody has moved in time."""
    try:
        return container.jobs.due()
    except Exception as error:
        log.warning("sweep interrupted: %s", type(error).__name__)
        return []


def compute_features(container: WorkerContainer, token_id: int) -> bool:
    """False when it has to be tried again later."""
    try:
        return container.reference.compute_features(token_id)
    except Exception as error:
        log.warning("features of line %d wait: %s", token_id, type(error).__name__)
        return False


def compute_due_features(container: WorkerContainer) -> None:
    try:
        due = container.reference.due()
    except Exception as error:
        log.warning("sweep interrupted: %s", type(error).__name__)
        return
    for token_id in due:
        if not compute_features(container, token_id):
            break


def clean(container: WorkerContainer) -> None:
    """Removes what has had its time, and left-overs."""
    settings, sessions, store = container.settings, container.sessions, container.store
    for work in (
        partial(remove_expired_recordings, sessions, store, settings.recording_retention_days),
        partial(delete_expired_tokens, sessions),
        partial(delete_orphans, sessions, store, settings.orphan_grace_s),
        partial(delete_abandoned_uploads, store, settings.upload_ttl_s),
    ):
        try:
            work()
        except Exception as error:
            log.warning("clean-up interrupted: %s", type(error).__name__)


def clean_spool(container: WorkerContainer) -> None:
    """Removes left-overs that only this machine can see."""
    try:
        container.jobs.clean_spool(container.settings.orphan_grace_s)
    except Exception as error:
        log.warning("clean-up of the spool interrupted: %s", type(error).__name__)
