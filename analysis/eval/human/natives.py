"""The table on native readings: recordings of the tests, and the catalogue's human and synthetic lines."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from analysis.engine.languages.english.profile import ENGLISH
from analysis.eval import corpus
from analysis.eval.engines import is_scored
from analysis.eval.human.findings import Findings
from analysis.eval.human.rows import NativeRow, by_speaker
from analysis.eval.metrics import Estimate, grouped_share
from analysis.eval.report import Table, percent

_HIGH: Final = 90.0
HUMAN: Final = "people"
SYNTHETIC: Final = "the catalogue's synthetic voices"


def sources() -> Iterator[tuple[Path, str, str, str]]:
    """Yields file, text, speaker and group of each native reading; a recording that both places hold comes once."""
    lines = corpus.catalogue_lines(ENGLISH.tag)
    for line in lines:
        yield line.path, line.text, line.actor, SYNTHETIC if line.synthetic else HUMAN
    known = {line.path.name for line in lines}
    for path, text in corpus.recording_texts(ENGLISH.tag).items():
        if path.name not in known:
            yield path, text, path.stem, HUMAN


def natives(rows: Sequence[NativeRow]) -> Findings:
    """Returns the share of native readings scored at 90 or more, and of their words with a flagged sound."""
    groups = {name: [row for row in rows if row.group == name] for name in (HUMAN, SYNTHETIC)}
    shown = [_row(name, own) for name, own in groups.items()]
    columns = ("readings by", "readings", "scored", "overall ≥ 90", "words", "words with a flag")
    remark = "Without an actor. The human lines of the catalogue are recordings of the tests; each is counted once."
    figures = {
        "native readings scored with an overall score ≥ 90": _high(rows).value,
        "native readings: words with a flag": _flagged(rows).value,
    }
    return Findings([Table("Native readings", columns, shown, remark)], figures)


def _high(rows: Sequence[NativeRow]) -> Estimate:
    return grouped_share([[(row.overall or 0.0) >= _HIGH for row in own] for own in by_speaker(rows)])


def _flagged(rows: Sequence[NativeRow]) -> Estimate:
    return grouped_share([[flag for row in own for flag in row.flagged] for own in by_speaker(rows)])


def _row(name: str, rows: Sequence[NativeRow]) -> list[str]:
    scored = grouped_share([[is_scored(row.attempt_class) for row in own] for own in by_speaker(rows)])
    words = sum(len(row.flagged) for row in rows)
    return [name, str(len(rows)), percent(scored), percent(_high(rows)), str(words), percent(_flagged(rows), 1)]
