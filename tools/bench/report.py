"""Prints results, and writes them to docs/performance.md between the markers of their section."""

import re
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table as ScreenTable

from core.settings import ROOT
from tools.bench.results import Goal, SectionResults, Table

DOCUMENT = ROOT / "docs" / "performance.md"


def show(console: Console, results: SectionResults) -> None:
    """Prints the tables of a section."""
    for table in results.tables:
        printed = ScreenTable(title=table.title, title_justify="left")
        for heading in table.headings:
            printed.add_column(heading, justify="right")
        for row in table.rows:
            printed.add_row(
                *(f"[bold]{cell.replace('**', '')}[/bold]" if cell.startswith("**") else cell for cell in row)
            )
        console.print(printed)


def show_goals(console: Console, sections: Mapping[str, SectionResults]) -> None:
    """Prints each goal of all sections, and whether it is met."""
    for goal in _goals(sections):
        verdict = "[green]met    [/green]" if goal.is_met else "[red]not met[/red]"
        console.print(f"{verdict}  {goal.subject}: {goal.measured} (goal {goal.limit})")


def write(machine: str, sections: Mapping[str, SectionResults], document: Path = DOCUMENT) -> None:
    """Replaces these sections of the document, and leaves the rest unchanged."""
    text = document.read_text(encoding="utf-8")
    for name, results in sections.items():
        text = _replace_section(text, name, _render(machine, results))
    document.write_text(text, encoding="utf-8")


def _replace_section(text: str, name: str, content: str) -> str:
    begin, end = f"<!-- bench {name} -->", f"<!-- /bench {name} -->"
    if begin not in text or end not in text:
        raise ValueError(f"{DOCUMENT.name} has no section {name}: add the lines {begin} and {end}")
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    return pattern.sub(lambda _: f"{begin}\n{content}\n{end}", text)


def _render(machine: str, results: SectionResults) -> str:
    parts = [_markdown(table) for table in results.tables]
    parts += [f"![{description}](images/{name})" for name, description in results.charts]
    parts += [_goal_table(results.goals)] if results.goals else []
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


def _goal_table(goals: list[Goal]) -> str:
    lines = ["| measure | goal | measured | |", "|---|---:|---:|---|"]
    for goal in goals:
        verdict = "met" if goal.is_met else "**not met**"
        lines.append(f"| {goal.subject} | {goal.limit} | {goal.measured} | {verdict} |")
    return "\n".join(lines)


def _goals(sections: Mapping[str, SectionResults]) -> list[Goal]:
    return [goal for results in sections.values() for goal in results.goals]
