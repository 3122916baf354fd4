"""What lives as long as the server: built in lifespan, closed with it, and shared by all requests."""

from dataclasses import dataclass

import httpx
from anyio import CapacityLimiter
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from analysis_client import AnalysisClient
from answer_cache import CHANNEL, AnswerCache
from audio_check import AudioChecker
from database import (
    JOB_SESSIONS,
    READ_SESSIONS,
    REQUEST_SESSIONS,
    Reads,
    make_engine,
    make_read_engine,
    make_session_factory,
)
from event_bus import EventBus
from events import Hub
from job_states import JobStates
from jobs import Jobs
from metrics import Metrics
from rate_limits import RateLimits
from security import CachedGoogleCertificates
from services.catalogue_changes import watch_catalogue
from services.scene_import import SceneImporter
from services.script_audio import ReferenceAudio
from services.user_audio import Intake
from settings import Settings
from spool import Spool
from utils_s3 import ObjectStore
from views import Views


@dataclass(frozen=True, slots=True)
class Limits:
    """Threads for each kind of blocking work of its own, so that a slow store never starves quick reads."""

    uploads: CapacityLimiter
    jobs: CapacityLimiter
    reports: CapacityLimiter
    exports: CapacityLimiter


@dataclass(frozen=True, slots=True)
class Parts:
    """What lives as long as the server: built and closed in lifespan."""

    settings: Settings
    engine: Engine
    read_engine: Engine
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
    reference: ReferenceAudio
    importer: SceneImporter
    limits: Limits
    rates: RateLimits
    reads: Reads
    cache: AnswerCache
    views: Views


def build_parts(settings: Settings, metrics: Metrics) -> Parts:
    engine, read_engine = make_engine(settings), make_read_engine(settings)
    sessions = make_session_factory(engine)
    store, analysis = ObjectStore(settings), AnalysisClient(settings)
    checker, spool = AudioChecker(), Spool(settings.spool_dir)
    hub = Hub(
        settings.stream_heartbeat_s,
        settings.stream_lifetime_s,
        settings.stream_send_timeout_s,
        metrics.streams_changed,
    )
    limits = Limits(CapacityLimiter(8), CapacityLimiter(6), CapacityLimiter(6), CapacityLimiter(3))
    url = settings.redis_url.get_secret_value() if settings.redis_url else None
    cache = AnswerCache(settings.kept_s, url)
    watch_catalogue(sessions, cache.renew)
    bus = EventBus(url, hub, limits.reports, {CHANNEL: cache.forget}) if url else None
    states = JobStates(settings, sessions, spool.id, (bus or hub).publish, metrics.job_ended)
    metrics.watch_pools(REQUEST_SESSIONS + JOB_SESSIONS + READ_SESSIONS, engine, read_engine)
    http = httpx.Client(timeout=httpx.Timeout(5.0, connect=3.0))
    return Parts(
        settings=settings,
        engine=engine,
        read_engine=read_engine,
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
        intake=Intake(settings, sessions, spool, checker),
        importer=SceneImporter(sessions, store),
        reference=ReferenceAudio(sessions, store, analysis, checker),
        limits=limits,
        rates=RateLimits(settings),
        reads=Reads(read_engine),
        cache=cache,
        views=Views(sessions),
    )
