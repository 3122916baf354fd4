"""Waiting in closed form, to check the simulation: Erlang C for M/M/c, and its approximation for M/G/c."""

import math


def probability_of_waiting(workers: int, load: float) -> float:
    """Erlang C: the share of jobs that find all workers busy; `load` in erlangs, below the number of workers.

    Through Erlang B by its recursion, which stays within range for thousands of workers (ITU-T E.501).
    """
    if load >= workers:
        return 1.0
    blocked = 1.0
    for count in range(1, workers + 1):
        blocked = load * blocked / (count + load * blocked)
    return workers * blocked / (workers - load * (1 - blocked))


def mean_wait_s(workers: int, rate: float, service_s: float, scv: float = 1.0) -> float:
    """Seconds in the queue on average, first come first served. `scv`: squared coefficient of variation of service
    times, 1 for M/M/c, where this is exact; otherwise the approximation of Lee and Longton (1959).
    """
    load = rate * service_s
    if load >= workers:
        return math.inf
    return probability_of_waiting(workers, load) * service_s / (workers - load) * (1 + scv) / 2


def wait_quantile_s(share: float, workers: int, rate: float, service_s: float, scv: float = 1.0) -> float:
    """Seconds that this share of jobs does not wait beyond: those who wait do so for an exponential time."""
    load = rate * service_s
    if load >= workers:
        return math.inf
    waiting = probability_of_waiting(workers, load)
    if waiting <= 1 - share:
        return 0.0
    return math.log(waiting / (1 - share)) * service_s / (workers - load) * (1 + scv) / 2


def fewest_workers(share: float, within_s: float, rate: float, service_s: float, scv: float = 1.0) -> int:
    """The smallest number of workers with which this share waits no longer than that."""
    workers = math.floor(rate * service_s) + 1
    while wait_quantile_s(share, workers, rate, service_s, scv) > within_s:
        workers += 1
    return workers
