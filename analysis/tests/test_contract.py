"""The published JSON Schema of a result matches the code."""

import json

from analysis.app import create_app
from analysis.contract import RESULT_SCHEMA_FILE, result_schema
from analysis.engine.result import SCHEMA_VERSION, AnalysisResult


def test_the_result_schema_is_up_to_date() -> None:
    assert RESULT_SCHEMA_FILE.read_text(encoding="utf-8") == result_schema(), "run `make openapi`"


def test_the_schema_carries_the_version_of_the_results() -> None:
    schema = json.loads(result_schema())
    assert schema["$id"].endswith(f":{SCHEMA_VERSION}")
    assert schema["properties"]["schema_version"]["default"] == SCHEMA_VERSION


def test_the_openapi_document_holds_the_whole_result() -> None:
    schemas = create_app().openapi()["components"]["schemas"]
    expected = AnalysisResult.model_json_schema(mode="serialization")["$defs"]
    assert {"AnalysisResult", *expected} <= set(schemas)
