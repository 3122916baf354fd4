"""Methods that a path does not have: 405 with the documented ones in Allow, on every path."""

import re

import httpx
import pytest

from tools.export_openapi import render_document

PATHS = render_document()["paths"]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")


@pytest.mark.parametrize("path", PATHS)
def test_other_methods_are_refused_and_the_own_ones_named(client: httpx.Client, path: str) -> None:
    own = {method.upper() for method in PATHS[path]}
    url = re.sub(r"\{[^}]*\}", "1", path)
    for method in METHODS:
        if method not in own:
            answer = client.request(method, url)
            assert (answer.status_code, set(answer.headers.get("allow", "").split(", "))) == (405, own), method
            if method != "HEAD":
                assert answer.json()["code"] == "method_not_allowed"
                assert answer.headers["content-type"] == "application/problem+json"


def test_a_trailing_slash_changes_no_allowed_method(client: httpx.Client) -> None:
    for path in ("/api/scripts/popular/", "/api/scripts/import/", "/api/scripts/drafts/"):
        answer = client.request("TRACE", path)
        assert set(answer.headers["allow"].split(", ")) == {method.upper() for method in PATHS[path.rstrip("/")]}


def test_an_id_that_is_no_number_is_malformed(client: httpx.Client) -> None:
    for path in ("/api/scripts/popularity", "/api/scripts/x", "/api/scripts/drafts2"):
        assert client.get(path).status_code == 422
