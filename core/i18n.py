"""The texts that people read, by stable code and language tag. `core/texts/TAG.json` holds those of one language.

A further language is one more file: its name is the tag, its keys are those of the others. Texts name facts of the
service by placeholders of FACTS.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from core.audio_formats import format_names
from core.settings import MAX_AUDIO_BYTES, MAX_AUDIO_S

# A primary language subtag (RFC 5646), e.g. `ko`; one of LANGUAGES.
Language = str

DEFAULT_LANGUAGE: Language = "ko"
FACTS = {
    "audio_formats": ", ".join(format_names()),
    "audio_max_mib": f"{MAX_AUDIO_BYTES / 1024**2:g}",
    "audio_max_minutes": f"{MAX_AUDIO_S / 60:g}",
}
_FOLDER = Path(__file__).with_name("texts")
_TEXTS: dict[Language, dict[str, dict[str, str]]] = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.json"))
}
LANGUAGES: tuple[Language, ...] = (DEFAULT_LANGUAGE, *sorted(_TEXTS.keys() - {DEFAULT_LANGUAGE}))


def _by_code(section: str) -> dict[str, dict[Language, str]]:
    codes = _TEXTS[DEFAULT_LANGUAGE][section]
    return {
        code: {language: _TEXTS[language][section][code].format_map(FACTS) for language in LANGUAGES} for code in codes
    }


# "errors" holds the codes of responses, "job_failures" those that only failed jobs have.
ERRORS = _by_code("errors") | _by_code("job_failures")
STAGES = _by_code("stages")
IMPORT_NOTES = _by_code("import_notes")


def error_text(code: str, language: Language) -> str:
    """Returns the text of an error code; an unknown code of an analysis server has that of analysis_failed."""
    return ERRORS.get(code, ERRORS["analysis_failed"])[language]


def stage_text(stage: str, message: str | None, language: Language) -> str | None:
    """Returns the text of a known stage, else the message that came with it."""
    texts = STAGES.get(stage)
    return texts[language] if texts else message


def import_note_text(code: str, language: Language) -> str:
    """Returns the text of a note about imported subtitles; a code of a later version is its own text."""
    texts = IMPORT_NOTES.get(code)
    return texts[language] if texts else code


def import_refusal_text(code: str, facts: Mapping[str, object], language: Language) -> str:
    """Returns the reason why a scene cannot be imported; `facts` are the values that the text names."""
    return _TEXTS[language]["import_refusals"][code].format_map(facts)


def field_error_text(kind: str, facts: Mapping[str, object], language: Language) -> str | None:
    """Returns the text of an invalid field by pydantic's type of error and its context, or by a type of ours."""
    text = _TEXTS[language]["field_errors"].get(kind)
    # pydantic lists what it expects in English: "'a', 'b' or 'c'".
    told = {name: str(value).replace("' or '", "', '") for name, value in facts.items()}
    return text.format_map(told) if text else None


def preferred_language(accept_language: str | None) -> Language:
    """Returns the language of LANGUAGES that an Accept-Language header weights highest (RFC 9110 §12.5.4);
    DEFAULT_LANGUAGE when it names none of them.
    """
    best: tuple[float, Language] = (0.0, DEFAULT_LANGUAGE)
    for part in (accept_language or "").split(","):
        tag, _, parameters = part.partition(";")
        try:
            weight = float(parameters.strip().removeprefix("q=")) if parameters.strip() else 1.0
        except ValueError:
            continue
        language = tag.strip().lower().split("-")[0]
        if language in LANGUAGES and weight > best[0]:
            best = (weight, language)
    return best[1]
