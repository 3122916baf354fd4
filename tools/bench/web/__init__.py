"""Measures two builds of the page side by side in one Chromium: `make bench-web`."""
