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
from events import Hub
from job_states import JobStates
from jobs import Jobs
from metrics import Metrics
from rate_limits import RateLimits
from schemas import ScriptSummary
from security import CachedGoogleCertificates
from services.scene_import import SceneImporter
from services.script_audio import ReferenceAudio
from services.tokens import list_popular
from services.uploads import DirectUploads
from services.user_audio import Intake
from settings import Settings
from spool import Spool
from utils_s3 import ObjectStore

POPULAR_TTL_S = 5.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Threads for each kind of blocking work of its own, so that a slow store never starves quick reads."""

    uploads: CapacityLimiter
    offers: CapacityLimiter
    jobs: CapacityLimiter
    reports: CapacityLimiter
    exports: CapacityLimiter


@dataclass(frozen=True, slots=True)
class Parts:
    """What lives as long as the server: built and closed in lifespan."""

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    store: ObjectStore
    analysis: AnalysisClient
    http: httpx.Client
    certificates: CachedGoogleCertificates
    checker: AudioChecker
    spool: Spool
    hub: Hub
    bus: EventBus | None
    jobs: Jobs
    metrics: Metrics
    intake: Intake
    uploads: DirectUploads
    reference: ReferenceAudio
    importer: SceneImporter
    limits: Limits
    rates: RateLimits
    list_popular: Callable[[Session], list[ScriptSummary]]


def build_parts(settings: Settings, metrics: Metrics) -> Parts:
    engine = make_engine(settings)
    sessions = make_session_factory(engine)
    store, analysis = ObjectStore(settings), AnalysisClient(settings)
    checker, spool = AudioChecker(), Spool(settings.spool_dir)
    hub = Hub(
        settings.stream_heartbeat_s,
        settings.stream_lifetime_s,
        settings.stream_send_timeout_s,
        metrics.streams_changed,
    )
    limits = Limits(
        uploads=CapacityLimiter(8),
        offers=CapacityLimiter(4),
        jobs=CapacityLimiter(6),
        reports=CapacityLimiter(6),
        exports=CapacityLimiter(3),
    )
    url = settings.redis_url
    bus = EventBus(url.get_secret_value(), hub, limits.reports) if url else None
    states = JobStates(settings, sessions, spool.id, (bus or hub).publish, metrics.job_ended)
    metrics.watch_pool(engine, REQUEST_SESSIONS + JOB_SESSIONS)
    intake = Intake(settings, sessions, spool, checker)
    http = httpx.Client(timeout=httpx.Timeout(5.0, connect=3.0))
    return Parts(
        settings=settings,
        engine=engine,
        sessions=sessions,
        store=store,
        analysis=analysis,
        http=http,
        certificates=CachedGoogleCertificates(http),
        checker=checker,
        spool=spool,
        hub=hub,
        bus=bus,
        jobs=Jobs(settings, states, store, analysis, spool),
        metrics=metrics,
        intake=intake,
        uploads=DirectUploads(settings, sessions, store, checker, intake),
        importer=SceneImporter(sessions, store),
        reference=ReferenceAudio(sessions, store, analysis, checker),
        limits=limits,
        rates=RateLimits(settings),
        list_popular=cached(TTLCache(1, POPULAR_TTL_S), key=lambda session: (), lock=threading.Lock())(list_popular),
    )
