"""The table on copies of a recording: how many flags and word verdicts change."""

from collections.abc import Callable, Sequence

from analysis.eval import signals
from analysis.eval.human.findings import Findings
from analysis.eval.human.rows import CopyRow, by_speaker
from analysis.eval.metrics import Estimate, grouped_share
from analysis.eval.report import Table, percent


def stability(rows: Sequence[CopyRow]) -> Findings:
    """Returns the share of flags and of word verdicts that change, by condition and by group of conditions."""
    groups = {
        name: [row for row in rows if row.condition == name]
        for name in (*signals.HARMLESS_COPIES, *signals.WORSE_COPIES)
    }
    harmless = [row for row in rows if row.condition in signals.HARMLESS_COPIES]
    worse = [row for row in rows if row.condition in signals.WORSE_COPIES]
    groups |= {"all harmless copies": harmless, "noise and room": worse}
    remark = (
        "Flags: of those that the recording or its copy has, the share that only one of them has. Verdicts: the share "
        "of words with another status. Where only one of the two is scored, all of its flags and verdicts change."
    )
    columns = ("copy", "flags", "flags that change", "words", "verdicts that change", "both together")
    figures = {}
    for name, own in (("harmless copies", harmless), ("noise and room", worse)):
        figures[f"learners, flags that change: {name}"] = _share(own, _flags).value
        figures[f"learners, word verdicts that change: {name}"] = _share(own, _words).value
    return Findings([Table("Stability", columns, [_row(*item) for item in groups.items()], remark)], figures)


def _flags(row: CopyRow) -> tuple[bool, ...]:
    return row.flags_changed


def _words(row: CopyRow) -> tuple[bool, ...]:
    return row.words_changed


def _both(row: CopyRow) -> tuple[bool, ...]:
    return row.flags_changed + row.words_changed


def _share(rows: Sequence[CopyRow], changes: Callable[[CopyRow], tuple[bool, ...]]) -> Estimate:
    return grouped_share([[value for row in own for value in changes(row)] for own in by_speaker(rows)])


def _row(name: str, rows: Sequence[CopyRow]) -> list[str]:
    return [
        name,
        str(sum(len(row.flags_changed) for row in rows)),
        percent(_share(rows, _flags), 1),
        str(sum(len(row.words_changed) for row in rows)),
        percent(_share(rows, _words), 1),
        percent(_share(rows, _both), 1),
    ]
