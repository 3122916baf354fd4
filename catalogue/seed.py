"""Puts the demo catalogue into the database and the store: `python -m catalogue.seed`.

Running it again changes nothing."""

import json
import logging
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from core.settings import ROOT, Settings, get_settings
from database import make_engine, make_session_factory, session_scope
from jobs.analysis_client import AnalysisClient, AnalysisUnavailable
from media.validation import AudioChecker
from models import Actor, Script, Token
from services.script_audio import ReferenceAudio
from utils_s3 import ObjectStore

CATALOGUE = ROOT / "catalogue"
ANALYSIS_PATIENCE_S = 120.0
FEATURE_THREADS = 2

SCRIPT_FIELDS = [
    "slug",
    "title",
    "title_ko",
    "category",
    "language",
    "description",
    "description_ko",
    "source",
    "licence",
    "synthetic_voice",
]


def seed(settings: Settings, say: Any) -> int:
    """Returns 0, or 1 when features are missing because the analysis server cannot be reached."""
    engine = make_engine(settings)
    sessions = make_session_factory(engine)
    store, analysis, checker = ObjectStore(settings), AnalysisClient(settings), AudioChecker()
    reference = ReferenceAudio(sessions, store, analysis, checker)
    try:
        for file in sorted((CATALOGUE / "scenes").glob("*.json")):
            scene = json.loads(file.read_text(encoding="utf-8"))
            audio = _put_scene(sessions, scene)
            for token_id, path in audio:
                reference.replace(token_id, path)
            say(f"{scene['title']}: {len(scene['lines'])} lines" + (f", {len(audio)} recordings" if audio else ""))
        return _compute_features(reference, analysis, say)
    finally:
        checker.close()
        analysis.close()
        store.close()
        engine.dispose()


def _put_scene(sessions: sessionmaker[Session], scene: dict[str, Any]) -> list[tuple[int, Path]]:
    """Writes one scene; returns the lines that have no audio yet, and their files."""
    missing = []
    with session_scope(sessions) as session:
        script = session.scalar(select(Script).where(Script.slug == scene["slug"])) or Script()
        for name in SCRIPT_FIELDS:
            setattr(script, name, scene[name])
        session.add(script)
        session.flush()
        for position, line in enumerate(scene["lines"], start=1):
            here = (Token.script_id == script.id, Token.position == position)
            token = session.scalar(select(Token).where(*here)) or Token(script_id=script.id, position=position)
            token.actor_id = _actor_id(session, line["actor"])
            if token.text != line["text"]:
                token.text, token.reference_features = line["text"], None
            token.translation = line["translation"]
            token.start_time, token.end_time = line["start_s"], line["end_s"]
            session.add(token)
            session.flush()
            if token.s3_url is None:
                missing.append((token.id, CATALOGUE / line["audio"]))
    return missing


def _actor_id(session: Session, name: str) -> int:
    actor = session.scalar(select(Actor).where(Actor.name == name))
    if actor is None:
        actor = Actor(name=name)
        session.add(actor)
        session.flush()
    return actor.id


def _compute_features(reference: ReferenceAudio, analysis: AnalysisClient, say: Any) -> int:
    due = reference.due(limit=1000)
    if not due:
        return 0
    if not _wait_for(analysis):
        say("the analysis server does not answer: pitch contours follow when it does")
        return 1
    say(f"computing pitch and timing of {len(due)} lines")
    with ThreadPoolExecutor(FEATURE_THREADS) as threads:
        for count, done in enumerate(threads.map(reference.compute_features, due), start=1):
            if not done:
                say("the analysis server stopped answering: the rest follows when it does")
                return 1
            if count % 10 == 0 or count == len(due):
                say(f"{count} of {len(due)} lines")
    return 0


def _wait_for(analysis: AnalysisClient) -> bool:
    give_up_at = time.monotonic() + ANALYSIS_PATIENCE_S
    while time.monotonic() < give_up_at:
        try:
            analysis.check()
            return True
        except AnalysisUnavailable:
            time.sleep(0.5)
    return False


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    sys.exit(seed(get_settings(), lambda text: sys.stdout.write(f"{text}\n") and sys.stdout.flush()))
