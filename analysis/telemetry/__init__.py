"""Traces of jobs, sent to an OpenTelemetry collector when one is configured; imports nothing else of this package."""
