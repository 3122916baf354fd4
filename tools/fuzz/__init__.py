"""Attacks on our own servers, bounded in count and time: `python -m tools.fuzz`."""
