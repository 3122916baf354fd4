"""The evaluation bench: how well the engine tells right from wrong, in tables anyone can make again."""
