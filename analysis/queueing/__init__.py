"""Jobs and their queues, in memory or in Redis; imports processes, net, telemetry, contract, failures, settings."""
