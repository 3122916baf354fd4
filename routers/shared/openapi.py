"""Completes the OpenAPI document of FastAPI; `tools/export_openapi.py` writes it to a file."""

import base64
import hashlib
import re
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from jobs.webhook_payloads import AnalysisReport
from routers.shared.multipart import AudioForm, SceneImportForm
from routers.shared.openapi_examples import add_examples
from routers.shared.openapi_operations import complete_operations
from routers.shared.problems import HOME_PAGE, Problem
from routers.shared.progress_events import ProgressEvent
from routers.shared.security_schemes import security_schemes

DESCRIPTION = """Dub a line of a film or drama and see how your pronunciation, intonation and emotion compare
with the actor's.

Sign in with `POST /api/auth/google` (or, in development, `POST /api/auth/dev`), press **Authorize** and paste the
`access_token`. Then `POST /api/tokens/{token_id}/upload-audio` a recording and follow its `progress_url`.

Errors are `application/problem+json` with a stable `code`; `detail` is in a language of `Accept-Language`. A method
that a path does not have is answered 405 `method_not_allowed`, with the methods that it has in `Allow`."""

SERVERS: list[dict[str, str | Any]] = [{"url": "/", "description": "The server that this document comes from"}]
CONTACT: dict[str, str | Any] = {"name": "YouSync", "url": HOME_PAGE}
LICENCE: dict[str, str | Any] = {"name": "Apache 2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"}
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
    """Adds what FastAPI leaves out: models that routes only refer to by name, security, problems and examples."""

    def build() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
                tags=app.openapi_tags,
                servers=SERVERS,
                contact=CONTACT,
                license_info=LICENCE,
            )
            _add_referenced(document["components"]["schemas"])
            document["components"]["securitySchemes"].update(security_schemes(app.state.settings))
            complete_operations(document)
            add_examples(document)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = build  # type: ignore[method-assign]


def _add_referenced(schemas: dict[str, Any]) -> None:
    _, definitions = models_json_schema(_REFERENCED_ONLY, ref_template="#/components/schemas/{model}")
    schemas.update(definitions["$defs"])
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
