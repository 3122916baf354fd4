"""The sound of an imported scene, for administrators who set the times of its lines."""

from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker, undefer

from common.audio.cut import WAVEFORM_HZ
from core.errors import SceneMediaMissing, ScriptNotFound
from database import session_scope
from models import Script
from services.responses import ResponseDict
from services.scene_media import AfterSound, SceneMedia, Track


@dataclass(frozen=True, slots=True)
class _File:
    key: str
    track: Track
    waveform: bytes | None


class SceneSound:
    """Reads the file that was imported. Every method blocks, and holds no session while the store is asked."""

    def __init__(self, sessions: sessionmaker[Session], media: SceneMedia) -> None:
        self._sessions = sessions
        self._media = media

    def waveform(self, script_id: int, start_s: float, end_s: float | None, points: int) -> ResponseDict:
        """Returns a SceneWaveform of at most `points` peaks; scripts from before it was stored get it now.

        Raises ScriptNotFound, SceneMediaMissing, TrackMissing, AudioUndecodable, or AfterSound.
        """
        file = self._find(script_id)
        waveform = file.waveform if file.waveform is not None else self._measure(script_id, file)
        length_s = len(waveform) / WAVEFORM_HZ
        end_s = length_s if end_s is None else min(end_s, length_s)
        if start_s >= end_s:
            raise AfterSound(0, start_s, length_s)
        first, last = int(start_s * WAVEFORM_HZ), max(round(end_s * WAVEFORM_HZ), int(start_s * WAVEFORM_HZ) + 1)
        peaks = _reduce(waveform[first:last], points)
        return {"length_s": length_s, "start": first / WAVEFORM_HZ, "end": last / WAVEFORM_HZ, "peaks": peaks}

    def sound(self, script_id: int, start_s: float, end_s: float) -> bytes:
        """Returns the sound between two times as FLAC. Raises as `waveform`."""
        file = self._find(script_id)
        sound = self._media.read_sound(file.key, file.track, (start_s, end_s))
        if sound is None:
            raise SceneMediaMissing
        return sound

    def _find(self, script_id: int) -> _File:
        with session_scope(self._sessions) as session:
            script = session.get(Script, script_id, options=[undefer(Script.waveform)])
            if script is None:
                raise ScriptNotFound
            if script.media_key is None:
                raise SceneMediaMissing
            return _File(script.media_key, Track(script.language, script.media_track), script.waveform)

    def _measure(self, script_id: int, file: _File) -> bytes:
        waveform = self._media.measure_waveform(file.key, file.track)
        if waveform is None:
            raise SceneMediaMissing
        with session_scope(self._sessions) as session:
            is_same = (Script.id == script_id, Script.media_key == file.key)
            session.execute(update(Script).where(*is_same).values(waveform=waveform, updated_at=Script.updated_at))
        return waveform


def _reduce(peaks: bytes, points: int) -> list[int]:
    """Returns at most `points` numbers: the largest peak of each of as many equal parts."""
    if len(peaks) <= points:
        return list(peaks)
    bounds = [place * len(peaks) // points for place in range(points + 1)]
    return [max(peaks[start:end]) for start, end in pairwise(bounds)]
