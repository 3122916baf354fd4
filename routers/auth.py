"""Sign-in, sessions, account."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from core.errors import (
    DatabaseUnavailable,
    GoogleNotConfigured,
    GoogleUnavailable,
    InvalidAccessToken,
    InvalidGoogleToken,
    InvalidRefreshToken,
    MalformedRequest,
    NotAuthenticated,
    OriginNotAllowed,
    RefreshTokenSpent,
    StorageUnavailable,
    TooManyRequests,
    TooManySignIns,
)
from core.security import Identity, verify_google_token
from core.settings import Settings
from dependencies import (
    REFRESH_COOKIE,
    SESSION_COOKIE,
    ContainerDep,
    CountedRoute,
    CurrentPrincipal,
    CurrentUser,
    RefreshCookie,
    S3Dep,
    SessionDep,
    SettingsDep,
    SignInLimit,
    cookie_name,
)
from routers.shared.problems import problem_responses
from schemas import DevelopmentSignIn, GoogleSignIn, RefreshRequest, SessionResponse, SignInOptions, UserResponse
from services import auth
from services.auth import Grant, is_admin
from services.mypage import show_user

router = APIRouter(prefix="/auth", tags=["auth"], route_class=CountedRoute)
development_router = APIRouter(prefix="/auth", tags=["auth"], route_class=CountedRoute)
_sign_in_errors = (TooManyRequests, TooManySignIns, MalformedRequest, DatabaseUnavailable)
_user_errors = (NotAuthenticated, InvalidAccessToken, DatabaseUnavailable)


@router.get("/options", summary="How one can sign in here")
async def get_sign_in_options(settings: SettingsDep) -> SignInOptions:
    return SignInOptions(
        google_client_id=settings.google_client_id,
        development=bool(settings.development_sign_in),
        direct_uploads=settings.direct_uploads,
    )


@router.post(
    "/google",
    summary="Sign in with Google",
    dependencies=[SignInLimit],
    responses=problem_responses(*_sign_in_errors, InvalidGoogleToken, GoogleNotConfigured, GoogleUnavailable),
)
def create_google_session(
    body: GoogleSignIn, session: SessionDep, settings: SettingsDep, container: ContainerDep, response: Response
) -> SessionResponse:
    """Verifies a Google ID token and opens a session. Also sets the HttpOnly cookies that browsers need."""
    if not settings.google_client_id:
        raise GoogleNotConfigured
    identity = verify_google_token(settings, container.certificates, body.id_token)
    return _answer(settings, auth.sign_in(session, settings, identity), response)


@development_router.post(
    "/dev",
    summary="Sign in without Google (development only)",
    dependencies=[SignInLimit],
    responses=problem_responses(*_sign_in_errors),
)
def create_development_session(
    body: DevelopmentSignIn, session: SessionDep, settings: SettingsDep, response: Response
) -> SessionResponse:
    """Opens a session for any e-mail address. This route does not exist in production."""
    identity = Identity(issuer="development", subject=body.email.lower(), email=body.email, name=body.name)
    return _answer(settings, auth.sign_in(session, settings, identity), response)


@router.post(
    "/refresh",
    summary="Rotate the refresh token",
    dependencies=[SignInLimit],
    responses=problem_responses(*_sign_in_errors, InvalidRefreshToken, RefreshTokenSpent, OriginNotAllowed),
)
def refresh_session(
    settings: SettingsDep,
    container: ContainerDep,
    response: Response,
    cookie: RefreshCookie,
    body: Annotated[RefreshRequest | None, Body()] = None,
) -> SessionResponse:
    """Answers a new pair for a refresh token given in the body or in the cookie.

    A refresh token works once. Using it again revokes the whole session, except within the seconds in which
    two tabs may have sent it at once.
    """
    token = (body and body.refresh_token) or cookie
    if not token:
        raise InvalidRefreshToken
    return _answer(settings, auth.refresh(container.sessions, settings, token), response)


@router.post("/logout", status_code=204, summary="End the session", responses=problem_responses(*_user_errors))
def delete_session(principal: CurrentPrincipal, session: SessionDep, settings: SettingsDep, response: Response) -> None:
    auth.revoke_family(session, principal.session_id)
    _forget_cookies(settings, response)


@router.get("/me", summary="Who am I", responses=problem_responses(*_user_errors))
def get_me(user: CurrentUser, settings: SettingsDep) -> UserResponse:
    return show_user(user, is_admin=is_admin(settings, user))


@router.delete(
    "/me",
    status_code=204,
    summary="Erase my account, my results and my recordings",
    responses=problem_responses(*_user_errors, StorageUnavailable),
)
def delete_me(
    principal: CurrentPrincipal,
    session: SessionDep,
    store: S3Dep,
    container: ContainerDep,
    settings: SettingsDep,
    response: Response,
) -> None:
    auth.erase_account(session, store, container.spool, principal.user_id)
    _forget_cookies(settings, response)


def _answer(settings: Settings, grant: Grant, response: Response) -> SessionResponse:
    for name, value, path, max_age in (
        (SESSION_COOKIE, grant.access_token, "/api/tokens/analysis-progress", settings.access_token_ttl_s),
        (REFRESH_COOKIE, grant.refresh_token, "/api/auth", settings.refresh_token_ttl_s),
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
        user=show_user(grant.user, is_admin=is_admin(settings, grant.user)),
    )


def _forget_cookies(settings: Settings, response: Response) -> None:
    for name, path in ((SESSION_COOKIE, "/api/tokens/analysis-progress"), (REFRESH_COOKIE, "/api/auth")):
        secure = not settings.is_development
        response.delete_cookie(cookie_name(settings, name), path, secure=secure, httponly=True, samesite="strict")
