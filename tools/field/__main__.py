"""`make field FIELD=folder`: tries inputs of the field on the service, prints a table, exits with 1 when one is wrong.

The folder holds expected.json and recordings/, media/, subtitles/, lines.tsv, or some of them; by default the makers
that ship with the tests write one.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from core.settings import ROOT
from local.console import make_console
from local.supervisor import ComponentFailed
from tests.support import field_files
from tools.field import lines, media, recordings, subtitles
from tools.field.rows import Row
from tools.field.service import admin_client, on_new_service

Check = Callable[[Path, httpx.Client], Iterator[Row]]

PARTS: dict[str, Check] = {module.PART: module.check for module in (recordings, media, subtitles, lines)}
LOG = ROOT / ".data" / "log" / "field.log"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.field", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="by default: the inputs that ship with the tests")
    parser.add_argument("--part", action="append", choices=PARTS, help="only this part; may be given repeatedly")
    parser.add_argument("--base-url", help="URL of a running development service; by default one is started")
    options = parser.parse_args()
    console, rows = make_console(), list[Row]()
    with tempfile.TemporaryDirectory() as name:
        folder = options.folder or _shipped(Path(name))

        def work(url: str) -> None:
            with admin_client(url) as client:
                for part in options.part or PARTS:
                    rows.extend(_shown(PARTS[part](folder, client), console))

        try:
            if options.base_url:
                work(options.base_url)
            else:
                LOG.parent.mkdir(parents=True, exist_ok=True)
                console.print(f"Starting the service (its log: {LOG}) ...")
                on_new_service(work, LOG)
        except (ComponentFailed, OSError, httpx.HTTPError) as error:
            console.print(f"The run failed: {error or type(error).__name__}", style="red", markup=False)
            return 1
    print_table(rows, console)
    return 0 if rows and all(row.right for row in rows) else 1


def print_table(rows: list[Row], console: Console) -> None:
    """Prints all rows, and how many are right."""
    table = Table(
        "part", "input", "expected", "found", "", title=f"{sum(row.right for row in rows)} of {len(rows)} right"
    )
    for row in rows:
        mark = "[green]right[/]" if row.right else "[red]WRONG[/]"
        table.add_row(row.part, _plain(row.name), _plain(row.expected), _plain(row.found), mark)
    console.print(table)


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


def _shown(rows: Iterator[Row], console: Console) -> Iterator[Row]:
    """Passes on the rows, and shows each as it comes."""
    for row in rows:
        console.print("." if row.right else "F", end="")
        yield row
    console.print()


def _shipped(folder: Path) -> Path:
    expected = field_files.write(folder)
    (folder / "expected.json").write_text(json.dumps(expected), encoding="utf-8")
    return folder


if __name__ == "__main__":
    sys.exit(main())
