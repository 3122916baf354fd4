"""The configuration of the analysis server, and the only reader of its environment."""

import os
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Final, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from common.body_pace import BYTES_PER_S_MIN, GRACE_S, HEAD_TIMEOUT_S
from common.redis_address import is_redis_url
from common.settings_errors import load_or_exit
from common.webhook_signatures import require_usable_secret

DEVELOPMENT_SECRET: Final = "whsec_eW91c3luYy1kZXZlbG9wbWVudC13ZWJob29rLXNlY3JldA=="  # noqa: S105
_MIB: Final = 1024 * 1024
MAX_AUDIO_S: Final = 120.0
"""The longest recording that is accepted by default."""
ENGINE_MEMORY_BYTES: Final = 2048 * _MIB
"""The limit of an engine process's address space by default."""


class Settings(BaseSettings):
    """Settings from the environment and from `.env`; refuses to start in production without a secret of its own."""

    # Error messages must not contain a refused secret.
    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    environment: Literal["development", "production"] = "development"
    webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="whsec_…, shared with the API server; several (comma or space) during a rotation: the first signs",
    )
    analysis_target_optional: bool | None = Field(
        default=None, description="accept requests without yousync-target; unset: in development only"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    otel_exporter_otlp_endpoint: str = Field(default="", pattern=r"^(https?://.*)?$", description="empty: no traces")
    request_head_timeout_s: float = Field(default=HEAD_TIMEOUT_S, gt=0, description="time for line and headers")
    body_grace_s: float = Field(default=GRACE_S, gt=0, description="time before a body has to keep its pace")
    body_bytes_per_s_min: float = Field(default=BYTES_PER_S_MIN, gt=0)
    redis_url: SecretStr | None = Field(
        default=None, description="the queue of many machines; `celery -A analysis.queueing.tasks worker` runs its jobs"
    )
    analysis_workers: int = Field(
        default=min(2, os.cpu_count() or 1), ge=1, le=64, description="engine processes, and as many decoder processes"
    )
    analysis_queue_size: int = Field(default=64, ge=1, description="jobs that may wait; more are answered 429")
    analysis_job_timeout_s: float = Field(default=60.0, gt=0)
    analysis_decode_timeout_s: float = Field(default=20.0, gt=0)
    analysis_fetch_timeout_s: float = Field(default=30.0, gt=0)
    analysis_max_audio_bytes: int = Field(default=50 * _MIB, ge=1)
    analysis_max_audio_s: float = Field(default=MAX_AUDIO_S, gt=0)
    analysis_decoder_memory_bytes: int = Field(default=1024 * _MIB, ge=256 * _MIB)
    analysis_worker_memory_bytes: int = Field(default=ENGINE_MEMORY_BYTES, ge=512 * _MIB)
    analysis_reference_cache: int = Field(default=256, ge=0, description="references whose features are cached")
    analysis_kept_results: int = Field(default=5000, ge=1, description="ended jobs that are kept")
    analysis_delivered_kept_s: float = Field(default=600.0, ge=0, description="time for which delivered results stay")
    analysis_private_networks: Annotated[list[IPv4Network | IPv6Network], NoDecode] = Field(
        default=[], description="private networks in which recordings and webhooks may be; all others are refused"
    )
    analysis_webhook_window_s: float = Field(default=2 * 3600.0, ge=3600, description="how long a result is retried")

    @field_validator("otel_exporter_otlp_endpoint")
    @classmethod
    def _strip_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("redis_url")
    @classmethod
    def _require_database_number(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not is_redis_url(value.get_secret_value()):
            raise ValueError("must be an address such as redis://host:6379/0, where 0 is the number of a database")
        return value

    @field_validator("analysis_private_networks", mode="before")
    @classmethod
    def _split_networks(cls, value: object) -> object:
        return value.replace(",", " ").split() if isinstance(value, str) else value

    @model_validator(mode="after")
    def _check_secret(self) -> Self:
        secrets = self.webhook_secrets
        if self.environment == "production" and (not self._configured_secrets or DEVELOPMENT_SECRET in secrets):
            raise ValueError("WEBHOOK_SECRET must be set to a secret of your own in production")
        for secret in secrets:
            require_usable_secret(secret)
        return self

    @property
    def target_optional(self) -> bool:
        """True when requests are accepted that are bound to no method and path."""
        chosen = self.analysis_target_optional
        return self.environment == "development" if chosen is None else chosen

    @property
    def _configured_secrets(self) -> list[str]:
        return self.webhook_secret.get_secret_value().replace(",", " ").split()

    @property
    def webhook_secrets(self) -> list[str]:
        """All accepted secrets; the first signs."""
        return self._configured_secrets or [DEVELOPMENT_SECRET]


@lru_cache
def get_settings() -> Settings:
    """Returns the settings of this process. Raises SystemExit, with a text for operators, for invalid ones."""
    return load_or_exit(Settings)
