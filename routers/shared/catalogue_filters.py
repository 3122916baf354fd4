"""Query parameters of the catalogue."""

from functools import partial
from typing import Annotated, Literal

from fastapi import Query

_filter = partial(Query, min_length=1, pattern="^[^\\x00]+$")
Search = Annotated[str | None, _filter(max_length=100, description="Part of a title or a line", examples=["coffee"])]
ActorFilter = Annotated[str | None, _filter(max_length=100, description="Id or part of a name", examples=["Grace"])]
CategoryFilter = Annotated[str | None, _filter(max_length=60, description="Exactly this category", examples=["drama"])]
LanguageFilter = Annotated[
    str | None, _filter(max_length=60, description="Exactly this language tag", examples=["en-US"])
]
Sort = Annotated[Literal["latest", "popular"], Query(description="By age or by views", examples=["latest"])]
NewState = Annotated[
    Literal["draft", "published"], Query(description="A draft is for administrators only", examples=["draft"])
]
