"""`python -m tools.bench`: measures, prints, and writes docs/performance.md and its charts."""

import argparse
import os
import platform
import time

from rich.console import Console

from tools.bench import growth, reads, report, streams, uploads
from tools.bench.results import SectionResults
from tools.bench.testbed import Testbed, start_testbed

PARTS = {"uploads": uploads.measure, "streams": streams.measure, "reads": reads.measure, "growth": growth.measure}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", choices=[[], *PARTS], help=f"of: {', '.join(PARTS)}; all when none is named"
    )
    parser.add_argument("--quick", action="store_true", help="fewer and shorter measurements; nothing is written")
    options = parser.parse_args()
    console = Console(highlight=False, width=140)
    machine = (
        f"{platform.machine()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f} before, "
        f"Python {platform.python_version()}"
    )
    console.print(machine)
    started_at = time.monotonic()
    found: dict[str, SectionResults] = {}
    with start_testbed(console, is_quick=options.quick) as testbed:
        for name in options.parts or PARTS:
            found[name] = _measured(testbed, name)
            report.show(console, found[name])
    report.show_goals(console, found)
    console.print(f"{(time.monotonic() - started_at) / 60:.1f} minutes")
    if not options.quick:
        report.write(machine, found)


def _measured(testbed: Testbed, name: str) -> SectionResults:
    testbed.console.rule(name, align="left")
    return PARTS[name](testbed)


if __name__ == "__main__":
    main()
