"""The service that the inputs are tried on: the local stack with data of its own, or one that runs already."""

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from rich.console import Console

from local.demo import free_port
from local.stack import DataDir, LocalSettings, Stack
from local.supervisor import Log
from tests.support.server_processes import LIMITS_LIFTED

ADMIN: dict[str, str] = {"email": "admin@yousync.local", "name": "Field"}


def on_new_service(work: Callable[[str], None], log: Path) -> None:
    """Starts the local stack with an empty data folder, without limits and page, and calls `work` with its URL."""
    os.environ.update(LIMITS_LIFTED)
    with tempfile.TemporaryDirectory(prefix="yousync-field-") as folder, log.open("w") as file:
        os.environ["WEB_DIR"] = str(Path(folder) / "no-page")
        data = DataDir(Path(folder) / "data")
        ports = {"port": free_port(8000), "analysis_port": free_port(8001)}
        local = LocalSettings().model_copy(update={**ports, "yousync_data_dir": data.path})
        with data.lock():
            (data.path / "log").mkdir(exist_ok=True)
            stack = Stack(local, data, Log(Console(file=file, width=120)))
            asyncio.run(stack.run(lambda: asyncio.to_thread(work, local.url)))


@contextmanager
def admin_client(url: str) -> Iterator[httpx.Client]:
    """Yields a client that sends the token of an administrator of a development service."""
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        answer = client.post("/api/auth/dev", json=ADMIN)
        answer.raise_for_status()
        client.cookies.clear()
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        # `expected.json` names words of the English messages.
        client.headers["Accept-Language"] = "en"
        yield client
