"""Constrained types of what clients and analysis servers send."""

import re
from math import isfinite
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError, PydanticKnownError


def _storable(text: str) -> str:
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise PydanticCustomError("text_not_storable", "NUL or lone surrogates")
    return text


def _refuse_unstorable(value: Any) -> Any:
    """Refuses what PostgreSQL's jsonb cannot hold: NaN, infinities, NUL, lone surrogates."""
    match value:
        case str():
            _storable(value)
        case float() if not isfinite(value):
            raise PydanticKnownError("finite_number")
        case dict():
            for key, inner in value.items():
                _storable(key)
                _refuse_unstorable(inner)
        case list():
            for inner in value:
                _refuse_unstorable(inner)
    return value


JsonObject = Annotated[dict[str, Any], AfterValidator(_refuse_unstorable)]


def _refuse_other_numerals(value: Any) -> Any:
    """Refuses texts that Python reads as integers, and the document does not: `+1`, `1_0`, `1.0`, spaces around."""
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]+", value, re.ASCII):
        raise PydanticKnownError("int_parsing")
    return value


# Behind the bounds of a number: before them, pydantic writes `ge` into the JSON schema instead of `minimum`.
PLAIN_INTEGER = BeforeValidator(_refuse_other_numerals)


def _refuse_other_booleans(value: Any) -> Any:
    """Refuses texts that pydantic reads as booleans, and the document does not: `yes`, `1`, `on`."""
    if isinstance(value, str) and value not in ("true", "false"):
        raise PydanticKnownError("bool_parsing")
    return value


PLAIN_BOOLEAN = BeforeValidator(_refuse_other_booleans)


def _meant(text: str) -> str:
    if text in ("string", "null", "undefined"):
        raise PydanticCustomError("placeholder", "{text} is a placeholder", {"text": text})
    return text


STORABLE = AfterValidator(_storable)
# Forms of tools send these words for fields that nobody has filled in.
_MEANT = AfterValidator(_meant)
Word = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=60),
    STORABLE,
    _MEANT,
    Field(examples=["drama"]),
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    STORABLE,
    _MEANT,
    Field(examples=["Grace"]),
]
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300),
    STORABLE,
    _MEANT,
    Field(examples=["Last train"]),
]
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    STORABLE,
    _MEANT,
    Field(examples=["You're forty minutes late."]),
]
SpokenForm = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1000),
    STORABLE,
    _MEANT,
    Field(examples=["You're forty minutes late."]),
]
Prose = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=5000),
    STORABLE,
    _MEANT,
    Field(examples=["Two friends meet at a station."]),
]
Source = Annotated[Prose, Field(examples=["Written and spoken for this scene"])]
Licence = Annotated[Prose, Field(examples=["CC0 1.0"])]
LanguageTag = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", max_length=35), Field(examples=["en-US"])
]
# RFC 5646: a language and at most a region, in the recommended case, so that each language has one key.
TranslationTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-([A-Z]{2}|[0-9]{3}))?$")]
Slug = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120), _MEANT, Field(examples=["last-train"])
]
# 2**62, not 2**63 - 1: JSON Schema bounds are written as floats, which hold this one exactly.
Id = Annotated[int, Field(ge=1, le=2**62, examples=[1]), PLAIN_INTEGER]
AudioTrack = Annotated[
    int,
    Field(
        ge=1,
        le=100,
        examples=[1],
        description="Counts the audio tracks of the media file; by default the one in the script's language, "
        "else the one that the file marks as default",
    ),
]
Level = Annotated[
    int, Field(ge=1, le=5, examples=[2], description="Difficulty from 1, easy, to 5, as curators judge it")
]
Score = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]
AttemptClass = Literal["scored", "no_speech", "wrong_sentence", "too_noisy", "too_short", "incomplete"]
Status = Literal["processing", "completed", "failed"]
