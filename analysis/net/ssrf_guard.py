"""Protection against server-side request forgery: connections go to public addresses and configured networks only."""

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

import httpx

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network
_SCHEMES: Final = ("http", "https")
_NAT64: Final = IPv6Network("64:ff9b::/96")


class AddressRefusedError(httpx.RequestError):
    """The URL is not http(s), or its host is in a network that callers must not reach through this server."""


class GuardedTransport(httpx.AsyncBaseTransport):
    """Resolves the host itself, checks every address found, and connects to an address that it has checked.

    So a name that resolves differently the next time, or a redirect, cannot bypass the check. TLS still verifies the
    certificate of the name.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, private_networks: Sequence[IPNetwork]) -> None:
        self._inner = inner
        self._private_networks = private_networks

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises AddressRefusedError, or httpx.ConnectError for a name that has no address."""
        if request.url.scheme not in _SCHEMES:
            raise AddressRefusedError("not http(s)", request=request)
        addresses = await _resolve(request)
        if not addresses or not all(self._may_connect(address) for address in addresses):
            raise AddressRefusedError("an address outside the public internet", request=request)
        pinned = httpx.Request(
            request.method,
            request.url.copy_with(host=str(addresses[0])),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": request.url.host},
        )
        return await self._inner.handle_async_request(pinned)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._inner.aclose()

    def _may_connect(self, address: IPAddress) -> bool:
        unwrapped = _unwrap_ipv4(address)
        if any(unwrapped in network for network in self._private_networks):
            return True
        return unwrapped.is_global and not unwrapped.is_multicast


async def _resolve(request: httpx.Request) -> list[IPAddress]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(request.url.host, None, type=socket.SOCK_STREAM)
        return [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    except (OSError, ValueError) as error:
        raise httpx.ConnectError("the name has no address", request=request) from error


def _unwrap_ipv4(address: IPAddress) -> IPAddress:
    """Returns the IPv4 address inside an IPv6 one that a gateway would unwrap (mapped, 6to4, NAT64)."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
