"""The evaluation bench's own arithmetic, lines and voices; nothing here needs a program from the system."""

import numpy as np
import pytest

from analysis.engine.engine import Engine
from analysis.engine.languages.english.phones import ENGLISH_PHONES
from analysis.eval import corpus, metrics, report, signals, voices


def test_the_area_counts_pairs_and_halves_ties() -> None:
    assert metrics.auc([1, 2], [3, 4]) == 1
    assert metrics.auc([3, 4], [1, 2]) == 0
    assert metrics.auc([1, 2, 2], [2, 3]) == pytest.approx((2 + 1.5 + 1.5) / 6)
    assert np.isnan(metrics.auc([], [1]))


def test_the_area_is_the_share_of_pairs_in_order() -> None:
    rng = np.random.default_rng(0)
    low, high = rng.integers(0, 20, 60), rng.integers(5, 25, 90)
    pairs = np.mean((low[:, None] < high[None]) + 0.5 * (low[:, None] == high[None]))
    assert metrics.auc(low, high) == pytest.approx(float(pairs))


def test_rank_correlation_sees_order_only() -> None:
    x = np.arange(20.0)
    assert metrics.spearman(x, np.exp(x)) == pytest.approx(1)
    assert metrics.spearman(x, -(x**3)) == pytest.approx(-1)
    assert metrics.pearson(x, 3 * x + 1) == pytest.approx(1)
    assert np.isnan(metrics.pearson(x, np.ones(20)))
    # 1, 2.5, 2.5, 4 against 1, 2, 3, 4
    assert metrics.spearman([1, 2, 2, 3], [1, 2, 3, 4]) == pytest.approx(4.5 / np.sqrt(4.5 * 5))


def test_hits_are_counted_where_false_alarms_stay_below_the_limit() -> None:
    right = np.arange(100.0)
    hits, threshold = metrics.hits_at([-1, 0.5, 1.5, 50], right, 0.02)
    assert (hits, threshold) == (0.75, 2.0)
    assert np.mean(right < threshold) <= 0.02


def test_intervals_hold_the_figure() -> None:
    estimate = metrics.bootstrap(list(range(50)), lambda items: float(np.mean(items)))
    assert estimate.low < estimate.value == 24.5 < estimate.high
    assert estimate == metrics.bootstrap(list(range(50)), lambda items: float(np.mean(items)))
    rate = metrics.share([True] * 20)
    assert rate.value == 1 and 0.8 < rate.low < 1 and rate.high == pytest.approx(1)


def test_a_floor_that_could_not_be_measured_is_missed() -> None:
    assert report.Floor("x", 0.95, least=0.94).held and not report.Floor("x", 0.93, least=0.94).held
    assert report.Floor("x", -0.95, most=-0.92).held and not report.Floor("x", -0.9, most=-0.92).held
    assert not report.Floor("x", float("nan"), least=0.0).held


def test_a_line_is_spelled_and_its_errors_are_errors(engine: Engine) -> None:
    line = corpus.line("These six sheep will live on the green hill", engine.lexicon)
    assert corpus.bare(line.words[2]) == ("SH", "IY", "P") and "IY1" in line.words[2]
    errors = corpus.possible_errors(line)
    assert {error.kind for error in errors} >= {"IY said as IH", "L said as R", "final S dropped"}
    for error in errors:
        assert corpus.bare(line.spoken([error])[error.word]) not in line.allowed[error.word]
        assert sum(a != b for a, b in zip(line.spoken([error]), map(list, line.words), strict=True)) == 1


def test_every_sound_has_a_spelling_in_every_alphabet() -> None:
    assert set(voices._MISAKI) == set(voices._ESPEAK) == set(ENGLISH_PHONES.names)
    assert voices.stressed(["AH", "B", "AW", "T"]) == ["AH0", "B", "AW1", "T"]
    assert voices.stressed(["DH", "AH"]) == ["DH", "AH1"]
    assert voices.misaki(["B", "ER1", "D"]) == "bˈɜɹd"
    assert corpus.from_misaki("bˈɜɹdz") == ("B", "ER1", "D", "Z")
    assert corpus.bare(corpus.from_misaki("mˈʌðəɹ")) == ("M", "AH", "DH", "ER")


@pytest.fixture
def cache(tmp_path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setattr(voices, "CACHE", tmp_path)
    return tmp_path


def test_a_voice_says_right_and_wrong_sounds(cache, engine: Engine) -> None:  # type: ignore[no-untyped-def]
    voice = next(voice for voice in voices.list_voices() if voice.name == "hibari-heart")
    line = corpus.line("Bring the light rice", engine.lexicon)
    right = voice.say_phones(line.words)
    assert right.dtype == np.float32 and 0.49 < np.abs(right).max() < 0.501
    assert np.array_equal(right, voice.say_phones(line.words))  # from the cache
    assert len(list(cache.rglob("*.npy"))) == 1
    error = next(error for error in corpus.possible_errors(line) if error.kind == "R said as L" and error.word == 3)
    good = engine.analyze(right, line.text, None)
    wrong = engine.analyze(voice.say_phones(line.spoken([error])), line.text, None)
    scores = [result.detailed_feedback.words[3].score or 0 for result in (good, wrong)]
    assert scores[0] > 80 and scores[1] < scores[0] - 20


def test_families_share_no_engine() -> None:
    families = {name: {v.engine for v in voices.list_voices() if v.family == name} for name in ("fit", "held-out")}
    assert not families["fit"] & families["held-out"]
    assert families["held-out"] == {"hibari"}


def test_conditions_change_what_they_say() -> None:
    speech = (0.1 * np.sin(np.arange(32_000) / 9) * (np.arange(32_000) % 8000 < 5000)).astype(np.float32)
    for name, change in signals.CONDITIONS.items():
        changed = change(speech, [speech[::-1], np.roll(speech, 999)])
        assert changed.dtype == np.float32 and np.isfinite(changed).all() and np.abs(changed).max() <= 1.0, name
    noisy = signals.with_noise(speech, signals.white(2), 10)
    added = noisy - speech
    assert 20 * np.log10(signals.level(speech) / np.std(added)) == pytest.approx(10, abs=0.3)
    for sound in signals.no_speech().values():
        assert np.isfinite(sound).all() and np.abs(sound).max() <= 1.0
