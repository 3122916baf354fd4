"""Sign-in, sessions, and the account of the user."""

from contextlib import suppress
from datetime import datetime
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Body, Depends, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.orm import Session

from container import Container
from core.errors import (
    DatabaseUnavailable,
    GoogleNotConfigured,
    GoogleUnavailable,
    GuestsOff,
    InvalidAccessToken,
    InvalidGoogleToken,
    InvalidRefreshToken,
    MalformedRequest,
    NotAuthenticated,
    OriginNotAllowed,
    RefreshTokenSpent,
    TooManyGuests,
    TooManyRequests,
    TooManySignIns,
)
from core.field_types import STORABLE, Name
from core.security import Identity, require_google_header, verify_google_token
from core.settings import DEVELOPMENT_ISSUER, Settings
from dependencies import (
    REFRESH_COOKIE,
    SESSION_COOKIE,
    CheckedPrincipal,
    ContainerDep,
    CurrentPrincipal,
    GuestCookie,
    GuestLimit,
    RateLimitedRoute,
    RefreshCookie,
    SessionDep,
    SettingsDep,
    SignInLimit,
    cookie_name,
    refuse_null_body,
)
from routers.shared.problems import problem_responses
from routers.shared.security_schemes import FOR_REFRESH
from schemas import RequestBody, UserResponse
from services import auth, guests
from services.auth import Grant
from services.guests import Claim, Visit
from services.responses import ResponseDict
from tasks.sweeper import delete_erased_objects

TAGS = [{"name": "auth", "description": "Sign-in, sessions, account"}]
router = APIRouter(prefix="/auth", tags=["auth"], route_class=RateLimitedRoute)
development_router = APIRouter(prefix="/auth", tags=["auth"], route_class=RateLimitedRoute)
_sign_in_errors = (TooManyRequests, TooManySignIns, MalformedRequest, DatabaseUnavailable)
_user_errors = (NotAuthenticated, InvalidAccessToken, DatabaseUnavailable)


class SignIn(RequestBody):
    """The part of each sign-in about the recordings of a guest."""

    guest_token: Annotated[str, StringConstraints(min_length=1, max_length=512)] | None = Field(
        default=None, description="The refresh token of a guest; the cookie counts when it is absent"
    )
    keep_guest_takes: bool = Field(
        default=True, description="Moves the guest's recordings to the account; false deletes them"
    )


class GoogleSignIn(SignIn):
    """A Google ID token, issued for this server's client id."""

    id_token: Annotated[str, StringConstraints(min_length=1, max_length=8192)]

    model_config = ConfigDict(json_schema_extra={"examples": [{"id_token": "eyJhbGciOiJSUzI1NiIs…"}]})


class DevelopmentSignIn(SignIn):
    """The account to sign in to, without Google."""

    email: Annotated[str, StringConstraints(pattern=r"^[^@\s\x00]+@[^@\s\x00]+$", max_length=254), STORABLE]
    name: Name = "Learner"

    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "learner@yousync.local", "name": "Learner"}]})


class RefreshRequest(RequestBody):
    """A refresh token; the cookie counts when it is absent."""

    refresh_token: Annotated[str, StringConstraints(min_length=1, max_length=512)] | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class SignInOptions(BaseModel):
    """The ways to sign in and to send recordings that this server offers."""

    google_client_id: str | None = Field(description="For Google Identity Services; null if it is not configured")
    development: bool = Field(description="True if `POST /api/auth/dev` exists")
    direct_uploads: bool = Field(description="True if browsers can send recordings directly to the object store")
    guest_takes: int = Field(default=0, description="Recordings that a guest may make without signing in; 0 for none")


class SessionResponse(BaseModel):
    """A new pair of tokens and the user whom they sign in."""

    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a type, no secret
    expires_in: int = Field(description="Lifetime of the access token, in seconds")
    user: UserResponse
    guest_until: datetime | None = Field(
        default=None,
        description="When all data of a guest is deleted; null for accounts. A guest has no name and no address",
    )
    takes_kept: int = Field(default=0, description="Recordings of a guest that this sign-in has moved to the account")
    takes_refused: int = Field(default=0, description="Recordings of that guest that the account's quotas have refused")


@router.get("/options", summary="Ways to sign in")
async def get_sign_in_options(settings: SettingsDep) -> SignInOptions:
    """Returns the ways to sign in and to send recordings that this server offers."""
    return SignInOptions(
        google_client_id=settings.google_client_id,
        development=bool(settings.development_sign_in),
        direct_uploads=settings.direct_uploads,
        guest_takes=settings.guest_takes,
    )


async def _get_google_identity(body: GoogleSignIn, settings: SettingsDep, container: ContainerDep) -> Identity:
    """Holds neither a thread nor a database session while Google is asked."""
    if not settings.google_client_id:
        raise GoogleNotConfigured
    require_google_header(body.id_token)
    return verify_google_token(settings, await container.certificates.get(), body.id_token)


# The first dependency of its route: those after it hold a database session.
GoogleIdentity = Annotated[Identity, Depends(_get_google_identity)]


@router.post(
    "/google",
    summary="Sign in with Google",
    dependencies=[SignInLimit],
    responses=problem_responses(*_sign_in_errors, InvalidGoogleToken, GoogleNotConfigured, GoogleUnavailable),
)
def create_google_session(
    identity: GoogleIdentity,
    body: GoogleSignIn,
    container: ContainerDep,
    session: SessionDep,
    response: Response,
    cookie: GuestCookie,
) -> SessionResponse:
    """Verifies a Google ID token and opens a session. Also sets the HttpOnly cookies that browsers need.

    The recordings of a guest move to the account, once; then the guest's session ends.
    """
    return _sign_in(container, session, identity, _to_visit(body, cookie), response)


@development_router.post(
    "/dev",
    summary="Sign in without Google (development only)",
    dependencies=[SignInLimit],
    responses=problem_responses(*_sign_in_errors),
)
def create_development_session(
    body: DevelopmentSignIn, container: ContainerDep, session: SessionDep, response: Response, cookie: GuestCookie
) -> SessionResponse:
    """Opens a session for any e-mail address. This route does not exist in production.

    The recordings of a guest move to the account, as with Google.
    """
    identity = Identity(issuer=DEVELOPMENT_ISSUER, subject=body.email.lower(), email=body.email, name=body.name)
    return _sign_in(container, session, identity, _to_visit(body, cookie), response)


@router.post(
    "/guest",
    summary="Record without signing in",
    dependencies=[SignInLimit, GuestLimit],
    responses=problem_responses(
        TooManyRequests,
        TooManySignIns,
        TooManyGuests,
        GuestsOff,
        RefreshTokenSpent,
        OriginNotAllowed,
        DatabaseUnavailable,
    ),
    openapi_extra=FOR_REFRESH,
)
def create_guest_session(
    settings: SettingsDep, container: ContainerDep, response: Response, cookie: RefreshCookie
) -> SessionResponse:
    """Opens the session of a new guest, who may record a few lines and see the scores, and nothing else.

    All data of a guest is deleted at `guest_until`, at the latest a day later, or by `DELETE /api/auth/me`. A browser
    that has a session already, of a guest or of an account, keeps it.
    """
    if cookie:
        with suppress(InvalidRefreshToken):
            return _open_session(settings, auth.refresh(container.sessions, settings, cookie), response)
    return _open_session(settings, guests.begin_visit(container.sessions, settings), response)


@router.post(
    "/refresh",
    summary="Rotate the refresh token",
    dependencies=[SignInLimit, Depends(refuse_null_body)],
    responses=problem_responses(*_sign_in_errors, InvalidRefreshToken, RefreshTokenSpent, OriginNotAllowed),
    openapi_extra=FOR_REFRESH,
)
def refresh_session(
    settings: SettingsDep,
    container: ContainerDep,
    response: Response,
    cookie: RefreshCookie,
    body: Annotated[RefreshRequest | None, Body()] = None,
) -> SessionResponse:
    """Returns a new pair of tokens for a refresh token in the body or in the cookie.

    A refresh token works once. Using it again revokes the whole session, except within some seconds, in which two tabs
    may have sent it concurrently.
    """
    token = (body and body.refresh_token) or cookie
    if not token:
        raise InvalidRefreshToken
    return _open_session(settings, auth.refresh(container.sessions, settings, token), response)


@router.post("/logout", status_code=204, summary="End the session", responses=problem_responses(*_user_errors))
def delete_session(principal: CurrentPrincipal, session: SessionDep, settings: SettingsDep, response: Response) -> None:
    """Ends the session of the access token and deletes its cookies. All data of a guest is deleted."""
    auth.revoke_family(session, principal.session_id)
    guests.end_visit(session, principal.user_id)
    _delete_cookies(settings, response)


@router.get("/me", summary="My account", response_model=UserResponse, responses=problem_responses(*_user_errors))
def get_me(principal: CurrentPrincipal, session: SessionDep, settings: SettingsDep) -> ResponseDict:
    """Returns the account of the signed-in user."""
    return auth.get_account(session, settings, principal.user_id)


@router.delete(
    "/me",
    status_code=204,
    summary="Erase my account, my results and my recordings",
    responses=problem_responses(*_user_errors),
)
async def delete_me(
    principal: CheckedPrincipal, container: ContainerDep, settings: SettingsDep, response: Response
) -> None:
    """Erases the account permanently, with all results and recordings.

    Recordings that the store cannot delete within some seconds are deleted as soon as it can.
    """
    erasure_id = await to_thread.run_sync(container.erasures.erase, principal.user_id)
    await delete_erased_objects(container, erasure_id)
    _delete_cookies(settings, response)


def _to_visit(body: SignIn, cookie: str | None) -> Visit:
    return Visit(body.guest_token or cookie, keep_takes=body.keep_guest_takes)


def _sign_in(
    container: Container, session: Session, identity: Identity, visit: Visit, response: Response
) -> SessionResponse:
    grant, claim = guests.sign_in_from_visit(session, container.settings, identity, visit)
    return _open_session(container.settings, grant, response, claim)


def _open_session(settings: Settings, grant: Grant, response: Response, claim: Claim = Claim()) -> SessionResponse:
    """Sets the cookies of a session and returns its body."""
    refresh_ttl_s = settings.guest_ttl_s if grant.guest_until else settings.refresh_token_ttl_s
    for name, value, path, max_age in (
        (SESSION_COOKIE, grant.access_token, "/api/tokens/analysis-progress", settings.access_token_ttl_s),
        (REFRESH_COOKIE, grant.refresh_token, "/api/auth", refresh_ttl_s),
    ):
        response.set_cookie(
            cookie_name(settings, name),
            value,
            max_age=max_age,
            path=path,
            httponly=True,
            samesite="strict",
            secure=not settings.is_development,
        )
    response.headers["Cache-Control"] = "no-store"
    return SessionResponse(
        access_token=grant.access_token,
        refresh_token=grant.refresh_token,
        expires_in=settings.access_token_ttl_s,
        user=UserResponse(**grant.user),
        guest_until=grant.guest_until,
        takes_kept=claim.kept,
        takes_refused=claim.refused,
    )


def _delete_cookies(settings: Settings, response: Response) -> None:
    for name, path in ((SESSION_COOKIE, "/api/tokens/analysis-progress"), (REFRESH_COOKIE, "/api/auth")):
        secure = not settings.is_development
        response.delete_cookie(cookie_name(settings, name), path, secure=secure, httponly=True, samesite="strict")
