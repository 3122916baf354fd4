"""200 clients at once, default settings: no freeze, no 5xx. The usual session dependency stops dead here."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import httpx
import pytest

from tests.support.factories import Learner, make_token
from tests.support.server_processes import ServerProcess

CLIENTS, REQUESTS_EACH = 200, 5


@pytest.mark.alone
@pytest.mark.parametrize("page", ["token", "my page"])
def test_burst_of_200_clients_is_served_without_freeze_or_error(
    api: ServerProcess, client: httpx.Client, admin: Learner, learner: Learner, page: str
) -> None:
    token_id = make_token(client, admin)["id"]
    path = f"/api/tokens/{token_id}" if page == "token" else "/api/mypage/overview"
    transport = httpx.HTTPTransport(limits=httpx.Limits(max_connections=CLIENTS), retries=0)
    # A connection per request: a kept one may be closed for idleness just as a starved client thread uses it again.
    headers = {**learner.headers, "Connection": "close"}
    with httpx.Client(base_url=api.url, transport=transport, timeout=30, headers=headers) as http:

        def visit(_: object) -> list[int]:
            return [http.get(path).status_code for _ in range(REQUESTS_EACH)]

        started = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as threads:
            statuses = [status for each in threads.map(visit, repeat(None, CLIENTS)) for status in each]
        took_s = time.monotonic() - started
    assert statuses == [200] * (CLIENTS * REQUESTS_EACH)
    assert took_s < 60  # the freeze answers one request in four seconds: 1,000 would take an hour
