"""Corrects lines: all fields or one; a line with new times gets its part of the scene's sound."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from core.errors import TokenNotFound
from core.translations import patched_line
from database import session_scope
from models import Script, Token
from schemas import TokenWrite
from services.catalogue_admin import update_token
from services.responses import ResponseDict
from services.scene_media import SceneMedia, Track


class LineEditor:
    """Changes lines, and cuts their reference audio again from the file that was imported. Every method blocks."""

    def __init__(self, sessions: sessionmaker[Session], media: SceneMedia) -> None:
        self._sessions = sessions
        self._media = media

    def replace(self, token_id: int, values: TokenWrite) -> ResponseDict:
        """Replaces the fields of a line and returns its TokenSummary. Raises as `update_token`, or as SceneMedia.cut.

        No transaction is open while the sound is cut.
        """
        clip_key = self._cut(token_id, values)
        try:
            with session_scope(self._sessions) as session:
                before = session.get(Token, token_id, with_for_update=True)
                old_key = before.s3_url if before else None
                if before and clip_key and clip_key != old_key:
                    before.s3_url, before.reference_features = clip_key, None
                line = update_token(session, token_id, values)
        except BaseException:
            self._media.delete([clip_key] if clip_key else [])
            raise
        if old_key and clip_key and clip_key != old_key:
            self._media.delete([old_key])
        return line

    def patch(self, token_id: int, changes: Mapping[str, Any]) -> ResponseDict:
        """Changes the given fields and returns the TokenSummary of the line.

        Raises ValidationError where the line would not be valid, or as `replace`.
        """
        with session_scope(self._sessions) as session:
            token = session.get(Token, token_id)
            if token is None:
                raise TokenNotFound
            fields = {name: getattr(token, name) for name in TokenWrite.model_fields if name != "translation"}
        return self.replace(token_id, TokenWrite.model_validate(patched_line(fields, changes)))

    def _cut(self, token_id: int, values: TokenWrite) -> str | None:
        """Stores the clip of new times and returns its key; None for the same times, or without a file to cut from."""
        columns = (Token.start_time, Token.end_time, Script.media_key, Script.media_track, Script.language)
        query = select(*columns).join(Token.script).where(Token.id == token_id)
        with session_scope(self._sessions) as session:
            row = session.execute(query).one_or_none()
        if row is None:
            raise TokenNotFound
        if row.media_key is None or (row.start_time, row.end_time) == (values.start_time, values.end_time):
            return None
        track = Track(row.language, row.media_track)
        return self._media.cut_again(row.media_key, track, token_id, (values.start_time, values.end_time))
