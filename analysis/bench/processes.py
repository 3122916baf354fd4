"""What worker processes hold in memory, and how many lines a minute they judge."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.bench.lines import Line, long_line
from analysis.engine.engine import Engine
from analysis.engine.languages.registry import DEFAULT_TAG
from analysis.processes import ipc
from analysis.processes.pool import Role, WorkerPool

_MEMORY_BYTES: Final = 2 * 1024**3
_PATIENCE_S: Final = 120.0


@dataclass(frozen=True)
class Memory:
    """Resident megabytes of one worker: after warm-up, after fifty lines, after 120 s of audio; and at most."""

    warm_mb: float
    lines_mb: float
    long_mb: float
    peak_mb: float


def request(line: Line, reference: str | None) -> ipc.Header:
    """A job as the pipeline hands it to a worker."""
    header: ipc.Header = {"op": "analyze", "text": line.text, "reference": reference, "notes": []}
    return header | {"truncated": False, "language": DEFAULT_TAG}


async def memory(lines: list[Line], engine: Engine) -> Memory:
    """Runs one worker through fifty lines and the longest recording."""
    references = [engine.features(line.samples, line.text).model_dump_json() for line in lines]
    pool = await _started(1)
    try:
        (pid,) = pool.pids
        warm = _resident_mb(pid)
        for turn in range(50):
            line = lines[turn % len(lines)]
            await _judge(pool, line, references[turn % len(lines)])
        after_lines = _resident_mb(pid)
        await _judge(pool, long_line(lines[-1]), None)
        # Memory is given back after the answer.
        await asyncio.sleep(1)
        return Memory(warm, after_lines, _resident_mb(pid), _resident_mb(pid, "VmHWM"))
    finally:
        await pool.close()


async def lines_per_minute(line: Line, reference: str, processes: int, count: int) -> float:
    """Throughput of warm workers that never wait for work."""
    pool = await _started(processes)
    try:
        await asyncio.gather(*(_judge(pool, line, reference) for _ in range(2 * processes)))
        begun = time.perf_counter()
        await asyncio.gather(*(_judge(pool, line, reference) for _ in range(count)))
        return 60 * count / (time.perf_counter() - begun)
    finally:
        await pool.close()


async def _judge(pool: WorkerPool, line: Line, reference: str | None) -> None:
    answer, _ = await pool.call(request(line, reference), line.samples.tobytes(), _PATIENCE_S, None)
    if answer["type"] != "done":
        raise RuntimeError(f"the worker answered {answer}")


async def _started(processes: int) -> WorkerPool:
    pool = WorkerPool(Role("engine", _MEMORY_BYTES), processes)
    pool.start()
    async with asyncio.timeout(_PATIENCE_S):
        while pool.ready < processes:  # noqa: ASYNC110 - the pool has no event for it, and nothing is measured yet
            await asyncio.sleep(0.05)
    return pool


def _resident_mb(pid: int, field: str = "VmRSS") -> float:
    """From /proc, in MB of 10⁶ bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024 / 1e6
