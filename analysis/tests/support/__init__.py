"""Helpers of the tests: real servers and workers in processes of their own, and polling with a deadline."""
