"""Signs in with JSON and uploads a recording by the library NAME: `uploads.py NAME URL EMAIL LINE TAKE`.

Prints the accepted job with the access token, as JSON. Names end in `-unnamed` where the file part has no `filename`.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import requests

Accepted = dict[str, Any]


def with_requests(url: str, email: str, path: str, take: Path, name: str | None) -> Accepted:
    session = requests.post(f"{url}/api/auth/dev", json={"email": email}, timeout=60)
    session.raise_for_status()
    token = session.json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    files = {"audio_file": (name, take.read_bytes())}
    job = requests.post(url + path, files=files, headers=headers, timeout=60)
    assert job.status_code == 202, job.text
    return {**job.json(), "access_token": token}


def with_httpx(url: str, email: str, path: str, take: Path, name: str | None) -> Accepted:
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as http:
        token = http.post("/api/auth/dev", json={"email": email}).raise_for_status().json()["access_token"]
        files = {"audio_file": (name, take.read_bytes())}
        job = http.post(path, files=files, headers={"Authorization": f"Bearer {token}"})
    assert job.status_code == 202, job.text
    return {**job.json(), "access_token": token}


def with_aiohttp(url: str, email: str, path: str, take: Path, name: str | None) -> Accepted:
    return asyncio.run(_with_aiohttp(url, email, path, take.read_bytes(), name))


async def _with_aiohttp(url: str, email: str, path: str, audio: bytes, name: str | None) -> Accepted:
    async with aiohttp.ClientSession(url) as http:
        async with http.post("/api/auth/dev", json={"email": email}) as session:
            token = (await session.json())["access_token"]
        form = aiohttp.FormData(default_to_multipart=True)
        form.add_field("audio_file", audio, filename=name, content_type="audio/wav")
        async with http.post(path, data=form, headers={"Authorization": f"Bearer {token}"}) as job:
            assert job.status == 202, await job.text()
            return {**await job.json(), "access_token": token}


def main() -> None:
    kind, url, email, line, take = sys.argv[1:]
    library, _, unnamed = kind.partition("-")
    send = {"requests": with_requests, "httpx": with_httpx, "aiohttp": with_aiohttp}[library]
    accepted = send(url, email, f"/api/tokens/{line}/upload-audio", Path(take), None if unnamed else "take.wav")
    print(json.dumps(accepted))


if __name__ == "__main__":
    main()
