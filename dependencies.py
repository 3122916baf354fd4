"""The dependencies of routes, as Annotated aliases."""

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Depends, Header, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param
from sqlalchemy.orm import Session

from container import Container
from core.errors import (
    AccountRequired,
    GuestsOff,
    InvalidAccessToken,
    JobNotFound,
    NotAuthenticated,
    OriginNotAllowed,
)
from core.field_types import PLAIN_INTEGER, Id
from core.i18n import Language, preferred_language
from core.rate_limiter import counted_address
from core.security import Principal, read_access_token, verify_webhook
from core.settings import Settings
from database import REQUEST_SESSIONS, session_scope
from services.auth import require_admin, require_session
from services.pagination import CURSOR_MAX_LENGTH, CURSOR_PATTERN, DEFAULT_LIMIT, MAX_LIMIT, encode_cursor
from utils_s3 import ObjectStore

SESSION_COOKIE = "yousync_session"
REFRESH_COOKIE = "yousync_refresh"


def container_of(request: Request) -> Container:
    """Returns the container of the running server.

    Routes declare ContainerDep. Only the rate limit and the cached responses call this: each dependency costs every
    request as much as a middleware does.
    """
    container: Container = request.app.state.container
    return container


async def _get_container(request: Request) -> Container:
    return container_of(request)


ContainerDep = Annotated[Container, Depends(_get_container)]


def _get_session(container: ContainerDep) -> Iterator[Session]:
    with session_scope(container.sessions) as session:
        yield session


# One shared object: it commits before the response is sent, and max_concurrency keeps a burst from having more requests
# that hold a connection than there are connections.
SessionDep = Annotated[Session, Depends(_get_session, scope="function", max_concurrency=REQUEST_SESSIONS)]


async def _get_settings(container: ContainerDep) -> Settings:
    return container.settings


async def _get_store(container: ContainerDep) -> ObjectStore:
    return container.store


SettingsDep = Annotated[Settings, Depends(_get_settings)]
S3Dep = Annotated[ObjectStore, Depends(_get_store)]


def caller_of(request: Request) -> Principal | InvalidAccessToken | None:
    """Returns the caller by their access token, the error of an invalid token, or None without a token.

    It returns the error because a request with an invalid token is counted before it is refused. It is a function
    because a dependency would cost every request as much as a middleware, and would document public routes as secured.
    """
    scheme, token = get_authorization_scheme_param(request.headers.get("authorization"))
    if scheme.lower() != "bearer" or not token:
        return None
    try:
        return read_access_token(container_of(request).settings, token)
    except InvalidAccessToken as error:
        return error


async def limit_requests(request: Request) -> Principal | InvalidAccessToken | None:
    """Counts a request against the limit of its user or address; raises TooManyRequests. Returns the caller.

    Guests count as their address: it could have any number of them.
    """
    container = container_of(request)
    caller = caller_of(request)
    if isinstance(caller, Principal) and not caller.is_guest:
        await container.rate_limiter.require("user", str(caller.user_id))
    else:
        await container.rate_limiter.require("address", _address(request))
    return caller


class RateLimitedRoute(APIRoute):
    """A route that counts each request before its body is read, without the cost of a dependency."""

    admits_guests = True

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Returns the handler of the route, preceded by `limit_requests`."""
        handle = super().get_route_handler()

        async def limit_and_handle(request: Request) -> Response:
            caller = await limit_requests(request)
            if isinstance(caller, Principal) and caller.is_guest and not self.admits_guests:
                raise AccountRequired
            return await handle(request)

        return limit_and_handle


class AccountRoute(RateLimitedRoute):
    """A route that only accounts may use, besides visitors without any token: guests get AccountRequired."""

    admits_guests = False


async def _limit_sign_ins(request: Request, container: ContainerDep) -> None:
    await container.rate_limiter.require("sign_in", _address(request))


def _address(request: Request) -> str:
    return counted_address(request.client.host if request.client else None)


SignInLimit = Depends(_limit_sign_ins)


async def _limit_guests(request: Request, container: ContainerDep) -> None:
    if not container.settings.guest_takes:
        raise GuestsOff
    await container.rate_limiter.require("guest", _address(request))


GuestLimit = Depends(_limit_guests)


def counted_uploader(request: Request, principal: Principal) -> str:
    """Returns whom uploads are counted for: the user, or the address of a guest, which could have many of them."""
    return _address(request) if principal.is_guest else str(principal.user_id)


class _AccessToken(HTTPBearer):
    """Reads the access token and documents it as a security scheme, in one dependency instead of two."""

    def __init__(self) -> None:
        super().__init__(
            scheme_name="HTTPBearer",
            auto_error=False,
            bearerFormat="JWT",
            description="The access_token of `POST /api/auth/google` (or `/api/auth/dev`)",
        )

    async def __call__(self, request: Request) -> Principal | None:  # type: ignore[override]
        caller = caller_of(request)
        if isinstance(caller, InvalidAccessToken):
            raise caller
        return caller


# The caller by their access token, if they sent one. For routes that hold no database session while they wait: they
# check the user's session themselves.
OptionalPrincipal = Annotated[Principal | None, Depends(_AccessToken())]


async def _get_signed_in(principal: OptionalPrincipal) -> Principal:
    if principal is None:
        raise NotAuthenticated
    return principal


# The caller by their access token. For reads that check the user's session in the thread of their query
# (`read_for_user`).
TokenPrincipal = Annotated[Principal, Depends(_get_signed_in)]


def _get_principal(session: SessionDep, principal: TokenPrincipal) -> Principal:
    require_session(session, principal)
    return principal


# The caller by their access token, whose session is active.
CurrentPrincipal = Annotated[Principal, Depends(_get_principal)]


def _check_principal(container: ContainerDep, principal: TokenPrincipal) -> Principal:
    with session_scope(container.sessions) as session:
        require_session(session, principal)
    return principal


# As CurrentPrincipal, with no database session while the route runs: for routes that ask another server.
CheckedPrincipal = Annotated[Principal, Depends(_check_principal)]


async def _limit_exports(container: ContainerDep, principal: CheckedPrincipal) -> None:
    await container.rate_limiter.require("export", str(principal.user_id))


ExportLimit = Depends(_limit_exports)


async def _limit_scene_requests(container: ContainerDep, principal: CheckedPrincipal) -> None:
    await container.rate_limiter.require("scene_request", str(principal.user_id))


SceneRequestLimit = Depends(_limit_scene_requests)


def _get_admin(session: SessionDep, principal: CurrentPrincipal, settings: SettingsDep) -> Principal:
    require_admin(session, settings, principal.user_id)
    return principal


AdminUser = Annotated[Principal, Depends(_get_admin)]


def _check_admin(container: ContainerDep, principal: TokenPrincipal) -> Principal:
    with session_scope(container.sessions) as session:
        require_session(session, principal)
        require_admin(session, container.settings, principal.user_id)
    return principal


# As AdminUser, with no database session while the route runs: for routes that ask another server.
CheckedAdmin = Annotated[Principal, Depends(_check_admin)]


def cookie_name(settings: Settings, name: str) -> str:
    """Returns the name of a cookie; in production with the prefix that makes browsers require TLS."""
    return name if settings.is_development else f"__Secure-{name}"


async def _get_session_cookie(request: Request, settings: SettingsDep) -> str | None:
    return request.cookies.get(cookie_name(settings, SESSION_COOKIE))


SessionCookie = Annotated[str | None, Depends(_get_session_cookie)]


async def _get_refresh_cookie(request: Request, settings: SettingsDep) -> str | None:
    """Returns the cookie; raises OriginNotAllowed for other pages, as SameSite allows every port and subdomain."""
    cookie = request.cookies.get(cookie_name(settings, REFRESH_COOKIE))
    if cookie is None:
        return None
    origin = request.headers.get("origin")
    if origin is None:
        trusted = request.headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    else:
        trusted = origin in settings.cors_origins or _host_of(origin) == request.headers.get("host")
    if not trusted:
        raise OriginNotAllowed
    return cookie


async def _get_guest_cookie(request: Request, settings: SettingsDep) -> str | None:
    """Returns the cookie, or None for other pages: they may sign in, without the recordings of this browser's guest."""
    try:
        return await _get_refresh_cookie(request, settings)
    except OriginNotAllowed:
        return None


GuestCookie = Annotated[str | None, Depends(_get_guest_cookie)]


def _host_of(origin: str) -> str | None:
    """Returns host and port of an origin; None for a text that is none, such as one with an open bracket."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


RefreshCookie = Annotated[str | None, Depends(_get_refresh_cookie)]


_metrics_bearer = HTTPBearer(auto_error=False, scheme_name="Metrics", description="METRICS_TOKEN")
MetricsToken = Annotated[HTTPAuthorizationCredentials | None, Depends(_metrics_bearer)]


async def _get_language(
    accept_language: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Language:
    return preferred_language(accept_language)


LanguageDep = Annotated[Language, Depends(_get_language)]


@dataclass(frozen=True, slots=True)
class ReceivedWebhook:
    """The body of a webhook whose signature is valid, and the sender's id, which a repetition has, too."""

    body: bytes
    message_id: str


async def _get_verified_webhook(request: Request, settings: SettingsDep) -> ReceivedWebhook:
    body = await request.body()
    message = verify_webhook(settings, body, request.headers, request.url.path)
    return ReceivedWebhook(body, message.id)


VerifiedWebhook = Annotated[ReceivedWebhook, Depends(_get_verified_webhook)]


# These bounds only document: values outside of them have errors of their own, job_not_found and invalid_cursor.
_JOB_ID: dict[str, Any] = {"format": "uuid", "examples": ["0b1f6d1e-3c1c-4a53-9a5a-6c2a9f1f7f10"]}
_CURSOR: dict[str, Any] = {"pattern": CURSOR_PATTERN, "examples": [encode_cursor([12])]}


async def _get_job_id(job_id: Annotated[str, Path(json_schema_extra=_JOB_ID)]) -> UUID:
    try:
        return UUID(job_id)
    except ValueError:
        raise JobNotFound from None


JobId = Annotated[UUID, Depends(_get_job_id)]


async def refuse_null_body(request: Request) -> None:
    """Raises RequestValidationError for the JSON `null`. A body may be absent; FastAPI reads null as an absent one."""
    if (await request.body()).strip() == b"null":
        raise RequestValidationError([{"loc": ("body",), "msg": "Input should be an object", "type": "dict_type"}])


PathId = Id
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Rows per page", examples=[DEFAULT_LIMIT]), PLAIN_INTEGER]
Cursor = Annotated[
    str | None,
    Query(
        max_length=CURSOR_MAX_LENGTH,
        description="`next_cursor` of the previous page; empty for the first",
        json_schema_extra=_CURSOR,
    ),
]
LIMIT = DEFAULT_LIMIT
