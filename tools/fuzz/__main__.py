"""`make fuzz`: attacks our own servers, prints a table, and ends with 1 when anything went wrong."""

import argparse
import sys
from collections.abc import Callable, Iterator
from functools import partial

from tools.fuzz.addresses import attack_addresses
from tools.fuzz.api import attack_as_admin, attack_as_learner, attack_ends_of_sessions
from tools.fuzz.audio import attack_audio
from tools.fuzz.report import Outcome, print_table, timed
from tools.fuzz.servers import target
from tools.fuzz.webhooks import attack_webhooks

PARTS = ("addresses", "audio", "webhooks", "api")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all of them by default")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=5000, help="hostile recordings, and webhooks")
    parser.add_argument("--examples", type=int, default=30, help="of each operation of the API and each kind of data")
    parser.add_argument("--seconds", type=int, default=600, help="the longest that one part may take")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(unknown)}")
    outcomes = [timed(attack) for attack in _attacks(options)]
    print_table(outcomes)
    return 1 if any(outcome.faults for outcome in outcomes) else 0


def _attacks(options: argparse.Namespace) -> Iterator[Callable[[], Outcome]]:
    parts, seconds, seed = options.parts or PARTS, options.seconds, options.seed
    if "addresses" in parts:
        yield lambda: attack_addresses(options.count // 5, seconds, seed)
    if "audio" in parts:
        yield lambda: attack_audio(options.count, seconds, seed)
    if not {"webhooks", "api"} & set(parts):
        return
    with target() as servers:
        if "webhooks" in parts:
            yield lambda: attack_webhooks(servers, options.count, seconds, seed)
        if "api" in parts:
            for attack in (attack_as_admin, attack_as_learner, attack_ends_of_sessions):
                yield partial(attack, servers, options.examples, seconds, seed)


if __name__ == "__main__":
    sys.exit(main())
