"""Learners, lines and jobs, inserted by COPY: a million rows in seconds."""

import io
import uuid
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg2

from core.security import Principal
from models import SCORES

LINES_PER_SCRIPT = 20
_NOW = datetime.now(UTC)


@dataclass(frozen=True)
class SeedData:
    """The learners and lines of a seeded database."""

    learners: list[Principal]
    token_ids: list[int]


def seed(url: str, *, learners: int = 200, scripts: int = 100, actors: int = 20) -> SeedData:
    """Inserts learners with a session each, and scripts of LINES_PER_SCRIPT lines each unless there are any."""
    first = _next_user_id(url)
    principals = [Principal(first + number, uuid.uuid4()) for number in range(learners)]
    users = (_row(p.user_id, "bench", p.user_id, f"{p.user_id}@bench.test", "Learner", _NOW, _NOW) for p in principals)
    until = _NOW + timedelta(days=1)
    sessions = (
        _row(p.user_id, p.session_id, rf"\\x{p.session_id.hex}{p.user_id:08x}", _NOW, until) for p in principals
    )
    tokens = range(1, scripts * LINES_PER_SCRIPT + 1)
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        _copy(cursor, "users (id,issuer,subject,email,name,created_at,updated_at)", users)
        _copy(cursor, "refresh_tokens (user_id,family_id,token_hash,created_at,family_expires_at)", sessions)
        if first == 1:
            _copy(cursor, "actors (id,name,created_at,updated_at)", _actors(actors))
            _copy(
                cursor,
                "scripts (id,title,category,language,synthetic_voice,views,created_at,updated_at)",
                (_row(n, f"Scene {n}", "drama", "en-US", "f", n, _NOW, _NOW) for n in range(1, scripts + 1)),
            )
            columns = "id,script_id,actor_id,position,text,translations,start_time,end_time,created_at,updated_at"
            _copy(cursor, f"tokens ({columns})", (_line(number, actors) for number in tokens))
    _analyze(url)
    return SeedData(principals, list(tokens))


def insert_running_jobs(url: str, learners: Iterable[Principal], token_id: int) -> list[uuid.UUID]:
    """Inserts one job for each learner that waits for a report of the analysis server; returns their ids."""
    jobs = [(learner.user_id, uuid.uuid4()) for learner in learners]
    later = _NOW + timedelta(days=1)
    columns = (
        "user_id,token_id,job_id,status,progress,stage,version,user_audio_s3_url,audio_type,audio_bytes,spool_id,"
        "audio_stored_at,attempts,next_attempt_at,dispatched_at,created_at,updated_at"
    )
    spool_id = uuid.uuid4()
    rows = (
        _row(
            *(user_id, token_id, job_id, "processing", 12, "dispatched", 3, f"recordings/{user_id}/{job_id}.wav"),
            *("audio/wav", 300_000, spool_id, _NOW, 1, later, _NOW, _NOW, _NOW),
        )
        for user_id, job_id in jobs
    )
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        _copy(cursor, f"analysis_results ({columns})", rows)
    _analyze(url)
    return [job_id for _, job_id in jobs]


def insert_finished_jobs(url: str, user_ids: range, tokens: int, count: int) -> None:
    """Inserts `count` results over the last 200 days, assigned to the users in turn; generated inside PostgreSQL."""
    columns = ", ".join(f"{score}_score" for score in SCORES)
    values = ", ".join(f"n %% {100 - 5 * place}" for place in range(len(SCORES)))
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO analysis_results (user_id, token_id, job_id, status, progress, stage, version, attempt_class,
                {columns}, user_audio_s3_url, audio_type, audio_bytes, spool_id, audio_stored_at, attempts,
                next_attempt_at, created_at, updated_at, completed_at)
            SELECT %(first)s + n %% %(users)s, 1 + (n / %(users)s * 7 + n) %% %(tokens)s, gen_random_uuid(),
                'completed', 100, 'completed', 9, 'scored', {values}, 'recordings/x.wav', 'audio/wav',
                300000, gen_random_uuid(), at, 1, at, at, at, at
            FROM (SELECT n, now() - (n %% 200) * interval '1 day' - (n %% 80000) * interval '1 s' AS at
                  FROM generate_series(1, %(count)s) AS n) AS rows
            """,  # noqa: S608 - fixed names
            {"first": user_ids.start, "users": len(user_ids), "tokens": tokens, "count": count},
        )
    _analyze(url)


def _next_user_id(url: str) -> int:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM users")
        (first,) = cursor.fetchone() or (1,)
    return int(first)


def _actors(count: int) -> Iterator[str]:
    return (_row(number, f"Actor {number}", _NOW, _NOW) for number in range(1, count + 1))


def _line(number: int, actors: int) -> str:
    place = number % LINES_PER_SCRIPT
    text, translations = f"This is line {number} of a scene.", f'{{"ko": "{number}번째 대사입니다."}}'
    script = 1 + (number - 1) // LINES_PER_SCRIPT
    return _row(
        number, script, 1 + number % actors, place, text, translations, place * 3.0, place * 3.0 + 2.5, _NOW, _NOW
    )


def _row(*values: object) -> str:
    return "\t".join(map(str, values)) + "\n"


def _copy(cursor: "psycopg2.extensions.cursor", target: str, rows: Iterable[str]) -> None:
    cursor.copy_expert(f"COPY {target} FROM STDIN", io.StringIO("".join(rows)))


def _analyze(url: str) -> None:
    """Updates the planner's statistics, as autovacuum would do some time later."""
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
