"""Reading recordings: containers, channels, time stamps, tracks and lengths as phones and browsers write them."""

import io
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from common.audio.errors import AudioEmptyError, AudioTooLongError, UndecodableAudioError
from common.audio.recording import Recording, read_recording
from common.audio.views import FileView
from tests.support import audio, field_files
from tests.support.field_files import RATE_HZ, Samples, encode, human, room, stereo, wav

LENGTH_S = len(human()) / RATE_HZ


def read(content: bytes, max_s: float = 120.0) -> Recording:
    return read_recording(io.BytesIO(content), RATE_HZ, max_s)


def level_db(samples: npt.NDArray[Any]) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-12))


def likeness(samples: npt.NDArray[Any]) -> float:
    """The largest correlation with the human line over all shifts."""
    first, second = samples - samples.mean(), human() - human().mean()
    size = len(first) + len(second)
    product = np.fft.irfft(np.fft.rfft(first, size) * np.conj(np.fft.rfft(second, size)), size)
    return float(np.abs(product).max() / np.linalg.norm(first) / np.linalg.norm(second))


def spoken(seconds: float) -> Samples:
    return np.resize(human(), (1, int(seconds * RATE_HZ)))


@pytest.mark.parametrize("name", sorted(set(field_files.RECORDINGS) - {"room_35_lead_60.ogg"}))
def test_the_whole_line_is_read(name: str) -> None:
    recording = read(field_files.RECORDINGS[name]())
    assert not recording.truncated
    assert len(recording.samples) / RATE_HZ == pytest.approx(LENGTH_S, abs=0.3)
    # Lossy codecs and a seam between two files shift parts of the line against each other.
    assert likeness(recording.samples) > 0.5
    assert level_db(recording.samples) == pytest.approx(level_db(human()), abs=1.5)


@pytest.mark.parametrize("channels", [1, 2, 3, 6, 9, 11, 13])
def test_equal_channels_are_mixed_without_a_change(channels: int) -> None:
    mono = read(wav(human()[None])).samples
    mixed = read(wav(np.repeat(human()[None], channels, axis=0))).samples
    assert np.abs(mixed - mono).max() < 1e-4


def test_voice_beside_noise_is_taken_alone() -> None:
    noise = 0.05 * np.random.default_rng(0).normal(size=len(human()))
    for channels in (stereo(human(), noise), stereo(noise, human())):
        assert likeness(read(wav(channels)).samples) > 0.99


def test_noise_of_two_microphones_is_averaged() -> None:
    noise = 0.01 * np.random.default_rng(0).normal(size=(2, len(human())))
    mixed = read(wav(stereo(human(), human()) + noise)).samples
    assert level_db(mixed - human()) < level_db(noise) - 2


@pytest.mark.parametrize("codec", ["pcm_s16le", "pcm_f32le"])
def test_level_of_one_channel_is_unchanged(codec: str) -> None:
    assert np.abs(read(encode([human()[None]], "wav", codec, RATE_HZ)).samples - human()).max() < 1e-4


@pytest.mark.parametrize("valid_bits", [16, 20, 24])
def test_valid_bits_are_not_the_size_of_a_sample(valid_bits: int) -> None:
    content = bytearray(field_files.wav_24_in_32(human()[None]))
    struct.pack_into("<H", content, 38, valid_bits)
    assert np.abs(read(bytes(content)).samples - human()).max() < 1e-4


def test_samples_of_an_odd_size_are_refused() -> None:
    content = bytearray(wav(human()[None]))
    struct.pack_into("<H", content, 32, 4)
    with pytest.raises(UndecodableAudioError):
        read(bytes(content))


def test_silence_between_time_stamps_is_a_pause_where_the_sound_pauses() -> None:
    quiet = np.zeros(RATE_HZ // 2)
    line = np.concatenate([human(), quiet, human()])[None]
    at_s = LENGTH_S + 0.25
    paused = read(encode([line], "webm", "libopus", jump=(at_s, 0.8)))
    assert len(paused.samples) / RATE_HZ == pytest.approx(line.shape[1] / RATE_HZ + 0.8, abs=0.05)
    stalled = read(encode([line], "webm", "libopus", jump=(1.4, 0.8)))
    assert len(stalled.samples) / RATE_HZ == pytest.approx(line.shape[1] / RATE_HZ, abs=0.05)
    assert not paused.truncated and not stalled.truncated


def test_a_gap_of_minutes_is_no_length() -> None:
    line = np.concatenate([human(), np.zeros(RATE_HZ), human()])[None]
    recording = read(encode([line], "ipod", "aac", jump=(LENGTH_S + 0.5, 180.0)))
    assert len(recording.samples) / RATE_HZ < line.shape[1] / RATE_HZ + 3.1


def test_recording_beyond_the_limit_is_too_long() -> None:
    with pytest.raises(AudioTooLongError):
        read(wav(spoken(10)), max_s=9.5)


@pytest.mark.parametrize("sizes", [0, 0x7FFFFFFF, 0x80000000, 0x7FFFF000, 0xFFFFFFFF])
def test_placeholder_for_the_length_is_no_promise(sizes: int) -> None:
    recording = read(wav(human()[None], sizes=sizes))
    assert not recording.truncated
    assert len(recording.samples) == len(human())


@pytest.mark.parametrize("name", ["wav", "flac", "mp3", "aac", "webm", "ogg", "caf", "aiff"])
def test_only_a_file_that_breaks_off_is_truncated(name: str) -> None:
    container, codec, rate_hz = audio.FORMATS[name]
    content = encode([spoken(6)], container, codec, rate_hz)
    assert not read(content).truncated
    assert read(content[: int(len(content) * 0.8)]).truncated


def test_trailing_bytes_do_not_make_an_mp3_truncated() -> None:
    content = encode([spoken(3)], "mp3", "libmp3lame", 44_100)
    assert not read(content + bytes(4096)).truncated


def test_video_that_goes_on_without_sound_is_not_truncated() -> None:
    silent = np.zeros((1, RATE_HZ))
    longer = encode([human()[None], np.concatenate([silent] * 6, axis=1)], "matroska", "aac")
    assert not read(longer).truncated


@pytest.mark.parametrize("name", ["webm", "ogg", "flac", "mp3", "amr", "wav", "nothing"])
def test_file_without_a_sample_is_empty(name: str) -> None:
    heads: dict[str, Callable[[], bytes]] = {
        "webm": lambda: audio.encode("webm").partition(b"\x1f\x43\xb6\x75")[0],
        "ogg": lambda: audio.encode("ogg")[:47],
        "flac": lambda: audio.encode("flac", 0.0),
        "mp3": lambda: b"ID3\x04\0\0\0\0\0\x0a" + bytes(10),
        "amr": lambda: b"#!AMR\n",
        "wav": lambda: wav(np.zeros((1, 0))),
        "nothing": lambda: b"",
    }
    with pytest.raises(AudioEmptyError):
        read(heads[name]())


def test_files_one_after_another_are_read_to_the_end() -> None:
    for name in ("ogg", "webm", "flac", "mp3", "aac"):
        recording = read(audio.encode(name) * 3)
        assert len(recording.samples) / RATE_HZ == pytest.approx(3 * LENGTH_S, abs=0.5), name


def test_room_around_the_line_is_kept() -> None:
    samples = read(encode([room(10, 5)], "ogg", "libopus")).samples
    assert len(samples) / RATE_HZ == pytest.approx(15 + LENGTH_S, abs=0.1)


@pytest.mark.parametrize("place", [100, 2**63 - 1, 2**70])
def test_a_place_after_the_end_holds_nothing(place: int) -> None:
    """Damaged headers lead FFmpeg there; the file itself refuses offsets beyond 63 bits."""
    view = FileView(io.BytesIO(b"0123456789"), start=2)
    view.seek(place)
    assert (view.read(4), view.read()) == (b"", b"")
    view.seek(6)
    assert view.read(4) == b"89"
