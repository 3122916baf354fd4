"""The parameter `words` of uploads: the words of the line that a recording holds."""

from typing import Annotated

from fastapi import Depends, Query
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from core.line_readings import RecordedWords

_PATTERN = r"^[0-9]{1,4}-[0-9]{1,4}$"
_WORDS = Query(
    pattern=_PATTERN,
    max_length=9,
    description="The first and the last word of a recording of some words only, as places in `words` of the line's "
    "result, from 0; absent: the whole line. The words are judged as words of their line. The result has its scores in "
    "`detailed_feedback` only, and counts in no average",
    examples=["2-4"],
)


async def _read_words(words: Annotated[str | None, _WORDS] = None) -> RecordedWords | None:
    if words is None:
        return None
    first, last = map(int, words.split("-"))
    try:
        return RecordedWords(first=first, last=last)
    except ValidationError as error:
        raise RequestValidationError([{**each, "loc": ("query", "words")} for each in error.errors()]) from error


RecordedWordsDep = Annotated[RecordedWords | None, Depends(_read_words)]
