"""How fast the service is, beside its baselines, in the same run: `make bench`."""
