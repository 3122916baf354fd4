"""Typed asynchronous client of YouSync: `YouSync` does the main job, `YouSync.api` serves the generated functions."""

from yousync_client.client import YouSync
from yousync_client.session import YouSyncError

__all__ = ["YouSync", "YouSyncError"]
