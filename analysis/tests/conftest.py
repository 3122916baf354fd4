"""Shared fixtures: the recordings, a synthetic voice, one engine for all engine tests, a live server."""

import io
import json
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

from analysis.engine import decode
from analysis.engine.engine import Engine
from analysis.engine.languages.english.profile import ENGLISH
from analysis.tests.support.analysis_server import AnalysisServer, run_analysis_server
from analysis.tests.support.api_stub import ApiStub, run_api_stub

Audio = npt.NDArray[np.float32]
SPEECH = Path(__file__).parent / "data" / "speech"
RATE = 16_000


@dataclass(frozen=True)
class Recording:
    """A real recording and its text; `audio` is 16 kHz mono."""

    path: Path
    text: str
    audio: Audio


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine of English, with all models loaded."""
    return Engine(ENGLISH)


@pytest.fixture(scope="session")
def recordings() -> list[Recording]:
    """The real recordings of the test data, in the order of their index."""
    found = []
    for entry in json.loads((SPEECH / "index.json").read_text(encoding="utf-8")):
        path = SPEECH / entry["file"]
        with path.open("rb") as file:
            found.append(Recording(path, entry["text"], decode.decode(file, 120)))
    return found


def read(content: bytes, max_s: float = 120) -> Audio:
    """Decodes bytes as the decoder process does."""
    return decode.decode(io.BytesIO(content), max_s)


def encode(samples: Audio, container: str, codec: str, rate: int = 48_000, bit_rate: int = 96_000) -> bytes:
    """Encodes 16 kHz samples as browsers and phones do; `rate` and `bit_rate` are those of the file."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as out:
        stream: Any = out.add_stream(codec, rate=rate)
        stream.bit_rate = bit_rate
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray((samples[None] * 32767).astype(np.int16), format="s16", layout="mono")
        frame.sample_rate = RATE
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=rate, frame_size=stream.frame_size)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            for packet in stream.encode(piece):
                out.mux(packet)
        for packet in stream.encode(None):
            out.mux(packet)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def say() -> Callable[..., Audio]:
    """A deterministic synthetic voice: phoneme string (misaki alphabet) → 16 kHz audio; other seeds sound alike."""
    from hibari import Hibari

    voice = Hibari()

    def render(phonemes: str, seed: int = 0) -> Audio:
        return read(encode_wav(voice.from_phonemes(phonemes, seed=seed), 24_000))

    render.phonemize = voice.phonemize  # type: ignore[attr-defined]
    return render


def encode_wav(samples: Audio, rate: int) -> bytes:
    """Encodes samples as 16-bit mono WAV."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return buffer.getvalue()


@pytest.fixture(scope="session")
def api() -> Iterator[ApiStub]:
    with run_api_stub() as stub:
        for path in SPEECH.glob("*.flac"):
            stub.files[path.name] = path.read_bytes()
        stub.files["text.wav"] = b"no audio at all " * 100
        stub.files["empty.wav"] = b""
        stub.files["long.flac"] = encode(np.zeros(16_000 * 200, dtype=np.float32), "flac", "flac", 16_000)
        yield stub


@pytest.fixture(scope="session")
def server(api: ApiStub) -> Iterator[AnalysisServer]:
    with run_analysis_server(ANALYSIS_QUEUE_SIZE="8", ANALYSIS_MAX_AUDIO_BYTES="400000") as running:
        yield running


@pytest.fixture
def reset_webhook_statuses(api: ApiStub) -> Iterator[None]:
    yield
    api.webhook_statuses.clear()
