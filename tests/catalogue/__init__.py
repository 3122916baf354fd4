"""Tests of catalogue/."""
