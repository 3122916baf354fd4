"""Imports a scene from subtitles and sound as a draft: script, lines, actors and reference audio."""

from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from common.audio.cut import Cut
from common.temporary_folder import temporary_folder
from database import session_scope
from media.clips import clip_path, read_waveform
from media.subtitles.cues import Cue, Note, Subtitles, SubtitlesUnreadable
from media.subtitles.reading import read_subtitles
from models import Actor, Script, Token
from schemas import SceneImport, ScriptWrite
from services.catalogue_admin import create_script, reserve_line_ids
from services.curation import get_draft
from services.levels import refresh_scene, set_level
from services.line_readings import has_words
from services.responses import ResponseDict
from services.scene_media import AfterSound, SceneMedia, Track


@dataclass(frozen=True, slots=True)
class _Stored:
    """The ids of the lines, the keys of their clips; of the file its key, its track from 1 and its waveform."""

    token_ids: list[int]
    clip_keys: list[str]
    media_key: str
    track: int
    waveform: bytes


class SceneImporter:
    """Creates a draft from a subtitle file and a media file. Blocks."""

    def __init__(self, sessions: sessionmaker[Session], media: SceneMedia) -> None:
        self._sessions = sessions
        self._media = media

    def run(self, scene: SceneImport, subtitles: bytes, media: Path) -> ResponseDict:
        """Imports all of the scene or nothing, and returns its ScriptDraft without messages.

        The sounds are stored first, then every row in one transaction. Cues without a word to pronounce make no line.
        Raises SubtitlesUnreadable, TrackMissing, AudioUndecodable, SlugTaken, or the errors of the store.
        """
        read = _pronounceable(read_subtitles(subtitles, scene.language), scene.language)
        with temporary_folder() as folder:
            cut = self._cut(media, scene, read.cues, folder)
            read.notes.extend(_notes_on_sound(cut, scene, read.cues))
            keys: list[str] = []
            try:
                keys.append(self._media.put_media(media))
                with session_scope(self._sessions) as session:
                    ids = reserve_line_ids(session, len(read.cues))
                for place, token_id in enumerate(ids):
                    keys.append(self._media.put_clip(token_id, clip_path(folder, place)))
                return self._insert(scene, read, _Stored(ids, keys[1:], keys[0], cut.track, read_waveform(folder)))
            except BaseException:
                self._media.delete(keys)
                raise

    def _cut(self, media: Path, scene: SceneImport, cues: list[Cue], folder: Path) -> Cut:
        track = Track(scene.language, scene.audio_track)
        try:
            return self._media.cut(media, track, [(cue.start_s, cue.end_s) for cue in cues], folder)
        except AfterSound as error:
            raise SubtitlesUnreadable("cue_after_sound", cues[error.place].number, **error.facts) from error

    def _insert(self, scene: SceneImport, read: Subtitles, stored: _Stored) -> ResponseDict:
        with session_scope(self._sessions) as session:
            values = ScriptWrite(**scene.model_dump(exclude={"actor", "audio_track"}))
            script_id = create_script(session, values, is_draft=True)
            script = session.get_one(Script, script_id)
            script.media_key, script.media_track = stored.media_key, stored.track
            script.waveform = stored.waveform
            script.import_notes = [asdict(note) for note in read.notes]
            actors = _actors(session, {cue.actor or scene.actor for cue in read.cues})
            rows = zip(read.cues, stored.token_ids, stored.clip_keys, strict=True)
            for position, (cue, token_id, key) in enumerate(rows, 1):
                token = _token(cue, actors[cue.actor or scene.actor], position)
                token.id, token.script_id, token.s3_url = token_id, script_id, key
                set_level(token, scene.language)
                session.add(token)
            session.flush()
            refresh_scene(session, script_id)
            return get_draft(session, script_id)


def _pronounceable(read: Subtitles, language: str) -> Subtitles:
    """Returns the cues that have a word to pronounce, and notes on the others. Raises SubtitlesUnreadable."""
    cues = [cue for cue in read.cues if has_words(cue.text, language)]
    if not cues:
        raise SubtitlesUnreadable("subtitles_without_line")
    skipped = [Note("nothing_to_say", cue.number, cue.text) for cue in read.cues if cue not in cues]
    return Subtitles(cues, [*read.notes, *skipped])


def _notes_on_sound(cut: Cut, scene: SceneImport, cues: list[Cue]) -> list[Note]:
    silent = [Note("sound_silent", cues[place].number, cues[place].text) for place in cut.silent]
    if scene.audio_track is None and cut.tracks > 1:
        return [Note("track_guessed", None, f"{cut.track} / {cut.tracks}"), *silent]
    return silent


def _token(cue: Cue, actor_id: int, position: int) -> Token:
    return Token(
        actor_id=actor_id,
        position=position,
        text=cue.text,
        translations=cue.translations,
        start_time=cue.start_s,
        end_time=cue.end_s,
    )


def _actors(session: Session, names: set[str]) -> dict[str, int]:
    session.execute(insert(Actor).values([{"name": name} for name in sorted(names)]).on_conflict_do_nothing())
    return {name: id_ for id_, name in session.execute(select(Actor.id, Actor.name).where(Actor.name.in_(names)))}
