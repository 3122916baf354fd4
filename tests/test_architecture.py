"""Arrows between modules point one way: routers → services → models, and nothing points back."""

import ast
from pathlib import Path

import pytest

from tests.stack import ROOT

PARTS = ("routers", "services", "analysis")
MODULES = {path.stem for path in ROOT.glob("*.py")} | set(PARTS)
SOURCES = [*ROOT.glob("*.py"), *(path for part in PARTS for path in (ROOT / part).rglob("*.py"))]
SOURCES = [path for path in SOURCES if "tests" not in path.parts]

# Which of our own modules each part must never import.
FORBIDDEN = {
    "routers": {"models", "database", "utils_s3", "analysis", "main", "local", "embedded"},
    "services": {"routers", "main", "parts", "dependencies", "sweeper", "local", "embedded", "analysis"},
    "analysis": MODULES - {"analysis"},
    "models": MODULES - {"database"},
    "threads": MODULES,
    "batches": MODULES,
    "right_of_way": MODULES,
    "database": MODULES - {"settings", "threads"},
    "replica": MODULES - {"database", "settings"},
    "settings": MODULES,
    "messages": MODULES,
    "fields": MODULES,
    "schemas": MODULES - {"fields"},
    "reports": MODULES - {"fields"},
    "spool": MODULES - {"errors"},
    "redaction": MODULES,
    "rate_limits": MODULES - {"errors", "settings"},
    "connections": MODULES,
    "web_page": MODULES,
    "metrics": MODULES,
    "tracing": MODULES - {"trace_export"},
    "trace_export": MODULES - {"tracing"},
    "subtitles": MODULES,
    "scene_audio": MODULES,
    "event_bus": MODULES - {"events", "threads"},
    "task_queue": MODULES,
    "upkeep": {"routers", "main", "dependencies", "sweeper", "worker"},
    "worker": {"routers", "main", "dependencies", "sweeper"},
    "answer_cache": MODULES,
    "views": MODULES - {"database", "models"},
    "events": MODULES - {"messages", "connections"},
    "utils_s3": MODULES - {"settings"},
    "security": MODULES - {"errors", "settings"},
    "job_states": {"routers", "services", "main", "parts", "dependencies", "sweeper", "jobs"},
    "jobs": {"routers", "services", "main", "parts", "dependencies", "sweeper"},
}
# Libraries with one importer, so that one file tells how they are used.
SOLE_IMPORTERS = {
    "jose": {"security.py"},
    "google": {"security.py"},
    "boto3": {"utils_s3.py"},
    "limits": {"rate_limits.py", "settings.py"},
    "dogpile": {"answer_cache.py"},
    "prometheus_client": {"metrics.py"},
    "servestatic": {"web_page.py", "web_build.py"},
    "sentry_sdk": {"error_reports.py"},
    "opentelemetry": {"tracing.py", "trace_export.py", "analysis/tracing.py", "analysis/trace_export.py"},
    "celery": {"task_queue.py", "worker.py", "analysis/shared_queue.py", "analysis/tasks.py"},
    "kombu": {"task_queue.py", "analysis/shared_queue.py"},
    "hama": {"analysis/acoustic.py"},
    "fastapi": {"main.py", "dependencies.py", "errors.py", "openapi.py", "routers", "analysis"},
}


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def part_of(path: Path) -> str:
    relative = path.relative_to(ROOT)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_arrow_points_back(path: Path) -> None:
    assert not imports(path) & FORBIDDEN.get(part_of(path), set())


@pytest.mark.parametrize("library", SOLE_IMPORTERS)
def test_a_library_has_one_importer(library: str) -> None:
    importers = {str(path.relative_to(ROOT)) for path in SOURCES if library in imports(path)}
    allowed = SOLE_IMPORTERS[library]
    assert importers
    assert {name for name in importers if name not in allowed and name.split("/")[0] not in allowed} == set()


def test_the_environment_has_one_reader_in_each_server() -> None:
    readers = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if any(word in path.read_text(encoding="utf-8") for word in ("os.environ", "os.getenv", "getenv("))
    }
    assert readers <= {
        "analysis/__init__.py",
        "analysis/pool.py",
        "local.py",
        "supervisor.py",
        "demo.py",
        "web_build.py",
        "metrics.py",
    }
