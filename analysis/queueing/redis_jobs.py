"""Job records in Redis, shared by all servers and workers: state, lease, and the workers that take jobs.

A record lives for hours; its lease only as long as a worker runs the job and renews it. A job is abandoned when it is
processing without a lease, or waits in a queue that has lost it: then it may be sent and run again.
"""

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
from analysis.stages import Stage
from common.redis_connections import reporting_loss

KEY_PREFIX: Final = "yousync:analysis:"
QUEUE_NAME: Final = "analyze"
SEPARATOR: Final = "@"
PRIORITIES: Final = range(10)
REDIS_TIMEOUT_S: Final = 2.0
LEASE_S: Final = 15.0
# A job that waits longer than this may have been lost by the queue; running it twice does no harm.
MAX_QUEUED_S: Final = 600.0
# The same when the queue is empty: the message of the job should have arrived by now.
MAX_ENQUEUE_S: Final = 10.0

_ACTIVE_WORKERS: Final = f"{KEY_PREFIX}crew"

# KEYS: record. ARGV: the run it had, seconds to live, fields. Of several servers that accept the same job one wins.
_ACCEPT_SCRIPT = """
if (redis.call('HGET', KEYS[1], 'run') or '') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], unpack(ARGV, 3))
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""
# KEYS: record, lease. ARGV: owner, milliseconds. Returns the request when the owner has got the lease.
_CLAIM_SCRIPT = """
local status = redis.call('HGET', KEYS[1], 'status')
if not status or status == 'completed' or status == 'failed' then return false end
if not redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
return redis.call('HGET', KEYS[1], 'request')
"""
# KEYS: record, lease. ARGV: owner, milliseconds (0 ends the lease), seconds to live, fields.
# Returns 0 when another owner has the lease.
_UPDATE_SCRIPT = """
local owner = redis.call('GET', KEYS[2])
local status = redis.call('HGET', KEYS[1], 'status')
if owner and owner ~= ARGV[1] then return 0 end
if not status or status == 'completed' or status == 'failed' then return 0 end
if ARGV[2] == '0' then redis.call('DEL', KEYS[2]) else redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2]) end
redis.call('HSET', KEYS[1], unpack(ARGV, 4))
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""

_Argument = str | bytes | int


def make_redis(redis_url: str) -> Redis:
    """Returns a client with time limits.

    It retries once on a new connection: that Redis has closed the old one is noticed only when it is used.
    """
    client = Redis.from_url(
        redis_url,
        socket_timeout=REDIS_TIMEOUT_S,
        socket_connect_timeout=REDIS_TIMEOUT_S,
        retry=Retry(NoBackoff(), 1, (DroppedError,)),
    )
    reporting_loss(client.connection_pool)
    return client


@dataclass(frozen=True)
class JobRecord:
    """A job as Redis has it. `run` distinguishes one acceptance of a job from the next."""

    job: Job
    run: str
    is_abandoned: bool


class RedisJobs:
    """All methods raise redis.RedisError or OSError when Redis cannot be reached. All times are those of Redis."""

    def __init__(self, redis_url: str, kept_s: float) -> None:
        self._redis = make_redis(redis_url)
        self._kept_s = int(kept_s)
        self._accept = self._redis.register_script(_ACCEPT_SCRIPT)
        self._claim = self._redis.register_script(_CLAIM_SCRIPT)
        self._update = self._redis.register_script(_UPDATE_SCRIPT)

    async def close(self) -> None:
        """Closes the connections."""
        await self._redis.aclose()

    async def find(self, job_id: UUID) -> JobRecord | None:
        """Returns the present record of a job."""
        async with self._redis.pipeline() as pipe:
            pipe.hgetall(record_key(job_id))
            pipe.exists(_lease_key(job_id))
            pipe.time()
            _count_waiting(pipe)
            fields, is_leased, now, *waiting = await pipe.execute()
        if not fields:
            return None
        job = _restore(job_id, fields)
        queued_s = now[0] - float(fields[b"queued_at"])
        is_lost = queued_s > MAX_QUEUED_S or (queued_s > MAX_ENQUEUE_S and not sum(waiting))
        is_abandoned = not is_leased and (job.status == "processing" or (job.status == "queued" and is_lost))
        return JobRecord(job, fields[b"run"].decode(), is_abandoned)

    async def accept(self, request: AnalyzeRequest, known: JobRecord | None) -> str | None:
        """Records a job as waiting. Returns its new run, or None when another server has accepted it meanwhile."""
        run = uuid.uuid4().hex
        now_s, _ = await self._redis.time()
        fields: dict[str, str | bytes] = {
            "run": run,
            "request": request.model_dump_json(),
            "queued_at": str(now_s),
            **_fields(Job(request.job_id)),
        }
        arguments: list[_Argument] = [known.run if known else "", self._kept_s, *_flatten(fields)]
        return run if await self._accept(keys=[record_key(request.job_id)], args=arguments) else None

    async def withdraw(self, job_id: UUID) -> None:
        """Deletes the record of a job that could not be queued."""
        await self._redis.delete(record_key(job_id))

    async def claim(self, job_id: UUID, owner: str) -> AnalyzeRequest | None:
        """Takes the lease of a waiting job. Returns None when it has ended, is unknown, or another owner has it."""
        arguments: list[_Argument] = [owner, int(LEASE_S * 1000)]
        request = await self._claim(keys=[record_key(job_id), _lease_key(job_id)], args=arguments)
        return AnalyzeRequest.model_validate_json(request) if request else None

    async def update(self, job: Job, owner: str) -> bool:
        """Saves the state of a job and renews its lease, or ends the lease when the job has ended.

        Returns False when another owner has taken the job over.
        """
        lease_ms = 0 if job.body else int(LEASE_S * 1000)
        arguments: list[_Argument] = [owner, lease_ms, self._kept_s, *_flatten(_fields(job))]
        return bool(await self._update(keys=[record_key(job.job_id), _lease_key(job.job_id)], args=arguments))

    async def announce(self, worker: str, processes: int) -> None:
        """Records that a worker with this many engine processes takes jobs; valid for LEASE_S."""
        now_s, _ = await self._redis.time()
        async with self._redis.pipeline() as pipe:
            pipe.zadd(_ACTIVE_WORKERS, {f"{worker}{SEPARATOR}{processes}": now_s})
            pipe.zremrangebyscore(_ACTIVE_WORKERS, 0, now_s - LEASE_S)
            await pipe.execute()

    async def load(self) -> tuple[int, int]:
        """Returns the number of waiting jobs, and of the engine processes of all announced workers."""
        async with self._redis.pipeline() as pipe:
            _count_waiting(pipe)
            pipe.zrange(_ACTIVE_WORKERS, 0, -1, withscores=True)
            pipe.time()
            *waiting, workers, (now_s, _) = await pipe.execute()
        active = [member for member, announced_at in workers if announced_at >= now_s - LEASE_S]
        return sum(waiting), sum(int(member.rpartition(SEPARATOR.encode())[2]) for member in active)


def record_key(job_id: UUID | str) -> str:
    """Returns the key of a job's record."""
    return f"{KEY_PREFIX}job:{job_id}"


def _lease_key(job_id: UUID) -> str:
    return f"{KEY_PREFIX}lease:{job_id}"


def _count_waiting(pipe: Any) -> None:
    """Adds the commands that count the jobs of each priority. Celery keeps a list for each; that of 0 has no suffix."""
    for priority in PRIORITIES:
        pipe.llen(f"{KEY_PREFIX}{QUEUE_NAME}{SEPARATOR}{priority}" if priority else f"{KEY_PREFIX}{QUEUE_NAME}")


def _fields(job: Job) -> dict[str, str | bytes]:
    fields: dict[str, str | bytes] = {
        "status": job.status,
        "stage": job.stage,
        "progress": str(job.progress),
        "error_code": job.error_code or "",
    }
    return fields | ({"body": job.body} if job.body else {})


def _flatten(fields: dict[str, str | bytes]) -> list[_Argument]:
    return [argument for pair in fields.items() for argument in pair]


def _restore(job_id: UUID, fields: dict[bytes, bytes]) -> Job:
    return Job(
        job_id,
        cast(JobStatus, fields[b"status"].decode()),
        Stage(fields[b"stage"].decode()),
        int(fields[b"progress"]),
        fields[b"error_code"].decode() or None,
        fields.get(b"body"),
    )
