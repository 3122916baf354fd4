"""python -m analysis.eval: every table of docs/evaluation.md. Exit code 1 when a floor is missed."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from rich.console import Console

from analysis.engine.languages.english.profile import ENGLISH
from analysis.eval import condition_tables, corpus, dose_table, report, sound_tables, speech_tables, trials
from analysis.eval.human.experiment import people
from analysis.eval.languages.english import wrong_sounds
from analysis.eval.languages.english.program_voices import PROGRAMS, missing_programs
from analysis.eval.languages.english.voices import list_voices
from analysis.eval.pool import TrialPool
from analysis.eval.report import Floor, Section
from analysis.eval.speechocean import SETS, LayoutError

DOCUMENT: Final = corpus.ROOT / "docs" / "evaluation.md"
FRAME: Final = Path(__file__).with_name("evaluation.md")
LEARNERS: Final = "learners"
"""Name of the part on people."""


def install_programs(console: Console) -> None:
    """Installs the missing synthesizers on Debian; prints what is missing where that is impossible."""
    missing = missing_programs()
    if not missing:
        return
    packages = [PROGRAMS[program] for program in missing]
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        console.print(f"Installing {', '.join(packages)} ...")
        subprocess.run(["apt-get", "update"], check=False, capture_output=True)  # noqa: S607 - the system's own
        subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - fixed names
    for program in missing_programs():
        console.print(
            f"{program} is missing, its voices are left out. On Debian or Ubuntu: apt-get install {PROGRAMS[program]}"
        )


def run_experiments(pool: TrialPool, chosen: set[str]) -> list[Section]:
    """Runs every experiment on voices and altered texts, or the chosen ones, in the order of the document."""
    all_voices = list_voices()
    readings, unreadable = speech_tables.readings(pool, all_voices)
    voices = [voice for voice in all_voices if voice.name not in unreadable]
    lexicon = trials.engine().lexicon
    lines = [wrong_sounds.line(text, lexicon) for text in [*wrong_sounds.LINES, *corpus.catalogue_texts(ENGLISH.tag)]]
    experiments: dict[str, Callable[[], Section]] = {
        "sentences": lambda: speech_tables.sentences(pool, voices),
        "words": lambda: speech_tables.words(pool, voices),
        "sounds": lambda: sound_tables.wrong_sounds(pool, voices, lines),
        "dose": lambda: dose_table.dose(pool, voices, lines),
        "robustness": lambda: condition_tables.robustness(pool),
        "intonation": lambda: condition_tables.intonation(pool, voices),
        "gates": lambda: condition_tables.no_attempts(pool),
    }
    return [readings, *(experiment() for name, experiment in experiments.items() if not chosen or name in chosen)]


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Returns the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m analysis.eval", description="The evaluation of the engine.")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=[], help="some experiments; the document is not written then")
    parser.add_argument("--corpus", type=Path, help="measure only these rated learners (layout of speechocean762)")
    parser.add_argument("--set", dest="part", help=f"the set of the corpus; by default the first of {', '.join(SETS)}")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the evaluation, prints its tables and writes the document; returns 2 for a corpus of another layout."""
    options = parse(arguments)
    chosen = {LEARNERS} if options.corpus else set(options.only)
    console = Console(width=None if sys.stdout.isatty() else 160)
    began = time.monotonic()
    parts: dict[str, list[Section]] = {"people": [], "tables": []}
    try:
        with TrialPool(options.processes, console) as pool:
            if not chosen or LEARNERS in chosen:
                parts["people"] = _shown(console, [people(pool, options.corpus, options.part)])
            if not chosen or chosen - {LEARNERS}:
                install_programs(console)
                parts["tables"] = _shown(console, run_experiments(pool, chosen - {LEARNERS}))
    except LayoutError as error:
        console.print(f"Not the layout of speechocean762: {error}", highlight=False)
        return 2
    floors = [floor for sections in parts.values() for section in sections for floor in section.floors]
    if floors:
        report.show(console, report.floors_table(floors))
    if not chosen:
        report.write(DOCUMENT, FRAME.read_text(encoding="utf-8"), floors, parts)
        console.print(f"Written: {DOCUMENT.relative_to(corpus.ROOT)}")
    console.print(f"{time.monotonic() - began:.0f} s")
    return 1 if _print_missed(console, floors) else 0


def _shown(console: Console, sections: list[Section]) -> list[Section]:
    """Prints the tables of the sections, and returns the sections."""
    for section in sections:
        for table in section.tables:
            report.show(console, table)
    return sections


def _print_missed(console: Console, floors: list[Floor]) -> bool:
    """Prints the floors that were missed; returns True when there is one."""
    missed = [floor for floor in floors if not floor.held]
    for floor in missed:
        console.print(f"MISSED: {floor.name}: {floor.value:.3f}, demanded {floor.demand}", highlight=False)
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
