"""Shared parts of the routers: errors as HTTP, cached responses, multipart bodies, downloads, the OpenAPI document."""
