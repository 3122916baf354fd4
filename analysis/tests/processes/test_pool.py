"""Child processes that die, hang or are told to stop: no job is lost, and no process is left behind."""

import json
import os
import signal
import time
from typing import Any

import httpx
import pytest

from analysis.tests.conftest import SPEECH
from analysis.tests.support.analysis_server import AnalysisServer, is_alive, run_analysis_server
from analysis.tests.support.api_stub import ApiStub
from analysis.tests.support.polling import wait_until


def test_a_job_whose_engine_process_is_killed_still_completes(server: AnalysisServer, api: ApiStub) -> None:
    job = api.job(audio="jfk.flac", text=_text("jfk.flac"), reference_audio_url=None)
    before = set(server.role_pids("engine"))
    body = _kill_engines_during(server, api, job)
    assert body["type"] == "analysis.completed"
    assert body["result"]["attempt_class"] == "scored"
    wait_until(lambda: len(server.role_pids("engine")) == len(before))
    assert not before & set(server.role_pids("engine"))
    wait_until(lambda: server.get("/health/ready").status_code == 200)


def _kill_engines_during(server: AnalysisServer, api: ApiStub, job: dict[str, Any]) -> dict[str, Any]:
    """Kills all engine processes while they listen to the recording; returns the terminal webhook."""
    job_id = server.submit(job)
    wait_until(lambda: "pronunciation" in api.stages(job_id))
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in server.role_pids("engine"):
            os.kill(pid, number)
    return api.wait_for_end(job_id)


def _text(file: str) -> str:
    entries = json.loads((SPEECH / "index.json").read_text(encoding="utf-8"))
    return str(next(entry["text"] for entry in entries if entry["file"] == file))


def test_a_full_queue_responds_429_and_a_hung_process_is_replaced(api: ApiStub) -> None:
    with run_analysis_server(ANALYSIS_QUEUE_SIZE="1", ANALYSIS_WORKERS="1", ANALYSIS_JOB_TIMEOUT_S="8") as small:
        hung = small.role_pids("engine")[0]
        os.kill(hung, signal.SIGSTOP)
        jobs = [api.job(reference_audio_url=None) for _ in range(4)]
        # The two runners take the first two jobs; the third fills the queue.
        for job in jobs[:2]:
            small.submit(job)
            wait_until(lambda: small.queued() == 0)
        small.submit(jobs[2])
        refused = small.post("/analyze", jobs[3])
        assert (refused.status_code, refused.json()["code"]) == (429, "queue_full")
        assert int(refused.headers["retry-after"]) > 0
        assert small.get("/health/ready").json()["status"] == "busy"
        assert api.wait_for_end(jobs[0]["job_id"])["error"]["code"] == "analysis_timeout"
        wait_until(lambda: not is_alive(hung))
        for job in jobs[1:3]:
            assert api.wait_for_end(job["job_id"])["type"] == "analysis.completed"
        small.submit(jobs[0])
        wait_until(lambda: api.webhooks_of(jobs[0]["job_id"])[-1].body["type"] == "analysis.completed")


@pytest.mark.alone
def test_sigterm_ends_the_server_quickly_even_during_a_job(api: ApiStub) -> None:
    with run_analysis_server(ANALYSIS_WORKERS="1") as server:
        children = server.child_pids()
        assert len(children) == 2
        os.kill(server.role_pids("engine")[0], signal.SIGSTOP)
        job_id = server.submit(api.job(reference_audio_url=None))
        wait_until(lambda: "checking" in api.stages(job_id))
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=5) in (0, -signal.SIGTERM)
        assert time.monotonic() - began < 3
        wait_until(lambda: not any(is_alive(child) for child in children), 2)


def test_kill_9_of_the_server_leaves_no_orphan(api: ApiStub) -> None:
    with run_analysis_server(ANALYSIS_WORKERS="1") as server:
        children = server.child_pids()
        server.process.kill()
        server.process.wait(timeout=5)
        wait_until(lambda: not any(is_alive(child) for child in children), 2)
        with pytest.raises(httpx.TransportError):
            server.get("/health/live")
