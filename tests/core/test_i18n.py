from typing import get_args

import pytest

from analysis.engine.result import AttemptClass as ReportedClass
from analysis.failures import MESSAGES as ANALYSIS_FAILURES
from core.field_types import AttemptClass as TakenClass
from core.i18n import ERRORS, error_text, preferred_language, stage_text


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
def test_the_language_of_answers_follows_the_header(header: str | None, language: str) -> None:
    assert preferred_language(header) == language


def test_every_failure_of_our_analysis_server_has_words() -> None:
    # what befalls the reference audio ends no learner's job
    assert {code for code in ANALYSIS_FAILURES if not code.startswith("reference_")} <= set(ERRORS)


def test_codes_and_stages_of_another_analysis_server_are_bearable() -> None:
    assert error_text("brand_new_code", "en") == ERRORS["analysis_failed"]["en"]
    assert stage_text("brand-new", "Working", "ko") == "Working"
    assert stage_text("scoring", "Working", "ko") != "Working"


def test_both_servers_know_the_same_classes_of_attempts() -> None:
    assert set(get_args(ReportedClass)) == set(get_args(TakenClass))
