"""Imports all modules of the servers except `main`, which reads the environment."""

import httptools  # noqa: F401
import uvloop  # noqa: F401

import container  # noqa: F401
import tasks.sweeper  # noqa: F401
