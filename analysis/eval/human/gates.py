"""Tables on other lines than the one said: whole recordings and short pieces, both ways."""

from collections import Counter
from collections.abc import Callable, Sequence

from analysis.eval.engines import is_scored
from analysis.eval.human.findings import Findings
from analysis.eval.human.rows import PairRow, PieceRow, by_speaker
from analysis.eval.human.verdicts import DECENT
from analysis.eval.metrics import Estimate, grouped_share
from analysis.eval.report import Table, percent


def other_lines(pairs: Sequence[PairRow], pieces: Sequence[PieceRow]) -> Findings:
    """Returns the share of other lines that got scores, and of right short pieces that did not."""
    whole = grouped_share([[is_scored(row.attempt_class) for row in own] for own in by_speaker(pairs)])
    short = _pieces_share(pieces, lambda row: is_scored(row.other_class))
    refused = _pieces_share(pieces, lambda row: not is_scored(row.own_class))
    decent = [row for row in pieces if row.rating >= DECENT]
    refused_decent = _pieces_share(decent, lambda row: not is_scored(row.own_class))
    rows = [
        ["another speaker's line: scored", str(len(pairs)), percent(whole, 1), ""],
        ["piece of 1–3 words, another text of 1–3 words: scored", str(len(pieces)), percent(short, 1), ""],
        ["piece of 1–3 words, its own text: unscored", str(len(pieces)), percent(refused, 1), _causes(pieces)],
        ["the same, every word rated ≥ 6", str(len(decent)), percent(refused_decent, 1), _causes(decent)],
        *(_length_row(words, pieces) for words in sorted({row.words for row in pieces})),
    ]
    remark = (
        "Other texts are by other speakers and share no word with the recording's own, by spelling or by sounds. "
        "Pieces are cut at the word times of the result, 60 ms longer at both ends, with 0.3 s of silence around."
    )
    figures = {
        "learners, another line scored": whole.value,
        "learners, another short line scored": short.value,
        "learners, right short pieces unscored": refused.value,
    }
    return Findings([Table("Another line", ("what", "count", "share", "causes"), rows, remark)], figures)


def _pieces_share(pieces: Sequence[PieceRow], holds: Callable[[PieceRow], bool]) -> Estimate:
    return grouped_share([[holds(row) for row in own] for own in by_speaker(pieces)])


def _length_row(words: int, pieces: Sequence[PieceRow]) -> list[str]:
    own = [row for row in pieces if row.words == words]
    refused = _pieces_share(own, lambda row: not is_scored(row.own_class))
    return [f"piece of {words}, its own text: unscored", str(len(own)), percent(refused, 1), _causes(own)]


def _causes(pieces: Sequence[PieceRow]) -> str:
    classes = Counter(row.own_class for row in pieces if not is_scored(row.own_class))
    return ", ".join(f"{count} {name}" for name, count in classes.most_common())
