"""Tests of analysis.queueing."""
