"""Hostile recordings for both parsers: the API server's check, and the decoder of the analysis server."""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Coroutine, Iterator
from pathlib import Path

from analysis.processes.ipc import Role
from analysis.processes.pool import CallTimeoutError, ProcessCrashedError, ProcessPool
from analysis.settings import Settings
from core.errors import AppError
from media.validation import AudioChecker
from tools.fuzz.audio_files import genuine, hostile_files
from tools.fuzz.report import AttackReport, within

_MIB = 1024 * 1024
_TASKS = 2
# A file that takes longer is a fault; the limits of both parsers lie well above what any file needs.
_TIMEOUT_S = 10.0
_MEMORY_MIB = 1024


class Parsers:
    """Both parsers, and their verdict on every file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        settings = Settings(_env_file=None)
        self._max_s = settings.analysis_max_audio_s
        self._timeout_s = settings.analysis_decode_timeout_s
        self._checker = AudioChecker()
        self._decoders = ProcessPool(Role.DECODER, _TASKS, settings.analysis_decoder_memory_bytes)
        self.verdicts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.slowest_s = 0.0
        self.peak_mib = 0

    async def open(self) -> None:
        self._decoders.start()
        await asyncio.to_thread(self._checker.warm_up)

    async def close(self) -> None:
        await self._decoders.close()
        self._checker.close()

    async def try_file(self, name: str, content: bytes) -> None:
        with tempfile.NamedTemporaryFile(dir=self._folder) as file:
            file.write(content)
            file.flush()
            await self._timed(name, "check", asyncio.to_thread(self._check, Path(file.name)))
            await self._timed(name, "decode", self._decode(Path(file.name)))
        self._check_memory(name)

    async def check_genuine(self) -> None:
        """Checks that genuine recordings are still accepted after the attack."""
        for name, content in genuine(1).items():
            before = Counter(self.verdicts)
            await self.try_file(name, content)
            found = self.verdicts - before
            if found != Counter({"check: accepted": 1, "decode: done": 1}):
                self.faults.append(f"a genuine {name} was refused: {dict(found)}")

    async def _timed(self, name: str, parser: str, work: Coroutine[None, None, str]) -> None:
        started_at = time.monotonic()
        try:
            verdict = await work
        except Exception as error:
            verdict = type(error).__name__
            self.faults.append(f"{parser} of {name}: {error!r}")
        took_s = time.monotonic() - started_at
        self.slowest_s = max(self.slowest_s, took_s)
        if took_s > _TIMEOUT_S:
            self.faults.append(f"{parser} of {name} took {took_s:.1f} s")
        self.verdicts[f"{parser}: {verdict}"] += 1

    def _check(self, path: Path) -> str:
        pids = self._checker.pids
        try:
            self._checker.check(path)
            return "accepted"
        except AppError as error:
            return error.code if pids == self._checker.pids else "process replaced"

    async def _decode(self, path: Path) -> str:
        header = {"path": str(path), "max_s": self._max_s}
        try:
            answer, _ = await self._decoders.call(header, b"", self._timeout_s)
        except ProcessCrashedError:
            return "process replaced"
        except CallTimeoutError:
            self.faults.append(f"decoding {path} timed out")
            return "timed out"
        return str(answer.get("code", answer["type"]))

    def _check_memory(self, name: str) -> None:
        for pid in [*self._checker.pids, *self._decoders.pids]:
            peak_mib = _peak_mib(pid or 0)
            self.peak_mib = max(self.peak_mib, peak_mib)
            if peak_mib > _MEMORY_MIB:
                self.faults.append(f"{name} made a process use {peak_mib} MiB")


def _peak_mib(pid: int) -> int:
    """The peak memory of a process in MiB; 0 when it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    peak_kib = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(peak_kib[0]) // 1024 if peak_kib else 0


def attack_audio(count: int, seconds: float, seed: int, recordings: int = 5) -> AttackReport:
    report = AttackReport("audio")
    files = within(hostile_files(seed, recordings), count, seconds, report.name)
    with tempfile.TemporaryDirectory(prefix="yousync-fuzz-") as folder:
        asyncio.run(_run(Path(folder), report, files))
    return report


async def _run(folder: Path, report: AttackReport, files: Iterator[tuple[str, bytes]]) -> None:
    parsers = Parsers(folder)
    await parsers.open()

    async def work() -> None:
        for name, content in files:
            report.cases += 1
            await parsers.try_file(name, content)

    try:
        await asyncio.gather(*(work() for _ in range(_TASKS)))
        await parsers.check_genuine()
    finally:
        await parsers.close()
    report.faults = parsers.faults
    found = ", ".join(f"{verdict} {number}" for verdict, number in sorted(parsers.verdicts.items()))
    report.notes = f"peak {parsers.peak_mib} MiB, slowest {parsers.slowest_s:.1f} s; {found}"
