"""Libraries with one importer, and the one reader of the environment in each server."""

import ast
from pathlib import Path

import pytest

from tests.support.server_processes import ROOT

NOT_SERVED = {"tests", "local", "tools", "web", "alembic", "deploy", "catalogue"}
SOURCES = [
    path
    for path in (*ROOT.glob("*.py"), *ROOT.glob("[a-z]*/**/*.py"))
    if not {"node_modules", "tests"} & set(path.parts)
]
SERVERS = [path for path in SOURCES if path.relative_to(ROOT).parts[0] not in NOT_SERVED]

# Each file tells how its library is used.
SOLE_IMPORTERS = {
    "jose": {"core/security.py"},
    "google": {"core/security.py"},
    "boto3": {"utils_s3.py"},
    "limits": {"core/rate_limits.py", "core/settings.py"},
    "dogpile": {"core/response_cache.py"},
    "redis": {
        "core/redis_clients.py",
        "analysis/queueing/redis_jobs.py",
        "analysis/queueing/redis_queue.py",
        "analysis/queueing/redis_worker.py",
    },
    "prometheus_client": {"core/telemetry/metrics.py"},
    "servestatic": {"middleware/spa.py"},
    "sentry_sdk": {"core/telemetry/sentry.py"},
    "opentelemetry": {
        "core/telemetry/tracing.py",
        "core/telemetry/trace_export.py",
        "analysis/telemetry/tracing.py",
        "analysis/telemetry/trace_export.py",
    },
    "celery": {
        "jobs/task_queue.py",
        "tasks/worker.py",
        "analysis/queueing/redis_queue.py",
        "analysis/queueing/tasks.py",
    },
    "kombu": {"jobs/task_queue.py", "analysis/queueing/redis_queue.py"},
    "hama": {"analysis/engine/acoustic_model.py"},
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


@pytest.mark.parametrize("library", SOLE_IMPORTERS)
def test_a_library_has_one_importer(library: str) -> None:
    assert {str(path.relative_to(ROOT)) for path in SERVERS if library in imports(path)} == SOLE_IMPORTERS[library]


def test_the_environment_has_one_reader_in_each_server() -> None:
    readers = {
        str(path.relative_to(ROOT))
        for path in SERVERS
        if any(word in path.read_text(encoding="utf-8") for word in ("os.environ", "os.getenv", "getenv("))
    }
    assert readers <= {"analysis/__init__.py", "analysis/processes/pool.py", "core/telemetry/metrics.py"}
