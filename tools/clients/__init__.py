"""Clients of others on one running service: `make test-clients`."""
