"""Follows a job by the library NAME until it ends, over lost connections: `streams.py NAME URL TOKEN PATH`.

Prints each event as a line of JSON with `id`, `status` and `progress`. PATH is that of the stream, with a ticket.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import aiohttp
import httpx
import requests
import sseclient
from aiohttp_sse_client2.client import EventSource
from httpx_sse import connect_sse

_TIMEOUT_S = 40


def show(event_id: str, data: str) -> bool:
    """Prints an event; returns whether it is the last one."""
    state: dict[str, Any] = json.loads(data)
    print(json.dumps({"id": event_id, "status": state["status"], "progress": state["progress"]}), flush=True)
    return bool(state["status"] != "processing")


def with_httpx_sse(url: str, token: str) -> Iterator[tuple[str, str]]:
    """One connection after another, each with the id of the last event."""
    last_id, headers = "", {"Authorization": f"Bearer {token}"}
    with httpx.Client(timeout=_TIMEOUT_S, trust_env=False) as http:
        while True:
            try:
                with connect_sse(http, "GET", url, headers=headers | {"Last-Event-ID": last_id}) as source:
                    for event in source.iter_sse():
                        if event.data:
                            last_id = event.id
                            yield event.id, event.data
            except httpx.TransportError:
                pass
            time.sleep(1)


def with_sseclient(url: str, token: str) -> Iterator[tuple[str, str]]:
    """The same by requests and sseclient-py."""
    last_id, headers = "", {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
    while True:
        try:
            answer = requests.get(url, headers=headers | {"Last-Event-ID": last_id}, stream=True, timeout=_TIMEOUT_S)
            answer.raise_for_status()
            for event in sseclient.SSEClient(answer.iter_content(chunk_size=None)).events():
                if event.data:
                    last_id = event.id or last_id
                    yield last_id, event.data
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            pass
        time.sleep(1)


async def with_aiohttp(url: str, token: str) -> None:
    """The reader of aiohttp-sse-client2, opened again where it gives up."""
    headers = {"Authorization": f"Bearer {token}"}
    while True:
        try:
            async with EventSource(url, headers=headers, timeout=aiohttp.ClientTimeout(sock_read=_TIMEOUT_S)) as source:
                async for event in source:
                    headers["Last-Event-ID"] = event.last_event_id
                    if event.data and show(event.last_event_id, event.data):
                        return
        except (aiohttp.ClientError, ConnectionError):
            pass
        await asyncio.sleep(1)


def main() -> None:
    name, url, token, path = sys.argv[1:]
    address = url + path.partition("?")[0]
    if name == "aiohttp-sse-client2":
        asyncio.run(with_aiohttp(address, token))
        return
    read = {"httpx-sse": with_httpx_sse, "sseclient-py": with_sseclient}[name]
    for event_id, data in read(address, token):
        if show(event_id, data):
            return


if __name__ == "__main__":
    main()
