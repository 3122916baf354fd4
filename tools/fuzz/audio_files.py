"""Hostile recordings: mutations of genuine ones in every format, and decompression bombs."""

import io
import random
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import cast

import av

from core.settings import ROOT
from tests.support import audio
from tests.support.audio import FORMATS
from tools.fuzz.audio_bombs import bombs

_SPEECH = sorted((ROOT / "analysis" / "tests" / "data" / "speech").glob("*.flac"))
_HEADER = 512
_LARGEST = 4 * 1024 * 1024
_FOREIGN_FILES = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"PK\x03\x04\x14\0\0\0\x08\0",
    b"<html><script>alert(1)</script></html>",
    b"%PDF-1.7\n",
    b"GIF89a\x01\0\x01\0",
    b"\x7fELF\x02\x01\x01\0",
    b"MZ\x90\0",
    b"#!/bin/sh\nid\n",
    b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n",
    b"ffconcat version 1.0\nfile /etc/passwd\n",
    b"ID3\x04\0\0\0\0\x0f\x76" + b"\0" * 2038,
)
_EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 2**63 - 1, 2**64 - 1)


def encode(path: Path, name: str) -> bytes:
    """Encodes a genuine recording in a format that browsers and phones produce; noise as AMR, which has no encoder."""
    if name == "amr":
        return audio.encode(name)
    container_format, codec, rate = FORMATS[name]
    target = io.BytesIO()
    with av.open(str(path)) as source, av.open(target, "w", format=container_format) as container:
        stream = cast(av.AudioStream, container.add_stream(codec, rate=rate, layout="mono"))
        resampler = av.AudioResampler("s16", "mono", rate)
        frames = chain.from_iterable(resampler.resample(frame) for frame in source.decode(audio=0))
        for frame in chain(frames, resampler.resample(None)):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target.getvalue()


def genuine(recordings: int = len(_SPEECH)) -> dict[str, bytes]:
    """The shortest recordings in every format; longer ones would only take more time."""
    shortest = sorted(_SPEECH, key=lambda path: path.stat().st_size)[:recordings]
    return {f"{path.stem}.{name}": encode(path, name) for path in shortest for name in FORMATS}


def hostile_files(seed: int, recordings: int = 5) -> Iterator[tuple[str, bytes]]:
    """Yields the bombs, then mutated recordings without end, each with a description."""
    yield from bombs()
    rng, sources = random.Random(seed), genuine(recordings)
    names = list(sources)
    while True:
        name, other = rng.choice(names), rng.choice(names)
        content, done = sources[name], []
        for mutate in rng.choices(_MUTATIONS, k=rng.choice([1, 1, 1, 2, 3])):
            content = mutate(rng, content, sources[other])[:_LARGEST]
            done.append(mutate.__name__.strip("_"))
        yield f"{name}: {', '.join(done)}", content


def _truncate(rng: random.Random, content: bytes, _: bytes) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def _truncate_early(rng: random.Random, content: bytes, _: bytes) -> bytes:
    return content[: rng.randrange(_HEADER)]


def _flip(rng: random.Random, content: bytes, _: bytes) -> bytes:
    return _flipped(rng, content, len(content), rng.choice([1, 4, 32, 256, 2048]))


def _flip_header(rng: random.Random, content: bytes, _: bytes) -> bytes:
    return _flipped(rng, content, _HEADER, rng.choice([1, 2, 4, 16, 64]))


def _flipped(rng: random.Random, content: bytes, within: int, bits: int) -> bytes:
    changed = bytearray(content)
    for _ in range(bits if changed else 0):
        changed[rng.randrange(min(within, len(changed)))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _extreme_number(rng: random.Random, content: bytes, _: bytes) -> bytes:
    width, order = rng.choice([1, 2, 4, 8]), rng.choice(["little", "big"])
    number = rng.choice(_EXTREMES) & ((1 << 8 * width) - 1)
    index = rng.randrange(min(len(content), rng.choice([64, _HEADER, 1 << 30])) or 1)
    written = number.to_bytes(width, "little" if order == "little" else "big")
    return content[:index] + written + content[index + width :]


def _foreign_header(rng: random.Random, content: bytes, other: bytes) -> bytes:
    cut = rng.choice([4, 16, 64, _HEADER, rng.randrange(4096)])
    return other[:cut] + content[cut:]


def _splice(rng: random.Random, content: bytes, other: bytes) -> bytes:
    return content[: rng.randrange(len(content) + 1)] + other[rng.randrange(len(other) + 1) :]


def _repeat(rng: random.Random, content: bytes, _: bytes) -> bytes:
    start = rng.randrange(len(content) + 1)
    piece = content[start : start + rng.choice([1, 16, 256, 4096])]
    return content[:start] + piece * rng.choice([2, 50, 1000]) + content[start:]


def _concatenate(rng: random.Random, content: bytes, _: bytes) -> bytes:
    return content * rng.randrange(2, 12)


def _cut_out(rng: random.Random, content: bytes, _: bytes) -> bytes:
    start = rng.randrange(len(content) + 1)
    return content[:start] + content[start + rng.choice([1, 3, 100, 5000]) :]


def _noise(rng: random.Random, content: bytes, _: bytes) -> bytes:
    index = rng.randrange(len(content) + 1)
    return content[:index] + rng.randbytes(rng.choice([1, 100, 10_000])) + content[index:]


def _noise_after_header(rng: random.Random, content: bytes, _: bytes) -> bytes:
    return content[: rng.randrange(8, _HEADER)] + rng.randbytes(rng.choice([10, 1000, 50_000]))


def _polyglot_before(rng: random.Random, content: bytes, _: bytes) -> bytes:
    return rng.choice(_FOREIGN_FILES) + content


def _polyglot_after(rng: random.Random, content: bytes, other: bytes) -> bytes:
    return content + rng.choice([*_FOREIGN_FILES, other])


def _polyglot_inside(rng: random.Random, content: bytes, _: bytes) -> bytes:
    intruder = rng.choice(_FOREIGN_FILES)
    return content[:16] + intruder + content[16 + len(intruder) :]


_MUTATIONS: tuple[Callable[[random.Random, bytes, bytes], bytes], ...] = (
    *(_truncate, _truncate_early, _flip, _flip_header, _flip_header, _extreme_number, _extreme_number),
    *(_foreign_header, _splice, _repeat, _concatenate, _cut_out, _noise, _noise_after_header),
    *(_polyglot_before, _polyglot_after, _polyglot_inside),
)
