"""The trials on people, through the real engine."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from analysis.engine.engine import Engine
from analysis.engine.languages.english.profile import ENGLISH
from analysis.eval import engines
from analysis.eval.engines import is_scored
from analysis.eval.human import agreement, experiment, trials
from analysis.eval.human.rows import Measurement
from analysis.eval.human.trials import PiecePlan, Plan
from analysis.eval.pool import TrialPool
from analysis.eval.speechocean import SHIPPED, RatedWord, Utterance, load
from analysis.tests.conftest import SPEECH


@pytest.fixture(autouse=True)
def shared_engine(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    """Lets the trials use the engine of the tests."""
    monkeypatch.setattr(trials, "engine_with", lambda model=None: engine)


def measure_shipped(count: int) -> list[Measurement]:
    plan = Plan(("the weather is cold",), (PiecePlan(1, 0.5, "cold weather"),))
    return [trials.measure(own, plan) for own in load(SHIPPED)[:count]]


def test_three_shipped_recordings_give_every_table() -> None:
    measured = measure_shipped(3)
    for own, utterance in zip(measured, load(SHIPPED), strict=False):
        assert own.reading.speaker == utterance.speaker and len(own.pairs) == 1
        assert [word.rating for word in own.reading.words] == [word.accuracy for word in utterance.words]
    assert any(own.reading.scored for own in measured) and any(own.pieces for own in measured)
    found = experiment.tables(experiment.Measured(measured, trials.copies(load(SHIPPED)[0]), []))
    assert len(found.tables) == 9 and np.isfinite(found.figures["learners, sound: PCC"])


def go_forward(engine: Engine, text: str, wrong: str = "") -> Utterance:
    """Returns the recording "go forward ten meters" against a text, in which one word has low ratings."""
    words = []
    for word in engine.lexicon.read(text):
        phones = tuple(word.pronunciations[0].shown)
        mark = 0.0 if word.text == wrong else 2.0
        words.append(RatedWord(word.text, phones, 5 * mark, (mark,) * len(phones)))
    rating = 5.0 if wrong else 10.0
    ratings = dict.fromkeys(("accuracy", "fluency", "prosodic", "total"), rating)
    return Utterance(f"go-{wrong}", "1", 30, SPEECH / "goforward.flac", text, tuple(words), ratings)


def test_scores_follow_the_ratings_of_a_wrong_word(engine: Engine) -> None:
    right = trials.measure(go_forward(engine, "go forward ten meters"), Plan()).reading
    wrong = trials.measure(go_forward(engine, "go forward ten oranges", "oranges"), Plan()).reading
    assert right.scored and {word.status for word in right.words} == {"good"}
    assert wrong.words[3].score < 50 < wrong.words[0].score
    figures = agreement.agreement([right, wrong]).figures
    assert figures["learners, word: PCC"] > 0.5 and figures["learners, sound: PCC"] > 0.5


def test_an_unscored_recording_scores_nothing(engine: Engine) -> None:
    utterance = go_forward(engine, "never again will anybody listen")
    row = trials.measure(utterance, Plan()).reading
    assert not row.scored and {word.status for word in row.words} == {"unscored"}
    sounds = [sound for word in row.words for sound in word.sounds]
    assert len(sounds) == sum(len(word.phones) for word in utterance.words)
    assert all(sound.score == 0 and not sound.flagged for sound in sounds)
    assert row.scores["total"] is None


def test_a_piece_is_told_from_another_text(engine: Engine) -> None:
    plan = Plan(("she sells sea shells",), (PiecePlan(2, 0.99, "purple fish"),))
    measured = trials.measure(go_forward(engine, "go forward ten meters"), plan)
    assert not is_scored(measured.pairs[0].attempt_class)
    (piece,) = measured.pieces
    assert piece.words == 2 and is_scored(piece.own_class) and not is_scored(piece.other_class)


def test_a_cut_has_silence_around_and_stays_inside() -> None:
    samples = np.ones(16_000, np.float32)
    piece = trials.cut(samples, 0.03, 0.5)
    assert len(piece) == 4_800 + 8_960 + 4_800 and piece[4_800:-4_800].all()
    assert not piece[:4_800].any() and not piece[-4_800:].any()


def test_a_copy_that_is_refused_changes_every_verdict(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    silent: dict[str, Callable[[Any], Any]] = {"same": lambda own: own, "silent": lambda own: own * 0}
    monkeypatch.setattr(trials, "COPIES", silent)
    same, changed = trials.copies(go_forward(engine, "go forward ten meters"))
    assert same.words_changed == (False,) * 4 and not any(same.flags_changed)
    assert changed.words_changed == (True,) * 4


def test_native_readings_have_scores_and_words() -> None:
    row = trials.native(SPEECH / "goforward.flac", "go forward ten meters", "reader", "people")
    assert row.attempt_class == "scored" and (row.overall or 0) > 80 and len(row.flagged) == 4


class Pool:
    """Runs trials at once and notes their arguments."""

    def __init__(self) -> None:
        self.models: list[str | None] = []

    def run(self, _: str, trial: Callable[..., Any], arguments: Sequence[Sequence[Any]]) -> list[Any]:
        """Returns the name of each recording."""
        self.models += [own[-1] for own in arguments]
        return [own[0].name for own in arguments]


def test_recordings_are_measured_with_the_model_of_their_fold() -> None:
    utterances = load(SHIPPED)[:6]
    models = {own.name: f"fold-{at % 2}" for at, own in enumerate(utterances)}
    pool = Pool()
    collected: list[Any] = experiment.collect(cast(TrialPool, pool), utterances, models)
    assert collected == [own.name for own in utterances]
    assert pool.models == ["fold-0"] * 3 + ["fold-1"] * 3


def test_another_rating_model_replaces_the_shipped_one(tmp_path: Path) -> None:
    own = ENGLISH.rating_model
    stored = json.loads(own.read_text(encoding="utf-8")) | {"name": "rating-of-a-fold"}
    (tmp_path / "model.json").write_text(json.dumps(stored), encoding="utf-8")
    shutil.copy(own.with_suffix(".npz"), tmp_path / "model.npz")
    assert engines.engine_with(str(tmp_path / "model.json")).info.models["rating"] == "rating-of-a-fold"
