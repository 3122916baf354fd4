"""Texts by language and code, and the choice of a language."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic_core._pydantic_core import list_all_errors

from analysis.engine.result import AttemptClass as ReportedClass
from analysis.failures import MESSAGES as ANALYSIS_FAILURES
from core.field_types import AttemptClass as TakenClass
from core.i18n import (
    DEFAULT_LANGUAGE,
    ERRORS,
    LANGUAGES,
    STAGES,
    error_text,
    field_error_text,
    preferred_language,
    stage_text,
)
from core.settings import MAX_AUDIO_BYTES, MAX_AUDIO_S, ROOT

FILES = sorted((ROOT / "core" / "texts").glob("*.json"))


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "ko"),
        ("", "ko"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("en-GB,en;q=0.9,ko;q=0.8", "en"),
        ("fr,en;q=0.3", "en"),
        ("fr", "ko"),
        ("en;q=0", "ko"),
        ("en;q=high, *", "ko"),
        ("EN", "en"),
    ],
)
def test_response_language_follows_the_header(header: str | None, language: str) -> None:
    assert preferred_language(header) == language


def codes(texts: dict[str, Any]) -> set[tuple[str, str]]:
    return {(section, code) for section, by_code in texts.items() for code in by_code}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_language_has_the_same_texts(path: Path) -> None:
    default = json.loads((path.parent / f"{DEFAULT_LANGUAGE}.json").read_text(encoding="utf-8"))
    texts = json.loads(path.read_text(encoding="utf-8"))
    assert codes(texts) == codes(default)
    assert all(text.strip() for by_code in texts.values() for text in by_code.values())


def test_languages_are_the_text_files() -> None:
    assert set(LANGUAGES) == {path.stem for path in FILES}
    assert all(set(texts) == set(LANGUAGES) for texts in (*ERRORS.values(), *STAGES.values()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_error_texts_name_the_actual_limits(language: str) -> None:
    assert f"{MAX_AUDIO_BYTES // 1024**2} MiB" in ERRORS["audio_too_large"][language]
    assert MAX_AUDIO_S == 120
    assert re.search(r"\btwo\b|2", ERRORS["audio_too_long"][language])


def test_every_analysis_failure_has_an_error_text() -> None:
    # Failures of reference audio end no learner's job.
    assert {code for code in ANALYSIS_FAILURES if not code.startswith("reference_")} <= set(ERRORS)


def test_unknown_codes_and_stages_have_fallback_texts() -> None:
    assert error_text("brand_new_code", "en") == ERRORS["analysis_failed"]["en"]
    assert stage_text("brand-new", "Working", "ko") == "Working"
    assert stage_text("scoring", "Working", "ko") != "Working"


def test_both_servers_have_the_same_attempt_classes() -> None:
    assert set(get_args(ReportedClass)) == set(get_args(TakenClass))


PYDANTIC_CONTEXTS = {error["type"]: error["example_context"] or {} for error in list_all_errors()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_of_invalid_fields_name_only_what_pydantic_tells(language: str) -> None:
    kinds = json.loads((ROOT / "core" / "texts" / f"{language}.json").read_text(encoding="utf-8"))["field_errors"]
    texts = {
        kind: field_error_text(kind, PYDANTIC_CONTEXTS[kind], language) for kind in kinds.keys() & PYDANTIC_CONTEXTS
    }
    assert len(texts) > 30
    assert all(texts.values())
    assert field_error_text("a_type_of_a_later_version", {}, language) is None


def test_no_reason_of_an_import_is_also_a_type_of_an_invalid_field() -> None:
    texts = json.loads((ROOT / "core" / "texts" / f"{DEFAULT_LANGUAGE}.json").read_text(encoding="utf-8"))
    assert not texts["field_errors"].keys() & texts["import_refusals"].keys()
