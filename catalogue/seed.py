"""Adds the demo catalogue to the database and the store: `python -m catalogue.seed`.

A second run changes nothing.
"""

import json
import logging
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import make_url, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from core.settings import ROOT, Settings, get_settings
from database import explain_unusable, make_engine, make_session_factory, session_scope
from jobs.analysis_client import AnalysisClient, AnalysisUnavailable
from media.validation import AudioChecker
from models import Actor, Script, Token
from schemas import ActorWrite, ScriptWrite, TokenWrite
from services.levels import level_lines
from services.script_audio import ReferenceAudio
from utils_s3 import ObjectStore

CATALOGUE = ROOT / "catalogue"
ANALYSIS_TIMEOUT_S = 120.0
FEATURE_THREADS = 2
# Fields that the catalogue leaves to curators.
_CURATED = frozenset({"expires_at", "credit", "curator_level"})


def seed(settings: Settings, report: Callable[[str], None]) -> int:
    """Returns 0, or 1 when features are missing because the analysis server is unavailable."""
    engine = make_engine(settings)
    sessions = make_session_factory(engine)
    store, analysis, checker = ObjectStore(settings), AnalysisClient(settings), AudioChecker()
    reference = ReferenceAudio(sessions, store, analysis, checker)
    try:
        for path in sorted((CATALOGUE / "scenes").glob("*.json")):
            scene = json.loads(path.read_text(encoding="utf-8"))
            missing = _write_scene(sessions, scene)
            for token_id, audio in missing:
                reference.replace(token_id, audio)
            report(
                f"{scene['title']}: {len(scene['lines'])} lines" + (f", {len(missing)} recordings" if missing else "")
            )
        return _compute_features(reference, analysis, report)
    finally:
        checker.close()
        analysis.close()
        store.close()
        engine.dispose()


def _write_scene(sessions: sessionmaker[Session], scene: dict[str, Any]) -> list[tuple[int, Path]]:
    """Writes one scene; returns the ids of lines without audio, each with its file."""
    missing = []
    with session_scope(sessions) as session:
        script = session.scalar(select(Script).where(Script.slug == scene["slug"])) or Script()
        _set_fields(script, ScriptWrite.model_validate(scene))
        session.add(script)
        session.flush()
        for position, line in enumerate(scene["lines"], start=1):
            position_filter = (Token.script_id == script.id, Token.position == position)
            token = session.scalar(select(Token).where(*position_filter)) or Token(
                script_id=script.id, position=position
            )
            if token.text != line["text"]:
                token.reference_features = None
            times = {"start_time": line["start_s"], "end_time": line["end_s"]}
            ids = {"script_id": script.id, "actor_id": _actor_id(session, line["actor"]), "position": position}
            _set_fields(token, TokenWrite.model_validate(line | times | ids))
            session.add(token)
            session.flush()
            if token.s3_url is None:
                missing.append((token.id, CATALOGUE / line["audio"]))
        level_lines(session, script.id)
    return missing


def _set_fields(row: Script | Token, values: ScriptWrite | TokenWrite) -> None:
    """Sets the fields of the catalogue; what only a curator gives, such as the end of a licence, stays."""
    for name, value in values.model_dump().items():
        if name in values.model_fields_set or name not in _CURATED:
            setattr(row, name, value)


def _actor_id(session: Session, name: str) -> int:
    """Returns the actor of this name, with the names in other languages of actors.json."""
    actor = session.scalar(select(Actor).where(Actor.name == name)) or Actor(name=name)
    names = json.loads((CATALOGUE / "actors.json").read_text(encoding="utf-8"))
    if not actor.translations:
        actor.translations = ActorWrite(name=name, translations=names.get(name, {})).translations
    session.add(actor)
    session.flush()
    return actor.id


def _compute_features(reference: ReferenceAudio, analysis: AnalysisClient, report: Callable[[str], None]) -> int:
    due = reference.due(limit=1000)
    if not due:
        return 0
    if not _wait_for(analysis):
        report("the analysis server does not respond: its features will be computed later")
        return 1
    report(f"computing pitch and timing of {len(due)} lines")
    with ThreadPoolExecutor(FEATURE_THREADS) as threads:
        for count, done in enumerate(threads.map(reference.compute_features, due), start=1):
            if not done:
                report("the analysis server stopped responding: the remaining features will be computed later")
                return 1
            if count % 10 == 0 or count == len(due):
                report(f"{count} of {len(due)} lines")
    return 0


def _wait_for(analysis: AnalysisClient) -> bool:
    deadline = time.monotonic() + ANALYSIS_TIMEOUT_S
    while time.monotonic() < deadline:
        try:
            analysis.check()
            return True
        except AnalysisUnavailable:
            time.sleep(0.5)
    return False


def _print_line(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Seeds the database of DATABASE_URL; returns the exit code."""
    logging.basicConfig(level=logging.WARNING)
    settings = get_settings()
    try:
        return seed(settings, _print_line)
    except OperationalError as error:
        _print_line(f"the database cannot be used: {explain_unusable(error, make_url(settings.sqlalchemy_url))}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
