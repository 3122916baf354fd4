"""The tables on people, on rows made by hand."""

import math
from pathlib import Path

import pytest

from analysis.eval import plots
from analysis.eval.human import agreement, experiment, floors, gates, natives, stability, verdicts
from analysis.eval.human.rows import CopyRow, Measurement, NativeRow, PairRow, PieceRow, ReadingRow, SoundRow, WordRow

HARMLESS, NOISE = "7 ms later", "pink noise, 20 dB"


def word(rating: float, score: float, status: str = "good", *sounds: tuple[float, bool]) -> WordRow:
    """Returns a word; a sound is its rating and flag, and scores 50 × its rating."""
    rows = tuple(SoundRow("IY", rated, 50 * rated, flagged) for rated, flagged in sounds)
    return WordRow(rating, score, status, any(flagged for _, flagged in sounds), rows)


def reading(
    speaker: str, rating: float, score: float | None, *words: WordRow, kind: str = "scored", age: str = "adult"
) -> ReadingRow:
    """Returns a reading with the same rating and score at each level."""
    levels = ("accuracy", "fluency", "prosodic", "total")
    ratings = dict.fromkeys(levels, rating)
    scores: dict[str, float | None] = dict.fromkeys(levels, score)
    return ReadingRow(f"{speaker}-{rating}", speaker, age, kind, ratings, scores, words)


READINGS = [
    reading("a", 10, 90, word(10, 95, "good", (2, False), (0, True)), word(10, 50, "fair", (2, True))),
    reading("a", 8, 70, word(5, 80, "good", (0.5, False), (1.2, True))),
    reading("b", 6, 50, word(9.5, 90, "good", (2, False), (2, False)), age="child"),
    reading("b", 9, None, word(9, 0, "unscored", (2, False)), kind="too_noisy", age="child"),
]


def test_agreement_is_the_correlation_of_ratings_and_scores() -> None:
    found = agreement.agreement(READINGS)
    # 10, 8, 6, 9 against 90, 70, 50, 0
    assert found.figures["learners, total: PCC"] == pytest.approx(27.5 / (8.75 * 4475) ** 0.5)
    rows = {row[0]: row for row in found.tables[0].rows}
    assert rows["sentence total (overall score)"][1] == "4" and rows["sentence total (overall score)"][4] == "0.87"
    assert rows["sentence total (overall score), scored recordings"][2].startswith("1.000")
    assert rows["sound accuracy"][1] == "8" and rows["sound accuracy, scored recordings"][1] == "7"
    assert rows["word accuracy"][1] == "5"


def test_a_level_that_is_not_measured_has_no_figure() -> None:
    without = [ReadingRow(r.name, r.speaker, "adult", "scored", r.ratings, {}, r.words) for r in READINGS]
    found = agreement.agreement(without)
    assert math.isnan(found.figures["learners, prosodic: PCC"])
    assert {row[0]: row[2] for row in found.tables[0].rows}["sentence prosody"] == "–"


def test_calibration_gives_bins_and_distances(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plots, "FOLDER", tmp_path)
    found = agreement.calibration(READINGS, "curve.png")
    rows = {row[0]: row[1:] for row in found.tables[0].rows}
    assert rows["90–100"] == ["1", "100.0", "1", "100.0"] and rows["0–10"] == ["0", "–", "0", "–"]
    assert found.figures["learners, total: mean distance to 10 × rating"] == pytest.approx(10)
    assert found.tables[1].rows[0][2].startswith("−10.0")
    assert found.tables[0].plot == "curve.png" and (tmp_path / "curve.png").stat().st_size > 1000


def test_unscored_readings_are_counted_by_cause() -> None:
    found = verdicts.unscored([*READINGS, reading("c", 3, 40, kind="incomplete")])
    assert found.figures["learners, genuine readings unscored"] == pytest.approx(1 / 5)
    assert found.figures["learners, unscored of those rated ≥ 6"] == pytest.approx(1 / 4)
    rows = {row[0]: row[1:] for row in found.tables[0].rows}
    assert rows["too_noisy"][0].startswith("20.0 %") and rows["incomplete (scored)"][1].startswith("0.0 %")


def test_flags_are_compared_with_the_ratings() -> None:
    found = verdicts.flags(READINGS)
    assert found.figures["learners, right sounds flagged"] == pytest.approx(1 / 4)
    assert found.figures["learners, wrong sounds flagged"] == pytest.approx(1 / 2)
    assert found.figures["learners, precision of flags (rated < 1)"] == pytest.approx(1 / 3)
    assert found.figures["learners, precision of flags (rated < 1.5)"] == pytest.approx(2 / 3)
    rows = {row[0]: row[1:] for row in found.tables[0].rows}
    assert rows["child"][:2] == ["2", "0"] and rows["child"][3] == "–" and rows["adult"][4] == "3"


def test_a_sound_with_many_wrong_occurrences_gets_a_row() -> None:
    bad = word(2, 10, "poor", *[(0.0, True)] * 30)
    other = WordRow(9, 90, "good", False, (SoundRow("T", 0.0, 80, False),))
    rows = {row[0]: row[1:] for row in verdicts.flags([reading("a", 3, 30, bad, other)]).tables[0].rows}
    assert rows["IY"][1] == "30" and rows["other sounds"][1] == "1" and "T" not in rows


def test_words_are_compared_with_their_ratings() -> None:
    figures = verdicts.words(READINGS).figures
    assert figures["learners, words rated ≥ 9.5: not “good”"] == pytest.approx(1 / 3)
    assert figures["learners, words rated ≥ 9.5: with a flagged sound"] == pytest.approx(2 / 3)
    assert figures["learners, words rated < 6: “good”"] == 1
    assert figures["learners, words “good” with a flagged sound"] == pytest.approx(2 / 3)


def test_other_lines_and_pieces_are_counted_both_ways() -> None:
    pairs = [
        PairRow("a", "wrong_sentence"),
        PairRow("a", "scored"),
        PairRow("b", "too_noisy"),
        PairRow("b", "incomplete"),
    ]
    pieces = [
        PieceRow("a", 1, 9, "scored", "wrong_sentence"),
        PieceRow("a", 2, 3, "wrong_sentence", "scored"),
        PieceRow("b", 3, 8, "scored", "wrong_sentence"),
        PieceRow("b", 1, 8, "too_short", "too_short"),
    ]
    found = gates.other_lines(pairs, pieces)
    assert found.figures["learners, another line scored"] == 0.5
    assert found.figures["learners, another short line scored"] == 0.25
    assert found.figures["learners, right short pieces unscored"] == 0.5
    rows = {row[0]: row[1:] for row in found.tables[0].rows}
    assert (
        rows["the same, every word rated ≥ 6"][0] == "3" and rows["the same, every word rated ≥ 6"][2] == "1 too_short"
    )
    assert rows["piece of 2, its own text: unscored"][2] == "1 wrong_sentence"


def test_changes_are_counted_by_kind_of_copy() -> None:
    rows = [
        CopyRow("a", HARMLESS, (True, False, False, False), (False, False)),
        CopyRow("b", HARMLESS, (), (True, False)),
        CopyRow("a", NOISE, (True,), (True, True)),
    ]
    found = stability.stability(rows)
    assert found.figures["learners, flags that change: harmless copies"] == 0.25
    assert found.figures["learners, word verdicts that change: harmless copies"] == 0.25
    assert found.figures["learners, word verdicts that change: noise and room"] == 1
    shown = {row[0]: row[1:] for row in found.tables[0].rows}
    assert shown["all harmless copies"][0] == "4" and shown["all harmless copies"][2] == "4"


def test_native_readings_need_a_high_score_and_no_flag() -> None:
    rows = [
        NativeRow("Grace", natives.SYNTHETIC, "scored", 97.0, (False, False, True)),
        NativeRow("Kennedy", natives.HUMAN, "scored", 89.0, (False,)),
        NativeRow("reader", natives.HUMAN, "too_noisy", None, ()),
    ]
    figures = natives.natives(rows).figures
    assert figures["native readings scored with an overall score ≥ 90"] == pytest.approx(1 / 3)
    assert figures["native readings: words with a flag"] == 0.25


def test_every_native_recording_is_measured_once() -> None:
    found = list(natives.sources())
    names = [path.name for path, *_ in found]
    assert len(names) == len(set(names)) and "goforward.flac" in names and "jfk.flac" in names
    assert {group for *_, group in found} == {natives.HUMAN, natives.SYNTHETIC}
    assert all(path.is_file() for path, *_ in found)


def test_every_limit_is_on_a_figure_that_is_measured() -> None:
    pair, piece = PairRow("a", "wrong_sentence"), PieceRow("a", 1, 9, "scored", "wrong_sentence")
    learners = [Measurement(own, (pair,), (piece,)) for own in READINGS]
    native = NativeRow("Grace", natives.SYNTHETIC, "scored", 97.0, (False,))
    found = experiment.tables(experiment.Measured(learners, [CopyRow("a", HARMLESS, (True,), (False,))], [native]))
    set_on = floors.floors(found.figures)
    assert len(set_on) == len(floors.LIMITS)
    assert all((floor.least is None) != (floor.most is None) for floor in set_on)
