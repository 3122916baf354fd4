#!/usr/bin/env python3
"""Releases without downtime: starts the new colour beside the old one, switches over, and rolls back on errors.

    RELEASE=v1.4.0 deploy/blue_green.py

Migrations run first, so they may only add: the old colour continues with the new tables (docs/releases.md). A hook
starts, checks and routes to a colour; deploy/compose-hook does so with Docker Compose. Needs only Python. Exits with 0
when the new colour serves, with 1 when the old one does.
"""

import argparse
import fcntl
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_OTHER = {"blue": "green", "green": "blue"}
_REQUEST_COUNT = re.compile(r'^yousync_http_requests_total\{[^}]*status="(\d)\d\d"[^}]*\} (\S+)', re.MULTILINE)
# With fewer requests the share of errors is not significant.
_REQUESTS_MIN = 20
_UNREADY_MAX = 3


class HookFailed(Exception):
    """A command of the hook failed."""


class Hook:
    """An executable with the commands migrate, start, ready, metrics, route, settle, stop and live."""

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()

    def run(self, *arguments: str) -> str:
        """Runs a command; returns its standard output. Raises HookFailed."""
        done = subprocess.run([self._path, *arguments], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        if done.returncode != 0:
            raise HookFailed(f"{self._path.name} {' '.join(arguments)} failed with exit code {done.returncode}")
        return done.stdout

    def succeeds(self, *arguments: str) -> bool:
        """Runs a command; returns False when it fails."""
        try:
            self.run(*arguments)
        except HookFailed:
            return False
        return True

    def requests(self, colour: str) -> tuple[float, float]:
        """The number of requests that a colour has answered since its start, and of those with a server error."""
        counted = [(kind, float(count)) for kind, count in _REQUEST_COUNT.findall(self.run("metrics", colour))]
        return sum(count for _, count in counted), sum(count for kind, count in counted if kind == "5")


@dataclass(frozen=True)
class Limits:
    """The time to become ready, the time under observation, the interval of checks (seconds), the share of errors."""

    ready_s: float
    watch_s: float
    errors_max: float
    interval_s: float = 1.0


def release(hook: Hook, limits: Limits, say: Callable[[str], None]) -> bool:
    """Returns True when the new colour serves. After any failure the old one still serves."""
    old = hook.run("live").strip()
    new = _OTHER[old]
    say(f"{old} serves; migrating, then starting {new}")
    hook.run("migrate")
    succeeded = False
    try:
        hook.run("start", new)
        problem = _wait_until_ready(hook, new, limits) or _switch_over(hook, old, new, limits, say)
        succeeded = problem is None
        if problem:
            say(f"{new} {problem}")
    finally:
        if not succeeded:
            say(f"rolling back to {old}")
            hook.run("route", old)
            hook.succeeds("stop", new)
    if succeeded:
        hook.run("settle", new)
        hook.run("stop", old)
        say(f"{new} serves, {old} is stopped")
    return succeeded


def _wait_until_ready(hook: Hook, colour: str, limits: Limits) -> str | None:
    """Returns None, or a description of the problem."""
    deadline = time.monotonic() + limits.ready_s
    while not hook.succeeds("ready", colour):
        if time.monotonic() > deadline:
            return f"was not ready within {limits.ready_s:g} s"
        time.sleep(limits.interval_s)
    return None


def _switch_over(hook: Hook, old: str, new: str, limits: Limits, say: Callable[[str], None]) -> str | None:
    """Returns None, or a description of the problem.

    Both colours become unready when a store is down, so only a difference between them counts.
    """
    requests_before, errors_before = hook.requests(new)
    hook.run("route", new)
    say(f"{new} serves; watching it for {limits.watch_s:g} s")
    unready, end = 0, time.monotonic() + limits.watch_s
    while time.monotonic() < end:
        time.sleep(limits.interval_s)
        is_worse = not hook.succeeds("ready", new) and hook.succeeds("ready", old)
        unready = unready + 1 if is_worse else 0
        if unready >= _UNREADY_MAX:
            return "is no longer ready"
        try:
            answered, failed = hook.requests(new)
        except HookFailed:
            continue  # the check above decides in the next round
        requests, errors = answered - requests_before, failed - errors_before
        if requests >= _REQUESTS_MIN and errors > limits.errors_max * requests:
            return f"answered {errors:.0f} of {requests:.0f} requests with a server error"
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hook", type=Path, default=Path(__file__).with_name("compose-hook"))
    parser.add_argument("--ready", type=float, default=120.0, help="seconds in which the new colour must be ready")
    parser.add_argument("--watch", type=float, default=60.0, help="seconds for which it is watched after the switch")
    parser.add_argument(
        "--errors", type=float, default=0.02, help="share of server errors above which it is rolled back"
    )
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, signal.default_int_handler)
    with options.hook.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write("another release is running\n")
            return 1
        try:
            succeeded = release(
                Hook(options.hook),
                Limits(options.ready, options.watch, options.errors),
                lambda text: print(f"{time.strftime('%H:%M:%S')} {text}", flush=True),  # noqa: T201
            )
        except HookFailed as failure:
            sys.stderr.write(f"{failure}\n")
            return 1
        except KeyboardInterrupt:
            sys.stderr.write("interrupted\n")
            return 1
    return 0 if succeeded else 1


if __name__ == "__main__":
    sys.exit(main())
