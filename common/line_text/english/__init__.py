"""English lines."""
