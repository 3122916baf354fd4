"""The stages of a job: each has a message, and the engine reports its own in order."""

from analysis.engine.engine import Engine
from analysis.stages import MESSAGES, STARTS_AT, Stage
from analysis.tests.conftest import Recording


def test_every_stage_has_a_message_and_progress_grows() -> None:
    assert set(MESSAGES) == set(Stage)
    assert list(STARTS_AT.values()) == sorted(set(STARTS_AT.values()))
    assert set(Stage) - set(STARTS_AT) == {Stage.QUEUED, Stage.COMPLETED, Stage.FAILED}


def test_engine_reports_its_stages_in_order(engine: Engine, recordings: list[Recording]) -> None:
    reported: list[Stage] = []
    shortest = min(recordings, key=lambda recording: len(recording.audio))
    engine.analyze(shortest.audio, shortest.text, None, reported.append)
    assert reported == [stage for stage in STARTS_AT if stage != Stage.DECODING]
