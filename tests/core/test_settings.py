"""Validation of the configuration: secrets, addresses, defaults."""

import re

import pytest
from pydantic import SecretStr, ValidationError

from core.settings import Settings
from tools.env_example import PAGE, render

STRONG = {
    "environment": "production",
    "secret_key": "zW3u8mQ1xV5rK9tB2nF7hJ4pL6cD0sGy-strong",
    "webhook_secret": "whsec_zW3u8mQ1xV5rK9tB2nF7hJ4pL6cD0sGyAAAA",
    "database_url": "postgresql://yousync:hidden@db/yousync",
    "google_client_id": "client",
}


def make(**values: object) -> Settings:
    return Settings(_env_file=None, **values)  # type: ignore[arg-type]


def test_production_starts_with_strong_secrets() -> None:
    assert not make(**STRONG).development_sign_in


def test_webhooks_without_a_target_are_accepted_in_production_only_on_request() -> None:
    assert make().webhook_target_optional
    assert not make(**STRONG).webhook_target_optional
    assert make(**STRONG, webhook_target_optional=True).webhook_target_optional


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"secret_key": "short"}, "SECRET_KEY"),
        ({"secret_key": "k" * 64}, "SECRET_KEY"),
        ({"webhook_secret": ""}, "WEBHOOK_SECRET"),
        ({"webhook_secret": "whsec_c2hvcnQ="}, "WEBHOOK_SECRET"),
        ({"webhook_secret": "whsec_" + "QUJD" * 10}, "WEBHOOK_SECRET"),
        ({"webhook_secret": f"{STRONG['webhook_secret']} whsec_c2hvcnQ="}, "WEBHOOK_SECRET"),
        ({"database_url": Settings.model_fields["database_url"].default}, "DATABASE_URL"),
        ({"secret_key": Settings.model_fields["secret_key"].default}, "SECRET_KEY"),
        ({"webhook_secret": Settings.model_fields["webhook_secret"].default}, "WEBHOOK_SECRET"),
        ({"google_client_id": None}, "GOOGLE_CLIENT_ID"),
        ({"development_sign_in": True}, "DEVELOPMENT_SIGN_IN"),
    ],
)
def test_production_refuses_weak_settings_and_names_them(change: dict[str, object], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        make(**(STRONG | change))


@pytest.mark.parametrize("secret", ["whsec_%%%%", "plain", f"{STRONG['webhook_secret']} whsec_" + "x" * 33])
def test_a_webhook_secret_that_cannot_be_used_is_refused_at_the_start(secret: str) -> None:
    for settings in ({}, STRONG):
        with pytest.raises(ValidationError, match="WEBHOOK_SECRET must be whsec_"):
            make(**(settings | {"webhook_secret": secret}))


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg2"])
def test_driver_is_added_to_every_form_of_the_database_url(scheme: str) -> None:
    assert make(database_url=f"{scheme}://u:p@h/d").sqlalchemy_url == "postgresql+psycopg2://u:p@h/d"


def test_replica_url_is_optional_and_gets_the_driver() -> None:
    assert make(database_replica_url="postgres://u:p@h/d").sqlalchemy_replica_url == "postgresql+psycopg2://u:p@h/d"
    assert make().sqlalchemy_replica_url is None


def test_lists_are_split_and_admins_have_no_production_default() -> None:
    settings = make(cors_origins="https://a.test, https://b.test", admin_emails="Boss@Y.test")
    assert settings.cors_origins == ["https://a.test", "https://b.test"]
    assert settings.admin_emails == ["boss@y.test"]
    assert make().admin_emails == ["admin@yousync.local"]
    assert make(**STRONG).admin_emails == []


@pytest.mark.parametrize("origin", ["*", "https://*.yousync.link", "null", "https://a.test/", "a.test", "ftp://a.test"])
def test_only_exact_origins_are_accepted(origin: str) -> None:
    with pytest.raises(ValidationError, match="exact origin"):
        make(cors_origins=f"https://yousync.link,{origin}")


@pytest.mark.parametrize("origins", ["http://yousync.link", "https://yousync.link,http://localhost:3000"])
def test_production_refuses_origins_that_are_not_encrypted(origins: str) -> None:
    with pytest.raises(ValidationError, match=r"CORS_ORIGINS names http://.* must start with https://"):
        make(**STRONG, cors_origins=origins)
    assert make(cors_origins=origins).cors_origins == origins.split(",")
    assert make(**STRONG).cors_origins == ["https://yousync.link"]


@pytest.mark.parametrize(
    "subject", ["1076912345678", "https://accounts.google.com#", "#1", "https://a.test#1 2", "a#b#c"]
)
def test_an_administrator_without_issuer_and_subject_is_refused(subject: str) -> None:
    with pytest.raises(ValidationError, match="an issuer, #, and a subject"):
        make(admin_subjects=subject)


def test_reference_base_url_gives_an_audio_origin() -> None:
    settings = make(reference_base_url="https://cdn.test/media/", s3_endpoint_url="http://store.test:8333")
    assert settings.reference_base_url == "https://cdn.test/media"
    assert settings.audio_origins == ["http://store.test:8333", "https://cdn.test"]
    assert make(reference_base_url="http://s:1/x", s3_endpoint_url="http://s:1").audio_origins == ["http://s:1"]


@pytest.mark.parametrize(
    "url",
    ["cdn.test", "ftp://cdn.test", "https://", "https://cdn.test/?a=b", "https://u:p@cdn.test", "https://cdn.test; x"],
)
def test_invalid_reference_base_url_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="reference_base_url"):
        make(reference_base_url=url)


def test_env_example_lists_every_setting_with_a_comment_and_its_default() -> None:
    text = PAGE.read_text(encoding="utf-8")
    commented = set(re.findall(r"^# .+\n([A-Z0-9_]+)=", text, re.MULTILINE))
    assert {name.upper() for name in Settings.model_fields} <= commented
    assert render(text) == text


def test_a_changed_default_is_written_to_env_example() -> None:
    text = "# Lowest level.\nLOG_LEVEL=DEBUG\n# Key.\nSECRET_KEY=\nRATE_LIMIT_EXPORT=1/hour\nDIRECT_UPLOADS=false\n"
    written = "# Lowest level.\nLOG_LEVEL=INFO\n# Key.\nSECRET_KEY=\nRATE_LIMIT_EXPORT=10/hour\nDIRECT_UPLOADS=true\n"
    assert render(text) == written


def test_secrets_are_hidden_in_repr() -> None:
    text = repr(make(**STRONG, aws_secret_access_key="topsecret"))
    assert not any(secret in text for secret in (STRONG["secret_key"], "zW3u8", "topsecret", "hidden"))


def test_refused_secret_is_hidden_in_its_error() -> None:
    with pytest.raises(ValidationError) as refusal:
        make(**(STRONG | {"secret_key": "short-secret"}))
    assert "short-secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "url", ["redis://queue", "redis://:secret@queue:6379/15", "rediss://q:1/0?ssl_cert_reqs=required"]
)
def test_redis_url_with_an_optional_database_number_is_accepted(url: str) -> None:
    assert make(redis_url=url).redis_url == SecretStr(url)


@pytest.mark.parametrize(
    "url", ["queue:6379", "redis://", "redis://:secret@queue/0/6", "redis://queue/jobs", "http://queue"]
)
def test_invalid_redis_url_is_refused_and_not_printed(url: str) -> None:
    with pytest.raises(ValidationError, match="number of a database") as refusal:
        make(redis_url=url)
    assert "secret@" not in str(refusal.value)
