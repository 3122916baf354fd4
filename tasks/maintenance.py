"""Background work of servers and workers: advance jobs, compute features, clean up. Every function blocks, may run
twice at the same time, and raises nothing: a later sweep repeats what fails now.
"""

import logging
from functools import partial
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

from container import WorkerContainer
from database import explain_unusable
from services import levels
from services.auth import delete_expired_tokens
from services.recordings import remove_expired_recordings
from services.storage_cleanup import delete_abandoned_uploads, delete_orphans
from services.upload_offers import delete_expired_offers

log = logging.getLogger("yousync.sweeper")


def check_database(container: WorkerContainer) -> None:
    """Logs how to mend a database that cannot be used; called once at the start."""
    try:
        with container.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                log.warning("the database has no tables: run alembic upgrade head")
    except OperationalError as error:
        log.warning("the database cannot be used: %s", explain_unusable(error, container.engine.url))
    except Exception as error:
        log.warning("the database could not be checked: %s", type(error).__name__)


def advance(container: WorkerContainer, job_id: UUID) -> None:
    """Takes one job as far as possible now; the sweeper retries a failure."""
    try:
        container.jobs.advance(job_id)
    except Exception as error:
        log.warning("job %s left to the sweeper: %s", job_id, type(error).__name__)


def due(container: WorkerContainer) -> list[UUID]:
    """Returns jobs whose lease or pause is over; none when they cannot be read."""
    try:
        return container.jobs.due()
    except Exception as error:
        log.warning("sweep interrupted: %s", type(error).__name__)
        return []


def compute_features(container: WorkerContainer, token_id: int) -> bool:
    """Computes the features of a line; False when it has to be tried again later."""
    try:
        return container.reference.compute_features(token_id)
    except Exception as error:
        log.warning("features of line %d wait: %s", token_id, type(error).__name__)
        return False


def compute_due_features(container: WorkerContainer) -> None:
    """Computes missing features of all lines, until the analysis server cannot do more now."""
    try:
        due = container.reference.due()
    except Exception as error:
        log.warning("sweep interrupted: %s", type(error).__name__)
        return
    for token_id in due:
        if not compute_features(container, token_id):
            break


def fill_levels(container: WorkerContainer) -> None:
    """Computes the levels of lines that another version of the server has written."""
    try:
        levels.fill(container.sessions)
    except Exception as error:
        log.warning("levels wait: %s", type(error).__name__)


def clean(container: WorkerContainer) -> None:
    """Deletes expired rows and recordings, and objects without a row."""
    settings, sessions, store = container.settings, container.sessions, container.store
    for clean_up in (
        partial(remove_expired_recordings, sessions, store, settings.recording_retention_days),
        partial(delete_expired_tokens, sessions),
        partial(delete_expired_offers, sessions),
        partial(delete_orphans, sessions, store, settings.orphan_grace_s),
        partial(delete_abandoned_uploads, store, settings.upload_ttl_s),
    ):
        try:
            clean_up()
        except Exception as error:
            log.warning("clean-up interrupted: %s", type(error).__name__)


def resume_erasures(container: WorkerContainer) -> None:
    """Deletes objects of erased accounts that the store could not delete at once."""
    try:
        container.erasures.resume()
    except Exception as error:
        log.warning("objects of erased accounts wait: %s", type(error).__name__)


def erase_guests(container: WorkerContainer) -> None:
    """Erases guests whose time is over."""
    try:
        container.erasures.erase_guests()
    except Exception as error:
        log.warning("guests are erased later: %s", type(error).__name__)


def remove_erased_files(container: WorkerContainer) -> None:
    """Removes recordings of erased accounts from this machine's spool."""
    try:
        container.erasures.remove_files()
    except Exception as error:
        log.warning("recordings of erased accounts wait in the spool: %s", type(error).__name__)


def clean_spool(container: WorkerContainer) -> None:
    """Deletes files without a row from this machine's spool."""
    try:
        container.jobs.clean_spool(container.settings.orphan_grace_s)
    except Exception as error:
        log.warning("clean-up of the spool interrupted: %s", type(error).__name__)
