"""Cutting media files by their own clock: the start of the container, gaps, tracks and channels."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from common.audio.source import TrackMissingError
from media.clip_cutting import NoSound, cut_lines, handle
from media.clips import TrackMissing, cut_clips
from tests.support.field_files import MEDIA, RATE_HZ, SECONDS, encode, tones

TIMES_S = [(second + 0.2, second + 0.8) for second in range(SECONDS)]
LOW_HZ = 120


def low() -> np.ndarray[Any, Any]:
    return 0.4 * np.sin(2 * np.pi * LOW_HZ * np.arange(SECONDS * RATE_HZ) / RATE_HZ)[None]


def heard(content: bytes, folder: Path, **wish: Any) -> list[float | None]:
    """The strongest frequency of each second; None for silence."""
    media = folder / "media"
    media.write_bytes(content)
    cut_lines(str(media), TIMES_S, str(folder), **wish)
    return [_frequency(folder / f"{second}.flac") for second in range(SECONDS)]


def _frequency(path: Path) -> float | None:
    samples, rate_hz = soundfile.read(path)
    if np.sqrt(np.mean(np.square(samples))) < 1e-3:
        return None
    return float(np.argmax(np.abs(np.fft.rfft(samples * np.hanning(len(samples))))) * rate_hz / len(samples))


@pytest.mark.parametrize("name", MEDIA)
def test_each_second_holds_its_own_tone(name: str, tmp_path: Path) -> None:
    kind, make = MEDIA[name]
    found = heard(make(), tmp_path)
    silent = {4, 5} if kind == "gap" else set()
    for second, hertz in enumerate(found):
        assert hertz == (None if second in silent else pytest.approx(300 + 40 * second, abs=5)), found


@pytest.mark.parametrize(
    ("wish", "is_low"),
    [
        ({}, False),
        ({"language": "ko-KR"}, True),
        ({"language": "en-US"}, False),
        ({"language": "fr"}, False),
        ({"track": 1, "language": "en-US"}, True),
        ({"track": 2}, False),
    ],
)
def test_one_of_several_tracks_is_chosen(wish: Mapping[str, Any], is_low: bool, tmp_path: Path) -> None:
    content = encode([low(), tones()[None]], "matroska", "aac", RATE_HZ, languages=("kor", "eng"))
    found = heard(content, tmp_path, **wish)
    assert found[0] == pytest.approx(LOW_HZ if is_low else 300, abs=5)


def test_silent_track_is_no_choice(tmp_path: Path) -> None:
    content = encode([tones()[None], 0 * low()], "matroska", "aac", RATE_HZ, languages=("kor", "eng"))
    assert heard(content, tmp_path, language="en-US")[0] == pytest.approx(300, abs=5)


def test_track_and_silent_lines_are_reported(tmp_path: Path) -> None:
    half_silent = low()
    half_silent[:, : SECONDS * RATE_HZ // 2] = 0
    media = tmp_path / "media"
    media.write_bytes(encode([tones()[None], half_silent], "matroska", "flac", RATE_HZ, languages=("kor", "eng")))
    found = cut_clips(media, TIMES_S, tmp_path, language="en-US", timeout_s=60)
    assert found and (found.track, found.tracks) == (2, 2)
    assert found.silent == list(range(SECONDS // 2))
    korean = cut_clips(media, TIMES_S, tmp_path, language="ko", timeout_s=60)
    assert korean and (korean.track, korean.silent) == (1, [])


def test_number_of_a_missing_track_is_refused(tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.write_bytes(encode([tones()[None]], "matroska", "aac", RATE_HZ))
    with pytest.raises(TrackMissingError):
        cut_lines(str(media), TIMES_S, str(tmp_path), track=2)
    with pytest.raises(TrackMissing, match=r"^1$"):
        cut_clips(media, TIMES_S, tmp_path, track=2, timeout_s=60)


def test_playlist_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other.ts"
    other.write_bytes(MEDIA["start_1.4_s.ts"][1]())
    media = tmp_path / "media"
    media.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:8\n#EXTINF:8,\n{other}\n#EXT-X-ENDLIST\n")
    with pytest.raises(NoSound):
        cut_lines(str(media), TIMES_S, str(tmp_path))
    asked = {"media": str(media), "times_s": TIMES_S, "folder": str(tmp_path)}
    assert json.loads(handle(json.dumps(asked).encode())) == {"cut": None, "tracks": None}
