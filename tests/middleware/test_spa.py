"""The built page and the API on one server: responses by URL, caching and policies."""

import gzip
import re
from pathlib import Path

import httpx
import pytest

from core.settings import ROOT
from tests.conftest import MakeApi
from tests.support.server_processes import ServerProcess

VISIT = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
INDEX = "<!doctype html><title>YouSync</title>"
SCRIPT = "console.log('YouSync');" * 100


@pytest.fixture(scope="module")
def site(make_api: MakeApi, tmp_path_factory: pytest.TempPathFactory) -> ServerProcess:
    built = tmp_path_factory.mktemp("web")
    (built / "assets").mkdir()
    (built / "index.html").write_text(INDEX)
    (built / "sw.js").write_text(SCRIPT)
    (built / "assets" / "index-0a1b2c3d.js").write_text(SCRIPT)
    (built / "assets" / "index-0a1b2c3d.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    return make_api(WEB_DIR=str(built), GOOGLE_CLIENT_ID="1234.apps.googleusercontent.com")


@pytest.mark.parametrize("path", ["/", "/scenes/3", "/lines/12?attempt=x", "/me", "/no/such/page"])
def test_navigation_returns_the_page(site: ServerProcess, path: str) -> None:
    answer = httpx.get(site.url + path, headers=VISIT)
    assert (answer.status_code, answer.text) == (200, INDEX)
    assert answer.headers["cache-control"] == "max-age=0, public"


@pytest.mark.parametrize("path", ["/api/nothing", "/api/scripts/999999", "/api/auth/me"])
def test_api_errors_stay_json_for_browsers(site: ServerProcess, path: str) -> None:
    answer = httpx.get(site.url + path, headers=VISIT)
    assert answer.status_code in (401, 404)
    assert answer.headers["content-type"] == "application/problem+json"


def test_page_does_not_shadow_documentation_and_health(site: ServerProcess) -> None:
    assert "swagger" in httpx.get(f"{site.url}/docs", headers=VISIT).text.lower()
    assert httpx.get(f"{site.url}/openapi.json", headers=VISIT).json()["openapi"]
    assert httpx.get(f"{site.url}/health/live", headers=VISIT).json() == {"status": "ok", "checks": {}}


def test_unknown_path_outside_a_browser_is_404(site: ServerProcess) -> None:
    answer = httpx.get(f"{site.url}/nowhere", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert httpx.post(f"{site.url}/scenes/3", headers=VISIT).status_code == 404


def test_hashed_files_are_immutable_and_compressed(site: ServerProcess) -> None:
    address = f"{site.url}/assets/index-0a1b2c3d.js"
    plain = httpx.get(address, headers={"Accept-Encoding": "identity"})
    assert "immutable" in plain.headers["cache-control"]
    packed = httpx.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text == SCRIPT
    assert httpx.get(address, headers={"If-Modified-Since": plain.headers["last-modified"]}).status_code == 304


def test_files_of_the_page_do_not_vary_by_origin(site: ServerProcess) -> None:
    """Browsers would load each of them again for the service worker."""
    answer = httpx.get(f"{site.url}/assets/index-0a1b2c3d.js", headers={"Origin": site.url})
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["/assets/../index.html", "/..%2f..%2fmain.py", "/%2e%2e/main.py", "/assets/%00"])
def test_nothing_outside_the_built_page_is_served(site: ServerProcess, path: str) -> None:
    answer = httpx.get(site.url + path)
    assert answer.status_code in (200, 404)
    assert "FastAPI" not in answer.text


@pytest.mark.parametrize("path", ["/", "/sw.js"])
def test_page_may_record_and_play_but_load_no_foreign_content(site: ServerProcess, path: str) -> None:
    headers = httpx.get(site.url + path, headers=VISIT).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self' https://accounts.google.com/gsi/"
    assert policy["media-src"] == f"'self' blob: {site.env['S3_ENDPOINT_URL']}"
    assert site.env["S3_ENDPOINT_URL"] in policy["connect-src"]
    assert policy["frame-ancestors"] == "'none'"
    assert "microphone=(self)" in headers["permissions-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin-allow-popups"


def test_304_keeps_the_policy_of_the_cached_page(site: ServerProcess) -> None:
    """Browsers replace cached headers with those of a 304: a stricter policy would break the page."""
    first = httpx.get(site.url, headers=VISIT)
    again = httpx.get(site.url, headers={**VISIT, "If-Modified-Since": first.headers["last-modified"]})
    assert again.status_code == 304
    policies = ("content-security-policy", "permissions-policy", "referrer-policy", "cross-origin-opener-policy")
    assert not set(policies) & set(again.headers)


def test_policy_without_google_sign_in_omits_google(make_api: MakeApi, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(INDEX)
    policy = httpx.get(make_api(WEB_DIR=str(tmp_path)).url, headers=VISIT).headers["content-security-policy"]
    assert "google" not in policy
    assert "script-src 'self';" in policy


def test_root_redirects_to_docs_without_a_built_page(client: httpx.Client) -> None:
    assert client.get("/", headers=VISIT).headers["location"].endswith("/docs")


def test_page_renders_no_raw_html() -> None:
    sources = [path for path in (ROOT / "web" / "src").rglob("*.ts*") if "api" not in path.parts]
    assert sources
    for path in sources:
        assert not {"dangerouslySetInnerHTML", "innerHTML", "insertAdjacentHTML"} & set(
            re.findall(r"\w+", path.read_text(encoding="utf-8"))
        ), path
