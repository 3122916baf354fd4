"""Tests of analysis.net."""
