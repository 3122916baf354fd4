"""The synthetic voices; nothing here needs a program of the system."""

from pathlib import Path

import numpy as np
import pytest

from analysis.engine.engine import Engine
from analysis.eval import voice
from analysis.eval.languages.english import wrong_sounds
from analysis.eval.languages.english.voices import find_voice, list_voices


def test_a_wrong_sound_scores_lower_than_a_right_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    monkeypatch.setattr(voice, "CACHE", tmp_path)
    heart = find_voice("hibari-heart")
    line = wrong_sounds.line("Bring the light rice", engine.lexicon)
    right = heart.say_phones(line.words)
    errors = wrong_sounds.possible_errors(line)
    error = next(error for error in errors if error.kind == "R said as L" and error.word == 3)
    good = engine.analyze(right, line.text, None)
    wrong = engine.analyze(heart.say_phones(line.spoken([error])), line.text, None)
    scores = [result.detailed_feedback.words[3].score or 0 for result in (good, wrong)]
    assert scores[0] > 80 and scores[1] < scores[0] - 20


def test_a_rendered_line_is_read_from_the_cache_the_second_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    monkeypatch.setattr(voice, "CACHE", tmp_path)
    heart = find_voice("hibari-heart")
    words = wrong_sounds.line("Bring the light rice", engine.lexicon).words
    first = heart.say_phones(words)
    assert first.dtype == np.float32 and 0.49 < np.abs(first).max() < 0.501
    assert np.array_equal(first, heart.say_phones(words))
    assert len(list(tmp_path.rglob("*.npy"))) == 1


def test_families_share_no_engine() -> None:
    families = {name: {v.engine for v in list_voices() if v.family == name} for name in ("fit", "held-out")}
    assert not families["fit"] & families["held-out"]
    assert families["held-out"] == {"hibari"}
