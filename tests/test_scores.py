"""Both servers, the table and every body have the same scores; the page's list is compared in lib/scores.test.ts."""

from typing import cast

import pytest
from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Table

from analysis.engine import score_curves
from analysis.engine.result import SCORES as ANALYSED
from analysis.engine.result import SubScores
from jobs.webhook_payloads import ReportedResult
from models import SCORES, AnalysisResult
from schemas import AnalysisResultResponse, Attempt, AttemptScores, AverageScores, ReportedScores

TABLE = cast(Table, AnalysisResult.__table__)
COLUMNS = [f"{score}_score" for score in SCORES]


def test_both_servers_have_the_same_scores() -> None:
    assert ANALYSED == SCORES


@pytest.mark.parametrize("shape", [AttemptScores, AnalysisResultResponse, Attempt, ReportedScores, ReportedResult])
def test_every_body_has_every_score(shape: type[BaseModel]) -> None:
    assert [name for name in shape.model_fields if name.endswith("_score")] == COLUMNS


def test_every_score_is_averaged() -> None:
    assert tuple(AverageScores.model_fields) == SCORES


def test_every_score_has_a_column_that_is_checked_and_covered_by_the_index_of_my_page() -> None:
    assert [name for name in TABLE.columns.keys() if name.endswith("_score")] == COLUMNS  # noqa: SIM118 - not a dict
    checked = {str(item.sqltext) for item in TABLE.constraints if isinstance(item, CheckConstraint)}
    assert checked >= {f"{column} BETWEEN 0 AND 100" for column in COLUMNS}
    (index,) = (index for index in TABLE.indexes if index.name == "ix_analysis_results_of_user")
    assert {*index.dialect_options["postgresql"]["include"]} >= {*COLUMNS}


def test_every_score_of_the_analysis_is_in_the_feedback_with_its_confidence() -> None:
    measured = set(SubScores.model_fields)
    assert measured >= {*ANALYSED, *score_curves.WEIGHTS, *score_curves.NEED_VOICE, *score_curves.NEED_WORDS}
