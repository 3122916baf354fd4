"""Where this server may connect to: addresses of the public internet, and the private networks that are configured."""

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
    """The address is not http(s), or leads into a network that callers must not reach through this server."""


class GuardedTransport(httpx.AsyncBaseTransport):
    """Resolves the host itself, checks every address found, and connects to the very one that it has checked.

    A name that resolves differently the next time, or a redirect, therefore gains nothing. TLS still asks for the
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
        plain = _without_disguise(address)
        if any(plain in network for network in self._private_networks):
            return True
        return plain.is_global and not plain.is_multicast


async def _resolve(request: httpx.Request) -> list[IPAddress]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(request.url.host, None, type=socket.SOCK_STREAM)
        return [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    except (OSError, ValueError) as error:
        raise httpx.ConnectError("the name has no address", request=request) from error


def _without_disguise(address: IPAddress) -> IPAddress:
    """The IPv4 address inside an IPv6 one that a gateway would unwrap (mapped, 6to4, NAT64)."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
