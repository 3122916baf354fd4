"""Lines whose written form has several readings, said by a synthetic voice."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from analysis.engine.engine import Engine
from analysis.engine.result import AnalysisResult

Say = Callable[[str], npt.NDArray[np.float32]]
CALL = "sˈʌmbɑdi kˈɔl "
THERE = "ðɛɹ wɜɹ {} pˈipᵊl hˈɪɹ"


def _troubled(result: AnalysisResult) -> list[str]:
    words = result.detailed_feedback.words
    return [word.text for word in words if word.status == "omitted" or any(phone.flagged for phone in word.phones)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Somebody call 911!", CALL + "nˈIn wˈʌn wˈʌn"),
        ("Somebody call 911!", CALL + "nˈIn əlˈɛvən"),
        ("There were 150 people here.", THERE.format("ə hˈʌndɹəd ænd fˈɪfti")),
        ("There were 150 people here.", THERE.format("wˈʌn fˈɪfti")),
        ("[laughs] There were 150 people here.", THERE.format("wˈʌn hˈʌndɹəd fˈɪfti")),
    ],
)
def test_each_usual_reading_is_scored(engine: Engine, say: Say, line: str, said: str) -> None:
    result = engine.analyze(say(said), line, None)
    assert result.attempt_class == "scored"
    assert _troubled(result) == []


@pytest.mark.parametrize(
    ("line", "said", "word"),
    [
        ("Somebody call 911!", CALL + "nˈIn wˈʌn tˈu", "911"),
        ("There were 150 people here.", THERE.format("ə hˈʌndɹəd ænd sˈɪksti"), "150"),
    ],
)
def test_another_number_is_flagged(engine: Engine, say: Say, line: str, said: str, word: str) -> None:
    assert word in _troubled(engine.analyze(say(said), line, None))


def test_corrected_reading_is_the_only_one(engine: Engine, say: Say) -> None:
    audio = say(CALL + "nˈIn əlˈɛvən")
    result = engine.analyze(audio, "Somebody call 911!", None, spoken_form="somebody call nine eleven")
    assert [word.text for word in result.detailed_feedback.words] == ["Somebody", "call", "911"]
    assert _troubled(result) == []
    other = engine.analyze(audio, "Somebody call 911!", None, spoken_form="somebody call nine one one")
    assert other.overall_score is not None and result.overall_score is not None
    assert other.overall_score < result.overall_score - 5
