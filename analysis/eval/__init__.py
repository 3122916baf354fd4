"""The evaluation: how well the engine distinguishes right from wrong speech; imports engine, contract and settings."""
