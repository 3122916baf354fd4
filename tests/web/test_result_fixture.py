"""The page is tested with a result of the present schema."""

import json

from analysis.engine.result import DetailedFeedback
from web.build import WEB

FIXTURE = WEB / "src" / "features" / "result" / "fixture.json"


def test_feedback_of_the_fixture_has_the_present_schema() -> None:
    feedback = json.loads(FIXTURE.read_text(encoding="utf-8"))["detailed_feedback"]
    DetailedFeedback.model_validate(feedback)


def test_no_word_of_the_fixture_is_good_with_a_flagged_sound() -> None:
    words = json.loads(FIXTURE.read_text(encoding="utf-8"))["detailed_feedback"]["words"]
    flagged = [word["status"] for word in words if any(phone["flagged"] for phone in word["phones"])]
    assert flagged
    assert "good" not in flagged
