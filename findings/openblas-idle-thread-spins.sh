#!/usr/bin/env bash
# Most expect: threads of a numerical library use a CPU while they compute, and none after the product is there.
# What happens: after one product of 300 × 300 numbers, OpenBLAS's second thread waits for the next in a loop for about a
# tenth of a second. Whatever the program does next, in C or Python, counts twice in the process's CPU time, and another
# process loses a core for that long. Products of 100 × 100 numbers use one thread and cost nothing afterwards.
# Versions: numpy 2.4.6 with its own OpenBLAS, two CPUs or more.
# Why it matters: an analysis that alternates small products with other native code shows twice its real cost in
# process_time and in a profiler's CPU column, and two workers on two cores slow each other down. With
# OPENBLAS_NUM_THREADS=1 both are gone.
# Source: OpenBLAS's Makefile.rule says that threads go on for a while (THREAD_TIMEOUT; it speaks of 2^26 cycles, the
# source has 2^28: https://github.com/OpenMathLib/OpenBLAS/issues/1614); OPENBLAS_THREAD_TIMEOUT shortens it
# (https://github.com/OpenMathLib/OpenBLAS/issues/5171). numpy's documentation does not mention it.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(command -v python3.11 || command -v python3)" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check numpy==2.4.6
cat > "$folder/measure.py" <<'PYTHON'
import statistics
import sys
import time

import numpy as np

SECONDS = 0.15


def overhead(size: int) -> float:
    """CPU seconds of other threads, as a share of the time that this one works after a product."""
    shares = []
    for _ in range(9):
        matrix = np.random.default_rng(1).random((size, size))
        matrix @ matrix
        process, own = time.process_time(), time.thread_time()
        until = time.perf_counter() + SECONDS
        while time.perf_counter() < until:
            pass
        own = time.thread_time() - own
        shares.append((time.process_time() - process - own) / own)
    return statistics.median(shares)


small, large = overhead(100), overhead(300)
print(f"numpy {np.__version__}: CPU of other threads while this one loops: {small:.0%} after a product of 100 x 100, "
      f"{large:.0%} after one of 300 x 300")
is_spinning = large > 0.3 and small < 0.1
sys.exit(0 if is_spinning == (sys.argv[1] == "2") else 1)
PYTHON
cd "$folder"
if [ "$(nproc)" -lt 2 ]; then echo "nothing to see on one CPU"; exit 1; fi
for threads in 2 1; do
  echo "OPENBLAS_NUM_THREADS=$threads"
  OPENBLAS_NUM_THREADS=$threads "$folder/venv/bin/python" measure.py "$threads" || { echo "changed"; exit 1; }
done
echo "holds: a finished product keeps another CPU busy for about a tenth of a second"
