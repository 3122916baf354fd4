"""The whole service on one machine for development: `make run` and `make demo`."""
