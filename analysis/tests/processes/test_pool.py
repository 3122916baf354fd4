"""Processes that die, hang or are told to stop: nothing is lost, nothing is left behind."""

import json
import os
import signal
import time

import httpx
import pytest

from analysis.tests.conftest import SPEECH
from analysis.tests.support.live_server import Server, World, is_alive, job_for, server, wait_for

pytestmark = pytest.mark.usefixtures("calm")


def test_a_worker_killed_in_mid_job_costs_nothing_but_time(running: Server, here: World) -> None:
    job = job_for(here, audio="jfk.flac", text=_text("jfk.flac"), reference_audio_url=None)
    before = set(running.workers("engine"))
    assert running.post("/analyze", job).status_code == 202
    wait_for(lambda: any(hook.body["stage"] == "pronunciation" for hook in here.of(job["job_id"])))
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for worker in running.workers("engine"):
            os.kill(worker, number)
    body = here.terminal(job["job_id"]).body
    assert body["type"] == "analysis.completed"
    assert body["result"]["attempt_class"] == "scored"
    wait_for(lambda: len(running.workers("engine")) == len(before))
    assert not before & set(running.workers("engine"))
    wait_for(lambda: running.get("/health/ready").status_code == 200)


def _text(file: str) -> str:
    entries = json.loads((SPEECH / "index.json").read_text(encoding="utf-8"))
    return str(next(entry["text"] for entry in entries if entry["file"] == file))


def test_a_full_queue_answers_429_and_a_hung_worker_is_replaced(here: World) -> None:
    with server(ANALYSIS_QUEUE_SIZE="1", ANALYSIS_WORKERS="1", ANALYSIS_JOB_TIMEOUT_S="4") as small:
        worker = small.workers("engine")[0]
        os.kill(worker, signal.SIGSTOP)
        jobs = [job_for(here, reference_audio_url=None) for _ in range(4)]
        answers = []
        for job in jobs:
            answers.append(small.post("/analyze", job))
            time.sleep(0.2)
        assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
        assert int(answers[-1].headers["retry-after"]) > 0
        assert answers[-1].json()["code"] == "queue_full"
        assert small.get("/health/ready").json()["status"] == "busy"
        first = here.terminal(jobs[0]["job_id"]).body
        assert first["error"]["code"] == "analysis_timeout"
        wait_for(lambda: not is_alive(worker))
        for job in jobs[1:3]:
            assert here.terminal(job["job_id"]).body["type"] == "analysis.completed"
        assert small.post("/analyze", jobs[0]).status_code == 202
        wait_for(lambda: here.of(jobs[0]["job_id"])[-1].body["type"] == "analysis.completed")


def test_sigterm_ends_everything_quickly_even_in_mid_request(here: World) -> None:
    with server(ANALYSIS_WORKERS="1") as one:
        children = one.children()
        assert len(children) == 2
        here.delays["austen-0930.flac"] = 0.2
        os.kill(one.workers("engine")[0], signal.SIGSTOP)
        one.post("/analyze", job_for(here))
        time.sleep(0.5)
        began = time.monotonic()
        one.process.send_signal(signal.SIGTERM)
        assert one.process.wait(timeout=5) in (0, -signal.SIGTERM)
        assert time.monotonic() - began < 3
        wait_for(lambda: not any(is_alive(child) for child in children), 2)


def test_kill_9_leaves_no_orphan(here: World) -> None:
    with server(ANALYSIS_WORKERS="1") as one:
        children = one.children()
        one.process.kill()
        one.process.wait(timeout=5)
        wait_for(lambda: not any(is_alive(child) for child in children), 2)
        with pytest.raises(httpx.TransportError):
            one.get("/health/live")
