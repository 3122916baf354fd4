"""Prometheus metrics: counters, histograms and gauges of one server, or of all its processes.

With PROMETHEUS_MULTIPROC_DIR set before the start, each process writes there and any of them exports all.
Names and units follow https://prometheus.io/docs/practices/naming/.
"""

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    start_http_server,
)
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import Engine, event

CONTENT_TYPE = CONTENT_TYPE_LATEST
WAITS = ("store", "hand_over", "analysis")
_REQUEST_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_JOB_S = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 3600.0)
_REAL_TIME = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0)
_STREAM = "/api/tokens/analysis-progress/{job_id}"


class Metrics:
    """All metrics of one app, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "yousync_http_requests", "Requests answered", ["method", "route", "status"], registry=registry
        )
        self._request_s = Histogram(
            "yousync_http_request_duration_seconds",
            "From the first byte asked to the last byte answered; event streams are not in it",
            ["method", "route"],
            buckets=_REQUEST_S,
            registry=registry,
        )
        self._by_route: dict[tuple[str, str, int], tuple[Counter, Histogram | None]] = {}
        self._streams = Gauge(
            "yousync_open_streams", "Event streams that are open", multiprocess_mode="livesum", registry=registry
        )
        self._connections = Gauge(
            "yousync_db_connections_in_use",
            "Database connections taken out of the pools",
            multiprocess_mode="livesum",
            registry=registry,
        )
        self._connections_max = Gauge(
            "yousync_db_connections_max", "Size of the pools", multiprocess_mode="livesum", registry=registry
        )
        self._reads = Counter(
            "yousync_replica_reads",
            "Reads meant for the replica, by the server that served them",
            ["served_by"],
            registry=registry,
        )
        self._waiting = Gauge(
            "yousync_jobs_waiting",
            "Unfinished jobs by what they wait for",
            ["waits_for"],
            multiprocess_mode="mostrecent",
            registry=registry,
        )
        self._oldest_s = Gauge(
            "yousync_jobs_oldest_seconds",
            "Age of the oldest unfinished job",
            multiprocess_mode="mostrecent",
            registry=registry,
        )
        self._ended = Counter("yousync_jobs_ended", "Jobs that ended", ["status", "outcome"], registry=registry)
        self._stage_s = Histogram(
            "yousync_job_stage_duration_seconds",
            "What jobs spent in each stage: store, hand_over, analysis, total",
            ["stage"],
            buckets=_JOB_S,
            registry=registry,
        )
        self._real_time = Histogram(
            "yousync_analysis_real_time_factor",
            "Time from hand-over to result over the length of the recording",
            buckets=_REAL_TIME,
            registry=registry,
        )

    def render(self) -> bytes:
        """Returns the text that Prometheus scrapes."""
        if not tells_of_all():
            return generate_latest(self._registry)
        all_processes = CollectorRegistry()
        MultiProcessCollector(all_processes)  # type: ignore[no-untyped-call]
        return generate_latest(all_processes)

    def request_answered(self, method: str, route: str, status: int, took_s: float) -> None:
        # Looking up a metric by its labels costs more than counting.
        key = (method, route, status)
        if key not in self._by_route:
            duration = self._request_s.labels(method, route) if route != _STREAM else None
            self._by_route[key] = self._requests.labels(*key), duration
        counter, duration = self._by_route[key]
        counter.inc()
        if duration:
            duration.observe(took_s)

    def streams_changed(self, by: int) -> None:
        self._streams.inc(by)

    def watch_pools(self, size: int, *engines: Engine) -> None:
        """Counts connections as they leave the pools, which together have `size`, and come back."""
        self._connections_max.set(size)
        for engine in engines:
            event.listen(engine, "checkout", lambda *_: self._connections.inc())
            event.listen(engine, "checkin", lambda *_: self._connections.dec())

    def read_served(self, served_by: str) -> None:
        """Counts a read meant for the replica by the server that served it: `replica` or `primary`."""
        self._reads.labels(served_by).inc()

    def set_waiting(self, jobs: Mapping[str, int], oldest_s: float) -> None:
        """Sets the gauges of unfinished jobs; `jobs` by WAITS, a missing key means 0."""
        for waits_for in WAITS:
            self._waiting.labels(waits_for).set(jobs.get(waits_for, 0))
        self._oldest_s.set(oldest_s)

    def job_ended(self, row: Any) -> None:
        """Counts a job that ended, from its row of SNAPSHOT_COLUMNS and END_COLUMNS (jobs/state.py)."""
        outcome = row.attempt_class if row.status == "completed" else row.error_code
        self._ended.labels(row.status, outcome or "unknown").inc()
        moments: list[tuple[str, datetime | None, datetime | None]] = [
            ("store", row.created_at, row.audio_stored_at),
            ("hand_over", row.audio_stored_at, row.dispatched_at),
            ("analysis", row.dispatched_at, row.completed_at),
            ("total", row.created_at, row.completed_at),
        ]
        for stage, begun, ended in moments:
            if begun is not None and ended is not None:
                self._stage_s.labels(stage).observe(max(0.0, (ended - begun).total_seconds()))
        length_s = (row.audio or {}).get("duration_s")
        if isinstance(length_s, int | float) and length_s > 0 and row.dispatched_at and row.completed_at:
            self._real_time.observe(max(0.0, (row.completed_at - row.dispatched_at).total_seconds()) / length_s)


def tells_of_all() -> bool:
    """Returns whether metrics are shared by all processes here (PROMETHEUS_MULTIPROC_DIR)."""
    return bool(os.environ.get("PROMETHEUS_MULTIPROC_DIR"))


def serve(address: str) -> None:
    """Serves the metrics of all processes here on `address` (host:port); needs PROMETHEUS_MULTIPROC_DIR.

    For workers, which answer no requests otherwise. Whoever reaches the port may read it.
    """
    host, _, port = address.rpartition(":")
    all_processes = CollectorRegistry()
    MultiProcessCollector(all_processes)  # type: ignore[no-untyped-call]
    start_http_server(int(port), host, all_processes)


def route_template(scope: Mapping[str, Any]) -> str:
    """Returns the template of the matched route; "none" when no route matched."""
    path: str | None = getattr(scope.get("route"), "path_format", None)
    if path is None:
        return "none"
    return f"/api{path}" if scope["path"].startswith("/api/") else path
