"""Effects of rooms, telephones and codecs on a recording, and sounds without speech. All randomness is seeded."""

import io
from collections.abc import Callable, Sequence
from typing import Any, Final

import av
import numpy as np

from analysis.engine import decode
from analysis.engine.audio import SAMPLE_RATE, Audio
from analysis.settings import MAX_AUDIO_S


def level(samples: Audio) -> float:
    """Returns the RMS of the louder half of 20-ms frames: of the speech, not its pauses."""
    frames = samples[: len(samples) // 320 * 320].reshape(-1, 320).astype(np.float64)
    power = np.sort(np.square(frames).mean(axis=1))
    return float(np.sqrt(power[len(power) // 2 :].mean()))


def without_clipping(samples: Audio) -> Audio:
    """Returns the samples, quieter when they would clip."""
    peak = float(np.max(np.abs(samples)))
    return (samples * min(1.0, 0.97 / peak)).astype(np.float32) if peak > 0 else samples


def with_noise(samples: Audio, noise: Audio, snr_db: float) -> Audio:
    """Adds noise to speech at a signal-to-noise ratio."""
    repeated = np.resize(noise, len(samples))
    gain = level(samples) / max(float(np.sqrt(np.mean(np.square(repeated)))), 1e-9) * 10 ** (-snr_db / 20)
    return without_clipping((samples + gain * repeated).astype(np.float32))


def white(seconds: float, seed: int = 0, rms: float = 0.05) -> Audio:
    """Returns white noise."""
    return np.random.default_rng(seed).normal(scale=rms, size=int(seconds * SAMPLE_RATE)).astype(np.float32)


def coloured(seconds: float, slope_db_per_octave: float, seed: int = 0) -> Audio:
    """Returns noise whose power falls with frequency: -3 is pink, -6 is brown."""
    spectrum = np.fft.rfft(white(seconds, seed).astype(np.float64))
    hertz = np.maximum(np.fft.rfftfreq(int(seconds * SAMPLE_RATE), 1 / SAMPLE_RATE), 20.0)
    shaped = np.fft.irfft(spectrum * (hertz / 100) ** (slope_db_per_octave / 6.02), int(seconds * SAMPLE_RATE))
    return np.asarray(0.05 * shaped / float(np.std(shaped)), np.float32)


def babble(others: Sequence[Audio]) -> Audio:
    """Returns several speakers at once, at one level."""
    length = max(len(other) for other in others)
    mixed = np.sum([np.resize(other / level(other), length) for other in others], axis=0)
    return np.asarray(0.05 * mixed / float(np.std(mixed)), np.float32)


def reverberant(samples: Audio, rt60_s: float, direct_db: float = 0.0, seed: int = 0) -> Audio:
    """Adds a room: after the direct sound a tail of noise that decays by 60 dB in rt60_s.

    The energy of the direct sound is direct_db above that of the tail.
    """
    count = int(rt60_s * SAMPLE_RATE)
    tail = np.random.default_rng(seed).normal(size=count) * 10 ** (-3 * np.arange(count) / count)
    tail *= 10 ** (-direct_db / 20) / float(np.sqrt(np.sum(np.square(tail))))
    response = np.concatenate([[1.0], np.zeros(int(0.005 * SAMPLE_RATE)), tail])
    size = len(samples) + len(response)
    wet = np.asarray(np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(response, size), size), np.float32)
    return without_clipping(np.asarray(wet * (level(samples) / level(wet)), np.float32))


def telephone(samples: Audio) -> Audio:
    """Returns the band of a telephone, 300–3400 Hz."""
    spectrum = np.fft.rfft(samples.astype(np.float64))
    hertz = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
    passed = 1 / (1 + (300 / np.maximum(hertz, 1)) ** 8) / (1 + (hertz / 3400) ** 16)
    return without_clipping(np.asarray(np.fft.irfft(spectrum * passed, len(samples)), np.float32))


def gained(samples: Audio, gain_db: float) -> Audio:
    """Changes the level; samples beyond full scale clip, as in a real recorder."""
    return np.asarray(np.clip(samples * 10 ** (gain_db / 20), -1, 1), np.float32)


def coded(samples: Audio, container: str, codec: str, bit_rate: int, rate: int = 48_000) -> Audio:
    """Encodes at a sampling rate and decodes as the engine decodes uploads."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as out:
        stream: Any = out.add_stream(codec, rate=rate)
        stream.bit_rate = bit_rate
        stream.layout = "mono"
        pcm = (np.clip(samples[None], -1, 1) * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=rate, frame_size=stream.frame_size)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            for packet in stream.encode(piece):
                out.mux(packet)
        for packet in stream.encode(None):
            out.mux(packet)
    buffer.seek(0)
    return decode.decode(buffer, MAX_AUDIO_S)


Change = Callable[[Audio, Sequence[Audio]], Audio]
CONDITIONS: Final[dict[str, Change]] = {
    "as recorded": lambda own, others: own,
    "white noise, 20 dB": lambda own, others: with_noise(own, white(10), 20),
    "white noise, 10 dB": lambda own, others: with_noise(own, white(10), 10),
    "babble, 10 dB": lambda own, others: with_noise(own, babble(others), 10),
    "babble, 5 dB": lambda own, others: with_noise(own, babble(others), 5),
    "room, 0.3 s": lambda own, others: reverberant(own, 0.3, 6.0),
    "hall, 0.8 s": lambda own, others: reverberant(own, 0.8, 0.0),
    "telephone band": lambda own, others: telephone(own),
    "gain −20 dB": lambda own, others: gained(own, -20),
    "gain +20 dB (clips)": lambda own, others: gained(own, 20),
    "1 s of silence at both ends": lambda own, others: np.pad(own, SAMPLE_RATE),
    "webm (opus 32 kbit/s)": lambda own, others: coded(own, "webm", "libopus", 32_000),
    "m4a (aac 64 kbit/s)": lambda own, others: coded(own, "mp4", "aac", 64_000),
    "mp3 (64 kbit/s)": lambda own, others: coded(own, "mp3", "libmp3lame", 64_000),
}


HARMLESS_COPIES: Final[dict[str, Callable[[Audio], Audio]]] = {
    "7 ms later": lambda own: np.pad(own, (SAMPLE_RATE * 7 // 1000, 0)),
    "6 dB louder, or up to full scale": lambda own: without_clipping((own * 10 ** (6 / 20)).astype(np.float32)),
    "6 dB quieter": lambda own: gained(own, -6),
    "44.1 kHz and back": lambda own: coded(own, "wav", "pcm_s16le", 0, rate=44_100),
    "Opus, 32 kbit/s": lambda own: coded(own, "webm", "libopus", 32_000),
}
"""Copies of a recording in which nothing changes for a listener."""
WORSE_COPIES: Final[dict[str, Callable[[Audio], Audio]]] = {
    "pink noise, 20 dB": lambda own: with_noise(own, coloured(10, -3.0), 20),
    "small room, 0.3 s": lambda own: reverberant(own, 0.3, 6.0),
}
"""Copies of a recording from a worse place."""


def hum(seconds: float) -> Audio:
    """Returns mains hum: 50 Hz and its harmonics."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return np.asarray(0.05 * sum(np.sin(2 * np.pi * 50 * n * time) / n for n in range(1, 9)), np.float32)


def laughter(seconds: float, f0_hz: float = 220.0, seed: int = 0) -> Audio:
    """Returns laughter: voiced bursts, five per second, each falling in pitch and starting with breath."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    phase_in_burst = (time * 5) % 1.0
    pitch = f0_hz * (1.15 - 0.3 * phase_in_burst)
    angle = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    voice = sum(np.cos(n * angle) * np.exp(-(((n * f0_hz - 750) / 500) ** 2)) for n in range(1, 16))
    voiced = np.clip(np.sin(np.pi * np.clip((phase_in_burst - 0.3) / 0.5, 0, 1)), 0, 1)
    breath = rng.normal(size=len(time)) * np.clip(1 - phase_in_burst / 0.35, 0, 1)
    return without_clipping((0.2 * voice * voiced + 0.03 * breath).astype(np.float32))


def tune(seconds: float) -> Audio:
    """Returns eight plucked notes, repeated."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    notes = 262.0 * 2 ** (np.array([0, 4, 7, 12, 7, 4, 5, 2]) / 12)
    pitch = notes[(time * 4).astype(int) % 8]
    angle = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    decay = np.exp(-((time * 4) % 1.0) * 3)
    return np.asarray(0.1 * decay * sum(np.sin(n * angle) / n for n in range(1, 6)), np.float32)


def no_speech() -> dict[str, Audio]:
    """Returns sounds without speech, by name."""
    clicks = np.zeros(4 * SAMPLE_RATE, np.float32)
    clicks[:: SAMPLE_RATE // 3] = 0.8
    return {
        "silence": np.zeros(4 * SAMPLE_RATE, np.float32),
        "faint noise": white(4, rms=0.0005),
        "white noise": white(4),
        "pink noise": coloured(4, -3.0),
        "brown noise": coloured(4, -6.0),
        "mains hum": hum(4),
        "clicks": clicks,
        "a tune": tune(4),
        "laughter, low": laughter(4, 140.0),
        "laughter, high": laughter(4, 280.0, seed=1),
    }
