"""What routes ask for, as Annotated aliases."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Depends, Header, Path, Query, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param
from sqlalchemy.orm import Session

from container import Container
from core.errors import AdminOnly, InvalidAccessToken, JobNotFound, NotAuthenticated, OriginNotAllowed
from core.field_types import Id
from core.i18n import Language, preferred_language
from core.rate_limits import counted_address
from core.security import Principal, read_access_token, verify_webhook
from core.settings import Settings
from database import REQUEST_SESSIONS, session_scope
from models import User
from services.auth import get_user, is_admin, require_session
from services.pagination import DEFAULT_LIMIT, MAX_LIMIT
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


# One shared object: it commits before the answer is sent, and no burst can have more requests
# holding a connection than there are connections.
SessionDep = Annotated[Session, Depends(_get_session, scope="function", max_concurrency=REQUEST_SESSIONS)]


async def _get_settings(container: ContainerDep) -> Settings:
    return container.settings


async def _get_store(container: ContainerDep) -> ObjectStore:
    return container.store


SettingsDep = Annotated[Settings, Depends(_get_settings)]
S3Dep = Annotated[ObjectStore, Depends(_get_store)]


def _identify(request: Request) -> Principal | InvalidAccessToken | None:
    """Who asks, or why that cannot be said: also a request with a bad token is counted before it is refused.

    Not documented as a security scheme: whoever asks is counted on public routes, too. It is a function and no
    dependency: each dependency costs every request as much as a middleware does.
    """
    scheme, token = get_authorization_scheme_param(request.headers.get("authorization"))
    if scheme.lower() != "bearer" or not token:
        return None
    try:
        return read_access_token(request.app.state.settings, token)
    except InvalidAccessToken as error:
        return error


async def limit_requests(request: Request) -> None:
    """Counts a request of whoever asks; raises TooManyRequests."""
    container = container_of(request)
    caller = _identify(request)
    if isinstance(caller, Principal):
        await container.rate_limits.require("user", str(caller.user_id))
    else:
        await container.rate_limits.require("address", _address(request))


class CountedRoute(APIRoute):
    """Counts a request before anything of it is read, and without the price of a dependency."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def count_and_handle(request: Request) -> Response:
            await limit_requests(request)
            return await handle(request)

        return count_and_handle


async def _limit_sign_ins(request: Request, container: ContainerDep) -> None:
    await container.rate_limits.require("sign_in", _address(request))


def _address(request: Request) -> str:
    return counted_address(request.client.host if request.client else None)


SignInLimit = Depends(_limit_sign_ins)


class _AccessToken(HTTPBearer):
    """Documented as what it is, and one dependency, not two: every request pays for each."""

    def __init__(self) -> None:
        super().__init__(
            scheme_name="HTTPBearer",
            auto_error=False,
            bearerFormat="JWT",
            description="The access_token of `POST /api/auth/google` (or `/api/auth/dev`)",
        )

    async def __call__(self, request: Request) -> Principal | None:  # type: ignore[override]
        caller = _identify(request)
        if isinstance(caller, InvalidAccessToken):
            raise caller
        return caller


# For routes that hold no database session while they wait: they ask themselves whether the session still lives.
Bearer = Annotated[Principal | None, Depends(_AccessToken())]


async def _get_signed_in(principal: Bearer) -> Principal:
    if principal is None:
        raise NotAuthenticated
    return principal


# For reads that ask in their own thread whether the session still lives (`read_own`).
SignedIn = Annotated[Principal, Depends(_get_signed_in)]


def _get_principal(session: SessionDep, principal: SignedIn) -> Principal:
    require_session(session, principal)
    return principal


CurrentPrincipal = Annotated[Principal, Depends(_get_principal)]


async def _limit_exports(container: ContainerDep, principal: CurrentPrincipal) -> None:
    await container.rate_limits.require("export", str(principal.user_id))


ExportLimit = Depends(_limit_exports)


def _get_current_user(session: SessionDep, principal: CurrentPrincipal) -> User:
    return get_user(session, principal.user_id)


CurrentUser = Annotated[User, Depends(_get_current_user)]


def _get_admin(user: CurrentUser, settings: SettingsDep) -> User:
    if not is_admin(settings, user):
        raise AdminOnly
    return user


AdminUser = Annotated[User, Depends(_get_admin)]


def cookie_name(settings: Settings, name: str) -> str:
    """In production with the prefix for which browsers insist on TLS."""
    return name if settings.is_development else f"__Secure-{name}"


async def _get_session_cookie(request: Request, settings: SettingsDep) -> str | None:
    return request.cookies.get(cookie_name(settings, SESSION_COOKIE))


SessionCookie = Annotated[str | None, Depends(_get_session_cookie)]


async def _get_refresh_cookie(request: Request, settings: SettingsDep) -> str | None:
    """The cookie, unless the page that sent it is not one of ours: SameSite lets every port and subdomain pass."""
    cookie = request.cookies.get(cookie_name(settings, REFRESH_COOKIE))
    if cookie is None:
        return None
    origin = request.headers.get("origin")
    if origin is None:
        trusted = request.headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    else:
        trusted = origin in settings.cors_origins or urlsplit(origin).netloc == request.headers.get("host")
    if not trusted:
        raise OriginNotAllowed
    return cookie


RefreshCookie = Annotated[str | None, Depends(_get_refresh_cookie)]


_metrics_bearer = HTTPBearer(auto_error=False, scheme_name="Metrics", description="METRICS_TOKEN")
MetricsToken = Annotated[HTTPAuthorizationCredentials | None, Depends(_metrics_bearer)]


async def _get_language(
    accept_language: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Language:
    return preferred_language(accept_language)


LanguageDep = Annotated[Language, Depends(_get_language)]


async def _get_verified_webhook(request: Request, settings: SettingsDep) -> bytes:
    body = await request.body()
    verify_webhook(settings, body, request.headers)
    return body


VerifiedWebhook = Annotated[bytes, Depends(_get_verified_webhook)]


async def _get_job_id(job_id: Annotated[str, Path(json_schema_extra={"format": "uuid"})]) -> UUID:
    try:
        return UUID(job_id)
    except ValueError:
        raise JobNotFound from None


JobId = Annotated[UUID, Depends(_get_job_id)]
PathId = Id
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Rows per page")]
Cursor = Annotated[str | None, Query(max_length=512, description="`next_cursor` of the page before")]
LIMIT = DEFAULT_LIMIT
