"""Logs, metrics, traces and error reports, and what is redacted in them. Imports only `core`."""
