"""Tests of analysis.processes."""
