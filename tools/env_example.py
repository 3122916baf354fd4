"""Writes the defaults of both servers into .env.example: `python -m tools.env_example`. Its comments stay.

A setting that the file shows without a value keeps none: its default depends on the machine or is a secret.
"""

import re
import sys
from typing import Any

from analysis.settings import Settings as AnalysisSettings
from core.settings import ROOT, Settings

PAGE = ROOT / ".env.example"
_ASSIGNMENT = re.compile(r"^([A-Z0-9_]+)=(.+)$", re.MULTILINE)


def render(current: str) -> str:
    """Returns the text of .env.example with the default after each name that has a value."""
    fields = AnalysisSettings.model_fields | Settings.model_fields
    return _ASSIGNMENT.sub(lambda match: f"{match[1]}={_written(fields[match[1].lower()].default)}", current)


def _written(default: Any) -> str:
    """A default as an environment variable has it: lists comma-separated, numbers without a needless fraction."""
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, list):
        return ",".join(default)
    return str(default).removesuffix(".0")


if __name__ == "__main__":
    PAGE.write_text(render(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")
