"""The reading of a line that an administrator has corrected, beside the line's own words."""

import difflib
from collections.abc import Sequence
from typing import Final

from common.line_text.written_word import ReadText, WrittenWord, combine

_MAX_JOINED: Final = 8


def read_line(read_text: ReadText, text: str, spoken_form: str | None = None) -> list[WrittenWord]:
    """Returns the words of a line in its own spelling, with the readings of `spoken_form` where there is one.

    Words that differ are replaced one by one where both sides have equally many, a few words together, and many by
    themselves. Words of the line that are not in `spoken_form` are not expected.
    """
    written = read_text(text)
    spoken = read_text(spoken_form) if spoken_form else []
    if not spoken:
        return written
    matcher = difflib.SequenceMatcher(None, _keys(written), _keys(spoken), autojunk=False)
    words: list[WrittenWord] = []
    for _, start, stop, first, last in matcher.get_opcodes():
        words += _replaced(written[start:stop], spoken[first:last])
    return words


def _keys(words: Sequence[WrittenWord]) -> list[tuple[str, ...]]:
    return [word.spoken for word in words]


def _replaced(written: Sequence[WrittenWord], spoken: Sequence[WrittenWord]) -> list[WrittenWord]:
    """Words in the spelling of `written`, with the readings of `spoken`."""
    if not written or not spoken or len(spoken) > max(_MAX_JOINED, len(written)):
        return list(spoken)
    if len(written) == len(spoken):
        return [WrittenWord(own.text, said.readings) for own, said in zip(written, spoken, strict=True)]
    text = " ".join(own.text for own in written)
    return [WrittenWord(text, combine([said.readings for said in spoken]))]
