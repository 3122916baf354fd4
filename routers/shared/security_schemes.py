"""The ways to authenticate that the OpenAPI document names beside the access token; dependencies.py reads them."""

from typing import Any

from core.settings import Settings
from dependencies import REFRESH_COOKIE, SESSION_COOKIE, cookie_name

ACCESS_TOKEN = "HTTPBearer"  # noqa: S105 - the name of a scheme, no secret
# `openapi_extra=` of routes. FastAPI adds these alternatives to those of the dependencies.
FOR_ANYONE: dict[str, Any] = {"security": [{}]}
FOR_STREAMS: dict[str, Any] = {"security": [{"StreamTicket": []}, {"SessionCookie": []}]}
FOR_REFRESH: dict[str, Any] = {"security": [{"RefreshCookie": []}, {}]}


def security_schemes(settings: Settings) -> dict[str, dict[str, str]]:
    """Returns the schemes of FOR_STREAMS and FOR_REFRESH; names of cookies depend on the environment."""
    return {
        "StreamTicket": {
            "type": "apiKey",
            "in": "query",
            "name": "ticket",
            "description": "From `progress_url`: 60 s, one job only. Access tokens are not accepted in a URL.",
        },
        "SessionCookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie_name(settings, SESSION_COOKIE),
            "description": "HttpOnly, set at sign-in, sent by browsers. In production, `__Secure-` precedes its name.",
        },
        "RefreshCookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie_name(settings, REFRESH_COOKIE),
            "description": "HttpOnly, set at sign-in, instead of `refresh_token` in the body",
        },
    }
