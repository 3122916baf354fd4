"""The check of recordings, also with crashed processes and malformed files."""

import os
import signal
import struct
import time
import wave
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.audio_formats import AudioType
from core.errors import AudioEmpty, AudioTooLong, AudioTypeUnsupported, AudioUndecodable
from media.validation import AudioChecker
from tests.support import field_files
from tests.support.audio import encode

WAV, FLAC = AudioType("wav", "audio/wav"), AudioType("flac", "audio/flac")


@pytest.fixture
def checker() -> Iterator[AudioChecker]:
    checker = AudioChecker()
    checker.warm_up()
    yield checker
    checker.close()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "recording of a line"
    path.write_bytes(encode("flac"))
    return path


def test_dead_processes_do_not_fail_the_next_recording(checker: AudioChecker, recording: Path) -> None:
    before = checker.pids
    for pid in before:
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert [checker.check(recording) for _ in range(3)] == [FLAC] * 3
    assert not before & checker.pids


def test_crashed_process_fails_only_its_recording(checker: AudioChecker, recording: Path) -> None:
    lost, kept = checker.pids
    for pid in (lost, kept):
        os.kill(pid, signal.SIGSTOP)
    with ThreadPoolExecutor(2) as threads:
        both = [threads.submit(_finding, checker, recording) for _ in range(2)]
        time.sleep(1)
        os.kill(lost, signal.SIGKILL)
        os.kill(kept, signal.SIGCONT)
        assert {future.result(timeout=30) for future in both} == {FLAC, AudioUndecodable}
    assert kept in checker.pids
    assert [checker.check(recording) for _ in range(3)] == [FLAC] * 3


def test_only_bad_recordings_of_a_batch_are_refused(checker: AudioChecker, tmp_path: Path) -> None:
    broken = encode("flac")[:60] + b"no frames"
    takes = [encode("flac"), b"", encode("wav"), broken, encode("webm"), b"no audio at all", encode("wav", 121)]
    paths = [tmp_path / f"take {number}" for number in range(len(takes))]
    for path, take in zip(paths, takes, strict=True):
        path.write_bytes(take)
    found = [kind if isinstance(kind, AudioType) else type(kind) for kind in checker.check_all(paths)]
    webm = AudioType("webm", "audio/webm")
    assert found == [FLAC, AudioEmpty, WAV, AudioUndecodable, webm, AudioTypeUnsupported, AudioTooLong]


def test_queued_recordings_survive_the_crash_of_their_process(checker: AudioChecker, recording: Path) -> None:
    """The process has several requests queued and is killed while it handles the first."""
    stopped = checker.pids
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(checker.check_all, [recording] * 4)
        time.sleep(1)
        for pid in stopped:
            os.kill(pid, signal.SIGKILL)
        found = [kind if isinstance(kind, AudioType) else type(kind) for kind in asked.result(timeout=30)]
    assert found == [AudioUndecodable, FLAC, FLAC, FLAC]


@pytest.mark.parametrize(
    ("at", "number"),
    [(40, 0), (40, 0xFFFFFFFF), (16, 0xFFFFFFF0), (4, 30), (24, 0)],
    ids=["no data", "data beyond the end", "oversized format chunk", "RIFF size too small", "no sample rate"],
)
def test_wav_file_with_an_inconsistent_header_is_decoded(
    checker: AudioChecker, tmp_path: Path, at: int, number: int
) -> None:
    path = tmp_path / "take"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(32_000))
    take = bytearray(path.read_bytes())
    take[at : at + 4] = number.to_bytes(4, "little")
    path.write_bytes(take)
    for pid in checker.pids:
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    dead = checker.pids
    checker.check_all([path])
    assert not dead <= checker.pids, "no process has decoded the file"


def test_plain_wav_file_is_checked_without_a_process(checker: AudioChecker, tmp_path: Path) -> None:
    path = tmp_path / "take"
    path.write_bytes(encode("wav"))
    checker.close()
    assert checker.check(path) == WAV


@pytest.mark.parametrize("name", field_files.RECORDINGS)
def test_recordings_that_can_be_read_are_accepted(checker: AudioChecker, tmp_path: Path, name: str) -> None:
    path = tmp_path / "take"
    path.write_bytes(field_files.RECORDINGS[name]())
    assert checker.check(path).extension == name.rpartition(".")[2]


def test_container_without_a_sample_is_empty(checker: AudioChecker, tmp_path: Path) -> None:
    heads = [encode("webm").partition(b"\x1f\x43\xb6\x75")[0], encode("ogg")[:47], encode("flac", 0.0), b"#!AMR\n"]
    paths = [tmp_path / f"take {number}" for number in range(len(heads))]
    for path, head in zip(paths, heads, strict=True):
        path.write_bytes(head)
    assert [type(found) for found in checker.check_all(paths)] == [AudioEmpty] * len(heads)


def test_samples_of_an_odd_size_are_unsupported(checker: AudioChecker, tmp_path: Path) -> None:
    take = bytearray(encode("wav"))
    struct.pack_into("<H", take, 32, 4)
    path = tmp_path / "take"
    path.write_bytes(take)
    with pytest.raises(AudioTypeUnsupported):
        checker.check(path)


def _finding(checker: AudioChecker, path: Path) -> object:
    try:
        return checker.check(path)
    except AudioUndecodable as error:
        return type(error)


@pytest.mark.parametrize("rate_hz", [0, 1_000_000, 4_000_000_000])
def test_a_rate_that_no_recorder_has_is_refused(checker: AudioChecker, rate_hz: int, tmp_path: Path) -> None:
    path = tmp_path / "rate.wav"
    content = bytearray(field_files.wav(field_files.human()[None]))
    content[24:28] = struct.pack("<I", rate_hz)
    path.write_bytes(content)
    with pytest.raises((AudioTypeUnsupported, AudioUndecodable)):
        checker.check(path)
