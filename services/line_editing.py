"""Corrects lines: all fields or one; a line with new times gets its part of the scene's sound."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from core.errors import TokenNotFound
from core.translations import patched_line
from database import session_scope
from models import Script, Token
from schemas import TokenWrite
from services.catalogue_admin import create_token, require_line, require_words, reserve_line_ids, update_token
from services.curation import line_version, require_version
from services.responses import ResponseDict
from services.scene_media import SceneMedia, Track

Times = tuple[float, float]
# The fields of a line as they are stored → as they shall be.
Change = Callable[[dict[str, Any]], TokenWrite]


class LineEditor:
    """Changes lines, and cuts their reference audio again from the file that was imported. Every method blocks.

    A clip that no line names any more is deleted by services/storage_cleanup.py: deleted here, it could be the clip of
    another change of the same line.
    """

    def __init__(self, sessions: sessionmaker[Session], media: SceneMedia) -> None:
        self._sessions = sessions
        self._media = media

    def create(self, values: TokenWrite) -> ResponseDict:
        """Creates a line, with its part of the scene's sound, and returns its TokenSummary.

        Raises as `create_token`, or as SceneMedia.cut.
        """
        with session_scope(self._sessions) as session:
            require_words(session, values)
            token_id = reserve_line_ids(session, 1)[0]
        clip_key = self._cut(token_id, values.script_id, (values.start_time, values.end_time))
        with session_scope(self._sessions) as session:
            return create_token(session, values, token_id, clip_key)

    def replace(self, token_id: int, values: TokenWrite) -> ResponseDict:
        """Replaces the fields of a line and returns its TokenSummary. Raises as `update_token`, or as SceneMedia.cut.

        No transaction is open while the sound is cut.
        """
        return self._change(token_id, lambda fields: values)

    def patch(self, token_id: int, changes: Mapping[str, Any], expected_version: str | None = None) -> ResponseDict:
        """Changes the given fields and returns the TokenSummary of the line; others may be changed at the same time.

        Raises ChangedElsewhere unless the line has the expected version, ValidationError where the line would not be
        valid, or as `replace`.
        """

        def change(fields: dict[str, Any]) -> TokenWrite:
            require_version(expected_version, line_version(fields))
            return TokenWrite.model_validate(patched_line(fields, changes))

        return self._change(token_id, change)

    def _change(self, token_id: int, change: Change) -> ResponseDict:
        cut_times: Times | None = None
        clip_key: str | None = None
        while True:
            with session_scope(self._sessions) as session:
                token = session.get(Token, token_id, with_for_update=True)
                if token is None:
                    raise TokenNotFound
                values = change(_fields(token))
                times = (values.start_time, values.end_time)
                if times in (cut_times, (token.start_time, token.end_time)):
                    if times == cut_times and clip_key and clip_key != token.s3_url:
                        token.s3_url, token.reference_features = clip_key, None
                    return update_token(session, token_id, values)
                require_line(session, token_id, values)
            cut_times, clip_key = times, self._cut(token_id, values.script_id, times)

    def _cut(self, token_id: int, script_id: int, times: Times) -> str | None:
        """Stores the clip of new times and returns its key; None without a file to cut from."""
        columns = (Script.media_key, Script.media_track, Script.language)
        with session_scope(self._sessions) as session:
            row = session.execute(select(*columns).where(Script.id == script_id)).one_or_none()
        if row is None or row.media_key is None:
            return None
        return self._media.cut_again(row.media_key, Track(row.language, row.media_track), token_id, times)


def _fields(token: Token) -> dict[str, Any]:
    return {name: getattr(token, name) for name in TokenWrite.model_fields if name != "translation"}
