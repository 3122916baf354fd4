"""Accepts recordings in batches: first the file, then the row; the response is sent when both are durable."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any, cast

from sqlalchemy import Boolean, Engine, Table, bindparam, case, func, insert
from sqlalchemy.exc import IntegrityError

from core.audio_formats import AudioType
from core.errors import AppError, InvalidAccessToken
from core.settings import Settings
from database import autocommit
from jobs.spool import Spool
from jobs.state import SWEEP_GRACE_S
from media.validation import AudioChecker
from models import PROCESSING, AnalysisResult
from services.quotas import AcceptedJob, UploadRequest, check_quotas, lock_users
from services.upload_offers import release_offers
from utils_s3 import recording_key

_INSERT = insert(cast(Table, AnalysisResult.__table__)).values(
    next_attempt_at=func.now() + timedelta(seconds=SWEEP_GRACE_S),
    audio_stored_at=case((bindparam("is_stored", type_=Boolean), func.now())),
)


@dataclass(frozen=True, slots=True)
class Recording:
    """An upload request together with its file."""

    upload: UploadRequest
    file: IO[bytes]


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to insert: `row` holds its columns of `analysis_results`, without those that are equal for every job."""

    upload: UploadRequest
    row: Mapping[str, Any]

    @property
    def user_id(self) -> int:
        """The user that the job belongs to."""
        return self.upload.principal.user_id


# A NewJob is a durable recording whose user another transaction holds: UploadIntake.settle waits for the lock.
Outcome = AcceptedJob | NewJob | Exception


class UploadIntake:
    """Turns recordings into jobs. Every method blocks."""

    def __init__(self, settings: Settings, engine: Engine, spool: Spool, checker: AudioChecker) -> None:
        self._settings = settings
        self._engine = engine
        self._reads = autocommit(engine)
        self._spool = spool
        self._checker = checker

    def check(self, uploads: Sequence[UploadRequest]) -> list[AcceptedJob | AppError | None]:
        """Returns the result of services.quotas.check_quotas, read outside of a transaction."""
        with self._reads.connect() as connection:
            return check_quotas(connection, self._settings, uploads)

    def require(self, upload: UploadRequest) -> None:
        """Raises the error that refuses an upload, before a byte of its recording is read."""
        self.find_earlier(upload)

    def find_earlier(self, upload: UploadRequest) -> AcceptedJob | None:
        """Returns the job that an earlier request with the same key created; raises the error that refuses it."""
        result = self.check([upload])[0]
        if isinstance(result, AppError):
            raise result
        return result

    def accept(self, recordings: Sequence[Recording]) -> list[Outcome]:
        """Returns for each recording its new or earlier job, or the error; a NewJob, to pass to `settle`,
        where another transaction holds the user's lock.

        Errors are those of check_quotas, AudioChecker.check_all and Spool.write_all. A batch has at most one recording
        per user.
        """
        results = self.check([recording.upload for recording in recordings])
        allowed = {uuid.uuid4(): index for index, result in enumerate(results) if result is None}
        outcomes: dict[uuid.UUID, Outcome] = {}
        try:
            outcomes = self._spool_and_register({job_id: recordings[index] for job_id, index in allowed.items()})
        finally:
            for job_id in allowed:
                self._discard_unless_needed(job_id, outcomes.get(job_id))
        by_index = {index: outcomes[job_id] for job_id, index in allowed.items()}
        return [result or by_index[index] for index, result in enumerate(results)]

    def accept_alone(self, recording: Recording) -> AcceptedJob:
        """Accepts one recording, waiting for the lock on its user; raises the error that refuses it."""
        match self.accept([recording])[0]:
            case Exception() as error:
                raise error
            case NewJob() as job:
                return self.settle(job)
            case accepted:
                return accepted

    def settle(self, job: NewJob) -> AcceptedJob:
        """Registers a NewJob that `accept` returned. Raises as `register`, and then discards the recording."""
        accepted = None
        try:
            accepted = self.register(job)
        finally:
            self._discard_unless_needed(job.row["job_id"], accepted)
        return accepted

    def register(self, job: NewJob) -> AcceptedJob:
        """Inserts a job whose recording is durable, or returns the job that an earlier request created.

        Waits for the lock on the user. Raises the errors of check_quotas; IntegrityError when a job has this id.
        """
        outcome = self._insert_alone(job, wait=True)
        if isinstance(outcome, Exception):
            raise outcome
        assert isinstance(outcome, AcceptedJob)  # with wait=True no NewJob is left over
        return outcome

    def _spool_and_register(self, recordings: Mapping[uuid.UUID, Recording]) -> dict[uuid.UUID, Outcome]:
        written = self._spool.write_all({job_id: recording.file for job_id, recording in recordings.items()})
        outcomes: dict[uuid.UUID, Outcome] = {
            job_id: path for job_id, path in written.items() if isinstance(path, AppError)
        }
        paths = {job_id: path for job_id, path in written.items() if not isinstance(path, AppError)}
        jobs = {}
        for job_id, kind in zip(paths, self._checker.check_all(list(paths.values())), strict=True):
            if isinstance(kind, AppError):
                outcomes[job_id] = kind
            else:
                jobs[job_id] = _new_job(job_id, recordings[job_id].upload, kind)
        return outcomes | self._register_all(jobs)

    def _register_all(self, jobs: Mapping[uuid.UUID, NewJob]) -> dict[uuid.UUID, Outcome]:
        """Inserts all jobs in one transaction; if one of them violates a constraint, each in its own."""
        try:
            return dict(zip(jobs, self._insert(list(jobs.values()), wait=False), strict=True))
        except IntegrityError:
            return {job_id: self._insert_alone(job, wait=False) for job_id, job in jobs.items()}
        except Exception as error:
            return dict.fromkeys(jobs, error)

    def _insert_alone(self, job: NewJob, *, wait: bool) -> Outcome:
        try:
            return self._insert([job], wait=wait)[0]
        except IntegrityError as error:  # the line was deleted meanwhile, or a job has this id
            return self._check_again(job, error)
        except Exception as error:
            return error

    def _check_again(self, job: NewJob, error: Exception) -> Outcome:
        try:
            return self.check([job.upload])[0] or error
        except Exception as check_error:
            return check_error

    def _insert(self, jobs: Sequence[NewJob], *, wait: bool) -> list[Outcome]:
        """Inserts the jobs that the quotas allow. Without `wait`, jobs of locked users are returned as they are."""
        if not jobs:
            return []
        with self._engine.begin() as connection:
            locked = lock_users(connection, [job.user_id for job in jobs], wait=wait)
            checked = [job for job in jobs if job.user_id in locked]
            results = check_quotas(connection, self._settings, [job.upload for job in checked]) if checked else []
            allowed = [job for job, result in zip(checked, results, strict=True) if result is None]
            if allowed:
                connection.execute(_INSERT, [{**job.row, "spool_id": self._spool.id} for job in allowed])
                release_offers(connection, [job.upload.offer_id for job in allowed if job.upload.offer_id])
        outcomes: dict[int, Outcome] = {job.user_id: InvalidAccessToken() if wait else job for job in jobs}
        for job, result in zip(checked, results, strict=True):
            outcomes[job.user_id] = result or AcceptedJob(job.row["job_id"], PROCESSING, is_new=True)
        return list(outcomes.values())

    def _discard_unless_needed(self, job_id: uuid.UUID, outcome: Outcome | None) -> None:
        is_needed = outcome.is_new if isinstance(outcome, AcceptedJob) else isinstance(outcome, NewJob)
        if not is_needed:
            self._spool.remove(job_id)


def _new_job(job_id: uuid.UUID, upload: UploadRequest, kind: AudioType) -> NewJob:
    user_id = upload.principal.user_id
    row = {
        "user_id": user_id,
        "token_id": upload.token_id,
        "job_id": job_id,
        "idempotency_key": upload.idempotency_key,
        "user_audio_s3_url": recording_key(user_id, job_id, kind.extension),
        "audio_type": kind.content_type,
        "audio_bytes": upload.size,
        "recorded_words": upload.words.model_dump() if upload.words else None,
        "is_stored": False,
    }
    return NewJob(upload, row)
