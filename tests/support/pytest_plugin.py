"""Hooks for all tests, loaded by `-p` in pyproject.toml: the marks `server`, `model` and `alone`.

A test is marked `server` when it, a fixture or a helper of it starts a server or a worker process, and `model` when
one of them loads the models of the analysis, which takes as long. Both are read from their code. `make test-quick`
leaves these tests out.

A test marked `alone` measures time or memory, or fills the machine: while it runs, no other pytest-xdist worker of the
run runs a test.
"""

import fcntl
import functools
import inspect
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import IO, Any

import pytest

STARTS_PROCESSES = {
    "CeleryProcess",
    "EmbeddedBroker",
    "EmbeddedPostgres",
    "EmbeddedS3",
    "EmbeddedValkey",
    "ManagedProcess",
    "Popen",
    "RecoverablePostgres",
    "ServerProcess",
    "Standby",
    "WorkerPool",
}
LOADS_MODELS = {"ASRModel", "AcousticModel", "Engine", "HamaAcoustic", "HamaG2P", "Hibari"}
TEST_PACKAGES = ("tests", "analysis.tests")
_PLACE = pytest.StashKey[ExitStack]()
# By measured time. Modules are scheduled in this order, so that no long one starts last.
LONGEST_FIRST = (
    "tests/jobs/test_worker.py",
    "tests/local/test_local.py",
    "tests/core/test_interrupted_migrations.py",
    "tests/jobs/test_dispatch.py",
    "analysis/tests/engine/test_engine.py",
    "analysis/tests/engine/test_properties.py",
    "tests/events/test_redis_bus.py",
    "analysis/tests/queueing/test_redis_queue.py",
    "tests/routers/test_cache.py",
    "tests/deploy/test_blue_green.py",
    "tests/core/test_read_replica.py",
    "tests/core/test_rate_limiter.py",
    "tests/jobs/test_lifecycle.py",
    "tests/deploy/test_entry_points.py",
    "tests/routers/test_quotas.py",
    "tests/local/test_embedded.py",
    "tests/tools/test_queue_simulation.py",
    "tests/tools/test_bench.py",
    "tests/test_import_contracts.py",
)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "server: starts servers or worker processes (set by tests/support/pytest_plugin.py)"
    )
    config.addinivalue_line("markers", "model: loads the models of the analysis (set here, too)")
    config.addinivalue_line("markers", "alone: measures or fills the machine, so no other test runs meanwhile")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks tests before -m selects them, and puts the longest modules first."""
    for item in items:
        for mark in _marks(item) if isinstance(item, pytest.Function) else ():
            item.add_marker(mark)
    rank = {path: number for number, path in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: rank.get(item.nodeid.partition("::")[0], len(rank)))


def _marks(item: pytest.Function) -> Iterator[str]:
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    names = {getattr(value, "__name__", "") for value in parameters}.union(*map(_names_reached, _functions_of(item)))
    if names & STARTS_PROCESSES:
        yield "server"
    if names & LOADS_MODELS:
        yield "model"


def _functions_of(item: pytest.Function) -> Iterator[Callable[..., Any]]:
    """Yields the test function and all fixtures that it uses."""
    yield item.function
    for definitions in item._fixtureinfo.name2fixturedefs.values():
        yield definitions[-1].func


@functools.cache
def _names_reached(function: Callable[..., Any]) -> set[str]:
    """Returns global names and attributes in a function and in the test helpers that it uses; not in tested code."""
    seen: set[FunctionType] = set()
    reached: set[str] = set()
    waiting = _parts(function)
    while waiting:
        if (part := waiting.pop()) not in seen:
            seen.add(part)
            names = _names(part.__code__)
            reached |= names
            waiting += (helper for name in names for helper in _find(name, part.__globals__, names))
    return reached


@functools.cache
def _names(code: CodeType) -> set[str]:
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return set(code.co_names).union(*map(_names, inner))


def _find(name: str, namespace: Mapping[str, object], attributes: set[str]) -> list[FunctionType]:
    """Returns the helper of that name; for a module of helpers, its functions among `attributes`."""
    found = namespace.get(name)
    helpers = [vars(found).get(each) for each in attributes] if isinstance(found, ModuleType) else [found]
    return [part for helper in helpers for part in _parts(helper)]


def _parts(helper: object) -> list[FunctionType]:
    """Returns the functions of a test helper: itself, or the methods and properties of a class."""
    if not str(getattr(helper, "__module__", "")).startswith(TEST_PACKAGES):
        return []
    members = list(vars(helper).values()) if isinstance(helper, type) else [helper]
    members += [member.fget for member in members if isinstance(member, property)]
    functions = (inspect.unwrap(member) for member in members if callable(member))
    return [function for function in functions if isinstance(function, FunctionType)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    with ExitStack() as place:
        if "PYTEST_XDIST_WORKER" in os.environ:
            # The folder of the run, the parent of its workers' folders.
            folder = item.config._tmp_path_factory.getbasetemp().parent  # type: ignore[attr-defined]
            place.enter_context(_place(folder, alone=item.get_closest_marker("alone") is not None))
        item.stash[_PLACE] = place
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Releases the lock before a worker's last teardown, which waits for the other workers (shared_servers)."""
    if nextitem is None:
        item.stash[_PLACE].close()


@contextmanager
def _place(folder: Path, *, alone: bool) -> Iterator[None]:
    """Holds an exclusive lock when `alone`, else a shared one. The lock on `queue` keeps the order of arrival."""
    with (folder / "place").open("a") as place:
        with _locked(folder / "queue"):
            fcntl.flock(place, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield


@contextmanager
def _locked(path: Path) -> Iterator[IO[str]]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
