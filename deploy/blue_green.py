#!/usr/bin/env python3
"""A release without a gap: the new colour starts beside the old one, takes over, and gives back what it cannot do.

    RELEASE=v1.4.0 deploy/blue_green.py

Migrations come first, so they may only add: the old colour works on with the new tables (docs/releases.md). How a
colour is started, asked and routed to is the hook's business; deploy/compose-hook does it with Docker Compose.
Needs nothing but Python. Ends with 0 when the new colour serves, with 1 when the old one does.
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
_COUNTED = re.compile(r'^yousync_http_requests_total\{[^}]*status="(\d)\d\d"[^}]*\} (\S+)', re.MULTILINE)
# Below this many requests a share of errors says nothing.
_ENOUGH_REQUESTS = 20
_UNREADY_AT_MOST = 3


class HookFailed(Exception):
    """The hook could not do what it was told."""


class Hook:
    """An executable that knows the machine: migrate, start, ready, metrics, route, settle, stop, live."""

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()

    def tell(self, *words: str) -> str:
        """Its standard output; raises HookFailed."""
        done = subprocess.run([self._path, *words], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        if done.returncode != 0:
            raise HookFailed(f"{self._path.name} {' '.join(words)} ended with {done.returncode}")
        return done.stdout

    def agrees(self, *words: str) -> bool:
        try:
            self.tell(*words)
        except HookFailed:
            return False
        return True

    def requests(self, colour: str) -> tuple[float, float]:
        """How many requests a colour has answered since its start, and how many of them with a server error."""
        counted = [(kind, float(count)) for kind, count in _COUNTED.findall(self.tell("metrics", colour))]
        return sum(count for _, count in counted), sum(count for kind, count in counted if kind == "5")


@dataclass(frozen=True)
class Patience:
    """How long a colour may take to become ready, how long it is watched, and its share of errors; seconds."""

    ready_s: float
    watch_s: float
    errors_max: float
    pause_s: float = 1.0


def release(hook: Hook, patience: Patience, say: Callable[[str], None]) -> bool:
    """True when the new colour serves. Otherwise, and after whatever goes wrong, the old one does as before."""
    old = hook.tell("live").strip()
    new = _OTHER[old]
    say(f"{old} serves; migrating, then starting {new}")
    hook.tell("migrate")
    kept = False
    try:
        hook.tell("start", new)
        trouble = _becomes_ready(hook, new, patience) or _takes_over(hook, old, new, patience, say)
        kept = trouble is None
        if trouble:
            say(f"{new} {trouble}")
    finally:
        if not kept:
            say(f"going back to {old}")
            hook.tell("route", old)
            hook.agrees("stop", new)
    if kept:
        hook.tell("settle", new)
        hook.tell("stop", old)
        say(f"{new} serves, {old} is stopped")
    return kept


def _becomes_ready(hook: Hook, colour: str, patience: Patience) -> str | None:
    """None, or what is wrong."""
    give_up_at = time.monotonic() + patience.ready_s
    while not hook.agrees("ready", colour):
        if time.monotonic() > give_up_at:
            return f"was not ready within {patience.ready_s:g} s"
        time.sleep(patience.pause_s)
    return None


def _takes_over(hook: Hook, old: str, new: str, patience: Patience, say: Callable[[str], None]) -> str | None:
    """None, or what is wrong. A store that is down makes both colours unready, which says nothing about the new one."""
    requests_before, errors_before = hook.requests(new)
    hook.tell("route", new)
    say(f"{new} takes the requests; watching it for {patience.watch_s:g} s")
    unready, end = 0, time.monotonic() + patience.watch_s
    while time.monotonic() < end:
        time.sleep(patience.pause_s)
        is_worse = not hook.agrees("ready", new) and hook.agrees("ready", old)
        unready = unready + 1 if is_worse else 0
        if unready >= _UNREADY_AT_MOST:
            return "is not ready any more"
        try:
            answered, failed = hook.requests(new)
        except HookFailed:
            continue  # it is asked again whether it is ready
        requests, errors = answered - requests_before, failed - errors_before
        if requests >= _ENOUGH_REQUESTS and errors > patience.errors_max * requests:
            return f"answered {errors:.0f} of {requests:.0f} requests with a server error"
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hook", type=Path, default=Path(__file__).with_name("compose-hook"))
    parser.add_argument("--ready", type=float, default=120.0, help="seconds in which the new colour has to be ready")
    parser.add_argument("--watch", type=float, default=60.0, help="seconds for which it is watched after it took over")
    parser.add_argument("--errors", type=float, default=0.02, help="share of server errors at which it has to go")
    given = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, signal.default_int_handler)
    with given.hook.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write("another release is on its way\n")
            return 1
        try:
            good = release(
                Hook(given.hook),
                Patience(given.ready, given.watch, given.errors),
                lambda words: print(f"{time.strftime('%H:%M:%S')} {words}", flush=True),  # noqa: T201
            )
        except HookFailed as failure:
            sys.stderr.write(f"{failure}\n")
            return 1
        except KeyboardInterrupt:
            sys.stderr.write("interrupted\n")
            return 1
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
