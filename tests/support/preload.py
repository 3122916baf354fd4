"""Imports what the servers import, apart from `main`, which reads the environment."""

import fastapi_swagger  # noqa: F401
import httptools  # noqa: F401
import uvloop  # noqa: F401

import container  # noqa: F401
import middleware.cached_routes
import middleware.security_headers
import middleware.spa  # noqa: F401
import routers.auth
import routers.direct_uploads
import routers.health
import routers.mypage
import routers.script_audio
import routers.shared.openapi
import routers.tokens
import routers.user_audio  # noqa: F401
import tasks.sweeper  # noqa: F401
