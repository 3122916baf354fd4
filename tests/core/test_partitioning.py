"""deploy/partition_analysis_results.sql and archive_analysis_results.sql on real tables, with the service running."""

import subprocess
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import httpx
import psycopg2
import pytest

from core.settings import ROOT
from local.embedded.postgres import postgres_binaries
from tests.conftest import MakeApi
from tests.support.factories import Learner, dubbable_line, make_job, somebody, upload, wait_for_end
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until

MONTHS_BACK, OLD_ROWS, ROWS_A_MONTH = 3, 4_000, 200
# Inserts rows of finished jobs, 65 minutes apart from `since` on.
FILL = """
INSERT INTO analysis_results (user_id, token_id, job_id, status, progress, stage, version, overall_score,
    user_audio_s3_url, audio_type, audio_bytes, spool_id, audio_stored_at, audio_removed_at, attempts,
    next_attempt_at, completed_at, created_at, updated_at)
SELECT %(user_id)s, %(token_id)s, gen_random_uuid(), 'completed', 100, 'completed', 9, i %% 101,
    'recordings/gone/' || i, 'audio/webm', 40000, gen_random_uuid(), at, at, 1, at, at, at, at
FROM generate_series(1, %(rows)s) AS i,
    LATERAL (SELECT %(since)s::timestamptz + i * interval '65 minutes' AS at) AS moment
"""


def month_before(months: int) -> date:
    today = datetime.now(UTC).date()
    number = 12 * today.year + today.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def part_of(month: date) -> str:
    return f"analysis_results_{month:%Y_%m}"


def psql(server: ServerProcess, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    words = [str(postgres_binaries() / "psql"), server.env["DATABASE_URL"], "-X", "-q"]
    words += [word for name, value in variables.items() for word in ("-v", f"{name}={value}")]
    return subprocess.run([*words, "-f", str(ROOT / "deploy" / script)], capture_output=True, text=True)


def ask(server: ServerProcess, query: str, parameters: Any = None) -> list[Any]:
    with closing(psycopg2.connect(server.env["DATABASE_URL"])) as connection, connection, connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall() if cursor.description else []


def all_rows(server: ServerProcess) -> list[str]:
    return [row for (row,) in ask(server, "SELECT to_jsonb(r)::text FROM analysis_results r ORDER BY id")]


def parts_in(server: ServerProcess, query: str) -> set[str]:
    """Returns the partitions that a query would scan."""
    (plan,) = ask(server, f"EXPLAIN (FORMAT JSON) {query}")[0]

    def walk(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            yield from (value for name, value in node.items() if name == "Relation Name")
            node = list(node.values())
        if isinstance(node, list):
            for inner in node:
                yield from walk(inner)

    return {name for name in walk(plan) if name.startswith("analysis_results")}


@dataclass
class Service:
    server: ServerProcess
    client: httpx.Client
    learner: Learner
    token_id: int
    old_job: str
    rows_before: list[str]


@pytest.fixture(scope="module")
def service(make_api: MakeApi, analysis: ServerProcess) -> Iterator[Service]:
    """A service partitioned while it ran: one partition of old rows, three past months with rows, and future months."""
    server, cut = make_api(analysis.url), month_before(MONTHS_BACK)
    with httpx.Client(base_url=server.url, timeout=30) as client:
        learner, token_id = somebody(client), dubbable_line(client)
        old_job = str(upload(client, learner, token_id, key="old").json()["job_id"])
        assert wait_for_end(client, learner, old_job)["status"] == "completed"
        ask(server, "UPDATE analysis_results SET created_at = created_at - interval '400 days'")
        values = {"user_id": learner.user["id"], "token_id": token_id, "rows": OLD_ROWS}
        ask(server, FILL, {**values, "since": datetime(cut.year - 1, cut.month, 1, tzinfo=UTC)})
        rows_before = all_rows(server)
        done = psql(server, "partition_analysis_results.sql", cut=str(cut))
        assert done.returncode == 0, done.stderr
        rows_after = all_rows(server)
        for back in range(1, MONTHS_BACK + 1):
            ask(server, FILL, {**values, "rows": ROWS_A_MONTH, "since": month_before(back)})
        assert rows_after == rows_before and len(rows_before) == OLD_ROWS + 1
        yield Service(server, client, learner, token_id, old_job, rows_before)


def test_every_row_is_in_its_partition(service: Service) -> None:
    found = dict(ask(service.server, "SELECT tableoid::regclass::text, count(*) FROM analysis_results GROUP BY 1"))
    assert found["analysis_results_past"] == OLD_ROWS + 1
    assert [found[part_of(month_before(back))] for back in range(1, MONTHS_BACK + 1)] == [ROWS_A_MONTH] * MONTHS_BACK
    parts = ask(
        service.server,
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'analysis_results'::regclass",
    )
    assert {part_of(month_before(-ahead)) for ahead in range(4)} <= {name for (name,) in parts}


def test_recording_is_scored_and_shown_on_my_page(service: Service) -> None:
    client, learner, token_id = service.client, service.learner, service.token_id
    before = client.get("/api/mypage/overview", headers=learner.headers).json()
    job_id = make_job(client, learner, token_id)
    result = wait_for_end(client, learner, job_id)
    assert result["status"] == "completed" and result["overall_score"] is not None
    where = "SELECT tableoid::regclass::text, id FROM analysis_results WHERE job_id = %s"
    ((part, row_id),) = ask(service.server, where, [job_id])
    assert part == part_of(month_before(0))
    assert ask(service.server, "SELECT max(id) FROM analysis_results") == [(row_id,)]
    after = client.get("/api/mypage/overview", headers=learner.headers).json()
    assert after["totals"]["attempts"] == before["totals"]["attempts"] + 1
    (dub,) = client.get("/api/mypage/my-dubbed-tokens", headers=learner.headers).json()["items"]
    assert dub["last_job_id"] == job_id and dub["attempts"] == after["totals"]["attempts"]


def test_pagination_covers_all_partitions_once(service: Service) -> None:
    who, seen = service.learner, list[str]()
    asked: dict[str, Any] = {"token_id": service.token_id, "limit": 100}
    while True:
        answer = service.client.get("/api/mypage/attempts", headers=who.headers, params=asked)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        seen += [attempt["job_id"] for attempt in page["items"]]
        if page["next_cursor"] is None:
            break
        asked["cursor"] = page["next_cursor"]
    query = "SELECT job_id::text FROM analysis_results WHERE user_id = %s ORDER BY id DESC"
    assert seen == [job_id for (job_id,) in ask(service.server, query, [who.user["id"]])]


def test_idempotency_key_makes_one_job_across_partitions(service: Service) -> None:
    client, learner = service.client, service.learner
    again = upload(client, learner, service.token_id, key="old")
    assert again.json()["job_id"] == service.old_job
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: upload(client, learner, service.token_id, key="at once"), range(8)))
    assert {answer.status_code for answer in answers} <= {200, 202}, [answer.text for answer in answers]
    assert len({answer.json()["job_id"] for answer in answers}) == 1
    count = "SELECT count(*) FROM analysis_results WHERE user_id = %s AND idempotency_key = 'at once'"
    assert ask(service.server, count, [learner.user["id"]]) == [(1,)]
    wait_for_end(client, learner, answers[0].json()["job_id"])


def test_queries_by_time_scan_only_matching_partitions(service: Service) -> None:
    last, this = month_before(1), month_before(0)
    of_a_month = f"SELECT count(*) FROM analysis_results WHERE created_at >= '{last}' AND created_at < '{this}'"
    assert parts_in(service.server, of_a_month) == {part_of(last)}
    # The query of `claim` for a job of last month scans no partition of this month or later.
    before = (
        f"SELECT count(*) FROM analysis_results WHERE status = 'processing' AND user_id = 1 AND created_at < '{this}'"
    )
    assert parts_in(service.server, before) == {
        "analysis_results_past",
        *(part_of(month_before(n)) for n in range(1, 4)),
    }
    by_job = f"SELECT * FROM analysis_results WHERE job_id = '{uuid.uuid4()}'"
    assert len(parts_in(service.server, by_job)) == 1 + MONTHS_BACK + 1 + 3


def test_month_is_archived_only_after_its_recordings_are_deleted(service: Service) -> None:
    server, client, month = service.server, service.client, month_before(2)
    gone, part = somebody(client), part_of(month)
    values = {"user_id": gone.user["id"], "token_id": service.token_id, "rows": 5, "since": month}
    ask(server, FILL, values)
    ask(server, f"UPDATE {part} SET audio_removed_at = NULL WHERE user_id = %s", [gone.user["id"]])
    refused = psql(server, "archive_analysis_results.sql", part=part)
    assert refused.returncode != 0 and "5 jobs whose recording is kept" in refused.stderr
    ask(server, f"UPDATE {part} SET audio_removed_at = now() WHERE user_id = %s", [gone.user["id"]])
    (rows,) = ask(server, "SELECT count(*) FROM analysis_results")[0]
    done = psql(server, "archive_analysis_results.sql", part=part)
    assert done.returncode == 0, done.stderr
    assert ask(server, f"SELECT count(*) FROM archive.{part}") == [(ROWS_A_MONTH + 5,)]
    assert ask(server, "SELECT count(*) FROM analysis_results") == [(rows - ROWS_A_MONTH - 5,)]
    overview = client.get("/api/mypage/overview", headers=gone.headers)
    assert overview.status_code == 200 and overview.json()["totals"]["attempts"] == 0
    # Erasing an account deletes its rows in the archive, too.
    assert client.delete("/api/auth/me", headers=gone.headers).status_code == 204
    assert ask(server, f"SELECT count(*) FROM archive.{part}") == [(ROWS_A_MONTH,)]


def test_partitions_are_created_once(service: Service) -> None:
    assert ask(service.server, "SELECT make_analysis_results_months()") == [(0,)]
    assert ask(service.server, "SELECT make_analysis_results_months(5)") == [(2,)]
    again = psql(service.server, "partition_analysis_results.sql")
    assert again.returncode == 0 and "already" in again.stderr


def test_uploads_continue_while_the_table_is_partitioned(make_api: MakeApi) -> None:
    server = make_api(JOB_RETRY_BASE_S="30")
    with httpx.Client(base_url=server.url, timeout=30) as client:
        learner, token_id = somebody(client), dubbable_line(client)
        ended, accepted = threading.Event(), list[str]()

        def go_on() -> None:
            while not ended.is_set():
                accepted.append(make_job(client, learner, token_id))

        def more_than(count: int) -> None:
            wait_until(lambda: len(accepted) > count or any(one.done() for one in uploads))

        with ThreadPoolExecutor(4) as threads:
            uploads = [threads.submit(go_on) for _ in range(4)]
            more_than(5)
            done = psql(server, "partition_analysis_results.sql")
            more_than(len(accepted) + 5)
            ended.set()
            for one in uploads:
                one.result()
        assert done.returncode == 0, done.stderr
    kept = {job_id for (job_id,) in ask(server, "SELECT job_id::text FROM analysis_results")}
    assert kept == set(accepted)
