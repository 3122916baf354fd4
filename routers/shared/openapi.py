"""Completes the OpenAPI document of FastAPI; `tools/export_openapi.py` writes it to a file."""

import base64
import hashlib
import re
from copy import deepcopy
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from core.errors import RequestTooSlow, TooManyOpenUploads
from jobs.webhook_payloads import AnalysisReport
from routers.shared.multipart import AudioForm, SceneImportForm
from routers.shared.problems import PROBLEM_JSON, Problem, problem_responses
from routers.shared.progress_events import ProgressEvent

DESCRIPTION = """Dub a line of a film or drama and see how your pronunciation, intonation and emotion compare
with the actor's.

Sign in with `POST /api/auth/google` (or, in development, `POST /api/auth/dev`), press **Authorize** and paste the
`access_token`. Then `POST /api/tokens/{token_id}/upload-audio` a recording and follow its `progress_url`.

Errors are `application/problem+json` with a stable `code`; `detail` is in a language of `Accept-Language`."""

# The access token is kept in the page only: after a reload, the user has to authorize again.
SWAGGER_UI = {"tryItOutEnabled": True, "persistAuthorization": False, "filter": True, "displayRequestDuration": True}
_REFERENCED_ONLY: tuple[tuple[type[BaseModel], JsonSchemaMode], ...] = (
    (Problem, "serialization"),
    (AnalysisReport, "serialization"),
    (ProgressEvent, "serialization"),
    (AudioForm, "validation"),
    (SceneImportForm, "validation"),
)


@cache
def docs_sources(root_path: str) -> str:
    """Returns the CSP source of the inline script in /docs: its SHA-256 hash."""
    page = get_swagger_ui_html(
        openapi_url=f"{root_path.rstrip('/')}/openapi.json", title="", swagger_ui_parameters=SWAGGER_UI
    )
    (script,) = re.findall(r"<script>(.*?)</script>", bytes(page.body).decode(), re.DOTALL)
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def install_openapi(app: FastAPI) -> None:
    """Adds the models that routes only refer to by name, and replaces FastAPI's own 422 response by a problem."""

    def build() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
                tags=app.openapi_tags,
            )
            schemas = document["components"]["schemas"]
            _, definitions = models_json_schema(
                _REFERENCED_ONLY,
                ref_template="#/components/schemas/{model}",
            )
            schemas.update(definitions["$defs"])
            _replace_default_422(document)
            _add_refusals_of_bodies(document)
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = build  # type: ignore[method-assign]


def _add_refusals_of_bodies(document: dict[str, Any]) -> None:
    """Adds the errors of middleware/open_bodies.py to every operation with a body."""
    refusals = problem_responses(RequestTooSlow, TooManyOpenUploads)
    for operation in (each for path in document["paths"].values() for each in path.values() if "requestBody" in each):
        for status, refusal in refusals.items():
            documented = operation["responses"].setdefault(str(status), deepcopy(refusal))
            examples = documented["content"][PROBLEM_JSON]["examples"]
            examples.update(refusal["content"][PROBLEM_JSON]["examples"])


def _replace_default_422(document: dict[str, Any]) -> None:
    for path in document["paths"].values():
        for operation in path.values():
            content = operation["responses"].get("422", {}).get("content", {})
            content.pop("application/json", None)
            if not content:
                operation["responses"].pop("422", None)
