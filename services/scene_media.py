"""The audio or video files of imported scenes, and the clips of lines that are cut from them."""

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from common.audio.cut import PADDING_S, Cut
from common.temporary_folder import temporary_folder
from core.errors import AudioUndecodable
from jobs.spool import disk_errors
from media.clips import clip_path, cut_clips, read_waveform
from utils_s3 import ObjectStore, reference_key, scene_media_key

CUT_TIMEOUT_S = 120.0
# A line may end this much later than the file, in seconds.
LATE_S = 1.0


class AfterSound(Exception):
    """A line lies after the end of the sound; `place` is its index."""

    def __init__(self, place: int, end_s: float, length_s: float) -> None:
        super().__init__(place, end_s, length_s)
        self.place = place
        self.facts = {"end_s": f"{end_s:g}", "length_s": f"{length_s:.1f}"}


@dataclass(frozen=True, slots=True)
class Track:
    """The audio track of a file: by its number from 1, or else the one in the language of the script."""

    language: str
    number: int | None


class SceneMedia:
    """Stores the files of scenes and clips of their lines. Every method blocks."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def cut(self, media: Path, track: Track, times_s: Sequence[tuple[float, float]], folder: Path) -> Cut:
        """Writes a clip for each pair of times in seconds, which are sorted by start (`clip_path`), and the waveform.

        Raises TrackMissing, AudioUndecodable or AfterSound.
        """
        return _checked(_cut(media, track, times_s, folder, is_whole=True), times_s)

    def cut_again(self, media_key: str, track: Track, token_id: int, times_s: tuple[float, float]) -> str | None:
        """Stores the clip of one line, cut from the file of its scene, and returns its key; None without the file.

        Raises TrackMissing, AudioUndecodable or AfterSound.
        """
        with self._stored(media_key) as media:
            if media is None:
                return None
            _checked(_cut(media, track, [times_s], media.parent, is_whole=False), [times_s])
            return self.put_clip(token_id, clip_path(media.parent, 0))

    def read_sound(self, media_key: str, track: Track, times_s: tuple[float, float]) -> bytes | None:
        """Returns the sound between two times as FLAC, shorter at the end of the file; None without the file.

        Raises TrackMissing, AudioUndecodable or AfterSound.
        """
        start_s, end_s = times_s
        inner = (start_s + PADDING_S, end_s - PADDING_S)
        with self._stored(media_key) as media:
            if media is None:
                return None
            cut = _cut(media, track, [inner], media.parent, is_whole=False)
            if inner[0] >= cut.length_s:
                raise AfterSound(0, end_s, cut.length_s)
            return clip_path(media.parent, 0).read_bytes()

    def measure_waveform(self, media_key: str, track: Track) -> bytes | None:
        """Returns the waveform of a stored file (`read_waveform`); None without it. Raises as `cut`."""
        with self._stored(media_key) as media:
            if media is None:
                return None
            _cut(media, track, [], media.parent, is_whole=True)
            return read_waveform(media.parent)

    @contextmanager
    def _stored(self, media_key: str) -> Iterator[Path | None]:
        """Holds a copy of a stored file in a temporary folder of its own."""
        with disk_errors(), temporary_folder() as folder:
            media = folder / "media"
            with media.open("wb") as target:
                is_there = self._store.get(media_key, target) is not None
            yield media if is_there else None

    def put_clip(self, token_id: int, clip: Path) -> str:
        """Stores the reference audio of a line and returns its key."""
        with clip.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()[:32]
            file.seek(0)
            key = reference_key(token_id, digest, "flac")
            self._store.put(key, file, "audio/flac")
        return key

    def put_media(self, media: Path) -> str:
        """Stores the file of a scene, which lines are cut from again, and returns its key."""
        key = scene_media_key(uuid.uuid4())
        with media.open("rb") as file:
            self._store.put(key, file, "application/octet-stream")
        return key

    def delete(self, keys: Iterable[str]) -> None:
        """Deletes objects; if the store is down, services/storage_cleanup.py deletes them later."""
        for key in keys:
            with suppress(BotoCoreError, ClientError):
                self._store.delete(key)


def _cut(media: Path, track: Track, times_s: Sequence[tuple[float, float]], folder: Path, *, is_whole: bool) -> Cut:
    cut = cut_clips(
        media,
        times_s,
        folder,
        language=track.language,
        track=track.number,
        is_whole=is_whole,
        timeout_s=CUT_TIMEOUT_S,
    )
    if cut is None:
        raise AudioUndecodable
    return cut


def _checked(cut: Cut, times_s: Sequence[tuple[float, float]]) -> Cut:
    """Returns the cut; raises AfterSound for the first line that lies after the end of the sound."""
    for place, (start_s, end_s) in enumerate(times_s):
        if start_s >= cut.length_s or end_s > cut.length_s + LATE_S:
            raise AfterSound(place, end_s, cut.length_s)
    return cut
