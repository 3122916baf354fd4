"""The filters and orders of the lists of scenes and lines."""

from functools import partial
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from core.field_types import PLAIN_BOOLEAN, PLAIN_INTEGER

_filter = partial(Query, min_length=1, pattern="^[^\\x00]+$")
Search = Annotated[str | None, _filter(max_length=100, description="Part of a title or a line", examples=["coffee"])]
ActorFilter = Annotated[
    str | None, _filter(max_length=100, description="Id or part of a name, in any language", examples=["Grace"])
]
CategoryFilter = Annotated[str | None, _filter(max_length=60, description="Exactly this category", examples=["drama"])]
LanguageFilter = Annotated[
    str | None, _filter(max_length=60, description="Exactly this language tag", examples=["en-US"])
]
LevelFilter = Annotated[
    Annotated[int, Field(ge=1, le=5), PLAIN_INTEGER] | None,
    Query(description="Exactly this level, 1 (easiest) to 5", examples=[2]),
]
SceneLengthFilter = Annotated[
    Literal["short", "medium", "long"] | None,
    Query(description="By `spoken_s`: short is less than 20 s, long is 60 s or more", examples=["short"]),
]
LineLengthFilter = Annotated[
    Literal["short", "medium", "long"] | None,
    Query(description="By the length of the line: short is less than 3 s, long is 6 s or more", examples=["short"]),
]
GoodToStart = Annotated[
    Annotated[bool, PLAIN_BOOLEAN] | None,
    Query(description="Only what is good to start with, or only the rest", examples=[True]),
]
SceneSort = Annotated[
    Literal["latest", "popular", "easiest"],
    Query(
        description="By age, by views, or for newcomers: good to start with, easy and short first", examples=["latest"]
    ),
]
LineSort = Annotated[
    Literal["id", "easiest"],
    Query(description="By id, or for newcomers: good to start with, easy and short first", examples=["easiest"]),
]
NewState = Annotated[
    Literal["draft", "published"], Query(description="A draft is for administrators only", examples=["draft"])
]
