"""How fast the engine is and what it holds in memory: `make bench-analysis`. Every ratio is measured in one run."""
