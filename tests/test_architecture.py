"""Limits on the code: importers of libraries and modules, readers of the environment, size of files and functions.

The lists of exceptions may only shrink: an unneeded entry fails a test.
"""

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from core.settings import ROOT

FILE_LINES_MAX, FUNCTION_LINES_MAX = 400, 40
NOT_SERVED = {"tests", "local", "tools", "web", "alembic", "deploy", "catalogue", "clients", "docs"}
EVERY_FILE = {
    str(path.relative_to(ROOT)): path
    for path in sorted((*ROOT.glob("*.py"), *ROOT.glob("[a-z]*/**/*.py")))
    if not {"node_modules", "generated"} & set(path.parts)
}
SERVERS = [name for name in EVERY_FILE if name.split("/")[0] not in NOT_SERVED and "/tests/" not in name]

# Each file tells how its library is used. A module of ours stands here when one file chooses whether to use it.
SOLE_IMPORTERS = {
    "events.redis_bus": {"events/bus.py"},
    "jose": {"core/security.py"},
    "google": {"core/google_certificates.py", "core/security.py"},
    "boto3": {"utils_s3.py"},
    "limits": {"core/rate_limiter.py", "core/settings.py"},
    "dogpile": {"core/response_cache.py"},
    "redis": {
        "common/redis_connections.py",
        "core/redis_clients.py",
        "analysis/queueing/redis_jobs.py",
        "analysis/queueing/redis_queue.py",
        "analysis/queueing/redis_seen_requests.py",
        "analysis/queueing/redis_worker.py",
    },
    "prometheus_client": {"core/telemetry/metrics.py"},
    "servestatic": {"middleware/spa.py"},
    "sentry_sdk": {"core/telemetry/sentry.py"},
    "opentelemetry": {
        "common/trace_export.py",
        "core/telemetry/tracing.py",
        "core/telemetry/trace_export.py",
        "analysis/telemetry/tracing.py",
        "analysis/telemetry/trace_export.py",
    },
    "celery": {
        "common/celery_app.py",
        "jobs/task_queue.py",
        "tasks/worker.py",
        "analysis/queueing/redis_queue.py",
        "analysis/queueing/tasks.py",
    },
    "kombu": {"jobs/task_queue.py", "analysis/queueing/redis_queue.py"},
    "hama": {"analysis/engine/languages/english/speech_models.py"},
}

# Functions longer than FUNCTION_LINES_MAX, as "file function".
LONG_FUNCTIONS = {
    "alembic/versions/0001_first_tables.py upgrade",  # a declarative table: the first schema
    "alembic/versions/0001_first_tables.py downgrade",  # the same
    "core/telemetry/metrics.py __init__",  # a declarative table: all metrics
}
# Imports within functions, as "file imported module".
LATE_IMPORTS = {
    # A process of the analysis server loads only the modules of its role.
    "analysis/processes/child.py analysis.processes.decoder_handler",
    "analysis/processes/child.py analysis.processes.engine_handler",
    "analysis/engine/languages/english/profile.py analysis.engine.languages.english.speech_models",
    # Loaded only where traces are sent.
    "core/telemetry/tracing.py core.telemetry.trace_export",
    "analysis/telemetry/tracing.py analysis.telemetry.trace_export",
    # A heavy library that only a few tests need.
    "analysis/tests/conftest.py hibari",
}


@dataclass(frozen=True)
class Facts:
    """Properties of a file, kept instead of its syntax tree."""

    lines: int
    imports: set[str]
    reads_environment: bool
    long_functions: set[str]
    late_imports: set[str]


@functools.cache
def facts(name: str) -> Facts:
    """Parses a file once for all tests."""
    source = EVERY_FILE[name].read_text(encoding="utf-8")
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return Facts(
        lines=len(source.splitlines()),
        imports=set(modules(tree)) | set(members(tree)),
        reads_environment=any(word in source for word in ("os.environ", "os.getenv", "getenv(")),
        long_functions={f"{name} {each.name}" for each in functions if line_count(each) > FUNCTION_LINES_MAX},
        late_imports={f"{name} {module}" for each in functions for module in modules(each)},
    )


def line_count(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def modules(node: ast.AST) -> Iterator[str]:
    """The modules that the statements in `node` import by their full names."""
    for each in ast.walk(node):
        if isinstance(each, ast.Import):
            yield from (alias.name for alias in each.names)
        elif isinstance(each, ast.ImportFrom) and each.module and not each.level:
            yield each.module


def members(node: ast.AST) -> Iterator[str]:
    """The full names of what `from module import name` imports, which may be modules."""
    for each in ast.walk(node):
        if isinstance(each, ast.ImportFrom) and each.module and not each.level:
            yield from (f"{each.module}.{alias.name}" for alias in each.names)


def imports(name: str, library: str) -> bool:
    return any(f"{imported}.".startswith(f"{library}.") for imported in facts(name).imports)


@pytest.mark.parametrize("library", SOLE_IMPORTERS)
def test_library_has_only_its_listed_importers(library: str) -> None:
    assert {name for name in SERVERS if imports(name, library)} == SOLE_IMPORTERS[library]


def test_only_listed_files_read_the_environment() -> None:
    readers = {name for name in SERVERS if facts(name).reads_environment}
    assert readers <= {
        *("analysis/__init__.py", "analysis/bench/__init__.py", "analysis/processes/pool.py"),
        "core/telemetry/metrics.py",
    }


@pytest.mark.parametrize("name", EVERY_FILE)
def test_file_stays_within_the_limits(name: str) -> None:
    assert facts(name).lines <= FILE_LINES_MAX
    assert facts(name).long_functions <= LONG_FUNCTIONS
    assert facts(name).late_imports <= LATE_IMPORTS


def test_every_exception_is_still_needed() -> None:
    assert set().union(*(facts(name).long_functions for name in EVERY_FILE)) == LONG_FUNCTIONS
    assert set().union(*(facts(name).late_imports for name in EVERY_FILE)) == LATE_IMPORTS
