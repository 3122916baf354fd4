"""Decoding of the formats of browsers and phones, refusal of everything else; quality of the recording."""

import io

import numpy as np
import pytest

from analysis.engine import decode as decoder
from analysis.engine import recording_quality
from analysis.engine.decode import AudioEmptyError, AudioTooLongError, UndecodableAudioError
from analysis.tests.conftest import RATE, Recording, encode, encode_wav, read


@pytest.mark.parametrize(
    ("container", "codec", "rate"),
    [
        ("webm", "libopus", 48_000),
        ("ogg", "libopus", 48_000),
        ("mp4", "aac", 48_000),
        ("adts", "aac", 44_100),
        ("mp3", "libmp3lame", 44_100),
        ("wav", "pcm_s16le", 44_100),
        ("flac", "flac", 48_000),
    ],
)
def test_common_formats_are_decoded(container: str, codec: str, rate: int, recordings: list[Recording]) -> None:
    take = recordings[0].audio
    decoded = read(encode(take, container, codec, rate))
    assert abs(len(decoded) - len(take)) < 0.15 * RATE
    assert decoded.dtype == np.float32


@pytest.mark.parametrize(
    "content",
    [
        b"This is a text file that someone named .wav\n" * 50,
        b"\x00" * 5000,
        b"RIFF\x24\x00\x00\x00WAVE",
        b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/secret.ts\n",
        b"ffconcat version 1.0\nfile '/etc/passwd'\n",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 200,
    ],
    ids=["text", "zeros", "wav-header-only", "playlist", "concat-script", "image"],
)
def test_files_without_audio_are_refused(content: bytes) -> None:
    with pytest.raises((UndecodableAudioError, AudioEmptyError)):
        read(content)


def test_empty_file_is_refused() -> None:
    with pytest.raises(AudioEmptyError):
        read(b"")


def test_decoding_stops_at_the_limit() -> None:
    """Ten minutes of silence are less than 200 kB of FLAC."""
    bomb = encode(np.zeros(RATE * 600, dtype=np.float32), "flac", "flac", 16_000)
    assert len(bomb) < 200_000
    with pytest.raises(AudioTooLongError):
        read(bomb, max_s=120)


def test_truncated_recording_is_decoded_up_to_the_cut(recordings: list[Recording]) -> None:
    whole = encode(recordings[2].audio, "webm", "libopus")
    part = read(whole[: len(whole) // 2])
    assert 1.0 < len(part) / RATE < 7.0


@pytest.mark.parametrize(
    ("container", "codec"),
    [("webm", "libopus"), ("mp3", "libmp3lame"), ("adts", "aac"), ("wav", "pcm_s16le"), ("flac", "flac")],
)
def test_incomplete_file_is_marked_truncated(container: str, codec: str, recordings: list[Recording]) -> None:
    whole = encode(recordings[2].audio, container, codec)
    assert not decoder.read(io.BytesIO(whole), 120).truncated
    assert decoder.read(io.BytesIO(whole[: int(len(whole) * 0.9)]), 120).truncated


def test_stream_of_unknown_length_is_not_truncated(recordings: list[Recording]) -> None:
    streamed = bytearray(encode_wav(recordings[0].audio, RATE))
    streamed[4:8] = b"\xff\xff\xff\xff"
    assert not decoder.read(io.BytesIO(bytes(streamed)), 120).truncated


def test_speech_is_distinguished_from_silence(recordings: list[Recording]) -> None:
    assert recording_quality.examine(np.zeros(RATE * 2, dtype=np.float32)).speech_s == 0
    take = recording_quality.examine(recordings[2].audio)
    assert take.speech_ratio > 0.8
    assert take.snr_db is not None and take.snr_db > 15


def test_noise_lowers_the_measured_snr(recordings: list[Recording]) -> None:
    clean = recordings[1].audio
    noise = np.random.default_rng(0).normal(size=len(clean)).astype(np.float32)
    measured = []
    for level in (0.001, 0.01, 0.03):
        snr = recording_quality.examine(clean + level * noise).snr_db
        assert snr is not None
        measured.append(snr)
    assert measured == sorted(measured, reverse=True)


def test_clipping_is_counted(recordings: list[Recording]) -> None:
    loud = np.clip(recordings[0].audio * 40, -1, 1)
    assert recording_quality.examine(loud).clipping_ratio > 0.05
    assert recording_quality.examine(recordings[0].audio).clipping_ratio == 0


def test_wav_of_another_rate_is_resampled(recordings: list[Recording]) -> None:
    assert abs(len(read(encode_wav(recordings[0].audio, 8_000))) - 2 * len(recordings[0].audio)) < 200
