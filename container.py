"""Builds and closes the objects that live as long as the process and are shared by all requests."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx
from anyio import CapacityLimiter
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from core.batching import MicroBatcher
from core.priority_gate import PriorityGate
from core.rate_limits import RateLimits
from core.read_replica import make_reads
from core.response_cache import CHANNEL, ResponseCache
from core.security import CachedGoogleCertificates
from core.settings import Settings
from core.telemetry.metrics import Metrics
from core.thread_pool import Threads
from database import (
    JOB_SESSIONS,
    READ_SESSIONS,
    REQUEST_SESSIONS,
    Reads,
    make_engine,
    make_session_factory,
)
from events.hub import Hub
from events.redis_bus import RedisBus
from events.snapshot import Snapshot
from jobs.analysis_client import AnalysisClient
from jobs.lifecycle import Jobs
from jobs.spool import Spool
from jobs.state import JobStates
from jobs.task_queue import TaskQueue
from media.validation import AudioChecker
from services.cache_invalidation import watch_catalogue
from services.direct_uploads import DirectUploads, Offer
from services.quotas import AcceptedJob, UploadRequest
from services.scene_import import SceneImporter
from services.script_audio import ReferenceAudio
from services.upload_intake import NewJob, Recording, UploadIntake
from services.view_counts import ViewCounts
from utils_s3 import ObjectStore


@dataclass(frozen=True, slots=True)
class Limits:
    """Threads for each kind of blocking work of its own, so that a slow store never starves quick reads."""

    uploads: CapacityLimiter
    jobs: CapacityLimiter
    follow_ups: CapacityLimiter
    reports: Threads
    exports: CapacityLimiter

    def close(self) -> None:
        self.reports.close()


@dataclass(frozen=True)
class WorkerContainer:
    """What moves jobs on. It needs no event loop: workers are built of it, and API servers of it and more."""

    settings: Settings
    metrics: Metrics
    engine: Engine
    sessions: sessionmaker[Session]
    store: ObjectStore
    analysis: AnalysisClient
    checker: AudioChecker
    spool: Spool
    queue: TaskQueue | None
    cache: ResponseCache
    jobs: Jobs
    reference: ReferenceAudio

    def close(self) -> None:
        if self.queue:
            self.queue.close()
        self.cache.close()
        self.checker.close()
        self.analysis.close()
        self.store.close()
        self.engine.dispose()


@dataclass(frozen=True)
class Container(WorkerContainer):
    """What lives as long as the API server: built and closed in lifespan."""

    http: httpx.Client
    certificates: CachedGoogleCertificates
    hub: Hub
    bus: RedisBus | None
    intake: UploadIntake
    upload_batcher: MicroBatcher[Recording, AcceptedJob | NewJob]
    uploads: DirectUploads
    offer_batcher: MicroBatcher[UploadRequest, Offer]
    importer: SceneImporter
    limits: Limits
    priority_gate: PriorityGate
    rate_limits: RateLimits
    reads: Reads
    view_counts: ViewCounts


def build_worker_container(
    settings: Settings, metrics: Metrics, publish: Callable[[Snapshot], None], cache: ResponseCache, *, hands_on: bool
) -> WorkerContainer:
    """`publish` is given each new state of a job; a server that `hands_on` leaves stored jobs to workers."""
    engine = make_engine(settings)
    sessions = make_session_factory(engine)
    watch_catalogue(sessions, cache.invalidate)
    store, analysis, checker = ObjectStore(settings), AnalysisClient(settings), AudioChecker()
    spool = Spool(settings.spool_dir)
    states = JobStates(settings, engine, spool.id, publish, metrics.job_ended)
    queue = TaskQueue(settings.redis_url.get_secret_value()) if settings.redis_url else None
    return WorkerContainer(
        settings=settings,
        metrics=metrics,
        engine=engine,
        sessions=sessions,
        store=store,
        analysis=analysis,
        checker=checker,
        spool=spool,
        queue=queue,
        cache=cache,
        jobs=Jobs(settings, states, store, analysis, spool, queue if hands_on else None),
        reference=ReferenceAudio(sessions, store, analysis, checker),
    )


def build_container(settings: Settings, metrics: Metrics) -> Container:
    hub = Hub(
        settings.stream_heartbeat_s,
        settings.stream_lifetime_s,
        settings.stream_send_timeout_s,
        metrics.streams_changed,
    )
    limits = Limits(
        uploads=CapacityLimiter(8),
        jobs=CapacityLimiter(6),
        follow_ups=CapacityLimiter(6),
        reports=Threads(6),
        exports=CapacityLimiter(3),
    )
    url = settings.redis_url.get_secret_value() if settings.redis_url else None
    cache = ResponseCache(settings.effective_cache_ttl_s, url)
    bus = RedisBus(url, hub, limits.reports, {CHANNEL: cache.invalidate_local}) if url else None
    worker = build_worker_container(settings, metrics, (bus or hub).publish, cache, hands_on=True)
    reads = make_reads(settings, metrics.read_served)
    metrics.watch_pools(REQUEST_SESSIONS + JOB_SESSIONS + READ_SESSIONS, worker.engine, reads.engine)
    intake = UploadIntake(settings, worker.engine, worker.spool, worker.checker)
    uploads = DirectUploads(settings, worker.sessions, worker.store, worker.checker, intake)
    http = httpx.Client(timeout=httpx.Timeout(5.0, connect=3.0))
    return Container(
        **vars(worker),
        http=http,
        certificates=CachedGoogleCertificates(http),
        hub=hub,
        bus=bus,
        intake=intake,
        upload_batcher=MicroBatcher(intake.accept, workers=2, max_batch=16, partition_key=_user_of),
        uploads=uploads,
        offer_batcher=MicroBatcher(uploads.offer, workers=1, max_batch=32),
        importer=SceneImporter(worker.sessions, worker.store),
        limits=limits,
        priority_gate=PriorityGate(),
        rate_limits=RateLimits(settings),
        reads=reads,
        view_counts=ViewCounts(worker.sessions),
    )


def _user_of(recording: Recording) -> int:
    return recording.upload.principal.user_id
