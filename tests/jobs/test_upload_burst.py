"""200 concurrent clients with default settings: no freeze, no 5xx. FastAPI's usual session dependency deadlocks."""

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
    # No connection is reused: an idle one may be closed just as a starved client thread sends its next request.
    headers = {**learner.headers, "Connection": "close"}
    with httpx.Client(base_url=api.url, transport=transport, timeout=30, headers=headers) as http:

        def visit(_: object) -> list[int]:
            return [http.get(path).status_code for _ in range(REQUESTS_EACH)]

        started = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as threads:
            statuses = [status for each in threads.map(visit, repeat(None, CLIENTS)) for status in each]
        took_s = time.monotonic() - started
    assert statuses == [200] * (CLIENTS * REQUESTS_EACH)
    assert took_s < 60  # during the freeze, one request takes four seconds: 1,000 would take an hour
