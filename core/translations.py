"""Texts in other languages, keyed by language tag: `{"ko": …}`. A further language is a key, not a column.

Bodies also have a field for each text in the language that they knew first: `title_ko`, `description_ko` and
`translation`. Bodies that clients send may use either form; what is stored is the new one.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError, from_json

from core.field_types import Line, Prose, Title, TranslationTag

FIELD_LANGUAGE = "ko"
MAX_LANGUAGES = 20
_SAME_TEXT = f"The entry `{FIELD_LANGUAGE}` of `translations`: give either, or both with the same text"


class ScriptTranslation(BaseModel):
    """The texts of a script in another language; null where a text is not translated."""

    title: str | None
    description: str | None


class ScriptTranslationWrite(BaseModel):
    """The texts of a script in another language."""

    model_config = ConfigDict(strict=True, extra="forbid")

    title: Title | None = None
    description: Prose | None = None


def _parse(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return from_json(value)
    except ValueError as error:
        raise PydanticCustomError("translations_not_json", "a JSON object by language tag") from error


ScriptTranslations = Annotated[
    dict[TranslationTag, ScriptTranslationWrite],
    Field(max_length=MAX_LANGUAGES, examples=[{"ja": {"title": "終電", "description": None}}]),
]
LineTranslations = Annotated[
    dict[TranslationTag, Line], Field(max_length=MAX_LANGUAGES, examples=[{"ja": "40分も遅刻だよ。"}])
]
FormTranslations = Annotated[
    ScriptTranslations, BeforeValidator(_parse), Field(description="A JSON object by language tag")
]


class TranslatedScript(BaseModel):
    """The translations of a script that a client sends: after validation, all of them are in `translations`."""

    title_ko: Title | None = Field(default=None, exclude=True, description=_SAME_TEXT, examples=["막차"])
    description_ko: Prose | None = Field(
        default=None, exclude=True, description=_SAME_TEXT, examples=["두 친구가 역에서 만난다."]
    )
    translations: ScriptTranslations = {}

    @model_validator(mode="after")
    def _merge_fields(self) -> "TranslatedScript":
        keyed = self.translations.get(FIELD_LANGUAGE, ScriptTranslationWrite())
        merged = ScriptTranslationWrite(
            title=_merge("title_ko", self.title_ko, f"{FIELD_LANGUAGE}.title", keyed.title),
            description=_merge(
                "description_ko", self.description_ko, f"{FIELD_LANGUAGE}.description", keyed.description
            ),
        )
        texts = self.translations | {FIELD_LANGUAGE: merged}
        self.translations = {tag: each for tag, each in texts.items() if each.title or each.description}
        _check_number(self.translations)
        return self


class TranslatedToken(BaseModel):
    """The translations of a line that a client sends: after validation, all of them are in `translations`."""

    translation: Line | None = Field(default=None, exclude=True, description=_SAME_TEXT, examples=["40분이나 늦었어."])
    translations: LineTranslations = {}

    @model_validator(mode="after")
    def _merge_field(self) -> "TranslatedToken":
        if text := _merge("translation", self.translation, FIELD_LANGUAGE, self.translations.get(FIELD_LANGUAGE)):
            self.translations = self.translations | {FIELD_LANGUAGE: text}
        _check_number(self.translations)
        return self


def patched_line(fields: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the fields of a line with changes: `translation` alone changes one entry of `translations`."""
    texts = dict(changes.get("translations", fields["translations"]))
    merged = {**fields, **changes, "translations": texts}
    if "translation" in changes and "translations" not in changes:
        texts.pop(FIELD_LANGUAGE, None)
    return merged


def patched_script(fields: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the fields of a script with changes: `title_ko` or `description_ko` alone changes one entry."""
    texts = dict(changes.get("translations", fields["translations"]))
    given = {name: f"{name}_{FIELD_LANGUAGE}" for name in ("title", "description")}
    if "translations" not in changes:
        entry = texts.get(FIELD_LANGUAGE, {})
        texts[FIELD_LANGUAGE] = {name: changes.get(field, entry.get(name)) for name, field in given.items()}
    return {**fields, **changes, "translations": texts}


def _merge(field: str, text: str | None, entry: str, keyed: str | None) -> str | None:
    """Returns the text of a field such as `title_ko`, or that of its entry; raises if they differ."""
    if text is not None and keyed is not None and text != keyed:
        facts = {"field": field, "entry": f"translations.{entry}"}
        raise PydanticCustomError("translations_differ", "{field} and {entry} differ", facts)
    return text if keyed is None else keyed


def _check_number(translations: Mapping[str, object]) -> None:
    if len(translations) > MAX_LANGUAGES:
        facts = {"most": MAX_LANGUAGES, "language": FIELD_LANGUAGE}
        raise PydanticCustomError("too_many_languages", "at most {most} languages, {language} among them", facts)
