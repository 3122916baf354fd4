"""The reference audio of lines, and the features computed from it."""

import hashlib
import logging
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from core.errors import ReferenceAudioMissing, ScriptNotFound, TokenNotFound
from core.settings import Settings
from database import session_scope
from jobs.analysis_client import AnalysisClient, AnalysisRejected, AnalysisUnavailable, JobUnknown, ReferenceLine
from media.validation import AudioChecker
from models import Script, Token
from services.levels import refresh_scene, set_level
from services.responses import PUBLIC, ResponseDict
from utils_s3 import ObjectStore, reference_key

log = logging.getLogger("yousync.reference")


def list_script_audio(
    session: Session, store: ObjectStore, settings: Settings, script_id: int, *, drafts: bool = False
) -> ResponseDict:
    """Returns a ScriptAudio: the URLs of a scene's lines, in order; null for a line without audio.

    Raises ScriptNotFound, also for a draft unless `drafts`.
    """
    if session.scalar(select(Script.id).where(Script.id == script_id, PUBLIC | drafts)) is None:
        raise ScriptNotFound
    tokens = session.scalars(select(Token).where(Token.script_id == script_id).order_by(Token.position))
    lines = [
        {
            "token_id": token.id,
            "position": token.position,
            "start_time": token.start_time,
            "end_time": token.end_time,
            "audio_url": store.reference_url(token.s3_url) if token.s3_url else None,
        }
        for token in tokens
    ]
    return {"script_id": script_id, "expires_in": settings.signed_url_ttl_s, "lines": lines}


def get_audio_url(session: Session, store: ObjectStore, token_id: int, *, drafts: bool = False) -> str:
    """Returns the URL of a line's reference audio.

    Raises ReferenceAudioMissing, or TokenNotFound, also for a line of a draft unless `drafts`.
    """
    query = select(Token.s3_url).join(Token.script).where(Token.id == token_id, PUBLIC | drafts)
    row = session.execute(query).one_or_none()
    if row is None:
        raise TokenNotFound
    if row.s3_url is None:
        raise ReferenceAudioMissing
    return store.reference_url(row.s3_url)


class ReferenceAudio:
    """Stores reference audio, and requests its features from the analysis server. Every method blocks."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        store: ObjectStore,
        analysis: AnalysisClient,
        checker: AudioChecker,
    ) -> None:
        self._sessions = sessions
        self._store = store
        self._analysis = analysis
        self._checker = checker

    def require(self, token_id: int) -> None:
        """Raises TokenNotFound unless the line exists."""
        with session_scope(self._sessions) as session:
            if session.scalar(select(Token.id).where(Token.id == token_id)) is None:
                raise TokenNotFound

    def replace(self, token_id: int, path: Path) -> ResponseDict:
        """Replaces a line's audio by the file at `path`; returns a StoredAudio. Raises as AudioChecker.check."""
        kind = self._checker.check(path)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()[:32]
            file.seek(0)
            key = reference_key(token_id, digest, kind.extension)
            self._store.put(key, file, kind.content_type)
        with session_scope(self._sessions) as session:
            token = session.get(Token, token_id, with_for_update=True)
            if token is None:
                raise TokenNotFound
            before = token.s3_url
            if before != key:
                token.s3_url, token.reference_features = key, None
                set_level(token, session.get_one(Script, token.script_id).language)
                session.flush()
                refresh_scene(session, token.script_id)
        if before and before != key:
            self._store.delete(before)
        url = self._store.reference_url(key)
        return {"token_id": token_id, "content_type": kind.content_type, "audio_url": url}

    def due(self, limit: int = 20) -> list[int]:
        """Returns the ids of lines whose reference audio has no features yet, lowest first."""
        query = select(Token.id).where(Token.s3_url.is_not(None), Token.reference_features.is_(None))
        with session_scope(self._sessions) as session:
            return list(session.scalars(query.order_by(Token.id).limit(limit)))

    def compute_features(self, token_id: int) -> bool:
        """Requests the features of a line and stores them; False if the analysis server is unavailable."""
        with session_scope(self._sessions) as session:
            row = session.execute(
                select(Token.text, Token.spoken_form, Token.s3_url, Script.language)
                .join(Token.script)
                .where(Token.id == token_id)
            ).one_or_none()
        if row is None or row.s3_url is None:
            return True
        url = self._store.sign_get(row.s3_url, internal=True)
        line = ReferenceLine(token_id, row.text, row.language, url, row.spoken_form)
        try:
            features = self._analysis.features(line)
        except AnalysisRejected as error:
            features = {"unusable": error.code}
        except (AnalysisUnavailable, JobUnknown) as error:
            log.info("features of line %d wait: %s", token_id, error or type(error).__name__)
            return False
        same_audio_and_text = (
            *(Token.id == token_id, Token.s3_url == row.s3_url, Token.text == row.text),
            Token.spoken_form.is_not_distinct_from(row.spoken_form),
        )
        with session_scope(self._sessions) as session:
            # Not a change of the line: `updated_at` stays, or its level would be computed again.
            values = {"reference_features": features, "updated_at": Token.updated_at}
            session.execute(update(Token).where(*same_audio_and_text).values(values))
        return True
