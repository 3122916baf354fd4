"""All configuration of the API server. No other module reads the environment."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from limits import parse_many
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from common.body_pace import BYTES_PER_S_MIN, GRACE_S, HEAD_TIMEOUT_S
from common.redis_address import is_redis_url
from common.settings_errors import load_or_exit
from common.webhook_signatures import require_usable_secret
from core import rate_limits

ROOT = Path(__file__).resolve().parent.parent
MAX_AUDIO_BYTES = 50 * 1024 * 1024
MAX_AUDIO_S = 120.0

_DEVELOPMENT_SECRET = "yousync-development-only-secret-key-0000"  # noqa: S105 - refused in production
_DEVELOPMENT_WEBHOOK_SECRET = "whsec_eW91c3luYy1kZXZlbG9wbWVudC13ZWJob29rLXNlY3JldA=="  # noqa: S105 - as above

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d+)?|https?://\[[0-9a-f:]+\](:\d+)?")
_BASE_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~-]+)*")

# Issuers of identities: that of Google's ID tokens, and that of the sign-in without Google.
GOOGLE_ISSUER = "https://accounts.google.com"
DEVELOPMENT_ISSUER = "development"
# That of visitors without an account, who have no identity: the subject is random.
GUEST_ISSUER = "guest"
_ADMIN_SUBJECT = re.compile(r"[^#\s]+#[^#\s]+")

CommaSeparated = Annotated[list[str], NoDecode]
# What several processes on one database must share, as messages name it.
CLUSTER_VARIABLES = "REDIS_URL"


class Settings(BaseSettings):
    """Values come from the environment, then from `.env` beside this file, then from the defaults here."""

    # A rejected secret must not be printed with its error.
    model_config = SettingsConfigDict(
        env_file=ROOT / ".env", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    environment: Literal["development", "production"] = "development"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    sentry_dsn: str | None = None
    metrics_token: SecretStr | None = None
    worker_metrics_address: str | None = Field(default=None, pattern=r"^[^:\s]+:\d{1,5}$")
    otel_exporter_otlp_endpoint: str | None = None

    database_url: SecretStr = SecretStr("postgresql://yousync:yousync@127.0.0.1:5432/yousync")
    database_replica_url: SecretStr | None = None
    redis_url: SecretStr | None = None

    aws_access_key_id: str | None = None
    aws_secret_access_key: SecretStr | None = None
    aws_region: str = "ap-northeast-2"
    s3_bucket_name: str = "yousync"
    s3_endpoint_url: str | None = None
    s3_public_endpoint_url: str | None = None
    reference_base_url: str | None = None
    signed_url_ttl_s: int = Field(default=3600, ge=60, le=604_800)
    direct_uploads: bool = True
    upload_ttl_s: int = Field(default=600, ge=1, le=3600)

    target_server_url: str = "http://127.0.0.1:8001"
    webhook_url: str = "http://127.0.0.1:8000/api/tokens/webhook/analysis-complete"
    webhook_secret: SecretStr = SecretStr(_DEVELOPMENT_WEBHOOK_SECRET)
    webhook_target_optional: bool | None = None

    google_client_id: str | None = None
    google_client_secret: SecretStr | None = None
    google_certs_url: str = "https://www.googleapis.com/oauth2/v1/certs"

    secret_key: SecretStr = SecretStr(_DEVELOPMENT_SECRET)
    access_token_ttl_s: int = Field(default=900, ge=60)
    refresh_token_ttl_s: int = Field(default=30 * 86_400, ge=300)
    refresh_grace_s: float = Field(default=10.0, ge=0)
    stream_ticket_ttl_s: int = Field(default=60, ge=5, le=300)
    development_sign_in: bool | None = None
    admin_emails: CommaSeparated = []
    admin_email_issuers: CommaSeparated = [GOOGLE_ISSUER]
    admin_subjects: CommaSeparated = []
    cors_origins: CommaSeparated = ["http://localhost:3000", "https://yousync.link"]

    cache_ttl_s: float = Field(default=30.0, ge=0, le=3600)

    web_dir: Path = ROOT / "web" / "dist"
    spool_dir: Path = ROOT / ".data" / "spool"
    job_attempts_max: int = Field(default=8, ge=1)
    job_lease_s: float = Field(default=60.0, gt=0)
    job_retry_base_s: float = Field(default=1.0, gt=0)
    job_retry_max_s: float = Field(default=60.0, gt=0)
    job_report_timeout_s: float = Field(default=20.0, gt=0)
    job_deadline_s: float = Field(default=3600.0, gt=0)
    sweep_interval_s: float = Field(default=2.0, gt=0)
    clean_interval_s: float = Field(default=3600.0, gt=0)
    orphan_grace_s: float = Field(default=86_400.0, gt=0)

    stream_heartbeat_s: float = Field(default=14.5, gt=0, le=15)
    stream_lifetime_s: float = Field(default=600.0, gt=0)
    stream_send_timeout_s: float = Field(default=10.0, gt=0)
    streams_per_user_max: int = Field(default=20, ge=1)

    request_head_timeout_s: float = Field(default=HEAD_TIMEOUT_S, gt=0)
    body_grace_s: float = Field(default=GRACE_S, gt=0)
    body_bytes_per_s_min: float = Field(default=BYTES_PER_S_MIN, gt=0)
    open_uploads_per_user_max: int = Field(default=40, ge=1)
    open_uploads_per_address_max: int = Field(default=500, ge=1)
    trusted_proxies: CommaSeparated = []
    rate_limit_address: str = rate_limits.ADDRESS.default
    rate_limit_user: str = rate_limits.USER.default
    rate_limit_sign_in: str = rate_limits.SIGN_IN.default
    rate_limit_upload: str = rate_limits.UPLOAD.default
    rate_limit_export: str = rate_limits.EXPORT.default
    rate_limit_guest: str = rate_limits.GUEST.default
    guest_takes: int = Field(default=3, ge=0, le=100)
    guest_ttl_s: int = Field(default=86_400, ge=1, le=86_400)
    guest_quota_bytes: int = Field(default=16 * 1024**2, ge=0)
    rate_limit_scene_request: str = rate_limits.SCENE_REQUEST.default
    jobs_at_once_max: int = Field(default=20, ge=1)
    jobs_per_day_max: int = Field(default=1000, ge=1)
    recording_retention_days: float = Field(default=365.0, ge=0, le=36_500)
    storage_quota_bytes: int = Field(default=2 * 1024**3, ge=0)

    @field_validator(
        "admin_emails", "admin_email_issuers", "admin_subjects", "cors_origins", "trusted_proxies", mode="before"
    )
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("target_server_url", "webhook_url", "otel_exporter_otlp_endpoint")
    @classmethod
    def _http_only(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @field_validator("database_url", "database_replica_url")
    @classmethod
    def _names_a_postgres(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _is_postgres_url(value.get_secret_value()):
            raise ValueError("must be an address such as postgresql://user:password@host:5432/database")
        return value

    @field_validator("redis_url")
    @classmethod
    def _names_a_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not is_redis_url(value.get_secret_value()):
            raise ValueError("must be an address such as redis://host:6379/0, where 0 is the number of a database")
        return value

    @field_validator("reference_base_url")
    @classmethod
    def _names_a_place(cls, value: str | None) -> str | None:
        if value is None:
            return None
        value = value.rstrip("/")
        if not _BASE_URL.fullmatch(value):
            raise ValueError("must be an address such as https://cdn.yousync.link, without query, name or password")
        return value

    @field_validator(
        "rate_limit_address",
        "rate_limit_user",
        "rate_limit_sign_in",
        "rate_limit_upload",
        "rate_limit_export",
        "rate_limit_guest",
        "rate_limit_scene_request",
    )
    @classmethod
    def _countable(cls, value: str) -> str:
        parse_many(value)
        return value

    @field_validator("cors_origins")
    @classmethod
    def _exact_origins(cls, value: list[str]) -> list[str]:
        for origin in value:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError("each must be an exact origin such as https://yousync.link, without path or wildcard")
        return value

    @field_validator("admin_subjects")
    @classmethod
    def _name_issuer_and_subject(cls, value: list[str]) -> list[str]:
        if not all(_ADMIN_SUBJECT.fullmatch(each) for each in value):
            raise ValueError(f"each must be an issuer, #, and a subject, such as {GOOGLE_ISSUER}#1076912345678")
        return value

    @model_validator(mode="after")
    def _development_defaults(self) -> Self:
        if self.development_sign_in is None:
            self.development_sign_in = self.is_development
        if self.webhook_target_optional is None:
            self.webhook_target_optional = self.is_development
        if self.is_development and not self.admin_emails:
            self.admin_emails = ["admin@yousync.local"]
        self.admin_emails = [email.lower() for email in self.admin_emails]
        if self.development_sign_in:
            self.admin_email_issuers = [*self.admin_email_issuers, DEVELOPMENT_ISSUER]
        return self

    @model_validator(mode="after")
    def _only_encrypted_origins_in_production(self) -> Self:
        if self.is_development:
            return self
        plain = [origin for origin in self.cors_origins if origin.startswith("http://")]
        if plain and "cors_origins" in self.model_fields_set:
            raise ValueError(
                f"CORS_ORIGINS names {', '.join(plain)}: anybody on the way can replace a page that is not encrypted, "
                "and act as its user. With ENVIRONMENT=production each origin must start with https://"
            )
        self.cors_origins = [origin for origin in self.cors_origins if origin not in plain]
        return self

    @model_validator(mode="after")
    def _webhook_secrets_can_be_used(self) -> Self:
        for secret in self.webhook_secrets:
            require_usable_secret(secret)
        return self

    @model_validator(mode="after")
    def _no_weak_secret_in_production(self) -> Self:
        if self.is_development:
            return self
        if self.development_sign_in:
            raise ValueError("DEVELOPMENT_SIGN_IN lets anyone sign in: it cannot be used with ENVIRONMENT=production")
        weak = [
            name
            for name, is_weak in {
                "SECRET_KEY": _is_guessable(self.secret_key.get_secret_value())
                or self.secret_key.get_secret_value() == _DEVELOPMENT_SECRET,
                "WEBHOOK_SECRET": not self.webhook_secrets
                or _DEVELOPMENT_WEBHOOK_SECRET in self.webhook_secrets
                or any(_is_guessable(secret.removeprefix("whsec_")) for secret in self.webhook_secrets),
                "DATABASE_URL": self.database_url == Settings.model_fields["database_url"].default,
                "GOOGLE_CLIENT_ID": not self.google_client_id,
            }.items()
            if is_weak
        ]
        if weak:
            raise ValueError(
                f"ENVIRONMENT=production needs a strong value of its own for: {', '.join(weak)} (see .env.example)"
            )
        return self

    @property
    def is_development(self) -> bool:
        return self.environment == "development"

    def is_admin(self, issuer: str, subject: str, email: str) -> bool:
        """True for an administrator: by issuer and subject, or by an address that a trusted issuer has verified."""
        by_address = issuer in self.admin_email_issuers and email.lower() in self.admin_emails
        return by_address or f"{issuer}#{subject}" in self.admin_subjects

    @property
    def allows_several_processes(self) -> bool:
        """True with CLUSTER_VARIABLES: other API servers and workers may use the same database."""
        return self.redis_url is not None

    @property
    def effective_cache_ttl_s(self) -> float:
        """CACHE_TTL_S, but at most half the life of the signed URLs in a response: they must outlive the cache."""
        return min(self.cache_ttl_s, self.signed_url_ttl_s / 2)

    @property
    def has_web_page(self) -> bool:
        """True when the page is built; otherwise / redirects to /docs."""
        return (self.web_dir / "index.html").is_file()

    @property
    def audio_origins(self) -> list[str]:
        """Origins from which browsers fetch audio: the store, and the CDN of reference audio."""
        cdn = self.reference_base_url
        return list(dict.fromkeys([self.store_origin, *([_origin(cdn)] if cdn else [])]))

    @property
    def store_origin(self) -> str:
        """Scheme, host and port of signed URLs."""
        if endpoint := self.s3_public_endpoint_url or self.s3_endpoint_url:
            return _origin(endpoint)
        return f"https://{self.s3_bucket_name}.s3.{self.aws_region}.amazonaws.com"

    @property
    def sqlalchemy_url(self) -> str:
        """DATABASE_URL with the psycopg2 driver in its scheme."""
        return _with_driver(self.database_url)

    @property
    def sqlalchemy_replica_url(self) -> str | None:
        """DATABASE_REPLICA_URL with the psycopg2 driver in its scheme."""
        return _with_driver(self.database_replica_url) if self.database_replica_url else None

    @property
    def webhook_secrets(self) -> list[str]:
        """The secrets of WEBHOOK_SECRET: the first signs, all of them verify, so that a secret can be rotated."""
        return self.webhook_secret.get_secret_value().replace(",", " ").split()


def _origin(url: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))


def _with_driver(secret_url: SecretStr) -> str:
    url = secret_url.get_secret_value()
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg2://" + url.removeprefix(plain)
    return url


def _is_postgres_url(value: str) -> bool:
    """True for an address that SQLAlchemy reads, with the one driver that is installed."""
    try:
        url = make_url(_with_driver(SecretStr(value)))
    except (ArgumentError, ValueError):
        return False
    return url.drivername == "postgresql+psycopg2"


def _is_guessable(secret: str) -> bool:
    """Returns whether a secret is too short for 24 random bytes, or too uniform to be random."""
    return len(secret) < 32 or len(set(secret)) < 12


@lru_cache
def get_settings() -> Settings:
    """Returns the settings of this process. Raises SystemExit, with a text for operators, for invalid ones."""
    return load_or_exit(Settings)
