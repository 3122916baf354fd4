"""Settings: secrets that are refused, and the form of REDIS_URL."""

import base64

import pytest
from pydantic import ValidationError

from analysis.settings import DEVELOPMENT_SECRET, Settings

OWN = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes, ok").decode()
OLD = "whsec_" + base64.b64encode(b"another secret, 32 bytes as well").decode()


def _settings(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name in ("ENVIRONMENT", "WEBHOOK_SECRET"):
        monkeypatch.delenv(name, raising=False)
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return Settings(_env_file=None)


def test_development_has_a_default_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _settings(monkeypatch).webhook_secrets == [DEVELOPMENT_SECRET]


@pytest.mark.parametrize("secret", ["", DEVELOPMENT_SECRET, f"{OWN} {DEVELOPMENT_SECRET}", "whsec_", "hunter2"])
def test_production_refuses_bad_secrets_without_printing_them(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    with pytest.raises(ValidationError) as refused:
        _settings(monkeypatch, ENVIRONMENT="production", WEBHOOK_SECRET=secret)
    assert "input_value" not in str(refused.value)


def test_several_secrets_are_accepted_during_a_rotation(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _settings(monkeypatch, ENVIRONMENT="production", WEBHOOK_SECRET=f"{OWN}, {OLD}")
    assert settings.webhook_secrets == [OWN, OLD]
    assert OWN not in repr(settings)


def test_requests_without_a_target_are_accepted_in_production_only_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _settings(monkeypatch).target_optional
    production = {"ENVIRONMENT": "production", "WEBHOOK_SECRET": OWN}
    assert not _settings(monkeypatch, **production).target_optional
    assert _settings(monkeypatch, **production, ANALYSIS_TARGET_OPTIONAL="true").target_optional


@pytest.mark.parametrize("url", ["queue:6379", "redis://:secret@queue/0/6", "redis://queue/jobs"])
def test_redis_url_must_name_a_database_number(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    with pytest.raises(ValidationError, match="number of a database") as refused:
        _settings(monkeypatch, REDIS_URL=url)
    assert "secret@" not in str(refused.value)
    _settings(monkeypatch, REDIS_URL="rediss://:secret@queue:6379/15?ssl_cert_reqs=required")
