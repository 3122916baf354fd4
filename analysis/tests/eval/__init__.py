"""Tests of analysis.eval."""
