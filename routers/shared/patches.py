"""The bodies of PATCH: the fields to change, all optional. Null removes a text that may be missing."""

from typing import Any

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from core.field_types import Id, LanguageTag, Licence, Line, Prose, Seconds, Slug, Source, SpokenForm, Title, Word
from core.translations import LineTranslations, ScriptTranslations
from schemas import RequestBody

# A field that is not given: it has no default in the document, and its value is never used.
_UNCHANGED: Any = Field(default_factory=lambda: None)


class _Patch(RequestBody):
    @model_validator(mode="after")
    def _has_a_field(self) -> "_Patch":
        if not self.model_fields_set:
            raise PydanticCustomError("no_field", "give at least one field")
        return self

    def changes(self) -> dict[str, Any]:
        """Returns the fields that were given."""
        return self.model_dump(exclude_unset=True)


class TokenPatch(_Patch):
    """The fields of a line to change."""

    script_id: Id = _UNCHANGED
    actor_id: Id = _UNCHANGED
    position: int = Field(default_factory=lambda: 1, ge=1, le=100_000)
    text: Line = _UNCHANGED
    spoken_form: SpokenForm | None = _UNCHANGED
    start_time: Seconds = _UNCHANGED
    end_time: Seconds = _UNCHANGED
    translation: Line | None = _UNCHANGED
    translations: LineTranslations = _UNCHANGED

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"minProperties": 1, "examples": [{"text": "You're forty minutes late."}]}
    )


class ScriptPatch(_Patch):
    """The fields of a script to change."""

    title: Title = _UNCHANGED
    category: Word = _UNCHANGED
    language: LanguageTag = _UNCHANGED
    description: Prose | None = _UNCHANGED
    source: Source | None = _UNCHANGED
    licence: Licence | None = _UNCHANGED
    synthetic_voice: bool = _UNCHANGED
    slug: Slug | None = _UNCHANGED
    title_ko: Title | None = _UNCHANGED
    description_ko: Prose | None = _UNCHANGED
    translations: ScriptTranslations = _UNCHANGED

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"minProperties": 1, "examples": [{"title": "Last train"}]}
    )
