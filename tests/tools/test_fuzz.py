"""A short run of `make fuzz`: the same attacks with fewer cases, and a check that they detect faults."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from core.errors import AudioTooLong
from media.validation import AudioChecker
from tests.conftest import MakeApi
from tests.support.factories import ADMIN_EMAIL, Learner, complete, sign_in
from tools.fuzz.addresses import attack_addresses
from tools.fuzz.api import attack_quickly
from tools.fuzz.audio import attack_audio
from tools.fuzz.audio_bombs import flac_silence
from tools.fuzz.headers import attack_headers
from tools.fuzz.servers import Target
from tools.fuzz.webhooks import Attack, attack_webhooks

SEED = 20


@pytest.fixture(scope="module")
def target(make_api: MakeApi) -> Iterator[Target]:
    server = make_api(JOB_RETRY_BASE_S="30")
    with httpx.Client(base_url=server.url, timeout=60) as client:
        yield Target(server, client)


def test_random_requests_get_documented_responses(target: Target, admin: Learner) -> None:
    outcome = attack_quickly(target, sign_in(target.client, ADMIN_EMAIL), SEED)
    assert outcome.faults == []
    assert outcome.cases > 50


def test_random_headers_get_documented_responses(target: Target) -> None:
    outcome = attack_headers(target, 300, 90, SEED)
    assert outcome.faults == []
    assert outcome.cases == 300


def test_hostile_webhooks_change_nothing_and_valid_ones_are_accepted(target: Target) -> None:
    outcome = attack_webhooks(target, 200, 60, SEED)
    assert outcome.faults == []
    assert outcome.cases == 200


def test_webhook_attack_detects_an_unexpected_report(target: Target) -> None:
    attack = Attack(target, SEED)
    job = attack.jobs[0]
    complete(target.client, job.id)
    attack.check(job)
    assert attack.faults


@pytest.mark.alone  # decoding of each recording has a time limit
def test_hostile_recordings_are_handled_safely() -> None:
    outcome = attack_audio(250, 60, SEED, recordings=1)
    assert outcome.faults == []
    assert outcome.cases == 250


def test_no_private_address_is_reached() -> None:
    outcome = attack_addresses(60, 30, SEED)
    assert outcome.faults == []
    assert outcome.cases == 60


def test_ten_hours_of_silence_in_40_kb_are_too_long(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb"
    bomb.write_bytes(flac_silence(5_000, 36_000))
    assert bomb.stat().st_size < 45_000
    checker = AudioChecker()
    try:
        with pytest.raises(AudioTooLong):
            checker.check(bomb)
    finally:
        checker.close()
