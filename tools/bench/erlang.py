"""Waiting times in closed form, to check the simulation: Erlang C for M/M/c, and an approximation for M/G/c."""

import math


def probability_of_waiting(workers: int, load: float) -> float:
    """The share of jobs that find all workers busy (Erlang C). `load` in erlangs, below the number of workers.

    Computed from the recursion of Erlang B, which does not overflow for thousands of workers (ITU-T E.501).
    """
    if load >= workers:
        return 1.0
    blocked = 1.0
    for count in range(1, workers + 1):
        blocked = load * blocked / (count + load * blocked)
    return workers * blocked / (workers - load * (1 - blocked))


def mean_wait_s(workers: int, rate: float, service_s: float, scv: float = 1.0) -> float:
    """Mean seconds in a first-come-first-served queue. `scv` is the squared coefficient of variation of service times.

    Exact for M/M/c, where `scv` is 1; otherwise the approximation of Lee and Longton (1959).
    """
    load = rate * service_s
    if load >= workers:
        return math.inf
    return probability_of_waiting(workers, load) * service_s / (workers - load) * (1 + scv) / 2


def wait_quantile_s(share: float, workers: int, rate: float, service_s: float, scv: float = 1.0) -> float:
    """The quantile `share` of the waiting time in seconds; jobs that wait at all do so for an exponential time."""
    load = rate * service_s
    if load >= workers:
        return math.inf
    waiting = probability_of_waiting(workers, load)
    if waiting <= 1 - share:
        return 0.0
    return math.log(waiting / (1 - share)) * service_s / (workers - load) * (1 + scv) / 2


def fewest_workers(share: float, within_s: float, rate: float, service_s: float, scv: float = 1.0) -> int:
    """The smallest number of workers with which `share` of the jobs wait at most `within_s` seconds."""
    workers = math.floor(rate * service_s) + 1
    while wait_quantile_s(share, workers, rate, service_s, scv) > within_s:
        workers += 1
    return workers
