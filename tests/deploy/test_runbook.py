"""The runbook contains every log line of level warning or worse, and only existing settings."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from core.settings import ROOT

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
PACKAGES = ("analysis", "core", "events", "jobs", "media", "middleware", "routers", "services", "tasks", "tools")
SERVERS = [*ROOT.glob("*.py"), *(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))]
LOUD = {"warning", "error", "exception", "critical"}


def logged(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        is_log = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LOUD
        if is_log and isinstance(node.func.value, ast.Name) and node.func.value.id == "log":  # type: ignore[attr-defined]
            (text,) = [part.value for part in node.args[:1] if isinstance(part, ast.Constant)]  # type: ignore[attr-defined]
            yield re.sub(r"%[-+.\d]*[a-z]", "…", str(text))


def test_every_warning_and_error_is_explained() -> None:
    lines = {line for path in SERVERS for line in logged(path)}
    assert len(lines) > 15
    assert {line for line in lines if f"`{line}`" not in RUNBOOK} == set()


def test_named_settings_exist() -> None:
    known = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"\b[A-Z]{2,}(?:_[A-Z0-9]+)+\b", RUNBOOK))
    assert {name for name in named if f"{name}=" not in known} == set()
