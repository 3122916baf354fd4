"""The stages of a job: each has a message, and the engine reports them in order with their progress."""

from analysis.engine.engine import Engine
from analysis.stages import MESSAGES, STARTS_AT, Stage
from analysis.tests.conftest import Recording


def test_every_stage_has_a_message_and_progress_grows() -> None:
    assert set(MESSAGES) == set(Stage)
    assert list(STARTS_AT.values()) == sorted(set(STARTS_AT.values()))
    assert set(Stage) - set(STARTS_AT) == {Stage.QUEUED, Stage.COMPLETED, Stage.FAILED}


def test_the_engine_reports_these_stages_and_progress(engine: Engine, recordings: list[Recording]) -> None:
    reported: list[tuple[str, int]] = []
    shortest = min(recordings, key=lambda recording: len(recording.audio))
    engine.analyze(shortest.audio, shortest.text, None, lambda stage, progress: reported.append((stage, progress)))
    assert reported == [item for item in STARTS_AT.items() if item[0] != Stage.DECODING]
