"""The broker of a service of several processes: the servers it consists of, and the settings that name them.

with EmbeddedBroker(folder) as broker: ... start processes with broker.settings in their environment
"""

from contextlib import ExitStack
from pathlib import Path
from typing import Self

from local.embedded.server import EmbeddedServer
from local.embedded.valkey import EmbeddedValkey


class EmbeddedBroker:
    """All servers by which processes reach each other, as children of this process."""

    def __init__(self, folder: Path) -> None:
        self._valkey = EmbeddedValkey(folder / "valkey")
        self._stack = ExitStack()

    @property
    def servers(self) -> dict[str, EmbeddedServer]:
        """The servers by the names of their products."""
        return {"Valkey": self._valkey}

    @property
    def settings(self) -> dict[str, str]:
        """The environment variables that API servers, analysis servers and workers of both need."""
        return {"REDIS_URL": self._valkey.url}

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for server in self.servers.values():
                stack.enter_context(server)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
