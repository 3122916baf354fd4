"""The demo catalogue: scenes, reference audio, and the scripts that render and seed them."""
