"""The whole cluster: two API processes, workers, and an analysis server with workers, some of them killed."""

from pathlib import Path

import httpx

from tests.conftest import MakeApi
from tests.support.cluster import valkey, workers
from tests.support.factories import dubbable_line, follow, make_job, read_events, somebody, wait_for_end
from tests.support.server_processes import WEBHOOK_SECRET, CeleryProcess, ServerProcess


def test_jobs_end_while_workers_of_both_kinds_are_killed(make_api: MakeApi, tmp_path: Path) -> None:
    with valkey(tmp_path) as bus:
        env = {"WEBHOOK_SECRET": WEBHOOK_SECRET, "REDIS_URL": bus.url, "ANALYSIS_WORKERS": "1"}
        machine = CeleryProcess("-A analysis.queueing.tasks worker", env, tmp_path / "machine.log")
        analysis = ServerProcess("analysis.app:app", env, tmp_path / "analysis.log")
        here = make_api(analysis.url, REDIS_URL=bus.url, JOB_REPORT_TIMEOUT_S="2", JOB_LEASE_S="5")
        shared = {name: here.env[name] for name in ("DATABASE_URL", "REDIS_URL", "JOB_REPORT_TIMEOUT_S", "JOB_LEASE_S")}
        there = make_api(analysis.url, **shared)
        try:
            machine.launch()
            analysis.start("/health/ready")
            with (
                workers(here, tmp_path) as team,
                httpx.Client(base_url=here.url, timeout=30) as first,
                httpx.Client(base_url=there.url, timeout=30) as second,
            ):
                who, line = somebody(first), dubbable_line(first)
                jobs = [make_job(client, who, line) for client in (first, second) * 5]
                for process in (team.made[0], machine):
                    process.kill()
                    process.start()
                with follow(second, f"/api/tokens/analysis-progress/{jobs[-2]}", **who.headers) as stream:
                    assert list(read_events(stream))[-1].data["status"] == "completed"
                ends = [wait_for_end(second, who, job_id, timeout_s=90)["status"] for job_id in jobs]
                assert ends == ["completed"] * len(jobs)
        finally:
            machine.kill()
            analysis.kill()
