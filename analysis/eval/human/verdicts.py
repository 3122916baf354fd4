"""Tables on verdicts about learners: unscored readings, flagged sounds, words called good."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from analysis.eval.human.findings import Findings
from analysis.eval.human.rows import ReadingRow, SoundRow, WordRow, by_speaker, sounds_of, words_of
from analysis.eval.metrics import Estimate, grouped_share
from analysis.eval.report import Table, percent

DECENT: Final = 6.0
"""Total rating from which a reading counts as decent, 0–10."""
RIGHT: Final = 1.5
"""Mean rating from which a sound counts as right, 0–2."""
WRONG: Final = 1.0
"""Mean rating below which a sound counts as wrong, 0–2."""
_GOOD_WORD: Final = 9.5
_BAD_WORD: Final = 6.0
_MIN_WRONG: Final = 30
_OTHER_SOUNDS: Final = "other sounds"


def unscored(readings: Sequence[ReadingRow]) -> Findings:
    """Returns the share of genuine readings that were left unscored, by class."""
    decent = [reading for reading in readings if reading.ratings["total"] >= DECENT]
    classes = sorted({reading.attempt_class for reading in readings if not reading.scored})
    total = [_share_of(group, lambda reading: not reading.scored) for group in (readings, decent)]
    rows = [["unscored, any cause", *map(_percent, total)]]
    for name in classes:
        rows.append([name, *(_percent(_share_of(group, _has_class(name))) for group in (readings, decent))])
    rows.append(
        ["incomplete (scored)", *(_percent(_share_of(some, _has_class("incomplete"))) for some in (readings, decent))]
    )
    columns = ("cause", f"all {len(readings)} readings", f"the {len(decent)} rated total ≥ 6")
    figures = {
        "learners, genuine readings unscored": total[0].value,
        "learners, unscored of those rated ≥ 6": total[1].value,
    }
    return Findings([Table("Genuine readings left unscored", columns, rows)], figures)


def _has_class(name: str) -> Callable[[ReadingRow], bool]:
    return lambda reading: reading.attempt_class == name


def _share_of(readings: Sequence[ReadingRow], holds: Callable[[ReadingRow], bool]) -> Estimate:
    return grouped_share([[holds(reading) for reading in own] for own in by_speaker(readings)])


def _percent(estimate: Estimate) -> str:
    return percent(estimate, 1)


Sounds = Sequence[Sequence[SoundRow]]
"""Sounds in groups of one speaker each."""


def flags(readings: Sequence[ReadingRow]) -> Findings:
    """Returns right sounds flagged, wrong sounds hit and precision: in total, by age group, by expected sound."""
    groups = {"all": list(readings)}
    for name in sorted({reading.age_group for reading in readings}):
        groups[name] = [reading for reading in readings if reading.age_group == name]
    rows = [_flag_row(name, _by_speaker(own)) for name, own in groups.items()]
    rows += [_flag_row(name, sounds) for name, sounds in _by_sound(_by_speaker(readings)).items()]
    columns = (
        "sounds",
        "right",
        "wrong",
        "right ones flagged",
        "wrong ones flagged",
        "flags",
        "precision, rated < 1",
        "precision, rated < 1.5",
    )
    remark = (
        "Sounds of scored recordings, rated 0–2 by five raters: right from 1.5, wrong below 1, between them neither. "
        "Precision: share of the flagged sounds that are rated below 1 or 1.5. Child: below 16 years. Sounds with at "
        f"least {_MIN_WRONG} wrong occurrences have a row; a sound of an omitted word has no flag."
    )
    every = _by_speaker(readings)
    figures = {
        "learners, right sounds flagged": _false_alarms(every).value,
        "learners, wrong sounds flagged": _hits(every).value,
        "learners, precision of flags (rated < 1)": _precision(every, WRONG).value,
        "learners, precision of flags (rated < 1.5)": _precision(every, RIGHT).value,
    }
    return Findings([Table("Flagged sounds", columns, rows, remark)], figures)


def _by_speaker(readings: Sequence[ReadingRow]) -> list[list[SoundRow]]:
    return [sounds_of(own) for own in by_speaker(readings)]


def _by_sound(groups: Sounds) -> dict[str, Sounds]:
    """Returns the sounds by the expected one, rare ones together; each in groups of one speaker."""
    wrong = Counter(sound.expected for own in groups for sound in own if sound.rating < WRONG)
    usual = sorted(name for name, count in wrong.items() if count >= _MIN_WRONG)
    found: dict[str, Sounds] = {
        name: [[sound for sound in own if sound.expected == name] for own in groups] for name in usual
    }
    if usual:
        found[_OTHER_SOUNDS] = [[sound for sound in own if sound.expected not in usual] for own in groups]
    return found


def _flag_row(name: str, groups: Sounds) -> list[str]:
    every = [sound for own in groups for sound in own]
    return [
        name,
        str(sum(sound.rating >= RIGHT for sound in every)),
        str(sum(sound.rating < WRONG for sound in every)),
        percent(_false_alarms(groups), 2),
        _percent(_hits(groups)),
        str(sum(sound.flagged for sound in every)),
        percent(_precision(groups, WRONG)),
        percent(_precision(groups, RIGHT)),
    ]


def _false_alarms(groups: Sounds) -> Estimate:
    return grouped_share([[sound.flagged for sound in own if sound.rating >= RIGHT] for own in groups])


def _hits(groups: Sounds) -> Estimate:
    return grouped_share([[sound.flagged for sound in own if sound.rating < WRONG] for own in groups])


def _precision(groups: Sounds, below: float) -> Estimate:
    return grouped_share([[sound.rating < below for sound in own if sound.flagged] for own in groups])


def words(readings: Sequence[ReadingRow]) -> Findings:
    """Returns how often well rated words are not called good or flagged, and badly rated ones called good."""
    groups = [words_of(own) for own in by_speaker(readings)]
    measured = {
        "rated ≥ 9.5: not “good”": _word_share(groups, _well_rated, lambda word: word.status != "good"),
        "rated ≥ 9.5: with a flagged sound": _word_share(groups, _well_rated, lambda word: word.flagged),
        "rated < 6: “good”": _word_share(groups, _badly_rated, lambda word: word.status == "good"),
        "“good” with a flagged sound": _word_share(groups, _called_good, lambda word: word.flagged),
    }
    rows = [[name, str(count), _percent(estimate)] for name, (estimate, count) in measured.items()]
    table = Table("Words", ("words", "count", "share"), rows, "Words of scored recordings, rated 0–10.")
    return Findings([table], {f"learners, words {name}": own[0].value for name, own in measured.items()})


def _well_rated(word: WordRow) -> bool:
    return word.rating >= _GOOD_WORD


def _badly_rated(word: WordRow) -> bool:
    return word.rating < _BAD_WORD


def _called_good(word: WordRow) -> bool:
    return word.status == "good"


def _word_share(
    groups: Sequence[Sequence[WordRow]], chosen: Callable[[WordRow], bool], holds: Callable[[WordRow], bool]
) -> tuple[Estimate, int]:
    """Returns the share among the chosen words, and their number."""
    estimate = grouped_share([[holds(word) for word in own if chosen(word)] for own in groups])
    return estimate, sum(chosen(word) for own in groups for word in own)
