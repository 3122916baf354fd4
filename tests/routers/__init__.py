"""Tests of routers/: the API over HTTP, against a real server."""
