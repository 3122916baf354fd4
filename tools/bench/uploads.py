"""Uploads: how many recordings are taken a second, how long an answer takes, what large ones need of memory."""

import io
import time
import wave
from collections.abc import Mapping, Sequence
from contextlib import closing

import numpy as np
import psycopg2

from tasks.sweeper import PATIENCE_S
from tests.support.audio import encode
from tools.bench.data import Furnished, furnish
from tools.bench.distance import distant
from tools.bench.findings import Findings, Table, Target, at_least, at_most, ms
from tools.bench.load import BUSY, Load, Outcome, drive, head
from tools.bench.processes import Server, cpu_s, watched
from tools.bench.stage import Stage

_BOUNDARY = "benchboundary5d1f"
_MULTIPART = f"multipart/form-data; boundary={_BOUNDARY}"
_SMALL_BYTES, _LARGE_BYTES = 300_000, 50_000_000
_LARGE_AT_ONCE = 50
_BURST, _LASTING = 2000, 2500
_GOAL_TIMES, _GOAL_PRESIGNED_TIMES, _GOAL_GROWTH_MB = 10, 30, 100
# Half of it when the store says that it goes on reading (100 Continue), half when it is done.
_AWAY_S = 0.05
_STORED = "SELECT count(*) FROM analysis_results WHERE audio_stored_at IS NULL"

# What came back, CPU seconds of the API process until the last 202, seconds until all were stored.
Taken = tuple[Outcome, float, float]


def measure(stage: Stage) -> Findings:
    """All of it; the forms of one table take turns on the same machine in the same minutes."""
    findings = Findings()
    _small(stage, findings)
    _large(stage, findings)
    return findings


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
    """The body of an upload, as browsers write it."""
    before = (
        f"--{_BOUNDARY}\r\n"
        'Content-Disposition: form-data; name="audio_file"; filename="recording.wav"\r\n'
        "Content-Type: audio/wav\r\n\r\n"
    )
    return before.encode() + audio + f"\r\n--{_BOUNDARY}--\r\n".encode()


def heads(stage: Stage, data: Furnished, length: int) -> list[bytes]:
    """An upload of each learner, each of another line."""
    return [
        head(
            *("POST", f"/api/tokens/{data.token_ids[number]}/upload-audio"),
            token=stage.access_token(learner),
            length=length,
            content_type=_MULTIPART,
        )
        for number, learner in enumerate(data.learners)
    ]


def _small(stage: Stage, findings: Findings) -> None:
    """Uploads of 300 KB and offers of presigned ones, beside the naive form in turns; of several turns the median."""
    rows: list[Sequence[str]] = []
    for connections, turns in ((50, 1 if stage.is_quick else 3), (200, 1)):
        naive, ours, offers = _turns(stage, connections, turns, _NOISE)
        rows += [_row(connections, "naive", *naive), _row(connections, "**YouSync**", *ours)]
        if connections == 50:
            lasting = _lasting(stage)
            rows.append(_row("50, lasting", "**YouSync**", *lasting))
            findings.targets += [
                at_least("uploads accepted at 50 at once, to naive", ours[0].rate / naive[0].rate, _GOAL_TIMES),
                at_least("the same when it lasts", lasting[0].rate / naive[0].rate, _GOAL_TIMES),
                _presigned(findings, offers, naive[0].rate),
            ]
    spoken = encode("webm")
    naive, ours, _ = _turns(stage, 50, 1 if stage.is_quick else 3, spoken)
    rows += [_row("50, a line", "naive", *naive), _row("50, a line", "**YouSync**", *ours)]
    times = ours[0].rate / naive[0].rate
    findings.targets.append(at_least("the same with a line as a browser records it", times, _GOAL_TIMES))
    with distant(stage.s3.port, _AWAY_S / 2) as port:
        naive, ours, _ = _turns(stage, 50, 1, _NOISE, S3_ENDPOINT_URL=f"http://127.0.0.1:{port}")
    rows += [_row("50, distant", "naive", *naive), _row("50, distant", "**YouSync**", *ours)]
    times = ours[0].rate / naive[0].rate
    findings.targets.append(at_least("the same with a distant store", times, _GOAL_TIMES))
    headings = ("at once", "form", "accepted/s", "p50", "p99", "API CPU each", "all stored and handed over", "failed")
    note = (
        "300 KB of WAV in a multipart form, from the first byte sent to 202. A 202 of YouSync means: checked as audio, "
        "the file flushed to disk, the row committed; storing and handing over go on behind it, and the column shows "
        "at what rate they do, until the last one is through. They let recordings that are being taken go first, for "
        f"{PATIENCE_S:.0f} s at most: {_BURST // 3} at 50 at once are taken before that, and of {_LASTING:,} (lasting) "
        "many are not. The naive form does both before it answers. A line: 2.3 s of speech in WebM, "
        f"{len(spoken) / 1000:.0f} KB, as a browser records it; FFmpeg has to look into it, in a process of its own, "
        "while of a plain WAV file the header says all. The store is on this machine and answers in 5 to "
        f"10 ms. Distant: its answers come {1000 * _AWAY_S:.0f} ms later; of S3, AWS says that the median of small "
        "objects is often in the tens of milliseconds."
    )
    findings.tables.insert(0, Table("Uploads of 300 KB", headings, rows, note))


def _turns(
    stage: Stage, connections: int, turns: int, audio: bytes, **settings: str
) -> tuple[Taken, Taken, list[Outcome]]:
    """The naive form and ours in turns: the median of each, and our offers of presigned uploads."""
    body = form(audio)
    naive, ours, offers = [], [], []
    count = 500 if stage.is_quick else _BURST // turns
    for _ in range(turns):
        stage.say(
            f"uploads of {len(audio) / 1000:.0f} KB, {connections} at once" + (", distant store" if settings else "")
        )
        naive.append(_upload(stage, "tools.bench.baselines.naive:app", body, connections, 3 * connections, settings))
        ours.append(_upload(stage, "main:app", body, connections, count, settings))
        if connections == 50 and audio is _NOISE and not settings:
            offers.append(_offer(stage))
    return _median(naive), _median(ours), offers


def _lasting(stage: Stage) -> Taken:
    """So many that the work behind the first of them goes on while the others are taken."""
    stage.say("uploads of 300 KB, 50 at once, lasting")
    return _upload(stage, "main:app", form(_NOISE), 50, _LASTING // (2 if stage.is_quick else 1), {})


def _median(taken: list[Taken]) -> Taken:
    return sorted(taken, key=lambda one: one[0].rate)[len(taken) // 2]


def _row(connections: int | str, name: str, outcome: Outcome, cpu: float, through_s: float) -> Sequence[str]:
    accepted = len(outcome.latencies_s)
    return (
        str(connections),
        name,
        f"{outcome.rate:.0f}" if outcome.rate > 20 else f"{outcome.rate:.1f}",
        ms(outcome.percentile_s(0.5)),
        ms(outcome.percentile_s(0.99)),
        ms(cpu / max(accepted, 1)),
        f"{accepted / through_s:.0f}/s" if through_s > outcome.seconds * 1.02 else "–",
        str(outcome.failures) + (" (client busy)" if outcome.client_cpu > BUSY else ""),
    )


def _upload(stage: Stage, app: str, body: bytes, connections: int, count: int, settings: Mapping[str, str]) -> Taken:
    url = stage.database()
    data = furnish(url)
    load_heads = heads(stage, data, len(body))
    with stage.server(app, url, **settings) as server:
        drive(Load(server.port, load_heads, body, connections=8, count=24, seconds=10))
        cpu, begun = cpu_s(server.pid), time.perf_counter()
        outcome = drive(Load(server.port, load_heads, body, connections, count, seconds=25))
        cpu = cpu_s(server.pid) - cpu
        lead_s = time.perf_counter() - begun - outcome.seconds
        _wait_until_stored(url, patience_s=60)
        return outcome, cpu, time.perf_counter() - begun - lead_s


def _wait_until_stored(url: str, patience_s: float) -> None:
    """The naive form stores first and never says so: for it there is nothing to wait for."""
    give_up_at = time.monotonic() + patience_s
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("SELECT count(*) FROM analysis_results WHERE stage <> 'accepted'")
        (moved,) = cursor.fetchone() or (0,)
        while moved and time.monotonic() < give_up_at:
            cursor.execute(_STORED)
            (waiting,) = cursor.fetchone() or (0,)
            if not waiting:
                return
            time.sleep(0.1)


def _offer(stage: Stage) -> Outcome:
    """Jobs begun without their bytes: the browser takes those to the store itself."""
    url = stage.database()
    data = furnish(url)
    size = f'{{"size":{_SMALL_BYTES},"content_type":"audio/wav"}}'.encode()
    load_heads = [
        head(
            *("POST", f"/api/tokens/{data.token_ids[number]}/uploads"),
            token=stage.access_token(learner),
            length=len(size),
            content_type="application/json",
        )
        for number, learner in enumerate(data.learners)
    ]
    with stage.server("main:app", url) as server:
        first = drive(Load(server.port, load_heads, size, connections=8, count=24, seconds=10))
        if first.failures:
            raise RuntimeError(f"presigned uploads are refused: {first.sample.decode(errors='replace')}")
        stage.say("presigned uploads, 50 at once")
        return drive(Load(server.port, load_heads, size, 50, 500 if stage.is_quick else 3000, seconds=15))


def _presigned(findings: Findings, offers: list[Outcome], naive_rate: float) -> Target:
    outcome = sorted(offers, key=lambda one: one.rate)[len(offers) // 2]
    row = ("50", f"{outcome.rate:.0f}", ms(outcome.percentile_s(0.5)), ms(outcome.percentile_s(0.99)))
    note = "The answer says where the browser may send the recording; its bytes never pass this server."
    findings.tables.append(
        Table(
            "Presigned uploads", ("at once", "created/s", "p50", "p99", "failed"), [(*row, str(outcome.failures))], note
        )
    )
    return at_least("presigned uploads created, to naive uploads", outcome.rate / naive_rate, _GOAL_PRESIGNED_TIMES)


def _large(stage: Stage, findings: Findings) -> None:
    """Fifty recordings of 50 MB at once: what the API server and its children hold in memory meanwhile."""
    at_once = 10 if stage.is_quick else _LARGE_AT_ONCE
    body = form(recording(_LARGE_BYTES, rate=96_000, channels=2, sample_bytes=3))
    rows = []
    growth = 0.0
    for app, name in (("tools.bench.baselines.naive:app", "naive"), ("main:app", "**YouSync**")):
        stage.say(f"{at_once} uploads of 50 MB at once, {name.strip('*')}")
        url = stage.database()
        data = furnish(url)
        with stage.server(app, url) as server:
            growth, cells = _large_of(stage, server, data, body, at_once)
            rows.append((name, *cells))
    headings = ("form", "at once", "memory before", "growth at most", "MB/s", "slowest answer", "failed")
    note = "50 MB of WAV each; memory is resident memory of the API process and its children, looked at every 50 ms."
    findings.tables.append(Table("Large recordings at once", headings, rows, note))
    what = f"memory growth under {at_once} uploads of 50 MB"
    findings.targets.append(at_most(what, growth, _GOAL_GROWTH_MB, " MB"))


def _large_of(stage: Stage, server: Server, data: Furnished, body: bytes, at_once: int) -> tuple[float, Sequence[str]]:
    small = form(_NOISE)
    drive(Load(server.port, heads(stage, data, len(small)), small, connections=20, count=60, seconds=10))
    with watched(server.pid) as peak:
        outcome = drive(Load(server.port, heads(stage, data, len(body)), body, at_once, at_once, seconds=180))
    growth = peak.growth / 1e6
    return growth, (
        str(at_once),
        f"{peak.before / 1e6:.0f} MB",
        f"{growth:.0f} MB",
        f"{len(body) * len(outcome.latencies_s) / outcome.seconds / 1e6:.0f}",
        ms(max(outcome.latencies_s, default=float("nan"))),
        str(outcome.failures),
    )
