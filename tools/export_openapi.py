"""Writes docs/openapi.json: `python -m tools.export_openapi`."""

import json
import sys
from typing import Any

from core.settings import ROOT, Settings
from main import create_app

TARGET = ROOT / "docs" / "openapi.json"


def render_document() -> dict[str, Any]:
    """The OpenAPI document of a development server."""
    return create_app(Settings(environment="development")).openapi()


def render() -> str:
    """The OpenAPI document of a development server, as the text of docs/openapi.json."""
    return json.dumps(render_document(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"wrote {TARGET.relative_to(ROOT)}\n")
