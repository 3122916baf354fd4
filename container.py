"""Builds and closes the objects that live as long as the process and are shared by all requests."""

from collections.abc import Callable
from contextlib import AsyncExitStack, ExitStack, closing
from dataclasses import dataclass
from typing import Any

from anyio import CapacityLimiter
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from common.http_client import HttpClient
from common.temporary_folder import open_temporary_folder
from core.batching import MicroBatcher
from core.google_certificates import GoogleCertificates
from core.priority_gate import PriorityGate
from core.rate_limiter import RateLimiter
from core.read_replica import make_reads
from core.response_cache import ResponseCache
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
from events.bus import Bus, make_bus
from events.hub import Hub
from events.snapshot import Snapshot
from jobs.analysis_client import AnalysisClient
from jobs.lifecycle import Jobs
from jobs.spool import Spool
from jobs.state import JobStates
from jobs.task_queue import TaskQueue
from media.validation import AudioChecker
from services.cache_invalidation import watch_catalogue
from services.direct_uploads import DirectUploads, Offer
from services.erasure import Erasures
from services.line_editing import LineEditor
from services.quotas import AcceptedJob, UploadRequest
from services.readiness import Readiness
from services.scene_import import SceneImporter
from services.scene_media import SceneMedia
from services.scene_sound import SceneSound
from services.script_audio import ReferenceAudio
from services.upload_intake import NewJob, Recording, UploadIntake
from services.view_counts import ViewCounts
from utils_s3 import ObjectStore


@dataclass(frozen=True, slots=True)
class Limits:
    """Threads for each kind of blocking work, so that a slow store never starves quick reads."""

    uploads: CapacityLimiter
    jobs: CapacityLimiter
    follow_ups: CapacityLimiter
    reports: Threads
    exports: CapacityLimiter
    erasures: CapacityLimiter


@dataclass(frozen=True)
class WorkerContainer:
    """The objects that advance jobs, without an event loop: all of a worker, and part of an API server.

    Each object with resources registers in `closers` where it is built; they are closed in reverse order.
    """

    closers: ExitStack
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
    erasures: Erasures

    def close(self) -> None:
        """Closes everything; blocks until batches and threads have ended."""
        self.closers.close()


@dataclass(frozen=True)
class Container(WorkerContainer):
    """The objects of an API server: built and closed in lifespan."""

    async_closers: AsyncExitStack
    certificates: GoogleCertificates
    hub: Hub
    bus: Bus
    intake: UploadIntake
    upload_batcher: MicroBatcher[Recording, AcceptedJob | NewJob]
    uploads: DirectUploads
    offer_batcher: MicroBatcher[UploadRequest, Offer | None]
    importer: SceneImporter
    line_editor: LineEditor
    scene_sound: SceneSound
    limits: Limits
    priority_gate: PriorityGate
    rate_limiter: RateLimiter
    reads: Reads
    view_counts: ViewCounts
    readiness: Readiness

    async def aclose(self) -> None:
        """Closes everything, the connections of the event loop first."""
        await self.async_closers.aclose()
        self.close()


def build_worker_container(
    settings: Settings, metrics: Metrics, publish: Callable[[Snapshot], None], cache: ResponseCache, *, delegates: bool
) -> WorkerContainer:
    """Builds the objects of a worker.

    publish: called with each new state of a job.
    delegates: whether jobs whose recording is stored are sent to workers, where there are any.
    """
    open_temporary_folder()
    closers = ExitStack()
    engine = make_engine(settings)
    closers.callback(engine.dispose)
    sessions = make_session_factory(engine)
    watch_catalogue(sessions, cache.invalidate)
    store = closers.enter_context(closing(ObjectStore(settings)))
    analysis = closers.enter_context(closing(AnalysisClient(settings)))
    checker = closers.enter_context(closing(AudioChecker()))
    closers.callback(cache.close)
    spool = Spool(settings.spool_dir)
    states = JobStates(settings, engine, spool.id, publish, metrics.job_ended)
    queue = closers.enter_context(closing(TaskQueue(redis_url))) if (redis_url := _redis_url(settings)) else None
    return WorkerContainer(
        closers=closers,
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
        jobs=Jobs(settings, states, store, analysis, spool, queue if delegates else None),
        reference=ReferenceAudio(sessions, store, analysis, checker),
        erasures=Erasures(sessions, store, spool, settings.upload_ttl_s),
    )


def build_container(settings: Settings, metrics: Metrics) -> Container:
    """Builds all objects of an API server; needs a running event loop."""
    hub, limits = _make_hub(settings, metrics), _make_limits()
    bus = make_bus(settings, hub, limits.reports)
    cache = ResponseCache(settings.effective_cache_ttl_s, _redis_url(settings))
    worker = build_worker_container(settings, metrics, bus.publish, cache, delegates=True)
    closers, async_closers = worker.closers, AsyncExitStack()
    closers.callback(limits.reports.close)
    reads = closers.enter_context(closing(make_reads(settings, metrics.read_served)))
    metrics.watch_pools(REQUEST_SESSIONS + JOB_SESSIONS + READ_SESSIONS, worker.engine, reads.engine)
    intake = UploadIntake(settings, worker.engine, worker.spool, worker.checker)
    uploads = DirectUploads(settings, worker.engine, worker.sessions, worker.store, worker.checker, intake)
    upload_batcher: MicroBatcher[Recording, AcceptedJob | NewJob] = closers.enter_context(
        closing(MicroBatcher(intake.accept, workers=2, max_batch=16, partition_key=_user_of))
    )
    offer_batcher = closers.enter_context(closing(_make_offer_batcher(uploads)))
    rate_limiter = RateLimiter(settings)
    certificates = GoogleCertificates(HttpClient(timeout=3.0), settings.google_certs_url)
    for close in (certificates.close, rate_limiter.close, bus.close):
        async_closers.push_async_callback(close)
    return Container(
        **vars(worker),
        async_closers=async_closers,
        certificates=certificates,
        hub=hub,
        bus=bus,
        intake=intake,
        upload_batcher=upload_batcher,
        uploads=uploads,
        offer_batcher=offer_batcher,
        **_make_curation(worker),
        limits=limits,
        priority_gate=PriorityGate(),
        rate_limiter=rate_limiter,
        reads=reads,
        view_counts=ViewCounts(worker.sessions),
        readiness=_make_readiness(worker, hub, bus),
    )


def _make_curation(worker: WorkerContainer) -> dict[str, Any]:
    media = SceneMedia(worker.store)
    return {
        "importer": SceneImporter(worker.sessions, media),
        "line_editor": LineEditor(worker.sessions, media),
        "scene_sound": SceneSound(worker.sessions, media),
    }


def _make_readiness(worker: WorkerContainer, hub: Hub, bus: Bus) -> Readiness:
    return Readiness(worker.engine, worker.store, worker.analysis, lambda: bus.is_connected and not hub.is_closing)


def _make_offer_batcher(uploads: DirectUploads) -> MicroBatcher[UploadRequest, Offer | None]:
    return MicroBatcher(uploads.offer, workers=1, max_batch=32, partition_key=lambda request: request.principal.user_id)


def _make_hub(settings: Settings, metrics: Metrics) -> Hub:
    return Hub(
        settings.stream_heartbeat_s,
        settings.stream_lifetime_s,
        settings.stream_send_timeout_s,
        metrics.streams_changed,
    )


def _make_limits() -> Limits:
    return Limits(
        uploads=CapacityLimiter(8),
        jobs=CapacityLimiter(6),
        follow_ups=CapacityLimiter(6),
        reports=Threads(6),
        exports=CapacityLimiter(3),
        erasures=CapacityLimiter(4),
    )


def _redis_url(settings: Settings) -> str | None:
    return settings.redis_url.get_secret_value() if settings.redis_url else None


def _user_of(recording: Recording) -> int:
    return recording.upload.principal.user_id
