"""Foundations of every layer: settings, errors, texts, limits, caches, telemetry. Imports only `database`."""
