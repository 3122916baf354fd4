"""A pronunciation dictionary in CMU's format, one entry a line: a word, "(2)" for its second pronunciation, phones."""

import itertools
from array import array
from bisect import bisect_left

from analysis.engine.phones import PhoneSequence


class Dictionary:
    """The entries by word: one string and the offset of each line, for English 4 MB where dicts would take 30."""

    def __init__(self, text: str) -> None:
        lines = text.splitlines(keepends=True)
        ends = itertools.accumulate(map(len, lines))
        starts = [end - len(line) for end, line in zip(ends, lines, strict=True) if line.strip()]
        self._text = text
        self._starts = array("L", sorted(starts, key=self._word_at))

    def find(self, word: str) -> list[PhoneSequence]:
        """Returns all pronunciations of a word in the order of the file; none for an unknown word."""
        first = bisect_left(self._starts, word, key=self._word_at)
        found = []
        for index in range(first, len(self._starts)):
            start = self._starts[index]
            if self._word_at(start) != word:
                break
            found.append(tuple(self._text[start : self._end_of(start)].split()[1:]))
        return found

    def _word_at(self, start: int) -> str:
        head = self._text[start : self._end_of(start)].split(maxsplit=1)[0]
        return head.partition("(")[0]

    def _end_of(self, start: int) -> int:
        end = self._text.find("\n", start)
        return end if end >= 0 else len(self._text)
