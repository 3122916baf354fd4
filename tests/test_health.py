import httpx


def test_live_says_ok(client: httpx.Client) -> None:
    assert client.get("/health/live").json()["status"] == "ok"


def test_ready_names_the_part_that_is_down(client: httpx.Client) -> None:
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["checks"] == {"database": "ok", "storage": "ok", "events": "ok", "analysis": "down"}
