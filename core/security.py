"""Tokens and signatures: access tokens, stream and upload tickets, refresh tokens, Google ID tokens, webhooks."""

import hashlib
import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from google.auth import jwt as google_jwt
from google.auth.exceptions import GoogleAuthError
from google.oauth2 import id_token as google_id_token
from jose import JWTError, jwt

from common.webhook_signatures import BadSignatureError, SignedMessage, Signer, target_of
from core.errors import (
    InvalidAccessToken,
    InvalidGoogleToken,
    InvalidStreamTicket,
    InvalidWebhookSignature,
    UploadNotFound,
)
from core.google_certificates import FetchedCertificates
from core.line_readings import RecordedWords
from core.settings import GOOGLE_ISSUER, Settings

_ISSUER = "yousync"
_ACCESS_AUDIENCE = "yousync-api"
_TICKET_AUDIENCE = "yousync-stream"
_UPLOAD_AUDIENCE = "yousync-upload"
_REQUIRED_CLAIMS = {f"require_{claim}": True for claim in ("aud", "exp", "iat", "iss", "sub")}
# About 1 kB each.
_TOKENS_MAX = 2048
_GOOGLE_ISSUERS = ("accounts.google.com", GOOGLE_ISSUER)


@dataclass(frozen=True, slots=True)
class Principal:
    """The authenticated user of a request: the user's id and the session (refresh family) of the token.

    A guest records without an account. A stream ticket does not tell guests from others.
    """

    user_id: int
    session_id: uuid.UUID
    is_guest: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """The permission to upload one recording, as in its signed ticket. A row reserves its share of the quotas."""

    user_id: int
    token_id: int
    job_id: uuid.UUID
    idempotency_key: str | None = None
    # The store's id of a multipart upload.
    parts_id: str | None = None
    words: RecordedWords | None = None


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
    claims: dict[str, Any] = {"typ": "access", "sub": str(principal.user_id), "sid": str(principal.session_id)}
    if principal.is_guest:
        claims["guest"] = True
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
    principal = Principal(int(claims["sub"]), uuid.UUID(claims["sid"]), is_guest=claims.get("guest") is True)
    return principal, int(claims["exp"])


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
    if upload.words is not None:
        claims["words"] = upload.words.model_dump()
    return _encode(settings, claims, _UPLOAD_AUDIENCE, settings.upload_ttl_s)


def read_upload_ticket(settings: Settings, ticket: str) -> Upload:
    """Returns the permission in a ticket. Raises UploadNotFound when it has expired or is forged."""
    try:
        claims = _decode(settings.secret_key.get_secret_value(), ticket, _UPLOAD_AUDIENCE, "upload")
        job_id = uuid.UUID(claims["job"])
        words = RecordedWords(**claims["words"]) if "words" in claims else None
        return Upload(int(claims["sub"]), int(claims["tok"]), job_id, claims.get("key"), claims.get("parts"), words)
    except (JWTError, KeyError, ValueError, TypeError, AttributeError):
        raise UploadNotFound from None


def make_refresh_token() -> str:
    """Returns 256 random bits."""
    return secrets.token_urlsafe(32)


def hash_refresh_token(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def verify_google_token(settings: Settings, certificates: FetchedCertificates, token: str) -> Identity:
    """Verifies signature, aud, exp, iss and email_verified of a Google ID token. Raises InvalidGoogleToken."""
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
            issuer=GOOGLE_ISSUER,
            subject=str(claims["sub"]),
            email=email,
            name=str(claims.get("name") or email.partition("@")[0])[:200],
            picture_url=claims.get("picture"),
        )
    except (GoogleAuthError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidGoogleToken from error


def require_google_header(token: str) -> None:
    """Raises InvalidGoogleToken for a text that is no signed token: Google need not be asked for its certificates."""
    try:
        header = google_jwt.decode_header(token)  # type: ignore[no-untyped-call]
        if not header.get("kid"):
            raise InvalidGoogleToken
    except (GoogleAuthError, ValueError, TypeError, AttributeError) as error:
        raise InvalidGoogleToken from error


def sign_request(settings: Settings, message_id: str, body: bytes, method: str, path: str) -> dict[str, str]:
    """Returns the headers for a request of this method and path, signed with the first of WEBHOOK_SECRET."""
    return Signer(settings.webhook_secrets).headers(message_id, body, target_of(method, path))


def verify_webhook(settings: Settings, body: bytes, headers: Mapping[str, str], path: str) -> SignedMessage:
    """Returns what identifies a webhook after verifying it against all of WEBHOOK_SECRET.

    It may be meant for the requested path or for that of WEBHOOK_URL: a proxy may change the path on its way.
    Raises InvalidWebhookSignature, also after five minutes.
    """
    targets = [target_of("POST", path), target_of("POST", settings.webhook_url)]
    try:
        return Signer(settings.webhook_secrets).verify(
            headers, body, targets, target_optional=bool(settings.webhook_target_optional)
        )
    except BadSignatureError:
        raise InvalidWebhookSignature from None
