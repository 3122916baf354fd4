"""The names of actors in other languages, in bodies: `{"ko": …}`. The name itself is the one of the original."""

from typing import Annotated

from pydantic import BaseModel, Field

from core.field_types import Name, TranslationTag
from core.translations import MAX_LANGUAGES

NameTranslations = Annotated[
    dict[TranslationTag, Name],
    Field(max_length=MAX_LANGUAGES, description="Names by language tag", examples=[{"ko": "그레이스"}]),
]


class TranslatedActorWrite(BaseModel):
    """The names of an actor in other languages that a client sends."""

    translations: NameTranslations = {}


class TranslatedActor(BaseModel):
    """The names of an actor in other languages."""

    translations: dict[str, str] = Field(description="Names by language tag")
