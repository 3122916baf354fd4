"""The benchmark of the analysis engine: CPU time, memory and throughput; imports engine and processes."""
