"""The memory of jobs that many machines share, in Redis: their state, who works on each, and which machines do.

A job's record lives for hours; its lease only as long as somebody works on it and says so. A job that is being worked
on by nobody, or that waits in a queue which has lost it, counts as forgotten: it may be handed over anew.
"""

import time
import uuid
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as DroppedError

from analysis.contract import AnalyzeRequest, JobStatus
from analysis.queueing.jobs import Job

PREFIX: Final = "yousync:analysis:"
QUEUE: Final = "analyze"
SEPARATOR: Final = "@"
PRIORITIES: Final = range(10)
LEASE_S: Final = 15.0
# A job that waits longer than this may have been lost by the queue; doing it twice does no harm.
QUEUED_S: Final = 600.0
# And no longer than this when nothing waits at all.
_SURELY_QUEUED_S: Final = 10.0
_TIMEOUT_S: Final = 2.0

# KEYS: record. ARGV: the run it had, seconds to live, fields. One of several who accept the same job wins.
_ACCEPT = """
if (redis.call('HGET', KEYS[1], 'run') or '') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], unpack(ARGV, 3))
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""
# KEYS: record, lease. ARGV: owner, milliseconds. The request, for the one who may work on it.
_CLAIM = """
local status = redis.call('HGET', KEYS[1], 'status')
if not status or status == 'completed' or status == 'failed' then return false end
if not redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
return redis.call('HGET', KEYS[1], 'request')
"""
# KEYS: record, lease. ARGV: owner, milliseconds (0 ends the lease), seconds to live, fields. 0 when another owns it.
_NOTE = """
local owner = redis.call('GET', KEYS[2])
local status = redis.call('HGET', KEYS[1], 'status')
if owner and owner ~= ARGV[1] then return 0 end
if not status or status == 'completed' or status == 'failed' then return 0 end
if ARGV[2] == '0' then redis.call('DEL', KEYS[2]) else redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2]) end
redis.call('HSET', KEYS[1], unpack(ARGV, 4))
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""


@dataclass(frozen=True)
class Found:
    """A job, and what is known of it besides. `run` tells one acceptance of a job from the next."""

    job: Job
    run: str
    is_forgotten: bool


class SharedJobs:
    """All methods raise redis.RedisError or OSError when Redis cannot be reached."""

    def __init__(self, redis_url: str, kept_s: float) -> None:
        self._redis: Redis = Redis.from_url(
            redis_url,
            socket_timeout=_TIMEOUT_S,
            socket_connect_timeout=_TIMEOUT_S,
            # That Redis has dropped a connection is found out by using it.
            retry=Retry(NoBackoff(), 1, (DroppedError,)),
        )
        self._kept_s = int(kept_s)
        self._accept = self._redis.register_script(_ACCEPT)
        self._claim = self._redis.register_script(_CLAIM)
        self._note = self._redis.register_script(_NOTE)

    async def close(self) -> None:
        await self._redis.aclose()

    async def find(self, job_id: UUID) -> Found | None:
        """The present state of a job."""
        async with self._redis.pipeline() as pipe:
            pipe.hgetall(_record(job_id))
            pipe.exists(_lease(job_id))
            _count_waiting(pipe)
            record, is_leased, *waiting = await pipe.execute()
        if not record:
            return None
        job = _restore(job_id, record)
        age_s = time.time() - float(record[b"queued_at"])
        is_lost = age_s > QUEUED_S or (age_s > _SURELY_QUEUED_S and not sum(waiting))
        is_forgotten = not is_leased and (job.status == "processing" or (job.status == "queued" and is_lost))
        return Found(job, record[b"run"].decode(), is_forgotten)

    async def accept(self, request: AnalyzeRequest, before: Found | None) -> str | None:
        """Notes a job as waiting; its new run, or None when another server was quicker."""
        run = uuid.uuid4().hex
        fields: dict[str, str | bytes] = {
            "run": run,
            "request": request.model_dump_json(),
            "queued_at": repr(time.time()),
            **_fields(Job(request.job_id)),
        }
        words: list[str | bytes | int] = [before.run if before else "", self._kept_s, *_flat(fields)]
        return run if await self._accept(keys=[_record(request.job_id)], args=words) else None

    async def withdraw(self, job_id: UUID) -> None:
        """Forgets a job that could not be queued."""
        await self._redis.delete(_record(job_id))

    async def claim(self, job_id: UUID, owner: str) -> AnalyzeRequest | None:
        """Takes the lease of a job that is to be done; None when it has ended, is unknown or somebody else's."""
        words: list[str | bytes | int] = [owner, int(LEASE_S * 1000)]
        request = await self._claim(keys=[_record(job_id), _lease(job_id)], args=words)
        return AnalyzeRequest.model_validate_json(request) if request else None

    async def note(self, job: Job, owner: str) -> bool:
        """Writes down how far a job is, and renews its lease, or ends it with the job; False when it was taken over."""
        lease_ms = 0 if job.body else int(LEASE_S * 1000)
        words: list[str | bytes | int] = [owner, lease_ms, self._kept_s, *_flat(_fields(job))]
        return bool(await self._note(keys=[_record(job.job_id), _lease(job.job_id)], args=words))

    async def announce(self, worker: str, processes: int) -> None:
        """Says that a machine with so many processes takes jobs; good for LEASE_S."""
        now = time.time()
        async with self._redis.pipeline() as pipe:
            pipe.zadd(f"{PREFIX}crew", {f"{worker}{SEPARATOR}{processes}": now})
            pipe.zremrangebyscore(f"{PREFIX}crew", 0, now - LEASE_S)
            await pipe.execute()

    async def load(self) -> tuple[int, int]:
        """Jobs that wait, and processes that take them."""
        async with self._redis.pipeline() as pipe:
            _count_waiting(pipe)
            pipe.zrangebyscore(f"{PREFIX}crew", time.time() - LEASE_S, "+inf")
            *waiting, crew = await pipe.execute()
        return sum(waiting), sum(int(member.rpartition(SEPARATOR.encode())[2]) for member in crew)


def _record(job_id: UUID) -> str:
    return f"{PREFIX}job:{job_id}"


def _lease(job_id: UUID) -> str:
    return f"{PREFIX}lease:{job_id}"


def _count_waiting(pipe: Any) -> None:
    """Celery keeps one list for each priority; that of 0 has the bare name."""
    for priority in PRIORITIES:
        pipe.llen(f"{PREFIX}{QUEUE}{SEPARATOR}{priority}" if priority else f"{PREFIX}{QUEUE}")


def _fields(job: Job) -> dict[str, str | bytes]:
    fields: dict[str, str | bytes] = {
        "status": job.status,
        "stage": job.stage,
        "progress": str(job.progress),
        "error_code": job.error_code or "",
    }
    return fields | ({"body": job.body} if job.body else {})


def _flat(fields: dict[str, str | bytes]) -> list[str | bytes | int]:
    return [word for pair in fields.items() for word in pair]


def _restore(job_id: UUID, record: dict[bytes, bytes]) -> Job:
    return Job(
        job_id,
        cast(JobStatus, record[b"status"].decode()),
        record[b"stage"].decode(),
        int(record[b"progress"]),
        record[b"error_code"].decode() or None,
        record.get(b"body"),
    )
