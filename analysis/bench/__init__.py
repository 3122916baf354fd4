"""The benchmark of the analysis engine: CPU time, memory and throughput; imports engine and processes."""

import os

from analysis.processes.pool import THREAD_VARIABLES

# As in the processes of the engine. Idle threads of numpy wait in a loop, whose time would count as the engine's.
os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))
