"""Measures the service beside its baselines in the same run: `make bench`."""
