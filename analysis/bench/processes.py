"""Memory of an engine process, and lines per minute of several."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.bench.lines import Line, longest_line
from analysis.engine.engine import Engine
from analysis.engine.languages.registry import DEFAULT_TAG
from analysis.processes.ipc import MessageType, Role
from analysis.processes.pipeline import ExpectedLine, analyze_header
from analysis.processes.pool import ProcessPool
from analysis.settings import ENGINE_MEMORY_BYTES

_TIMEOUT_S: Final = 120.0
_POLL_S: Final = 0.05
_LINES: Final = 50
# The process returns memory to the system after it has responded.
_RETURN_MEMORY_S: Final = 1.0


@dataclass(frozen=True)
class Memory:
    """Resident megabytes of one process: after warm-up, after fifty lines, after 120 s of audio, and the maximum."""

    warm_mb: float
    lines_mb: float
    long_mb: float
    peak_mb: float


async def measure_memory(lines: list[Line], engine: Engine) -> Memory:
    """Sends fifty lines and the longest recording to one engine process."""
    references = [engine.features(line.samples, line.text).model_dump_json() for line in lines]
    pool = await _start_pool(1)
    try:
        (pid,) = pool.pids
        warm = _resident_mb(pid)
        for number in range(_LINES):
            line = lines[number % len(lines)]
            await _analyze(pool, line, references[number % len(lines)])
        after_lines = _resident_mb(pid)
        await _analyze(pool, longest_line(lines[-1]), None)
        await asyncio.sleep(_RETURN_MEMORY_S)
        return Memory(warm, after_lines, _resident_mb(pid), _resident_mb(pid, "VmHWM"))
    finally:
        await pool.close()


async def lines_per_minute(line: Line, reference: str, processes: int, count: int) -> float:
    """Returns the throughput of warm processes that always have work."""
    pool = await _start_pool(processes)
    try:
        await asyncio.gather(*(_analyze(pool, line, reference) for _ in range(2 * processes)))
        began = time.perf_counter()
        await asyncio.gather(*(_analyze(pool, line, reference) for _ in range(count)))
        return 60 * count / (time.perf_counter() - began)
    finally:
        await pool.close()


async def _analyze(pool: ProcessPool, line: Line, reference: str | None) -> None:
    header = analyze_header(ExpectedLine(line.text, DEFAULT_TAG), reference)
    response, _ = await pool.call(header, line.samples.tobytes(), _TIMEOUT_S)
    if response["type"] != MessageType.DONE:
        raise RuntimeError(f"the engine process responded {response}")


async def _start_pool(processes: int) -> ProcessPool:
    pool = ProcessPool(Role.ENGINE, processes, ENGINE_MEMORY_BYTES)
    pool.start()
    async with asyncio.timeout(_TIMEOUT_S):
        while pool.ready < processes:  # noqa: ASYNC110 - the pool has no event for it, and nothing is measured yet
            await asyncio.sleep(_POLL_S)
    return pool


def _resident_mb(pid: int, field: str = "VmRSS") -> float:
    """Returns a field of /proc/PID/status in MB of 10⁶ bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024 / 1e6
