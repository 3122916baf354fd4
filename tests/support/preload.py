"""Imports what the servers import, apart from `main`, which reads the environment."""

import gc

import fastapi_swagger  # noqa: F401
import httptools  # noqa: F401
import uvloop  # noqa: F401

import container  # noqa: F401
import core.telemetry.sentry
import core.telemetry.tracing  # noqa: F401
import middleware.body_limit
import middleware.cached_routes
import middleware.detached_responses
import middleware.encoded_bodies
import middleware.expose_transport
import middleware.open_bodies
import middleware.security_headers
import middleware.spa
import middleware.trailing_slash  # noqa: F401
import routers.auth
import routers.curation
import routers.direct_uploads
import routers.health
import routers.mypage
import routers.scene_import
import routers.scene_requests
import routers.script_audio
import routers.shared.openapi
import routers.tokens
import routers.user_audio  # noqa: F401
import tasks.sweeper  # noqa: F401

# What is imported here is not collected in each server again, which would copy its memory.
gc.collect()
gc.freeze()
