"""The check at the end of a run, which reads the tables and the store directly and not through the API."""

from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field

import psycopg2

from tools.chaos.load import Attempt
from tools.chaos.servers import Servers

# Every UPDATE that ends a job, or changes an ended one, adds a row: a second row means a job that ended twice.
TRIGGER_SQL = """
CREATE TABLE chaos_ends (job_id uuid, status text);
CREATE FUNCTION chaos_note() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO chaos_ends VALUES (NEW.job_id, NEW.status); RETURN NULL; END';
CREATE TRIGGER chaos_watch AFTER UPDATE ON analysis_results FOR EACH ROW
  WHEN (NEW.status <> 'processing') EXECUTE FUNCTION chaos_note();
"""
JOBS_SQL = """
SELECT job_id::text, idempotency_key, status, error_code, extract(epoch FROM completed_at)::float8, user_audio_s3_url
FROM analysis_results
"""


@dataclass(frozen=True)
class Row:
    """A job as the database has it."""

    job_id: str
    key: str
    status: str
    error_code: str | None
    ended_at: float | None
    object_key: str


@dataclass
class Verdict:
    """The outcome of all accepted jobs."""

    accepted: int = 0
    completed: int = 0
    erased: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    orphaned: list[str] = field(default_factory=list)
    times_s: list[float] = field(default_factory=list)


def install_trigger(servers: Servers) -> None:
    """Makes PostgreSQL record every end of a job in the table chaos_ends."""
    with closing(psycopg2.connect(servers.postgres.url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(TRIGGER_SQL)


def count_unfinished(servers: Servers) -> int | None:
    """The number of jobs that have not ended; None while PostgreSQL is unavailable."""
    try:
        connection = psycopg2.connect(servers.postgres.url, connect_timeout=2)
        with closing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM analysis_results WHERE status = 'processing'")
            (count,) = cursor.fetchone() or (0,)
        return int(count)
    except psycopg2.Error:
        return None


def assess(servers: Servers, accepted: list[Attempt]) -> Verdict:
    """Compares accepted uploads with rows, recorded ends, objects and spools."""
    rows, ends = _read(servers)
    objects = list_objects(servers)
    verdict = Verdict(accepted=len(accepted))
    for attempt in accepted:
        _assess_one(verdict, attempt, rows.get(attempt.job_id), objects)
    known = {job_id for attempt in accepted for job_id in attempt.job_ids}
    verdict.doubled += [job_id for job_id, count in ends.items() if count > 1]
    verdict.doubled += [
        f"{row.job_id} belongs to no accepted upload" for row in rows.values() if row.job_id not in known
    ]
    verdict.orphaned += sorted(objects.keys() - {row.object_key for row in rows.values()})
    for spool in servers.spools:
        verdict.orphaned += [path.name for path in spool.iterdir() if path.name != "spool.id"]
    return verdict


def _assess_one(verdict: Verdict, attempt: Attempt, row: Row | None, objects: dict[str, int]) -> None:
    if len(attempt.job_ids) > 1:
        verdict.doubled.append(f"{attempt.key} was given {len(attempt.job_ids)} jobs")
    if attempt.is_erased:
        _assess_erased(verdict, attempt, row)
        return
    if row is None:
        verdict.lost.append(attempt.job_id)
        return
    if row.status == "processing":
        verdict.stuck.append(attempt.job_id)
        return
    if row.ended_at is not None:
        verdict.times_s.append(row.ended_at - attempt.accepted_at)
    if row.status == "completed":
        verdict.completed += 1
    else:
        verdict.failed[row.error_code or "(no reason)"] += 1
    is_whole = objects.get(row.object_key) == len(attempt.recording.audio)
    if not is_whole or row.error_code == "recording_lost" or (row.status == "failed" and not row.error_code):
        verdict.lost.append(attempt.job_id)


def _assess_erased(verdict: Verdict, attempt: Attempt, row: Row | None) -> None:
    if row is None:
        verdict.erased += 1
    else:
        verdict.orphaned.append(f"{attempt.job_id} outlived its account")


def _read(servers: Servers) -> tuple[dict[str, Row], Counter[str]]:
    with closing(psycopg2.connect(servers.postgres.url)) as connection, connection.cursor() as cursor:
        cursor.execute(JOBS_SQL)
        rows = {row[0]: Row(*row) for row in cursor.fetchall()}
        cursor.execute("SELECT job_id::text FROM chaos_ends")
        ends = Counter(str(job_id) for (job_id,) in cursor.fetchall())
    return rows, ends


def list_objects(servers: Servers) -> dict[str, int]:
    """Returns the size of each recording in the store, in bytes, by key."""
    account = servers.s3.account
    client = account.client()
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=account.bucket, Prefix="recordings/")
    try:
        return {item["Key"]: item["Size"] for page in pages for item in page.get("Contents", [])}
    finally:
        client.close()
