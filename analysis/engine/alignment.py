"""When each word and sound was said: forced alignment with pocketsphinx in two passes (words, then phones).

A decoder is made for every call: it takes 6 ms, leaves no state behind (the same audio must give the same times)
and needs no 130 000-word dictionary, only the pronunciations at hand.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from pocketsphinx import Decoder

from analysis.engine.gop import Goodness, WordGoodness
from analysis.engine.recording_quality import SAMPLE_RATE

_FRAME_S: Final = 0.01
# The word-exit beam keeps its default: wider, the second pass ends outside the last word and fails (measured on
# 28 takes: 7 failures at 1e-40, none at the default 7e-29).
# Two Gaussians per state instead of four: a sixth less time, and boundaries move by 2 ms on average, at most by 40.
_BEAMS: Final = {"beam": 1e-80, "pbeam": 1e-80, "topn": 2}
# Half the typical length of a sound, for the fallback that knows only where each sound peaks.
_HALF_PHONE_S: Final = 0.05
_WHOLE_UP_TO_S: Final = 30.0
_LONGEST_S: Final = 20.0


@dataclass(frozen=True)
class Span:
    """A stretch of time in seconds."""

    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """Duration."""
        return self.end_s - self.start_s


@dataclass(frozen=True)
class WordTimes:
    """A word's span and its phones' spans."""

    span: Span
    phones: tuple[Span, ...]


def align(audio: npt.NDArray[np.float32], goodness: Goodness, offset_s: float) -> list[WordTimes | None]:
    """Times of every word of the line (None = omitted), in seconds of the uncut recording."""
    said = [word for word in goodness.words if not word.omitted]
    times = itertools.chain.from_iterable(_piece(audio, words, *cut) for words, cut in _pieces(said, len(audio)))
    return [None if word.omitted else _shift(next(times), offset_s) for word in goodness.words]


def _pieces(said: Sequence[WordGoodness], samples: int) -> Iterator[tuple[Sequence[WordGoodness], tuple[int, int]]]:
    """The words with the first and last sample that hold them: all at once, or, when the take is long, some at a time
    (the second pass keeps frames × states in memory). Cuts fall in the longest gap within a stretch."""
    start = begun = 0
    while samples - begun > _WHOLE_UP_TO_S * SAMPLE_RATE:
        latest = begun / SAMPLE_RATE + _LONGEST_S
        gaps = {at: _gap(said, at) for at in range(start + 1, len(said))}
        within = [at for at, (end, begin) in gaps.items() if end >= latest - _LONGEST_S / 2 and begin <= latest]
        if not within:
            break
        best = within[int(np.argmax([gaps[at][1] - gaps[at][0] for at in within]))]
        cut = round(sum(gaps[best]) / 2 * SAMPLE_RATE)
        yield said[start:best], (begun, cut)
        start, begun = best, cut
    if said[start:]:
        yield said[start:], (begun, samples)


def _gap(said: Sequence[WordGoodness], at: int) -> tuple[float, float]:
    """From where the word before is last heard to where this one is first heard."""
    return said[at - 1].phones[-1].peak_s, said[at].phones[0].peak_s


def _piece(audio: npt.NDArray[np.float32], words: Sequence[WordGoodness], start: int, stop: int) -> Sequence[WordTimes]:
    found = _force(audio[start:stop], [word.pronunciation.shown for word in words])
    if found is None:
        return [_from_peaks([phone.peak_s for phone in word.phones]) for word in words]
    return [_shift(times, start / SAMPLE_RATE) for times in found]


def _force(audio: npt.NDArray[np.float32], words: Sequence[tuple[str, ...]]) -> list[WordTimes] | None:
    pcm = (np.clip(audio, -1.0, 1.0) * 32767).astype("<i2").tobytes()
    decoder = Decoder(lm=None, dict=None, loglevel="FATAL", **_BEAMS)
    names = [f"w{index}" for index in range(len(words))]
    for name, phones in zip(names, words, strict=True):
        decoder.add_word(name, " ".join(phones), False)
    try:
        decoder.set_align_text(" ".join(names))
        _pass(decoder, pcm)
        if decoder.hyp() is None:
            return None
        decoder.set_alignment()
        _pass(decoder, pcm)
        # Entries borrow the decoder's iterator: they must be read on the spot, never kept.
        found = {
            entry.name: WordTimes(_span(entry), tuple(_span(phone) for phone in entry))
            for entry in decoder.get_alignment()
        }
    except RuntimeError:
        return None
    return [found[name] for name in names] if all(name in found for name in names) else None


def _pass(decoder: Decoder, pcm: bytes) -> None:
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()


def _span(entry: object) -> Span:
    start, duration = int(getattr(entry, "start")), int(getattr(entry, "duration"))  # noqa: B009
    return Span(start * _FRAME_S, (start + duration) * _FRAME_S)


def _from_peaks(peaks: Sequence[float]) -> WordTimes:
    """Times from where the acoustic model is surest of each sound; coarser, but never missing."""
    middles = [(a + b) / 2 for a, b in itertools.pairwise(peaks)]
    starts = [max(0.0, peaks[0] - _HALF_PHONE_S), *middles]
    ends = [*middles, peaks[-1] + _HALF_PHONE_S]
    phones = tuple(Span(start, end) for start, end in zip(starts, ends, strict=True))
    return WordTimes(Span(starts[0], ends[-1]), phones)


def _shift(times: WordTimes, offset_s: float) -> WordTimes:
    def move(span: Span) -> Span:
        return Span(max(0.0, span.start_s + offset_s), max(0.0, span.end_s + offset_s))

    return WordTimes(move(times.span), tuple(move(phone) for phone in times.phones))
