"""The languages whose lines are read here."""

from collections.abc import Mapping
from typing import Final

from common.line_text.english.reader import read_text
from common.line_text.english.vocabulary import describe_word
from common.line_text.spoken_word import DescribeWord
from common.line_text.written_word import ReadText

_READERS: Final[Mapping[str, ReadText]] = {"en": read_text}
_VOCABULARIES: Final[Mapping[str, DescribeWord]] = {"en": describe_word}


def reader_for(tag: str) -> ReadText | None:
    """Returns the reader of a language tag (en, en-US); None for other languages."""
    return _READERS.get(_language_of(tag))


def vocabulary_for(tag: str) -> DescribeWord | None:
    """Returns the vocabulary of a language tag (en, en-US); None for languages without one."""
    return _VOCABULARIES.get(_language_of(tag))


def _language_of(tag: str) -> str:
    return tag.replace("_", "-").split("-")[0].lower()
