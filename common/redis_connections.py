"""Connections of redis.asyncio that report their loss as an error of Redis, on every event loop.

redis-py expects OSError when it writes to a connection that was reset meanwhile; uvloop raises RuntimeError.
"""

from collections.abc import Iterable
from typing import Final, TypeVar

from redis.asyncio.connection import (
    AbstractConnection,
    Connection,
    ConnectionPool,
    SSLConnection,
    UnixDomainSocketConnection,
)
from redis.exceptions import ConnectionError as DroppedError

_UVLOOP_SAYS: Final = "the handler is closed"


class _ReportsLoss(AbstractConnection):
    async def send_packed_command(self, command: bytes | str | Iterable[bytes], check_health: bool = True) -> None:
        """Sends a command; raises DroppedError where the connection has ended."""
        try:
            await super().send_packed_command(command, check_health)
        except RuntimeError as error:
            if _UVLOOP_SAYS not in str(error):
                raise
            raise DroppedError("the connection was reset") from error


class _TcpConnection(_ReportsLoss, Connection):
    pass


class _TlsConnection(_ReportsLoss, SSLConnection):
    pass


class _UnixConnection(_ReportsLoss, UnixDomainSocketConnection):
    pass


_KINDS: Final[dict[type[AbstractConnection], type[AbstractConnection]]] = {
    Connection: _TcpConnection,
    SSLConnection: _TlsConnection,
    UnixDomainSocketConnection: _UnixConnection,
}
Pool = TypeVar("Pool", bound=ConnectionPool)


def reporting_loss(pool: Pool) -> Pool:
    """Makes the connections of a new pool raise redis.exceptions.ConnectionError when they were reset; returns it."""
    pool.connection_class = _KINDS[pool.connection_class]
    return pool
