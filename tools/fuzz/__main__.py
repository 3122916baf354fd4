"""`make fuzz`: attacks our own servers, prints a table, and exits with 1 when a fault was found."""

import argparse
import sys
from collections.abc import Callable, Iterator
from functools import partial

from tools.fuzz.addresses import attack_addresses
from tools.fuzz.api import attack_as_admin, attack_as_learner, attack_session_ends
from tools.fuzz.audio import attack_audio
from tools.fuzz.headers import attack_headers
from tools.fuzz.report import AttackReport, print_table, run_timed
from tools.fuzz.servers import target
from tools.fuzz.webhooks import attack_webhooks

PARTS = ("addresses", "audio", "webhooks", "headers", "api")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"any of {', '.join(PARTS)}; all by default")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--count",
        type=int,
        default=5000,
        help="number of hostile recordings, of webhooks, and of requests with random headers",
    )
    parser.add_argument(
        "--examples", type=int, default=30, help="number of cases for each operation of the API and each kind of data"
    )
    parser.add_argument("--seconds", type=int, default=600, help="time limit of one part")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"unknown part: {', '.join(unknown)}")
    reports = [run_timed(attack) for attack in _attacks(options)]
    print_table(reports)
    return 1 if any(report.faults for report in reports) else 0


def _attacks(options: argparse.Namespace) -> Iterator[Callable[[], AttackReport]]:
    parts, seconds, seed = options.parts or PARTS, options.seconds, options.seed
    if "addresses" in parts:
        yield lambda: attack_addresses(options.count // 5, seconds, seed)
    if "audio" in parts:
        yield lambda: attack_audio(options.count, seconds, seed)
    if not {"webhooks", "headers", "api"} & set(parts):
        return
    with target() as servers:
        if "webhooks" in parts:
            yield lambda: attack_webhooks(servers, options.count, seconds, seed)
        if "headers" in parts:
            yield lambda: attack_headers(servers, options.count, seconds, seed)
        if "api" in parts:
            for attack in (attack_as_admin, attack_as_learner, attack_session_ends):
                yield partial(attack, servers, options.examples, seconds, seed)


if __name__ == "__main__":
    sys.exit(main())
