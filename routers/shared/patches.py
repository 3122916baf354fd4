"""The bodies of PATCH: the fields to change, all optional. Null removes a text that may be missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Header
from pydantic import ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from core.errors import (
    ActorNotFound,
    AdminOnly,
    AudioUndecodable,
    InvalidAccessToken,
    MalformedRequest,
    NotAuthenticated,
    NothingToPronounce,
    PositionTaken,
    ScriptNotFound,
    StorageUnavailable,
    TokenNotFound,
)
from core.field_types import (
    Id,
    LanguageTag,
    Level,
    Licence,
    Line,
    Prose,
    Seconds,
    Slug,
    Source,
    SpokenForm,
    Title,
    Word,
)
from core.i18n import Language
from core.rights import Credit, Moment
from core.translations import LineTranslations, ScriptTranslations
from routers.shared.problems import invalid_body, refused_field
from schemas import RequestBody
from services.scene_media import AfterSound

# A field that is not given: it has no default in the document, and its value is never used.
UNCHANGED: Any = Field(default_factory=lambda: None)


Version = Annotated[
    str | None,
    Header(
        max_length=100,
        description="`version` of the draft in quotes: refuses the change with 412 when it has another one by now",
        examples=['"9f86d081884c7d65"'],
    ),
]


_ADMIN = (NotAuthenticated, InvalidAccessToken, AdminOnly, MalformedRequest)
LINE_CREATION = (
    *_ADMIN,
    ScriptNotFound,
    ActorNotFound,
    PositionTaken,
    NothingToPronounce,
    AudioUndecodable,
    StorageUnavailable,
)
LINE_CHANGES = (*LINE_CREATION, TokenNotFound)


@contextmanager
def line_refusals(language: Language) -> Iterator[None]:
    """Names the fields of a line that it cannot have."""
    try:
        yield
    except ValidationError as error:
        raise invalid_body(error) from error
    except AfterSound as error:
        raise refused_field(("end_time",), "cue_after_sound", language, error.facts) from error


def expected_version(if_match: str | None) -> str | None:
    """Returns the version in an If-Match header; None where any is accepted."""
    return None if if_match is None or if_match.strip() == "*" else if_match.strip().strip('"')


class Patch(RequestBody):
    """A body with at least one of its fields."""

    @model_validator(mode="after")
    def _has_a_field(self) -> "Patch":
        if not self.model_fields_set:
            raise PydanticCustomError("no_field", "give at least one field")
        return self

    def changes(self) -> dict[str, Any]:
        """Returns the fields that were given."""
        return self.model_dump(exclude_unset=True)


class TokenPatch(Patch):
    """The fields of a line to change."""

    script_id: Id = UNCHANGED
    actor_id: Id = UNCHANGED
    position: int = Field(default_factory=lambda: 1, ge=1, le=100_000)
    text: Line = UNCHANGED
    spoken_form: SpokenForm | None = UNCHANGED
    start_time: Seconds = UNCHANGED
    end_time: Seconds = UNCHANGED
    curator_level: Level | None = UNCHANGED
    translation: Line | None = UNCHANGED
    translations: LineTranslations = UNCHANGED

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"minProperties": 1, "examples": [{"text": "You're forty minutes late."}]}
    )


class ScriptPatch(Patch):
    """The fields of a script to change."""

    title: Title = UNCHANGED
    category: Word = UNCHANGED
    language: LanguageTag = UNCHANGED
    description: Prose | None = UNCHANGED
    source: Source | None = UNCHANGED
    licence: Licence | None = UNCHANGED
    credit: Credit | None = UNCHANGED
    expires_at: Moment | None = UNCHANGED
    synthetic_voice: bool = UNCHANGED
    slug: Slug | None = UNCHANGED
    title_ko: Title | None = UNCHANGED
    description_ko: Prose | None = UNCHANGED
    translations: ScriptTranslations = UNCHANGED

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"minProperties": 1, "examples": [{"title": "Last train"}]}
    )
