"""Taking learners' recordings, as many at once as there are: file first, row second, an answer when both are safe."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any, cast

from sqlalchemy import Engine, Table, insert
from sqlalchemy.exc import IntegrityError

from core.errors import AppError, InvalidAccessToken
from core.settings import Settings
from database import of_single_statements
from jobs.spool import Spool
from jobs.state import HEAD_START_S
from media.sniffing import AudioType
from media.validation import AudioChecker
from models import PROCESSING, AnalysisResult, utc_now
from services.quotas import AcceptedJob, UploadRequest, check_quotas, lock_users
from utils_s3 import recording_key

_INSERT = insert(cast(Table, AnalysisResult.__table__))


@dataclass(frozen=True, slots=True)
class Recording:
    wish: UploadRequest
    file: IO[bytes]


@dataclass(frozen=True, slots=True)
class NewJob:
    """What a wish becomes: `row` are columns of `analysis_results`, without those that every new job has."""

    wish: UploadRequest
    row: Mapping[str, Any]

    @property
    def user_id(self) -> int:
        return self.wish.principal.user_id


# A NewJob is one whose recording is safe while somebody else holds its user: Intake.settle waits for that.
Outcome = AcceptedJob | NewJob | Exception


class Intake:
    """Takes recordings. Every method blocks."""

    def __init__(self, settings: Settings, engine: Engine, spool: Spool, checker: AudioChecker) -> None:
        self._settings = settings
        self._engine = engine
        self._reads = of_single_statements(engine)
        self._spool = spool
        self._checker = checker

    def check(self, wishes: Sequence[UploadRequest]) -> list[AcceptedJob | AppError | None]:
        """See services.quotas.check_quotas."""
        with self._reads.connect() as connection:
            return check_quotas(connection, self._settings, wishes)

    def require(self, wish: UploadRequest) -> None:
        """Raises why a wish is refused, before a byte of its recording is read."""
        self.find(wish)

    def find(self, wish: UploadRequest) -> AcceptedJob | None:
        """The job that was made of this wish earlier; raises why it is refused."""
        verdict = self.check([wish])[0]
        if isinstance(verdict, AppError):
            raise verdict
        return verdict

    def accept(self, recordings: Sequence[Recording]) -> list[Outcome]:
        """For each recording the job made of it, now or earlier; a NewJob that is to be settled; or the error.

        Errors are those of check_quotas, AudioChecker.check_all and Spool.write_all. One recording a user at most.
        """
        verdicts = self.check([recording.wish for recording in recordings])
        granted = {uuid.uuid4(): place for place, verdict in enumerate(verdicts) if verdict is None}
        outcomes: dict[uuid.UUID, Outcome] = {}
        try:
            outcomes = self._take({job_id: recordings[place] for job_id, place in granted.items()})
        finally:
            for job_id in granted:
                self._drop_unless_needed(job_id, outcomes.get(job_id))
        by_place = {place: outcomes[job_id] for job_id, place in granted.items()}
        return [verdict or by_place[place] for place, verdict in enumerate(verdicts)]

    def accept_alone(self, recording: Recording) -> AcceptedJob:
        """As accept, and waits for whoever holds the user; raises why there is no job."""
        match self.accept([recording])[0]:
            case Exception() as error:
                raise error
            case NewJob() as job:
                return self.settle(job)
            case accepted:
                return accepted

    def settle(self, job: NewJob) -> AcceptedJob:
        """Registers what accept could not. Raises as register, and then keeps nothing."""
        accepted = None
        try:
            accepted = self.register(job)
        finally:
            self._drop_unless_needed(job.row["job_id"], accepted)
        return accepted

    def register(self, job: NewJob) -> AcceptedJob:
        """Inserts a job whose recording is safe, or finds the one that was made of the same wish earlier.

        Raises what check_quotas says; IntegrityError when there is a job of this id.
        """
        outcome = self._insert_alone(job, wait=True)
        if isinstance(outcome, Exception):
            raise outcome
        assert isinstance(outcome, AcceptedJob)  # for whoever waits nobody is in the way
        return outcome

    def _take(self, recordings: Mapping[uuid.UUID, Recording]) -> dict[uuid.UUID, Outcome]:
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
                jobs[job_id] = _job(job_id, recordings[job_id].wish, kind)
        return outcomes | self._register(jobs)

    def _register(self, jobs: Mapping[uuid.UUID, NewJob]) -> dict[uuid.UUID, Outcome]:
        """All in one transaction; each alone where one would spoil it for all."""
        try:
            return dict(zip(jobs, self._insert(list(jobs.values()), wait=False), strict=True))
        except IntegrityError:
            return {job_id: self._insert_alone(job, wait=False) for job_id, job in jobs.items()}
        except Exception as error:
            return dict.fromkeys(jobs, error)

    def _insert_alone(self, job: NewJob, *, wait: bool) -> Outcome:
        try:
            return self._insert([job], wait=wait)[0]
        except IntegrityError as error:  # the line was deleted meanwhile, or there is a job of this id
            return self._check_again(job, error)
        except Exception as error:
            return error

    def _check_again(self, job: NewJob, error: Exception) -> Outcome:
        try:
            return self.check([job.wish])[0] or error
        except Exception as worse:
            return worse

    def _insert(self, jobs: Sequence[NewJob], *, wait: bool) -> list[Outcome]:
        """Of those whose users somebody else holds, the jobs themselves, unless it may `wait`."""
        if not jobs:
            return []
        fresh = {"spool_id": self._spool.id, "next_attempt_at": utc_now() + timedelta(seconds=HEAD_START_S)}
        with self._engine.begin() as connection:
            locked = lock_users(connection, [job.user_id for job in jobs], wait=wait)
            mine = [job for job in jobs if job.user_id in locked]
            verdicts = check_quotas(connection, self._settings, [job.wish for job in mine]) if mine else []
            granted = [job for job, verdict in zip(mine, verdicts, strict=True) if verdict is None]
            if granted:
                connection.execute(_INSERT, [{**job.row, **fresh} for job in granted])
        outcomes: dict[int, Outcome] = {job.user_id: InvalidAccessToken() if wait else job for job in jobs}
        for job, verdict in zip(mine, verdicts, strict=True):
            outcomes[job.user_id] = verdict or AcceptedJob(job.row["job_id"], PROCESSING, is_new=True)
        return list(outcomes.values())

    def _drop_unless_needed(self, job_id: uuid.UUID, outcome: Outcome | None) -> None:
        is_needed = outcome.is_new if isinstance(outcome, AcceptedJob) else isinstance(outcome, NewJob)
        if not is_needed:
            self._spool.remove(job_id)


def _job(job_id: uuid.UUID, wish: UploadRequest, kind: AudioType) -> NewJob:
    user_id = wish.principal.user_id
    row = {
        "user_id": user_id,
        "token_id": wish.token_id,
        "job_id": job_id,
        "idempotency_key": wish.idempotency_key,
        "user_audio_s3_url": recording_key(user_id, job_id, kind.extension),
        "audio_type": kind.content_type,
        "audio_bytes": wish.size,
    }
    return NewJob(wish, row)
