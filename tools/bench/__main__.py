"""`python -m tools.bench`: measures, prints, and writes docs/performance.md and its charts."""

import argparse
import os
import platform
import time

from rich.console import Console

from tools.bench import comparison, growth, memory, reads, report, stalls, streams, uploads
from tools.bench.results import SectionResults
from tools.bench.testbed import Testbed, start_testbed

SECTIONS = {
    "uploads": uploads.measure,
    "streams": streams.measure,
    "reads": reads.measure,
    "growth": growth.measure,
    "memory": memory.measure,
    "stalls": stalls.measure,
}


def main() -> None:
    options = _parse_options()
    console = Console(highlight=False, width=140)
    machine = (
        f"{platform.machine()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f} before, "
        f"Python {platform.python_version()}"
    )
    console.print(machine)
    started_at = time.monotonic()
    with start_testbed(console, is_quick=options.quick) as testbed:
        if options.without:
            report.show(console, comparison.compare(testbed, options.sections[0], options.without))
            return
        results = {name: _measure(testbed, name) for name in options.sections or SECTIONS}
    report.show_goals(console, results)
    console.print(f"{(time.monotonic() - started_at) / 60:.1f} minutes")
    if not options.quick:
        report.write(machine, results)


def _parse_options() -> argparse.Namespace:
    names = ", ".join(SECTIONS)
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("sections", nargs="*", choices=[[], *SECTIONS], help=f"any of {names}; all by default")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter measurements; writes nothing")
    parser.add_argument(
        "--without",
        action="append",
        help="with reads, uploads or streams: compare the app with and without this (may be repeated); writes nothing",
    )
    options = parser.parse_args()
    section = options.sections[0] if len(options.sections) == 1 else ""
    known = comparison.VARIANTS.get(section, {})
    if unknown := set(options.without or []) - known.keys():
        parser.error(
            f"--without {unknown.pop()} needs one section that has it: "
            + "; ".join(f"{name}: {', '.join(variants)}" for name, variants in comparison.VARIANTS.items())
        )
    return options


def _measure(testbed: Testbed, name: str) -> SectionResults:
    testbed.console.rule(name, align="left")
    results = SECTIONS[name](testbed)
    report.show(testbed.console, results)
    return results


if __name__ == "__main__":
    main()
