"""`python -m tools.bench.partitioning`: times of our statements on analysis_results unpartitioned and by month.

Uses its own PostgreSQL without fsync, since only planning and look-ups differ. The rows are copied here so that every
month has a partition with rows; the deployment's script moves none.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
from rich.console import Console

from core.settings import ROOT
from local.embedded import EmbeddedPostgres
from local.embedded.postgres import postgres_binaries
from tools.bench import report
from tools.bench.results import SectionResults, Table, ms

LEARNERS, MONTHS, REPETITIONS = 3_000, 13, 1_000
_FILL = """
INSERT INTO users (issuer, subject, email, name, created_at, updated_at)
SELECT 'bench', i, i || '@yousync.test', 'Learner', now(), now() FROM generate_series(1, %(learners)s) AS i;
INSERT INTO actors (name, created_at, updated_at) VALUES ('Actor', now(), now());
INSERT INTO scripts (title, category, language, synthetic_voice, created_at, updated_at)
VALUES ('Scene', 'bench', 'en-US', true, now(), now());
INSERT INTO tokens (script_id, actor_id, position, text, start_time, end_time, created_at, updated_at)
SELECT scripts.id, actors.id, 1, 'A line.', 0, 3, now(), now() FROM scripts, actors;
INSERT INTO analysis_results (user_id, token_id, job_id, idempotency_key, status, progress, stage, version,
    overall_score, user_audio_s3_url, audio_type, spool_id, attempts, next_attempt_at, created_at, updated_at)
SELECT users.id, tokens.id, gen_random_uuid(), gen_random_uuid()::text, 'completed', 100, 'completed', 10,
    i %% 101, 'recordings/' || i, 'audio/webm', gen_random_uuid(), 1, at, at, at
FROM generate_series(1, %(rows)s) AS i JOIN users ON users.subject = (1 + i %% %(learners)s)::text, tokens,
    LATERAL (SELECT now() - make_interval(months => %(months)s) * ((i - 1.0) / %(rows)s) AS at) AS moment
"""
# The most frequent statements of the service, each with one parameter.
STATEMENTS = {
    "find a job": ("SELECT * FROM analysis_results WHERE job_id = %s", "job_id"),
    "change a job": ("UPDATE analysis_results SET version = version + 1 WHERE job_id = %s", "job_id"),
    "count of a learner": (
        "SELECT count(*), count(DISTINCT token_id), avg(overall_score) FROM analysis_results WHERE user_id = %s",
        "user_id",
    ),
}


def _measure(cursor: Any) -> dict[str, tuple[float, float]]:
    """Seconds of each statement, p50 and p95, after a warm-up."""
    times = {}
    for name, (statement, column) in STATEMENTS.items():
        cursor.execute(f"SELECT {column} FROM analysis_results ORDER BY random() LIMIT %s", [2 * REPETITIONS])  # noqa: S608
        elapsed_s = []
        for value in cursor.fetchall():
            started_at = time.perf_counter()
            cursor.execute(statement, value)
            elapsed_s.append(time.perf_counter() - started_at)
        ordered = sorted(elapsed_s[REPETITIONS:])
        times[name] = statistics.median(ordered), ordered[int(0.95 * REPETITIONS)]
    return times


def _value(cursor: Any, query: str) -> Any:
    cursor.execute(query)
    return cursor.fetchone()[0]


def _partition(url: str, cursor: Any) -> int:
    """Partitions the table by month with the same rows; returns the number of partitions."""
    cursor.execute("CREATE TABLE all_rows AS TABLE analysis_results; TRUNCATE analysis_results")
    cut = _value(cursor, f"SELECT (date_trunc('month', now()) - interval '{MONTHS} months')::date")
    command = [str(postgres_binaries() / "psql"), url, "-X", "-q", "-v", f"cut={cut}"]
    script = ROOT / "deploy" / "partition_analysis_results.sql"
    subprocess.run([*command, "-f", str(script)], check=True, capture_output=True)
    query = "SELECT string_agg(attname, ', ') FROM pg_attribute WHERE attrelid = 'all_rows'::regclass AND attnum > 0"
    columns = _value(cursor, query)
    cursor.execute(f"INSERT INTO analysis_results ({columns}) SELECT {columns} FROM all_rows; DROP TABLE all_rows")  # noqa: S608
    cursor.execute("VACUUM ANALYZE analysis_results")
    return int(_value(cursor, "SELECT count(*) FROM pg_inherits WHERE inhparent = 'analysis_results'::regclass"))


def measure(rows: int) -> Table:
    """Fills a new database, and times the statements before and after it is partitioned."""
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedPostgres(Path(folder) / "postgres", durable=False) as postgres,
    ):
        command = [sys.executable, "-m", "alembic", "upgrade", "head"]
        environment = {**os.environ, "DATABASE_URL": postgres.url}
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        with closing(psycopg2.connect(postgres.url)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute(_FILL, {"rows": rows, "learners": LEARNERS, "months": MONTHS})
            cursor.execute("VACUUM ANALYZE analysis_results")
            index_bytes = _value(cursor, "SELECT pg_indexes_size('analysis_results')") / rows
            whole, count = _measure(cursor), _partition(postgres.url, cursor)
            partitioned = _measure(cursor)
    headings = ("statement", "whole p50", "whole p95", f"{count} partitions p50", f"{count} partitions p95")
    table_rows = [[name, *map(ms, whole[name]), *map(ms, partitioned[name])] for name in STATEMENTS]
    note = f"{rows:,} rows without feedback over {MONTHS} months, in memory; {index_bytes:.0f} bytes of indexes a row."
    return Table("Statements on analysis_results", headings, table_rows, note)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.partitioning", description=__doc__)
    parser.add_argument("--rows", type=int, default=300_000)
    table, console = measure(parser.parse_args().rows), Console(highlight=False, width=120)
    report.show(console, SectionResults([table]))
    console.print(table.note)


if __name__ == "__main__":
    main()
