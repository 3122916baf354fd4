"""Start and end of each spoken word and phone: forced alignment with pocketsphinx in two passes (words, then phones).

A decoder is made for every call: it takes 6 ms, leaves no state behind (the same audio must give the same times)
and needs no 130 000-word dictionary, only the pronunciations of the line.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from pocketsphinx import Decoder

from analysis.engine.audio import SAMPLE_RATE
from analysis.engine.gop import Goodness, WordGoodness
from analysis.engine.phones import PhoneSequence

_FRAME_S: Final = 0.01
# The word-exit beam keeps its default: wider, the second pass ends outside the last word and fails (measured on
# 28 takes: 7 failures at 1e-40, none at the default 7e-29).
# Two Gaussians per state instead of four: a sixth less time, and boundaries move by 2 ms on average, at most by 40.
_BEAMS: Final = {"beam": 1e-80, "pbeam": 1e-80, "topn": 2}
# Half the typical length of a phone, for the fallback that knows only the peak of each phone.
_HALF_PHONE_S: Final = 0.05
_WHOLE_UP_TO_S: Final = 30.0
_LONGEST_S: Final = 20.0


@dataclass(frozen=True)
class Span:
    """An interval of time in seconds."""

    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """Duration in seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True)
class WordTimes:
    """The span of a word and the spans of its phones."""

    span: Span
    phones: tuple[Span, ...]


def align(audio: npt.NDArray[np.float32], goodness: Goodness, offset_s: float, model: Path) -> list[WordTimes | None]:
    """Aligns levelled audio with the spoken words of the line (None = omitted).

    `model` is the directory of an acoustic model for pocketsphinx. Times are seconds of the uncut recording.
    """
    spoken = [word for word in goodness.words if not word.omitted]
    pieces = _pieces(spoken, len(audio))
    times = itertools.chain.from_iterable(_align_piece(audio, words, cut, model) for words, cut in pieces)
    return [None if word.omitted else _shift(next(times), offset_s) for word in goodness.words]


def _pieces(spoken: Sequence[WordGoodness], samples: int) -> Iterator[tuple[Sequence[WordGoodness], tuple[int, int]]]:
    """Yields words with the first and last sample that hold them: all words, or groups of them when the take is long.

    The second pass keeps frames × states in memory. Cuts fall in the longest gap of the latter half of 20 s.
    """
    first = begin = 0
    while samples - begin > _WHOLE_UP_TO_S * SAMPLE_RATE:
        latest = begin / SAMPLE_RATE + _LONGEST_S
        gaps = {at: _gap(spoken, at) for at in range(first + 1, len(spoken))}
        within = [at for at, (end, start) in gaps.items() if end >= latest - _LONGEST_S / 2 and start <= latest]
        if not within:
            break
        best = within[int(np.argmax([gaps[at][1] - gaps[at][0] for at in within]))]
        cut = round(sum(gaps[best]) / 2 * SAMPLE_RATE)
        yield spoken[first:best], (begin, cut)
        first, begin = best, cut
    if spoken[first:]:
        yield spoken[first:], (begin, samples)


def _gap(spoken: Sequence[WordGoodness], at: int) -> tuple[float, float]:
    """Seconds from the last peak of the word before to the first peak of word `at`."""
    return spoken[at - 1].phones[-1].peak_s, spoken[at].phones[0].peak_s


def _align_piece(
    audio: npt.NDArray[np.float32], words: Sequence[WordGoodness], cut: tuple[int, int], model: Path
) -> Sequence[WordTimes]:
    """Times of the words of one piece in seconds of the levelled audio."""
    found = _force(audio[slice(*cut)], [word.pronunciation.shown for word in words], model)
    if found is None:
        return [from_peaks([phone.peak_s for phone in word.phones]) for word in words]
    return [_shift(times, cut[0] / SAMPLE_RATE) for times in found]


def _force(audio: npt.NDArray[np.float32], words: Sequence[PhoneSequence], model: Path) -> list[WordTimes] | None:
    """Times of the words in seconds of `audio`; None when pocketsphinx finds no alignment of all of them."""
    pcm = (np.clip(audio, -1.0, 1.0) * 32767).astype("<i2").tobytes()
    decoder = Decoder(hmm=str(model), lm=None, dict=None, loglevel="FATAL", **_BEAMS)
    names = [f"w{index}" for index in range(len(words))]
    for name, phones in zip(names, words, strict=True):
        decoder.add_word(name, " ".join(phones), False)
    try:
        found = _two_passes(decoder, names, pcm)
    except RuntimeError:
        return None
    return [found[name] for name in names] if all(name in found for name in names) else None


def _two_passes(decoder: Decoder, names: Sequence[str], pcm: bytes) -> dict[str, WordTimes]:
    """Times by name; empty when the first pass finds no path. Raises RuntimeError when pocketsphinx gives up."""
    decoder.set_align_text(" ".join(names))
    _run_pass(decoder, pcm)
    if decoder.hyp() is None:
        return {}
    decoder.set_alignment()
    _run_pass(decoder, pcm)
    # Entries borrow the decoder's iterator: they must be read inside the loop, never kept.
    return {
        entry.name: WordTimes(_span(entry), tuple(_span(phone) for phone in entry)) for entry in decoder.get_alignment()
    }


def _run_pass(decoder: Decoder, pcm: bytes) -> None:
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()


def _span(entry: object) -> Span:
    start, duration = int(getattr(entry, "start")), int(getattr(entry, "duration"))  # noqa: B009
    return Span(start * _FRAME_S, (start + duration) * _FRAME_S)


def from_peaks(peaks: Sequence[float]) -> WordTimes:
    """Times from the peaks of a word's phones in the acoustic model; coarser, but never missing.

    A peak before that of the phone before it counts as that one: no phone ends before it starts.
    """
    ordered = list(itertools.accumulate(peaks, max))
    middles = [(a + b) / 2 for a, b in itertools.pairwise(ordered)]
    starts = [max(0.0, ordered[0] - _HALF_PHONE_S), *middles]
    ends = [*middles, ordered[-1] + _HALF_PHONE_S]
    phones = tuple(Span(start, end) for start, end in zip(starts, ends, strict=True))
    return WordTimes(Span(starts[0], ends[-1]), phones)


def _shift(times: WordTimes, offset_s: float) -> WordTimes:
    def move(span: Span) -> Span:
        return Span(max(0.0, span.start_s + offset_s), max(0.0, span.end_s + offset_s))

    return WordTimes(move(times.span), tuple(move(phone) for phone in times.phones))
