"""Hostile recordings: genuine ones of every format, damaged in every way, and the bombs."""

import io
import random
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import cast

import av

from core.settings import ROOT
from tests.support.audio import FORMATS
from tools.fuzz.audio_bombs import bombs

_SPEECH = sorted((ROOT / "analysis" / "tests" / "data" / "speech").glob("*.flac"))
_HEADER = 512
_LARGEST = 4 * 1024 * 1024
_OTHERS = (
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
    """A genuine recording in one of the formats that browsers and phones make."""
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
    """Every format of the first recordings; the long ones make the run long, and nothing else."""
    shortest = sorted(_SPEECH, key=lambda path: path.stat().st_size)[:recordings]
    return {f"{path.stem}.{name}": encode(path, name) for path in shortest for name in FORMATS}


def hostile_files(seed: int, recordings: int = 5) -> Iterator[tuple[str, bytes]]:
    """The bombs, then damaged recordings without end; each with a name that says what was done."""
    yield from bombs()
    chance, sources = random.Random(seed), genuine(recordings)
    names = list(sources)
    while True:
        name, other = chance.choice(names), chance.choice(names)
        content, done = sources[name], []
        for damage in chance.choices(_DAMAGES, k=chance.choice([1, 1, 1, 2, 3])):
            content = damage(chance, content, sources[other])[:_LARGEST]
            done.append(damage.__name__.strip("_"))
        yield f"{name}: {', '.join(done)}", content


def _truncate(chance: random.Random, content: bytes, _: bytes) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _truncate_early(chance: random.Random, content: bytes, _: bytes) -> bytes:
    return content[: chance.randrange(_HEADER)]


def _flip(chance: random.Random, content: bytes, _: bytes) -> bytes:
    return _flipped(chance, content, len(content), chance.choice([1, 4, 32, 256, 2048]))


def _flip_header(chance: random.Random, content: bytes, _: bytes) -> bytes:
    return _flipped(chance, content, _HEADER, chance.choice([1, 2, 4, 16, 64]))


def _flipped(chance: random.Random, content: bytes, within: int, bits: int) -> bytes:
    changed = bytearray(content)
    for _ in range(bits if changed else 0):
        changed[chance.randrange(min(within, len(changed)))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _extreme_number(chance: random.Random, content: bytes, _: bytes) -> bytes:
    width, order = chance.choice([1, 2, 4, 8]), chance.choice(["little", "big"])
    number = chance.choice(_EXTREMES) & ((1 << 8 * width) - 1)
    place = chance.randrange(min(len(content), chance.choice([64, _HEADER, 1 << 30])) or 1)
    written = number.to_bytes(width, "little" if order == "little" else "big")
    return content[:place] + written + content[place + width :]


def _foreign_header(chance: random.Random, content: bytes, other: bytes) -> bytes:
    cut = chance.choice([4, 16, 64, _HEADER, chance.randrange(4096)])
    return other[:cut] + content[cut:]


def _splice(chance: random.Random, content: bytes, other: bytes) -> bytes:
    return content[: chance.randrange(len(content) + 1)] + other[chance.randrange(len(other) + 1) :]


def _repeat(chance: random.Random, content: bytes, _: bytes) -> bytes:
    start = chance.randrange(len(content) + 1)
    piece = content[start : start + chance.choice([1, 16, 256, 4096])]
    return content[:start] + piece * chance.choice([2, 50, 1000]) + content[start:]


def _again(chance: random.Random, content: bytes, _: bytes) -> bytes:
    return content * chance.randrange(2, 12)


def _cut_out(chance: random.Random, content: bytes, _: bytes) -> bytes:
    start = chance.randrange(len(content) + 1)
    return content[:start] + content[start + chance.choice([1, 3, 100, 5000]) :]


def _noise(chance: random.Random, content: bytes, _: bytes) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + chance.randbytes(chance.choice([1, 100, 10_000])) + content[place:]


def _noise_behind_header(chance: random.Random, content: bytes, _: bytes) -> bytes:
    return content[: chance.randrange(8, _HEADER)] + chance.randbytes(chance.choice([10, 1000, 50_000]))


def _polyglot_before(chance: random.Random, content: bytes, _: bytes) -> bytes:
    return chance.choice(_OTHERS) + content


def _polyglot_behind(chance: random.Random, content: bytes, other: bytes) -> bytes:
    return content + chance.choice([*_OTHERS, other])


def _polyglot_inside(chance: random.Random, content: bytes, _: bytes) -> bytes:
    intruder = chance.choice(_OTHERS)
    return content[:16] + intruder + content[16 + len(intruder) :]


_DAMAGES: tuple[Callable[[random.Random, bytes, bytes], bytes], ...] = (
    *(_truncate, _truncate_early, _flip, _flip_header, _flip_header, _extreme_number, _extreme_number),
    *(_foreign_header, _splice, _repeat, _again, _cut_out, _noise, _noise_behind_header),
    *(_polyglot_before, _polyglot_behind, _polyglot_inside),
)
