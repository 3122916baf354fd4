"""The size of a run: how many recordings are uploaded at which moment, and how long the run may take."""

import math
from dataclasses import dataclass

from tools.chaos.servers import QUEUE_SIZE

FLOOD = 5 * QUEUE_SIZE
LEAST_BURST = 4
JOBS_PER_ROUND = 200
# A run of 200 jobs ends below ten minutes. More jobs add what two busy cores need for each of them.
LIMIT_S, LIMIT_OF_JOBS, S_PER_JOB = 560.0, 200, 2.0
# A cluster has more processes, hence more faults, and each of its starts takes longer.
CLUSTER_LIMIT_S = 860.0
FAULTS_SHARE = 0.8


@dataclass(frozen=True)
class Plan:
    """A run with at least `jobs` jobs, and each fault `rounds` times."""

    jobs: int
    rounds: int
    is_cluster: bool = False

    @property
    def limit_s(self) -> float:
        """A job that has not ended so long after the start is stuck."""
        least_s = CLUSTER_LIMIT_S if self.is_cluster else LIMIT_S
        return least_s + S_PER_JOB * max(0, self.jobs - LIMIT_OF_JOBS)

    @property
    def faults_until_s(self) -> float:
        """No fault is injected so long after the start."""
        return FAULTS_SHARE * self.limit_s

    def burst(self, faults: int) -> int:
        """Returns the number of uploads beside each fault of a round with `faults` of them."""
        return max(LEAST_BURST, math.ceil((self.jobs / self.rounds - FLOOD) / faults))


def rounds_for(jobs: int) -> int:
    """Returns the number of rounds over which `jobs` are spread; at least two."""
    return max(2, math.ceil(jobs / JOBS_PER_ROUND))
