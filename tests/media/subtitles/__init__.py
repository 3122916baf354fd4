"""Tests of the readers of subtitle files."""
