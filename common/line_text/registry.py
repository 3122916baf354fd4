"""The languages whose lines are read here."""

from collections.abc import Mapping
from typing import Final

from common.line_text.english.reader import read_text
from common.line_text.written_word import ReadText

_READERS: Final[Mapping[str, ReadText]] = {"en": read_text}


def reader_for(tag: str) -> ReadText | None:
    """Returns the reader of a language tag (en, en-US); None for other languages."""
    return _READERS.get(tag.replace("_", "-").split("-")[0].lower())
