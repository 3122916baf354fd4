"""python -m analysis.eval: every table of docs/evaluation.md. Exit code 1 when a floor is missed."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from rich.console import Console

from analysis.eval import condition_tables, corpus, report, sound_tables, speech_tables, voices, work
from analysis.eval.pool import Pool
from analysis.eval.report import Section
from analysis.eval.voices import Voice

DOCUMENT: Final = corpus.ROOT / "docs" / "evaluation.md"
FRAME: Final = Path(__file__).with_name("evaluation.md")


def install(console: Console) -> None:
    """Brings the Debian programs that speak, where that is possible; says what is missing where it is not."""
    missing = voices.missing_programs()
    if not missing:
        return
    packages = [voices.PROGRAMS[program] for program in missing]
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        console.print(f"Installing {', '.join(packages)} ...")
        subprocess.run(["apt-get", "update"], check=False, capture_output=True)  # noqa: S607 - the system's own
        subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - fixed names
    for program in voices.missing_programs():
        console.print(
            f"{program} is missing, its voices are left out. On Debian or Ubuntu: apt-get install "
            f"{voices.PROGRAMS[program]}"
        )


def sections(pool: Pool, wanted: set[str]) -> list[Section]:
    """Every experiment, or the wanted ones, in the order of the document."""
    everyone = voices.list_voices()
    table, unreadable = speech_tables.readings(pool, everyone)
    cast: list[Voice] = [voice for voice in everyone if voice.name not in unreadable]
    lexicon = work.engine().lexicon
    lines = [corpus.line(text, lexicon) for text in [*corpus.LINES, *corpus.catalogue_texts()]]
    experiments: dict[str, Callable[[], Section]] = {
        "sentences": lambda: speech_tables.sentences(pool, cast),
        "words": lambda: speech_tables.words(pool, cast),
        "sounds": lambda: sound_tables.swapped(pool, cast, lines),
        "dose": lambda: sound_tables.dose(pool, cast, lines),
        "robustness": lambda: condition_tables.robustness(pool),
        "intonation": lambda: condition_tables.melodies(pool, cast),
        "gates": lambda: condition_tables.gates(pool),
    }
    return [table, *(experiment() for name, experiment in experiments.items() if not wanted or name in wanted)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m analysis.eval", description="The evaluation bench.")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=[], help="some experiments; the document is left alone then")
    options = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 160)
    install(console)
    began = time.monotonic()
    with Pool(options.processes, console) as pool:
        found = sections(pool, set(options.only))
    floors = [floor for section in found for floor in section.floors]
    for section in found:
        for table in section.tables:
            report.show(console, table)
    report.show(console, report.floors_table(floors))
    if not options.only:
        report.write(DOCUMENT, FRAME.read_text(encoding="utf-8"), floors, found)
        console.print(f"Written: {DOCUMENT.relative_to(corpus.ROOT)}")
    console.print(f"{time.monotonic() - began:.0f} s")
    missed = [floor for floor in floors if not floor.held]
    for floor in missed:
        console.print(f"MISSED: {floor.name}: {floor.value:.3f}, demanded {floor.demand}", highlight=False)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
