"""Tokens and signatures: access tokens, stream and upload tickets, refresh tokens, Google ID tokens, webhooks."""

import hashlib
import re
import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpx
from google.auth import transport
from google.auth.exceptions import GoogleAuthError, TransportError
from google.oauth2 import id_token as google_id_token
from jose import JWTError, jwt

from common.webhook_signatures import BadSignatureError, Signer
from core.errors import (
    GoogleUnavailable,
    InvalidAccessToken,
    InvalidGoogleToken,
    InvalidStreamTicket,
    InvalidWebhookSignature,
    UploadNotFound,
)
from core.settings import Settings

_ISSUER = "yousync"
_ACCESS_AUDIENCE = "yousync-api"
_TICKET_AUDIENCE = "yousync-stream"
_UPLOAD_AUDIENCE = "yousync-upload"
_REQUIRED_CLAIMS = {f"require_{claim}": True for claim in ("aud", "exp", "iat", "iss", "sub")}
# About 1 kB each.
_TOKENS_MAX = 2048
_GOOGLE_ISSUERS = ("accounts.google.com", "https://accounts.google.com")


@dataclass(frozen=True, slots=True)
class Principal:
    """The authenticated user of a request: the user's id and the session (refresh family) of the token."""

    user_id: int
    session_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Upload:
    """The permission to upload one recording. It is stored nowhere but in its signed ticket."""

    user_id: int
    token_id: int
    job_id: uuid.UUID
    idempotency_key: str | None = None
    # The store's id of a multipart upload.
    parts_id: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """A verified identity of a provider; issuer and subject together identify the person."""

    issuer: str
    subject: str
    email: str
    name: str
    picture_url: str | None = None


def _encode(settings: Settings, claims: dict[str, Any], audience: str, ttl_s: int) -> str:
    now = int(time.time())
    registered = {"iss": _ISSUER, "aud": audience, "iat": now, "exp": now + ttl_s}
    token: str = jwt.encode(claims | registered, settings.secret_key.get_secret_value(), algorithm="HS256")
    return token


def _decode(secret_key: str, token: str, audience: str, kind: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(
        token,
        secret_key,
        algorithms=["HS256"],
        audience=audience,
        issuer=_ISSUER,
        options=_REQUIRED_CLAIMS,
    )
    if claims.get("typ") != kind:
        raise JWTError("token of another type")
    return claims


def make_access_token(settings: Settings, principal: Principal) -> str:
    claims = {"typ": "access", "sub": str(principal.user_id), "sid": str(principal.session_id)}
    return _encode(settings, claims, _ACCESS_AUDIENCE, settings.access_token_ttl_s)


def read_access_token(settings: Settings, token: str) -> Principal:
    """Returns the principal of an access token. Raises InvalidAccessToken when it is forged or has expired."""
    try:
        principal, expires_at = _read_access_token(settings.secret_key.get_secret_value(), token)
    except (JWTError, KeyError, ValueError, TypeError, AttributeError):
        raise InvalidAccessToken from None
    if expires_at < int(time.time()):
        raise InvalidAccessToken
    return principal


@lru_cache(_TOKENS_MAX)
def _read_access_token(secret_key: str, token: str) -> tuple[Principal, int]:
    """Returns the principal and the expiry (seconds since the epoch). The result is cached, since a verified
    signature stays valid; the caller has to check the expiry. Errors are not cached.
    """
    claims = _decode(secret_key, token, _ACCESS_AUDIENCE, "access")
    return Principal(int(claims["sub"]), uuid.UUID(claims["sid"])), int(claims["exp"])


def make_stream_ticket(settings: Settings, principal: Principal, job_id: uuid.UUID) -> str:
    """Returns a short-lived token that opens one job's progress stream and nothing else."""
    claims = {"typ": "ticket", "sub": str(principal.user_id), "sid": str(principal.session_id), "job": str(job_id)}
    return _encode(settings, claims, _TICKET_AUDIENCE, settings.stream_ticket_ttl_s)


def read_stream_ticket(settings: Settings, ticket: str, job_id: uuid.UUID) -> Principal:
    """Returns the user of a ticket. Raises InvalidStreamTicket when it is forged, expired or for another job."""
    try:
        claims = _decode(settings.secret_key.get_secret_value(), ticket, _TICKET_AUDIENCE, "ticket")
        if claims["job"] != str(job_id):
            raise InvalidStreamTicket
        return Principal(int(claims["sub"]), uuid.UUID(claims["sid"]))
    except (JWTError, KeyError, ValueError, TypeError, AttributeError):
        raise InvalidStreamTicket from None


def make_upload_ticket(settings: Settings, upload: Upload) -> str:
    """Returns a short-lived token with which its owner completes one upload; it permits nothing else."""
    claims = {"typ": "upload", "sub": str(upload.user_id), "tok": upload.token_id, "job": str(upload.job_id)}
    if upload.idempotency_key is not None:
        claims["key"] = upload.idempotency_key
    if upload.parts_id is not None:
        claims["parts"] = upload.parts_id
    return _encode(settings, claims, _UPLOAD_AUDIENCE, settings.upload_ttl_s)


def read_upload_ticket(settings: Settings, ticket: str) -> Upload:
    """Returns the permission in a ticket. Raises UploadNotFound when it has expired or is forged."""
    try:
        claims = _decode(settings.secret_key.get_secret_value(), ticket, _UPLOAD_AUDIENCE, "upload")
        job_id = uuid.UUID(claims["job"])
        return Upload(int(claims["sub"]), int(claims["tok"]), job_id, claims.get("key"), claims.get("parts"))
    except (JWTError, KeyError, ValueError, TypeError, AttributeError):
        raise UploadNotFound from None


def make_refresh_token() -> str:
    """Returns 256 random bits."""
    return secrets.token_urlsafe(32)


def hash_refresh_token(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


class CachedGoogleCertificates(transport.Request):
    """A google-auth transport that fetches the certificates once per Cache-Control max-age, not once per sign-in."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._answers: dict[str, tuple[float, _CertificateAnswer]] = {}

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: Any,
    ) -> "_CertificateAnswer":
        fresh_until, answer = self._answers.get(url, (0.0, None))
        if answer and time.monotonic() < fresh_until:
            return answer
        try:
            response = self._client.request(method, url, content=body, headers=dict(headers or {}))
        except httpx.HTTPError as error:
            raise TransportError(str(error)) from error  # type: ignore[no-untyped-call]
        answer = _CertificateAnswer(response.status_code, response.headers, response.content)
        max_age = re.search(r"max-age=(\d+)", response.headers.get("cache-control", ""))
        if response.is_success and max_age:
            self._answers[url] = (time.monotonic() + int(max_age[1]), answer)
        return answer


@dataclass(frozen=True, slots=True)
class _CertificateAnswer:
    """The response interface of google-auth (google.auth.transport.Response)."""

    status: int
    headers: Mapping[str, str]
    data: bytes


def verify_google_token(settings: Settings, certificates: CachedGoogleCertificates, token: str) -> Identity:
    """Verifies signature, aud, exp, iss and email_verified of a Google ID token. Blocks while fetching keys."""
    try:
        claims = google_id_token.verify_token(
            token,
            certificates,
            audience=settings.google_client_id,
            certs_url=settings.google_certs_url,
            clock_skew_in_seconds=10,
        )
        if claims.get("iss") not in _GOOGLE_ISSUERS or claims.get("email_verified") is not True:
            raise InvalidGoogleToken
        email = str(claims["email"])
        return Identity(
            issuer="https://accounts.google.com",
            subject=str(claims["sub"]),
            email=email,
            name=str(claims.get("name") or email.partition("@")[0])[:200],
            picture_url=claims.get("picture"),
        )
    except TransportError as error:
        raise GoogleUnavailable from error
    except (GoogleAuthError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidGoogleToken from error


def sign_webhook(settings: Settings, message_id: str, body: bytes) -> dict[str, str]:
    """Returns Standard Webhooks headers for `body`, signed with the first of WEBHOOK_SECRET."""
    return Signer(settings.webhook_secrets).headers(message_id, body)


def verify_webhook(settings: Settings, body: bytes, headers: Mapping[str, str]) -> None:
    """Verifies `body` against all of WEBHOOK_SECRET. Raises InvalidWebhookSignature, also after five minutes."""
    try:
        Signer(settings.webhook_secrets).verify(headers, body)
    except BadSignatureError:
        raise InvalidWebhookSignature from None
