"""Helpers of the tests: real servers and workers in separate processes, and polling with a deadline."""
