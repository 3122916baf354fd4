"""Imports a scene from subtitles and sound: script, lines, actors and reference audio."""

import hashlib
import tempfile
from contextlib import suppress
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from core.errors import AudioUndecodable, NothingToPronounce
from database import session_scope
from media.clips import cut_clips
from media.subtitles import Cue, SubtitlesUnreadable, read_subtitles
from models import Actor, Token
from schemas import SceneImport, ScriptWrite
from services.catalogue_admin import create_script
from services.line_readings import has_words
from services.responses import ResponseDict
from services.tokens import get_script
from utils_s3 import ObjectStore, reference_key

CUT_TIMEOUT_S = 120.0
# A cue may end this much later than the file, in seconds.
LATE_S = 1.0


class SceneImporter:
    """Creates a script from a subtitle file and a media file. Blocks."""

    def __init__(self, sessions: sessionmaker[Session], store: ObjectStore) -> None:
        self._sessions = sessions
        self._store = store

    def run(self, scene: SceneImport, subtitles: bytes, media: Path) -> ResponseDict:
        """Imports all of the scene or nothing, and returns its ScriptDetail.

        The sounds are stored first, then every row in one transaction.
        Cues without a word to pronounce (music, sounds) make no line.
        Raises SubtitlesUnreadable, NothingToPronounce, AudioUndecodable, SlugTaken, or the errors of the store.
        """
        cues = [cue for cue in read_subtitles(subtitles) if has_words(cue.text, scene.language)]
        if not cues:
            raise NothingToPronounce
        with tempfile.TemporaryDirectory() as folder:
            self._cut(media, cues, Path(folder))
            ids = self._reserve_ids(len(cues))
            keys: list[str] = []
            try:
                for index, token_id in enumerate(ids):
                    keys.append(self._put(token_id, Path(folder) / f"{index}.flac"))
                return self._insert(scene, cues, ids, keys)
            except BaseException:
                self._delete_objects(keys)
                raise

    def _cut(self, media: Path, cues: list[Cue], folder: Path) -> None:
        times_s = [(cue.start_s, cue.end_s) for cue in cues]
        length_s = cut_clips(media, times_s, folder, timeout_s=CUT_TIMEOUT_S)
        if length_s is None:
            raise AudioUndecodable
        for number, cue in enumerate(cues, 1):
            if cue.end_s > length_s + LATE_S:
                raise SubtitlesUnreadable(f"ends at {cue.end_s:g} s, after the sound ({length_s:.1f} s)", number)

    def _reserve_ids(self, count: int) -> list[int]:
        number = func.nextval(func.pg_get_serial_sequence("tokens", "id"))
        with session_scope(self._sessions) as session:
            return sorted(session.scalars(select(number).select_from(func.generate_series(1, count))))

    def _put(self, token_id: int, path: Path) -> str:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()[:32]
            file.seek(0)
            key = reference_key(token_id, digest, "flac")
            self._store.put(key, file, "audio/flac")
        return key

    def _insert(self, scene: SceneImport, cues: list[Cue], ids: list[int], keys: list[str]) -> ResponseDict:
        with session_scope(self._sessions) as session:
            script_id = create_script(session, ScriptWrite(**scene.model_dump(exclude={"actor"})))
            actors = _actors(session, {cue.actor or scene.actor for cue in cues})
            for position, (cue, token_id, key) in enumerate(zip(cues, ids, keys, strict=True), 1):
                session.add(
                    Token(
                        id=token_id,
                        script_id=script_id,
                        actor_id=actors[cue.actor or scene.actor],
                        position=position,
                        text=cue.text,
                        start_time=cue.start_s,
                        end_time=cue.end_s,
                        s3_url=key,
                    )
                )
            session.flush()
            return get_script(session, script_id)

    def _delete_objects(self, keys: list[str]) -> None:
        """Deletes objects; if the store is down, services/storage_cleanup.py deletes them later."""
        for key in keys:
            with suppress(BotoCoreError, ClientError):
                self._store.delete(key)


def _actors(session: Session, names: set[str]) -> dict[str, int]:
    session.execute(insert(Actor).values([{"name": name} for name in sorted(names)]).on_conflict_do_nothing())
    return {name: id_ for id_, name in session.execute(select(Actor.id, Actor.name).where(Actor.name.in_(names)))}
