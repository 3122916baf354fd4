"""Uploads: the rate at which recordings are accepted, response times, and memory under large uploads."""

import io
import time
import wave
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import psycopg2

from tasks.sweeper import GATE_TIMEOUT_S
from tests.support.audio import encode
from tools.bench.delay_proxy import delayed
from tools.bench.load_client import CLIENT_CPU_MAX, Load, LoadResult, request_head, run_load
from tools.bench.processes import Server, cpu_s, track_memory
from tools.bench.results import Goal, SectionResults, Table, at_least, at_most, ms
from tools.bench.seed_data import SeedData, seed
from tools.bench.testbed import Testbed

_NAIVE_APP, _OURS_APP = "tools.bench.baselines.naive:app", "main:app"
_NAIVE, _OURS = "naive", "**YouSync**"
_BOUNDARY = "benchboundary5d1f"
_MULTIPART = f"multipart/form-data; boundary={_BOUNDARY}"
_SMALL_BYTES, _LARGE_BYTES = 300_000, 50_000_000
_LARGE_CONCURRENCY = 50
_BURST, _SUSTAINED = 2000, 2500
_GOAL_FACTOR, _GOAL_PRESIGNED_FACTOR, _GOAL_GROWTH_MB = 10, 30, 100
# Half of it before the store asks for the body (100 Continue), half before its final response.
_STORE_DELAY_S = 0.05
_STORED = "SELECT count(*) FROM analysis_results WHERE audio_stored_at IS NULL"
_HEADINGS = (
    *("concurrency", "server", "accepted/s", "p50", "p99"),
    *("API CPU per request", "stored and dispatched", "failed"),
)


@dataclass(frozen=True)
class UploadRun:
    """The responses, CPU seconds of the API process until the last 202, and seconds until all were stored."""

    result: LoadResult
    cpu_s: float
    stored_s: float

    @property
    def rate(self) -> float:
        return self.result.rate


def measure(testbed: Testbed) -> SectionResults:
    """Measures small, presigned and large uploads; the servers of one table take turns."""
    results = SectionResults()
    _measure_small(testbed, results)
    _measure_large(testbed, results)
    return results


def recording(size: int, *, rate: int, channels: int, sample_bytes: int) -> bytes:
    """A WAV file of noise of about `size` bytes."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setframerate(rate)
        file.setnchannels(channels)
        file.setsampwidth(sample_bytes)
        file.writeframes(np.random.default_rng(1).bytes(size - 44))
    return target.getvalue()


_NOISE = recording(_SMALL_BYTES, rate=16_000, channels=1, sample_bytes=2)


def form(audio: bytes) -> bytes:
    """The multipart body of an upload, as browsers write it."""
    before = (
        f"--{_BOUNDARY}\r\n"
        'Content-Disposition: form-data; name="audio_file"; filename="recording.wav"\r\n'
        "Content-Type: audio/wav\r\n\r\n"
    )
    return before.encode() + audio + f"\r\n--{_BOUNDARY}--\r\n".encode()


def heads(testbed: Testbed, data: SeedData, length: int) -> list[bytes]:
    """The head of one upload for each learner, each to another line."""
    return [
        request_head(
            *("POST", f"/api/tokens/{data.token_ids[number]}/upload-audio"),
            token=testbed.access_token(learner),
            length=length,
            content_type=_MULTIPART,
        )
        for number, learner in enumerate(data.learners)
    ]


def _measure_small(testbed: Testbed, results: SectionResults) -> None:
    """Measures uploads of 300 KB and presigned ones, beside the naive server in turns; the median of all rounds."""
    rows: list[Sequence[str]] = []
    naive, ours, sustained = _measure_wav(testbed, results, rows)
    compared = {
        "uploads accepted at concurrency 50": (naive, ours),
        "the same, sustained": (naive, sustained),
    }
    spoken = encode("webm")
    naive, ours, _ = _run_rounds(testbed, 50, 1 if testbed.is_quick else 3, spoken)
    rows += [_row("50, WebM line", _NAIVE, naive), _row("50, WebM line", _OURS, ours)]
    compared["the same with a line as a browser records it"] = (naive, ours)
    with delayed(testbed.s3.port, _STORE_DELAY_S / 2) as port:
        naive, ours, _ = _run_rounds(testbed, 50, 1, _NOISE, S3_ENDPOINT_URL=f"http://127.0.0.1:{port}")
    rows += [_row("50, distant store", _NAIVE, naive), _row("50, distant store", _OURS, ours)]
    compared["the same with a distant store"] = (naive, ours)
    results.goals[:0] = [
        at_least(f"{subject}, relative to naive", ours.rate / naive.rate, _GOAL_FACTOR)
        for subject, (naive, ours) in compared.items()
    ]
    results.tables.insert(0, Table("Uploads of 300 KB", _HEADINGS, rows, _note(len(spoken))))


def _measure_wav(
    testbed: Testbed, results: SectionResults, rows: list[Sequence[str]]
) -> tuple[UploadRun, UploadRun, UploadRun]:
    """Measures WAV uploads and presigned ones; returns the runs at concurrency 50: naive, ours, ours sustained."""
    naive, ours, presigned = _run_rounds(testbed, 50, 1 if testbed.is_quick else 3, _NOISE)
    sustained = _run_sustained(testbed)
    rows += [_row("50", _NAIVE, naive), _row("50", _OURS, ours), _row("50, sustained", _OURS, sustained)]
    naive_200, ours_200, _ = _run_rounds(testbed, 200, 1, _NOISE)
    rows += [_row("200", _NAIVE, naive_200), _row("200", _OURS, ours_200)]
    results.goals.append(_report_presigned(results, presigned, naive.rate))
    return naive, ours, sustained


def _note(spoken_bytes: int) -> str:
    return (
        "300 KB of WAV in a multipart form, timed from the first byte sent to 202. A 202 of YouSync means: checked as "
        "audio, the file flushed to disk, the row committed. Storing and dispatching continue in the background; the "
        "column shows their rate until the last job is dispatched. They yield to running uploads for at most "
        f"{GATE_TIMEOUT_S:.0f} s: {_BURST // 3} uploads at concurrency 50 are accepted before that, many of "
        f"{_SUSTAINED:,} (sustained) are not. The naive server does both before it responds. "
        f"WebM line: 2.3 s of speech, {spoken_bytes / 1000:.0f} KB, as a browser records it; FFmpeg inspects it in a "
        "separate process, while the header of a plain WAV file is enough. The store is on this machine and responds "
        "in 5 to 10 ms. Distant store: its responses arrive "
        f"{1000 * _STORE_DELAY_S:.0f} ms later; for S3, AWS states that the median of small objects is often in the "
        "tens of milliseconds."
    )


def _run_rounds(
    testbed: Testbed, connections: int, rounds: int, audio: bytes, **settings: str
) -> tuple[UploadRun, UploadRun, list[LoadResult]]:
    """Runs naive and ours in turns; returns the median run of each, and our presigned uploads."""
    body = form(audio)
    naive, ours, presigned = [], [], []
    count = 500 if testbed.is_quick else _BURST // rounds
    suffix = ", distant store" if settings else ""
    for _ in range(rounds):
        testbed.announce(f"uploads of {len(audio) / 1000:.0f} KB, concurrency {connections}{suffix}")
        naive.append(_upload(testbed, _NAIVE_APP, body, connections, 3 * connections, settings))
        ours.append(_upload(testbed, _OURS_APP, body, connections, count, settings))
        if connections == 50 and audio is _NOISE and not settings:
            presigned.append(_presign(testbed))
    return _median(naive), _median(ours), presigned


def small_uploads(testbed: Testbed, data: SeedData, port: int, count: int) -> Load:
    """Uploads of 300 KB at concurrency 50."""
    body = form(_NOISE)
    return Load(port, heads(testbed, data, len(body)), body, connections=50, count=count, seconds=25)


def _run_sustained(testbed: Testbed) -> UploadRun:
    """Uploads long enough for the background work of the first ones to compete with the later ones."""
    testbed.announce("uploads of 300 KB, concurrency 50, sustained")
    return _upload(testbed, _OURS_APP, form(_NOISE), 50, _SUSTAINED // (2 if testbed.is_quick else 1), {})


def _median(runs: list[UploadRun]) -> UploadRun:
    return sorted(runs, key=lambda run: run.rate)[len(runs) // 2]


def _row(concurrency: str, server: str, run: UploadRun) -> Sequence[str]:
    result = run.result
    accepted = len(result.latencies_s)
    return (
        concurrency,
        server,
        f"{result.rate:.0f}" if result.rate > 20 else f"{result.rate:.1f}",
        ms(result.percentile_s(0.5)),
        ms(result.percentile_s(0.99)),
        ms(run.cpu_s / max(accepted, 1)),
        f"{accepted / run.stored_s:.0f}/s" if run.stored_s > result.seconds * 1.02 else "–",
        str(result.failures) + (" (client busy)" if result.client_cpu > CLIENT_CPU_MAX else ""),
    )


def _upload(
    testbed: Testbed, app: str, body: bytes, connections: int, count: int, settings: Mapping[str, str]
) -> UploadRun:
    url = testbed.database()
    data = seed(url)
    load_heads = heads(testbed, data, len(body))
    with testbed.server(app, url, **settings) as server:
        run_load(Load(server.port, load_heads, body, connections=8, count=24, seconds=10))
        cpu, started_at = cpu_s(server.pid), time.perf_counter()
        result = run_load(Load(server.port, load_heads, body, connections, count, seconds=25))
        cpu = cpu_s(server.pid) - cpu
        client_start_s = time.perf_counter() - started_at - result.seconds
        wait_until_stored(url, timeout_s=60)
        return UploadRun(result, cpu, time.perf_counter() - started_at - client_start_s)


def wait_until_stored(url: str, timeout_s: float) -> None:
    """Waits for the background work. Returns at once for the naive server, which stores before it responds."""
    deadline = time.monotonic() + timeout_s
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("SELECT count(*) FROM analysis_results WHERE stage <> 'accepted'")
        (started,) = cursor.fetchone() or (0,)
        while started and time.monotonic() < deadline:
            cursor.execute(_STORED)
            (waiting,) = cursor.fetchone() or (0,)
            if not waiting:
                return
            time.sleep(0.1)


def _presign(testbed: Testbed) -> LoadResult:
    """Creates jobs without their bytes, which a browser sends to the store itself."""
    url = testbed.database()
    data = seed(url)
    size = f'{{"size":{_SMALL_BYTES},"content_type":"audio/wav"}}'.encode()
    load_heads = [
        request_head(
            *("POST", f"/api/tokens/{data.token_ids[number]}/uploads"),
            token=testbed.access_token(learner),
            length=len(size),
            content_type="application/json",
        )
        for number, learner in enumerate(data.learners)
    ]
    with testbed.server("main:app", url) as server:
        first = run_load(Load(server.port, load_heads, size, connections=8, count=24, seconds=10))
        if first.failures:
            raise RuntimeError(f"presigned uploads failed: {first.sample.decode(errors='replace')}")
        testbed.announce("presigned uploads, concurrency 50")
        return run_load(Load(server.port, load_heads, size, 50, 500 if testbed.is_quick else 3000, seconds=15))


def _report_presigned(results: SectionResults, runs: list[LoadResult], naive_rate: float) -> Goal:
    """Adds the table of presigned uploads; returns their goal."""
    result = sorted(runs, key=lambda run: run.rate)[len(runs) // 2]
    latencies = (ms(result.percentile_s(0.5)), ms(result.percentile_s(0.99)))
    row = ("50", f"{result.rate:.0f}", *latencies, str(result.failures))
    note = "The response tells the browser where to send the recording; its bytes do not pass through this server."
    headings = ("concurrency", "created/s", "p50", "p99", "failed")
    results.tables.append(Table("Presigned uploads", headings, [row], note))
    return at_least(
        "presigned uploads created, relative to naive uploads", result.rate / naive_rate, _GOAL_PRESIGNED_FACTOR
    )


def _measure_large(testbed: Testbed, results: SectionResults) -> None:
    """Measures the memory of the API server and its children during concurrent uploads of 50 MB."""
    concurrency = 10 if testbed.is_quick else _LARGE_CONCURRENCY
    body = form(recording(_LARGE_BYTES, rate=96_000, channels=2, sample_bytes=3))
    rows = []
    growth = 0.0
    for app, name in ((_NAIVE_APP, _NAIVE), (_OURS_APP, _OURS)):
        testbed.announce(f"{concurrency} concurrent uploads of 50 MB, {name.strip('*')}")
        url = testbed.database()
        data = seed(url)
        with testbed.server(app, url) as server:
            growth, cells = _upload_large(testbed, server, data, body, concurrency)
            rows.append((name, *cells))
    headings = ("server", "concurrency", "memory before", "peak growth", "MB/s", "slowest response", "failed")
    note = "50 MB of WAV each; memory is resident memory of the API process and its children, sampled every 50 ms."
    results.tables.append(Table("Large recordings", headings, rows, note))
    subject = f"memory growth under {concurrency} uploads of 50 MB"
    results.goals.append(at_most(subject, growth, _GOAL_GROWTH_MB, " MB"))


def _upload_large(
    testbed: Testbed, server: Server, data: SeedData, body: bytes, concurrency: int
) -> tuple[float, Sequence[str]]:
    """Returns the growth of memory in MB, and the cells of the table."""
    small = form(_NOISE)
    run_load(Load(server.port, heads(testbed, data, len(small)), small, connections=20, count=60, seconds=10))
    with track_memory(server.pid) as peak:
        large_heads = heads(testbed, data, len(body))
        result = run_load(Load(server.port, large_heads, body, concurrency, concurrency, seconds=180))
    growth = peak.growth / 1e6
    return growth, (
        str(concurrency),
        f"{peak.before / 1e6:.0f} MB",
        f"{growth:.0f} MB",
        f"{len(body) * len(result.latencies_s) / result.seconds / 1e6:.0f}",
        ms(max(result.latencies_s, default=float("nan"))),
        str(result.failures),
    )
