"""What the check of recordings survives."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from audio_check import AudioChecker, AudioType
from errors import AudioUndecodable
from tests.audio import encode

WAV = AudioType("wav", "audio/wav")


@pytest.fixture
def checker() -> Iterator[AudioChecker]:
    checker = AudioChecker()
    checker.warm_up()
    yield checker
    checker.close()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "recording of a line"
    path.write_bytes(encode("wav"))
    return path


def test_a_recording_is_not_blamed_for_processes_that_have_died_before(checker: AudioChecker, recording: Path) -> None:
    before = checker.pids
    for pid in before:
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert [checker.check(recording) for _ in range(3)] == [WAV] * 3
    assert not before & checker.pids


def test_a_recording_that_brings_its_process_down_disturbs_no_other(checker: AudioChecker, recording: Path) -> None:
    lost, kept = checker.pids
    for pid in (lost, kept):
        os.kill(pid, signal.SIGSTOP)
    with ThreadPoolExecutor(2) as threads:
        both = [threads.submit(_finding, checker, recording) for _ in range(2)]
        time.sleep(1)
        os.kill(lost, signal.SIGKILL)
        os.kill(kept, signal.SIGCONT)
        assert {future.result(timeout=30) for future in both} == {WAV, AudioUndecodable}
    assert kept in checker.pids
    assert [checker.check(recording) for _ in range(3)] == [WAV] * 3


def _finding(checker: AudioChecker, path: Path) -> object:
    try:
        return checker.check(path)
    except AudioUndecodable as error:
        return type(error)
