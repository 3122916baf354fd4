"""Findings on the screen, and in docs/performance.md between the marks of their part."""

import re
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table as ScreenTable

from tests.support.server_processes import ROOT
from tools.bench.findings import Findings, Table, Target

DOCUMENT = ROOT / "docs" / "performance.md"
IMAGES = ROOT / "docs" / "images"


def show(console: Console, findings: Findings) -> None:
    for table in findings.tables:
        shown = ScreenTable(title=table.title, title_justify="left")
        for heading in table.headings:
            shown.add_column(heading, justify="right")
        for row in table.rows:
            shown.add_row(*(f"[bold]{cell.strip('*')}[/bold]" if cell.startswith("**") else cell for cell in row))
        console.print(shown)


def show_targets(console: Console, found: Mapping[str, Findings]) -> None:
    for target in _targets(found):
        word = "[green]reached    [/green]" if target.is_reached else "[red]not reached[/red]"
        console.print(f"{word}  {target.what}: {target.measured} (goal {target.goal})")


def write(machine: str, found: Mapping[str, Findings], document: Path = DOCUMENT) -> None:
    """Replaces what the document says of these parts; the rest of it stays as it is."""
    text = document.read_text(encoding="utf-8")
    for name, findings in found.items():
        text = _replaced(text, name, _section(machine, findings))
    document.write_text(text, encoding="utf-8")


def _replaced(text: str, name: str, content: str) -> str:
    begin, end = f"<!-- bench {name} -->", f"<!-- /bench {name} -->"
    if begin not in text or end not in text:
        raise ValueError(f"{DOCUMENT.name} has no place for {name}: put the lines {begin} and {end} into it")
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    return pattern.sub(lambda _: f"{begin}\n{content}\n{end}", text)


def _section(machine: str, findings: Findings) -> str:
    parts = [_markdown(table) for table in findings.tables]
    parts += [f"![{meaning}](images/{name})" for name, meaning in findings.pictures]
    parts += [_target_table(findings.targets)] if findings.targets else []
    return "\n\n".join([*parts, f"*{machine}.*"])


def _markdown(table: Table) -> str:
    lines = [
        f"**{table.title}**",
        "",
        f"| {' | '.join(table.headings)} |",
        f"|{'---:|' * len(table.headings)}",
        *(f"| {' | '.join(row)} |" for row in table.rows),
    ]
    return "\n".join([*lines, *(["", table.note] if table.note else [])])


def _target_table(targets: list[Target]) -> str:
    lines = ["| goal | wanted | measured | |", "|---|---:|---:|---|"]
    for target in targets:
        word = "reached" if target.is_reached else "**not reached**"
        lines.append(f"| {target.what} | {target.goal} | {target.measured} | {word} |")
    return "\n".join(lines)


def _targets(found: Mapping[str, Findings]) -> list[Target]:
    return [target for findings in found.values() for target in findings.targets]
