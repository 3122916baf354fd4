"""Rate limits: responses over the limit, what each limit counts, and counters in memory and in Redis."""

import asyncio
import importlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter
from pydantic import SecretStr
from redis import Redis

from core.errors import TooManyRequests
from core.i18n import ERRORS
from core.rate_limiter import RateLimiter, counted_address
from core.settings import ROOT, Settings
from dependencies import RateLimitedRoute
from local.embedded import EmbeddedValkey
from tests.conftest import MakeApi
from tests.support.factories import ADMIN_EMAIL, Learner, make_token, report, sign_in, somebody, upload
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until


def refused(answer: httpx.Response, code: str) -> int:
    """Asserts a 429 with this code and a Retry-After; returns its seconds."""
    assert (answer.status_code, answer.json()["code"]) == (429, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    wait_s = int(answer.headers["retry-after"])
    assert wait_s >= 1
    return wait_s


@pytest.fixture(scope="module")
def strict(make_api: MakeApi) -> Iterator[httpx.Client]:
    server = make_api(
        RATE_LIMIT_ADDRESS="30/minute", RATE_LIMIT_USER="20/minute", RATE_LIMIT_UPLOAD="2/minute", TRUSTED_PROXIES=PROXY
    )
    with httpx.Client(base_url=server.url) as http:
        yield http


PROXY = "127.0.0.1"


def behind_proxy(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


def ask(client: httpx.Client, times: int, **headers: str) -> list[int]:
    return [client.get("/api/scripts", headers=headers).status_code for _ in range(times)]


def test_rate_limit_applies_to_each_address(strict: httpx.Client) -> None:
    assert ask(strict, 30, **behind_proxy("203.0.113.1")) == [200] * 30
    answer = strict.get("/api/scripts", headers=behind_proxy("203.0.113.1"))
    assert refused(answer, "too_many_requests") <= 60
    assert answer.json()["detail"] == ERRORS["too_many_requests"]["ko"]
    english = strict.get("/api/scripts", headers=behind_proxy("203.0.113.1") | {"Accept-Language": "en"})
    assert english.json()["detail"] == ERRORS["too_many_requests"]["en"]
    assert ask(strict, 1, **behind_proxy("203.0.113.2")) == [200]


def test_signed_in_user_is_counted_across_addresses(strict: httpx.Client) -> None:
    first, second = somebody(strict), somebody(strict)
    seen = [
        strict.get("/api/auth/me", headers={**first.headers, **behind_proxy(f"203.0.113.{n}")}).status_code
        for n in range(100, 121)
    ]
    assert seen == [200] * 20 + [429]
    assert strict.get("/api/auth/me", headers=second.headers).status_code == 200


def test_request_with_a_bad_token_is_counted(strict: httpx.Client) -> None:
    headers = {"Authorization": "Bearer nonsense", **behind_proxy("203.0.113.3")}
    seen = [strict.get("/api/auth/me", headers=headers).status_code for _ in range(31)]
    assert seen == [401] * 30 + [429]


def test_health_checks_and_signed_webhooks_are_not_limited(strict: httpx.Client) -> None:
    assert {strict.get("/health/live").status_code for _ in range(60)} == {200}
    unknown = {"job_id": "0b1f6d1e-3c1c-4a53-9a5a-6c2a9f1f7f10", "result": {}}
    assert {report(strict, unknown).status_code for _ in range(60)} == {404}


def test_uploads_have_their_own_limit(strict: httpx.Client) -> None:
    admin = sign_in(strict, ADMIN_EMAIL)
    token_id, learner = make_token(strict, admin)["id"], somebody(strict)
    statuses = [upload(strict, learner, token_id, b"x" * 20).status_code for _ in range(2)]
    assert statuses == [415, 415]  # rejected recordings count, since checking them costs time
    refused(upload(strict, learner, token_id), "too_many_uploads")
    assert upload(strict, somebody(strict), token_id).status_code == 202


def test_sign_in_and_refresh_share_a_limit_per_address(make_api: MakeApi) -> None:
    server = make_api(RATE_LIMIT_SIGN_IN="3/minute")
    with httpx.Client(base_url=server.url) as client:
        learner = somebody(client)
        for _ in range(2):
            assert client.post("/api/auth/refresh", json={"refresh_token": "x" * 43}).status_code == 401
        refused(client.post("/api/auth/refresh", json={"refresh_token": "x" * 43}), "too_many_sign_ins")
        refused(client.post("/api/auth/dev", json={"email": "a@b.test", "name": "A"}), "too_many_sign_ins")
        refused(client.post("/api/auth/google", json={"id_token": "x"}), "too_many_sign_ins")
        assert client.get("/api/auth/me", headers=learner.headers).status_code == 200


def test_forwarded_address_is_used_only_from_a_trusted_proxy(make_api: MakeApi) -> None:
    server = make_api(RATE_LIMIT_ADDRESS="5/minute")
    with httpx.Client(base_url=server.url) as client:
        statuses = [ask(client, 1, **behind_proxy(f"203.0.113.{n}"))[0] for n in range(6)]
    assert statuses == [200] * 5 + [429]


def test_limit_ends_after_its_window(make_api: MakeApi) -> None:
    server = make_api(RATE_LIMIT_ADDRESS="3/second")
    with httpx.Client(base_url=server.url) as client:
        ask(client, 8)
        wait_until(lambda: ask(client, 1) == [200], timeout_s=5)


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        (None, "unknown"),
    ],
)
def test_addresses_of_an_ipv6_network_share_a_count(host: str | None, counted: str) -> None:
    assert counted_address(host) == counted


@pytest.mark.parametrize("wrong", ["often", "10", "10/fortnight", ""])
def test_invalid_limit_is_refused_at_start(wrong: str) -> None:
    with pytest.raises(ValueError):
        Settings(_env_file=None, rate_limit_user=wrong)


def test_counting_stays_fast_with_many_keys() -> None:
    async def measure() -> float:
        rates = RateLimiter(Settings(_env_file=None))
        for number in range(20_000):
            await rates.require("address", str(number))
        started = time.perf_counter()
        for number in range(500):
            await rates.require("address", str(number))
            await asyncio.sleep(0)
        return time.perf_counter() - started

    assert asyncio.run(measure()) < 1.0  # 5 s or more if each count scanned all keys


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(tmp_path / "valkey") as server:
        yield server


def test_servers_share_counts_in_redis_and_count_alone_without_it(make_api: MakeApi, valkey: EmbeddedValkey) -> None:
    limits = {"REDIS_URL": valkey.url, "RATE_LIMIT_ADDRESS": "20/hour"}
    servers = [make_api(**limits), make_api(**limits)]

    def visit(number: int) -> int:
        return httpx.get(f"{servers[number % 2].url}/api/scripts", timeout=30).status_code

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(visit, range(40)))
    assert sorted(statuses) == [200] * 20 + [429] * 20
    valkey.stop()
    alone = [visit(number) for number in range(50)]
    assert sorted(alone) == [200] * 40 + [429] * 10
    assert "rate limits are counted in this process" in servers[0].log


def test_counting_returns_to_redis_after_an_outage(valkey: EmbeddedValkey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.rate_limiter._REDIS_PAUSE_S", 0.1)

    async def visit() -> None:
        settings = Settings(_env_file=None, redis_url=SecretStr(valkey.url), rate_limit_user="1/hour")
        rates = RateLimiter(settings)
        await rates.require("user", "1")
        valkey.stop()
        await rates.require("user", "1")
        with pytest.raises(TooManyRequests):
            await rates.require("user", "1")
        await asyncio.to_thread(valkey.start)
        with Redis.from_url(valkey.url) as client:
            client.flushall()
        await asyncio.sleep(0.2)
        await rates.require("user", "1")
        await rates.close()

    asyncio.run(visit())


def test_default_limits_let_a_class_sign_in_from_one_address(api: ServerProcess) -> None:
    def enter(number: int) -> Learner:
        with httpx.Client(base_url=api.url, timeout=30) as client:
            return somebody(client)

    with ThreadPoolExecutor(16) as threads:
        assert len(list(threads.map(enter, range(40)))) == 40


def test_only_health_metrics_and_webhook_routes_are_not_counted() -> None:
    modules = [importlib.import_module(f"routers.{path.stem}") for path in (ROOT / "routers").glob("*.py")]
    routers = {
        f"{module.__name__}.{name}": value.route_class
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, APIRouter)
    }
    uncounted = {name for name, route_class in routers.items() if not issubclass(route_class, RateLimitedRoute)}
    assert uncounted == {"routers.health.router", "routers.health.metrics_router", "routers.user_audio.webhook_router"}
