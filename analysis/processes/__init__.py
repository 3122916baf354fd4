"""The decoder and engine processes and a job's way through them; imports net, engine, contract, failures, settings."""
