"""Containers close all objects that they build."""

import asyncio
from pathlib import Path

import pytest

from container import Container, build_container, build_worker_container
from core.response_cache import ResponseCache
from core.settings import Settings
from core.telemetry.metrics import Metrics


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, spool_dir=tmp_path, redis_url="redis://127.0.0.1:1/0")


def test_worker_container_closes_its_objects(settings: Settings) -> None:
    cache = ResponseCache(60, None)
    container = build_worker_container(settings, Metrics(), lambda snapshot: None, cache, delegates=False)
    container.close()
    assert container.analysis._http.is_closed
    with pytest.raises(RuntimeError, match="closed"):
        container.checker.warm_up()


def test_api_container_closes_its_own_objects_and_those_of_a_worker(settings: Settings) -> None:
    closed: list[str] = []

    async def scenario() -> Container:
        container = build_container(settings, Metrics())
        container.closers.callback(closed.append, "objects of threads")
        container.async_closers.callback(closed.append, "objects of the event loop")
        await container.aclose()
        return container

    container = asyncio.run(scenario())
    assert closed == ["objects of the event loop", "objects of threads"]
    assert container.certificates._client.is_closed
    assert container.analysis._http.is_closed
    for submit in (container.upload_batcher._pool.submit, container.offer_batcher._pool.submit):
        with pytest.raises(RuntimeError):
            submit(print)
