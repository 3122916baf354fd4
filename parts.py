"""What lives as long as the server: built in lifespan, closed with it, and shared by all requests."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from anyio import CapacityLimiter
from cachetools import TTLCache, cached
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from analysis_client import AnalysisClient
from audio_check import AudioChecker
from database import JOB_SESSIONS, REQUEST_SESSIONS, make_engine, make_session_factory
from event_bus import EventBus
from events import Hub, Snapshot
from job_states import JobStates
from jobs import Jobs
from metrics import Metrics
from rate_limits import RateLimits
from schemas import ScriptSummary
from security import CachedGoogleCertificates
from services.scene_import import SceneImporter
from services.script_audio import ReferenceAudio
from services.tokens import list_popular
from services.user_audio import Intake
from settings import Settings
from spool import Spool
from task_queue import TaskQueue
from utils_s3 import ObjectStore

POPULAR_TTL_S = 5.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Threads for each kind of blocking work of its own, so that a slow store never starves quick reads."""

    uploads: CapacityLimiter
    jobs: CapacityLimiter
    reports: CapacityLimiter
    exports: CapacityLimiter


@dataclass(frozen=True)
class Core:
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
    jobs: Jobs
    reference: ReferenceAudio

    def close(self) -> None:
        if self.queue:
            self.queue.close()
        self.checker.close()
        self.analysis.close()
        self.store.close()
        self.engine.dispose()


@dataclass(frozen=True)
class Parts(Core):
    """What lives as long as the API server: built and closed in lifespan."""

    http: httpx.Client
    certificates: CachedGoogleCertificates
    hub: Hub
    bus: EventBus | None
    intake: Intake
    importer: SceneImporter
    limits: Limits
    rates: RateLimits
    list_popular: Callable[[Session], list[ScriptSummary]]


def build_core(settings: Settings, metrics: Metrics, publish: Callable[[Snapshot], None], *, hands_on: bool) -> Core:
    """`publish` is given each new state of a job; a server that `hands_on` leaves stored jobs to workers."""
    engine = make_engine(settings)
    metrics.watch_pool(engine, REQUEST_SESSIONS + JOB_SESSIONS)
    sessions = make_session_factory(engine)
    store, analysis, checker = ObjectStore(settings), AnalysisClient(settings), AudioChecker()
    spool = Spool(settings.spool_dir)
    states = JobStates(settings, sessions, spool.id, publish, metrics.job_ended)
    queue = TaskQueue(settings.redis_url.get_secret_value()) if settings.redis_url else None
    return Core(
        settings=settings,
        metrics=metrics,
        engine=engine,
        sessions=sessions,
        store=store,
        analysis=analysis,
        checker=checker,
        spool=spool,
        queue=queue,
        jobs=Jobs(settings, states, store, analysis, spool, queue if hands_on else None),
        reference=ReferenceAudio(sessions, store, analysis, checker),
    )


def build_parts(settings: Settings, metrics: Metrics) -> Parts:
    hub = Hub(
        settings.stream_heartbeat_s,
        settings.stream_lifetime_s,
        settings.stream_send_timeout_s,
        metrics.streams_changed,
    )
    limits = Limits(CapacityLimiter(8), CapacityLimiter(6), CapacityLimiter(6), CapacityLimiter(3))
    url = settings.redis_url
    bus = EventBus(url.get_secret_value(), hub, limits.reports) if url else None
    core = build_core(settings, metrics, (bus or hub).publish, hands_on=True)
    http = httpx.Client(timeout=httpx.Timeout(5.0, connect=3.0))
    return Parts(
        **vars(core),
        http=http,
        certificates=CachedGoogleCertificates(http),
        hub=hub,
        bus=bus,
        intake=Intake(settings, core.sessions, core.spool, core.checker),
        importer=SceneImporter(core.sessions, core.store),
        limits=limits,
        rates=RateLimits(settings),
        list_popular=cached(TTLCache(1, POPULAR_TTL_S), key=lambda session: (), lock=threading.Lock())(list_popular),
    )
