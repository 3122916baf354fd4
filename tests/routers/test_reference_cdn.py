"""REFERENCE_BASE_URL: a CDN serves the reference audio, but no recordings of learners."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from botocore.exceptions import ClientError

from local.embedded import EmbeddedS3
from tests.conftest import MakeApi
from tests.support.factories import ADMIN_EMAIL, HUMAN_AUDIO, Learner, make_job, make_token, sign_in, somebody
from tests.support.fake_analysis_server import FakeAnalysisServer
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until

PAGE = "https://yousync.link"


class Cdn:
    """Acts as CloudFront with origin access control: reads one folder of the private bucket with its own key."""

    def __init__(self, s3: EmbeddedS3) -> None:
        cdn, bucket = self, s3.account.bucket
        self._store = s3.account.client()
        self.asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                cdn.asked.append(self.path)
                key = urlsplit(self.path).path.removeprefix("/media/")
                content = None
                if key.startswith("reference/"):
                    with suppress(ClientError):
                        content = cdn._store.get_object(Bucket=bucket, Key=key)["Body"].read()
                self.send_response(403 if content is None else 200)
                self.send_header("Access-Control-Allow-Origin", PAGE)
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                self.wfile.write(content or b"")

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self.url = f"{self.origin}/media"

    def __enter__(self) -> "Cdn":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._store.close()


@pytest.fixture(scope="module")
def cdn(s3: EmbeddedS3) -> Iterator[Cdn]:
    with Cdn(s3) as cdn:
        yield cdn


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeAnalysisServer]:
    with FakeAnalysisServer() as fake:
        yield fake


@pytest.fixture(scope="module")
def server(
    make_api: MakeApi, cdn: Cdn, fake: FakeAnalysisServer, tmp_path_factory: pytest.TempPathFactory
) -> ServerProcess:
    built = tmp_path_factory.mktemp("web")
    (built / "index.html").write_text("<!doctype html><title>YouSync</title>")
    # The trailing slash must be ignored.
    return make_api(fake.url, REFERENCE_BASE_URL=f"{cdn.url}/", WEB_DIR=str(built))


@pytest.fixture(scope="module")
def http(server: ServerProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def admin(http: httpx.Client) -> Learner:
    return sign_in(http, ADMIN_EMAIL)


@pytest.fixture(scope="module")
def line(http: httpx.Client, admin: Learner) -> dict[str, Any]:
    return make_token(http, admin, with_audio=True)


def test_reference_audio_has_one_url_at_the_cdn(
    http: httpx.Client, admin: Learner, line: dict[str, Any], cdn: Cdn
) -> None:
    path = f"/api/tokens/{line['id']}"
    url = http.get(f"{path}/audio").headers["location"]
    assert url.startswith(f"{cdn.url}/reference/{line['id']}/") and url.endswith(".flac")
    scene = http.get(f"/api/scripts/{line['script_id']}/audio").json()
    files = {"audio_file": HUMAN_AUDIO.read_bytes()}
    stored = http.put(f"{path}/audio", files=files, headers=admin.headers).json()
    assert url == http.get(path).json()["audio_url"] == scene["lines"][0]["audio_url"] == stored["audio_url"]
    heard = httpx.get(url, headers={"Origin": PAGE})
    assert heard.content == HUMAN_AUDIO.read_bytes()
    assert cdn.asked == [urlsplit(url).path]


def test_page_and_documentation_may_play_audio_of_the_cdn(http: httpx.Client, server: ServerProcess, cdn: Cdn) -> None:
    for path in ("/", "/docs"):
        headers = http.get(path, headers={"Accept": "text/html"}).headers
        policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
        for name in ("media-src", "connect-src"):
            assert {cdn.origin, server.env["S3_ENDPOINT_URL"]} <= set(policy[name].split()), (path, name)
    assert cdn.origin not in http.get("/api/scripts").headers["content-security-policy"]


def test_recordings_and_analysis_requests_use_the_store_instead_of_the_cdn(
    http: httpx.Client, server: ServerProcess, line: dict[str, Any], cdn: Cdn, fake: FakeAnalysisServer, s3: EmbeddedS3
) -> None:
    learner = somebody(http)
    job_id = make_job(http, learner, line["id"])
    wait_until(lambda: fake.jobs, timeout_s=20)
    assert "X-Amz-Signature" in fake.bodies[0].decode()
    assert cdn.origin not in fake.bodies[0].decode()
    url = http.get(f"/api/tokens/analysis-result/{job_id}", headers=learner.headers).json()["user_audio_url"]
    assert url.startswith(server.env["S3_ENDPOINT_URL"]) and "X-Amz-Signature" in url
    assert httpx.get(url).content == HUMAN_AUDIO.read_bytes()
    assert httpx.get(url.split("?")[0]).status_code == 403
    key = urlsplit(url).path.removeprefix(f"/{s3.account.bucket}/")
    assert key.startswith("recordings/")
    assert httpx.get(f"{cdn.url}/{key}").status_code == 403
