"""The floors of the evaluation."""

from analysis.eval import report


def test_unmeasured_floor_counts_as_missed() -> None:
    assert report.Floor("x", 0.95, least=0.94).held and not report.Floor("x", 0.93, least=0.94).held
    assert report.Floor("x", -0.95, most=-0.92).held and not report.Floor("x", -0.9, most=-0.92).held
    assert not report.Floor("x", float("nan"), least=0.0).held
