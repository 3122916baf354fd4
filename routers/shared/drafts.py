"""Drafts: scripts that only administrators see. A public read answers 404 for them; only then the caller is checked."""

from collections.abc import Callable
from typing import TypeVar

from fastapi import Request
from sqlalchemy.orm import Session

from core.errors import AdminOnly, AppError, InvalidAccessToken
from core.security import Principal
from database import session_scope
from dependencies import caller_of, container_of
from routers.shared.security_schemes import ACCESS_TOKEN, FOR_ANYONE
from services.auth import require_admin, require_session

Result = TypeVar("Result")

# For the OpenAPI document of routes that read the access token only for drafts.
SEES_DRAFTS = {"security": [{ACCESS_TOKEN: []}, *FOR_ANYONE["security"]]}


def sees_drafts(request: Request, session: Session) -> bool:
    """Returns whether the caller is a signed-in administrator."""
    principal = caller_of(request)
    if not isinstance(principal, Principal):
        return False
    try:
        require_session(session, principal)
        require_admin(session, container_of(request).settings, principal.user_id)
    except (InvalidAccessToken, AdminOnly):
        return False
    return True


async def read_draft(request: Request, not_found: AppError, query: Callable[[Session], Result]) -> Result:
    """Returns the result of `query` for an administrator; raises `not_found` for anyone else."""
    container = container_of(request)

    def read() -> Result:
        with session_scope(container.sessions) as session:
            if not sees_drafts(request, session):
                raise not_found
            return query(session)

    return await container.reads.in_thread(read)
