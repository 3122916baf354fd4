"""Code that both servers use unchanged. It imports nothing of either, and both images contain it."""
