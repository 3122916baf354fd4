"""Speech between the words of a line that is not in the line: extra words, repeats, false starts, "uh"."""

import difflib
import itertools
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from analysis.engine.acoustic_model import FRAME_S
from analysis.engine.gop import PhoneEvidence
from analysis.engine.phones import PhoneSet
from analysis.engine.result import AddedWord
from analysis.engine.word_scores import Attempt

# A recognized phone this close to the peak of an expected one is that phone, heard early or late.
_OWN_FRAMES: Final = 4
_MIN_PHONES: Final = 2
_MIN_S: Final = 0.12
# Two added words are as far apart as this.
_PAUSE_FRAMES: Final = 25
# Half of the time that a phone takes after it is recognized.
_TAIL_S: Final = 0.06
_LIKE: Final = 0.6


def find(attempt: Attempt, phones: PhoneSet) -> list[AddedWord]:
    """Finds runs of recognized phones between the words of the line, before the first and after the last.

    Times are seconds of the recording. What the acoustic model recognizes inside a word belongs to the word.
    """
    evidence = attempt.goodness.evidence
    if evidence is None:
        return []
    spoken = [index for index, word in enumerate(attempt.goodness.words) if not word.omitted]
    found = []
    for place, run in _runs(evidence):
        names = [phones.names[int(evidence.reading.phones[at])] for at in run]
        frames = evidence.reading.frames[run]
        start_s = float(frames[0]) * FRAME_S + attempt.take.offset_s
        end_s = float(frames[-1]) * FRAME_S + _TAIL_S + attempt.take.offset_s
        neighbours = [spoken[at] for at in (place - 1, place) if 0 <= at < len(spoken)]
        if end_s - start_s < _MIN_S:
            continue
        found.append(
            AddedWord(
                after_word=spoken[place - 1] if place else -1,
                start_s=round(max(0.0, start_s), 3),
                end_s=round(end_s, 3),
                heard_ipa="".join(phones.ipa[name] for name in names),
                repeats=_repeated(names, neighbours, attempt),
            )
        )
    return found


def _runs(evidence: PhoneEvidence) -> Iterator[tuple[int, Sequence[int]]]:
    """Yields the number of spoken words before each run, and the indices of its phones in the free reading."""
    peaks, bounds = evidence.expected.lattice.peaks, evidence.expected.word_bounds
    firsts, lasts = peaks[bounds[:-1]], peaks[bounds[1:] - 1]
    earlier = np.concatenate([[-_OWN_FRAMES], lasts])
    later = np.concatenate([firsts, [np.iinfo(np.int64).max // 2]])
    for place, (start, stop) in enumerate(zip(earlier, later, strict=True)):
        frames = evidence.reading.frames
        inside = np.flatnonzero((frames > start + _OWN_FRAMES) & (frames < stop - _OWN_FRAMES))
        for run in _split(inside, frames):
            if len(run) >= _MIN_PHONES:
                yield place, run


def _split(inside: np.ndarray, frames: np.ndarray) -> list[list[int]]:
    """Splits phones of one gap at long pauses."""
    runs = [[int(at)] for at in inside[:1]]
    for before, at in itertools.pairwise(inside):
        if frames[at] - frames[before] > _PAUSE_FRAMES:
            runs.append([])
        runs[-1].append(int(at))
    return runs


def _repeated(names: Sequence[str], neighbours: Sequence[int], attempt: Attempt) -> int | None:
    """Returns the neighbouring word that the phones repeat or begin; the word after, where both fit."""
    found = None
    for index in neighbours:
        expected = attempt.goodness.words[index].pronunciation.shown
        begun = expected[: len(names)]
        ratio = difflib.SequenceMatcher(None, list(begun), list(names), autojunk=False).ratio()
        if ratio >= _LIKE:
            found = index
    return found
