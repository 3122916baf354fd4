"""Whole analyses of real recordings, and of a synthetic voice with known errors."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from analysis.engine.engine import Engine, UnreadableTextError, UnusableReferenceError
from analysis.engine.languages.english.profile import ENGLISH
from analysis.engine.result import AnalysisResult, ReferenceFeatures
from analysis.tests.conftest import RATE, Audio, Recording, encode, read

MAIN = ("pronunciation_score", "intonation_score", "emotion_score", "overall_score")


@pytest.fixture(scope="module")
def references(engine: Engine, recordings: list[Recording]) -> list[ReferenceFeatures]:
    return [engine.features(recording.audio, recording.text) for recording in recordings]


def _scores(result: AnalysisResult) -> list[float]:
    values = [getattr(result, name) for name in MAIN]
    assert all(value is not None for value in values)
    return values


def _word(result: AnalysisResult, text: str) -> float:
    score = next(word.score for word in result.detailed_feedback.words if word.text == text)
    assert score is not None
    return score


def _check_ranges(result: AnalysisResult) -> None:
    """Checks the result against its model, which refuses NaN, infinity and scores outside 0–100."""
    AnalysisResult.model_validate_json(result.model_dump_json())
    assert len(result.detailed_feedback.tips) <= 5


def test_reference_audio_itself_scores_nearly_full(
    engine: Engine, recordings: list[Recording], references: list[ReferenceFeatures]
) -> None:
    for recording, reference in zip(recordings, references, strict=True):
        result = engine.analyze(recording.audio, recording.text, reference)
        _check_ranges(result)
        assert result.attempt_class == "scored", recording.path.name
        assert result.overall_score is not None and result.overall_score >= 95, recording.path.name
        assert not [p for w in result.detailed_feedback.words for p in w.phones if p.flagged]


def test_correct_reading_scores_well_without_a_reference(engine: Engine, recordings: list[Recording]) -> None:
    for recording in recordings:
        result = engine.analyze(recording.audio, recording.text, None)
        assert result.pronunciation_score is not None and result.pronunciation_score >= 85
        assert result.intonation_score is None and result.emotion_score is None
        assert result.detailed_feedback.scores.rhythm.value is None
        assert sum(result.detailed_feedback.weights.values()) == pytest.approx(1, abs=1e-3)


def test_other_sentences_are_recognised_as_wrong(
    engine: Engine, recordings: list[Recording], references: list[ReferenceFeatures]
) -> None:
    for spoken in (recordings[0], recordings[3]):
        for expected, reference in zip(recordings, references, strict=True):
            if spoken is expected:
                continue
            result = engine.analyze(spoken.audio, expected.text, reference)
            assert result.attempt_class == "wrong_sentence", (spoken.path.name, expected.path.name)
            assert [getattr(result, name) for name in MAIN] == [None] * 4
            assert result.detailed_feedback.tips[0].code == "wrong_sentence"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("silence", "no_speech"),
        ("white", "no_speech"),
        ("quiet white", "no_speech"),
        ("tone", "no_speech"),
        ("brown", "no_speech"),
        ("click", "too_short"),
    ],
)
def test_audio_without_speech_is_not_scored(
    engine: Engine, recordings: list[Recording], kind: str, expected: str
) -> None:
    rng = np.random.default_rng(0)
    sounds: dict[str, Any] = {
        "silence": np.zeros(4 * RATE),
        "white": rng.normal(scale=0.1, size=4 * RATE),
        "quiet white": rng.normal(scale=0.001, size=4 * RATE),
        "tone": 0.3 * np.sin(np.arange(4 * RATE) * 0.1),
        "brown": np.cumsum(rng.normal(scale=0.001, size=4 * RATE)).clip(-1, 1),
        "click": np.ones(800),
    }
    for recording in recordings[:3]:
        result = engine.analyze(sounds[kind].astype(np.float32), recording.text, None)
        assert result.attempt_class == expected
        assert [getattr(result, name) for name in MAIN] == [None] * 4
        assert result.detailed_feedback.tips[0].code == expected


def test_half_a_sentence_is_incomplete(
    engine: Engine, recordings: list[Recording], references: list[ReferenceFeatures]
) -> None:
    recording, reference = recordings[4], references[4]
    half = recording.audio[: len(recording.audio) // 2]
    result = engine.analyze(half, recording.text, reference)
    assert result.attempt_class == "incomplete"
    completeness = result.detailed_feedback.scores.completeness.value
    assert completeness is not None and 35 <= completeness <= 60
    assert result.overall_score is not None and result.overall_score < 60
    assert result.detailed_feedback.tips[0].code == "incomplete"
    omitted = [word for word in result.detailed_feedback.words if word.status == "omitted"]
    assert omitted and all(word.score is None and word.start_s is None for word in omitted)


def test_noise_is_reported_and_does_not_lower_the_score(
    engine: Engine, recordings: list[Recording], references: list[ReferenceFeatures]
) -> None:
    recording, reference = recordings[2], references[2]
    noise = np.random.default_rng(0).normal(size=len(recording.audio)).astype(np.float32)
    noise *= np.sqrt(np.mean(np.square(recording.audio)))
    drowned = engine.analyze(recording.audio + noise, recording.text, reference)
    assert drowned.attempt_class == "too_noisy"
    assert drowned.overall_score is None
    quieter = engine.analyze(recording.audio + 0.1 * noise, recording.text, reference)
    assert quieter.attempt_class == "scored"
    assert quieter.pronunciation_score is not None and quieter.pronunciation_score >= 90
    confidence = quieter.detailed_feedback.scores.fluency.confidence
    assert confidence is not None and confidence < 1


def _variants(take: Audio) -> dict[str, Audio]:
    silence = np.zeros(RATE, dtype=np.float32)
    return {
        "gain -20 dB": take * 0.1,
        "padding": np.concatenate([silence, take, silence]),
        "webm": read(encode(take, "webm", "libopus", 48_000, 48_000)),
        "m4a": read(encode(take, "mp4", "aac", 48_000, 96_000)),
        "mp3": read(encode(take, "mp3", "libmp3lame", 44_100, 96_000)),
    }


def test_level_padding_and_codecs_hardly_change_the_scores(
    engine: Engine, recordings: list[Recording], references: list[ReferenceFeatures]
) -> None:
    for index in (0, 3, 6):
        recording, reference = recordings[index], references[index]
        before = _scores(engine.analyze(recording.audio, recording.text, reference))
        for name, take in _variants(recording.audio).items():
            after = _scores(engine.analyze(take, recording.text, reference))
            assert np.abs(np.subtract(after, before)).max() <= 3, (recording.path.name, name, before, after)


def test_the_same_bytes_give_the_same_result(engine: Engine, recordings: list[Recording]) -> None:
    recording = recordings[3]
    fresh = Engine(ENGLISH)
    fresh.analyze(recordings[4].audio, recordings[4].text, None)
    results = []
    for instance in (engine, fresh, engine):
        reference = instance.features(recording.audio, recording.text)
        results.append(instance.analyze(recording.audio * 0.9, recording.text, reference).model_dump_json())
    assert results[0] == results[1] == results[2]


LINE = "I really love this fresh coffee"
SPOKEN = "ˌI ɹˈiᵊli lˈʌv ðɪs fɹˈɛʃ kˈɔfi"


def test_synthetic_voice_scores_well(engine: Engine, say: Callable[[str], Audio]) -> None:
    result = engine.analyze(say(SPOKEN), LINE, None)
    assert result.attempt_class == "scored"
    assert result.pronunciation_score is not None and result.pronunciation_score >= 90


@pytest.mark.parametrize(
    ("right", "wrong", "word", "tip"),
    [
        ("ɹˈi", "lˈi", "really", "sound_r_l"),
        ("lˈʌ", "ɹˈʌ", "love", "sound_l_r"),
        ("fɹ", "pɹ", "fresh", "sound_f_p"),
    ],
)
def test_wrong_phone_lowers_its_word_and_gets_a_tip(
    engine: Engine, say: Callable[..., Audio], right: str, wrong: str, word: str, tip: str
) -> None:
    """In three takes, since the rounding of another CPU can move the sounds of one: two have the tip, all are lower."""
    reference = engine.features(say(SPOKEN), LINE)
    tips = []
    for seed in range(3):
        good = engine.analyze(say(SPOKEN, seed), LINE, reference)
        result = engine.analyze(say(SPOKEN.replace(right, wrong, 1), seed), LINE, reference)
        assert _word(result, word) <= _word(good, word) - 15
        neighbours = [other.text for other in result.detailed_feedback.words if other.text != word]
        drops = [_word(good, text) - _word(result, text) for text in neighbours]
        assert max(drops) <= 10
        assert np.mean(drops) <= 5
        assert result.overall_score is not None and good.overall_score is not None
        assert result.overall_score < good.overall_score
        tips.append(tip in [found.code for found in result.detailed_feedback.tips])
    assert sum(tips) >= 2


def test_dropped_final_s_is_flagged(engine: Engine, say: Callable[[str], Audio]) -> None:
    line, spoken = "She has three cats and dogs", "ʃi hæz θɹˈi kˈæts ænd dˈɔɡz"
    reference = engine.features(say(spoken), line)
    result = engine.analyze(say(spoken.replace("ts", "t")), line, reference)
    last = next(word for word in result.detailed_feedback.words if word.text == "cats").phones[-1]
    assert (last.expected, last.heard_as, last.flagged) == ("S", None, True)


def test_missing_word_is_reported(engine: Engine, recordings: list[Recording]) -> None:
    recording = recordings[5]
    text = recording.text.replace("married a", "married yesterday a")
    words = engine.analyze(recording.audio, text, None).detailed_feedback.words
    assert [word.text for word in words if word.status == "omitted"] == ["yesterday"]


def test_inverted_pitch_scores_low_in_intonation(
    engine: Engine, recordings: list[Recording], references: list[ReferenceFeatures]
) -> None:
    recording, reference = recordings[4], references[4]
    inverted_reference = reference.model_copy(
        update={"pitch_st": [None if v is None else round(-v, 2) for v in reference.pitch_st]}
    )
    same = engine.analyze(recording.audio, recording.text, reference).intonation_score
    inverted = engine.analyze(recording.audio, recording.text, inverted_reference).intonation_score
    assert same is not None and inverted is not None
    assert same >= 97
    assert inverted <= 25


def test_reference_of_another_text_is_ignored(
    engine: Engine, recordings: list[Recording], references: list[ReferenceFeatures]
) -> None:
    result = engine.analyze(recordings[0].audio, recordings[0].text, references[1])
    assert result.intonation_score is None
    assert result.detailed_feedback.notes == ["reference_of_other_text"]


def test_unreadable_line_and_unusable_reference_are_refused(engine: Engine, recordings: list[Recording]) -> None:
    with pytest.raises(UnreadableTextError):
        engine.analyze(recordings[0].audio, "… !", None)
    with pytest.raises(UnusableReferenceError):
        engine.features(recordings[0].audio, recordings[1].text)


def test_word_with_a_wrong_phone_is_not_omitted(engine: Engine, say: Callable[[str], Audio]) -> None:
    line = "The coffee is cold this morning"
    spoken = "ðə kˈɔfi ɪz kˈOld ðˈɪs mˈɔɹnɪŋ"
    for right, wrong, word in (("ɪz ", "iz ", "is"), ("ðˈɪs", "dˈis", "this")):
        result = engine.analyze(say(spoken.replace(right, wrong, 1)), line, None)
        words_by_text = {found.text: found for found in result.detailed_feedback.words}
        assert words_by_text[word].status != "omitted" and words_by_text[word].phones
        assert [found.text for found in words_by_text.values() if found.status == "omitted"] == []


def test_added_vowel_lowers_its_word(engine: Engine, say: Callable[[str], Audio]) -> None:
    line, spoken = "Please give me the note book", "plˈiz ɡˈɪv mi ðə nˈOt bˈʊk"
    clean = engine.analyze(say(spoken), line, None)
    added = engine.analyze(say(spoken.replace("nˈOt", "nˈOtʊ").replace("ɡˈɪv", "ɡˈɪvʊ")), line, None)
    for word in ("give", "note"):
        assert _word(added, word) < _word(clean, word) - 10
    assert any(tip.code == "vowel_added" for tip in added.detailed_feedback.tips)
    assert clean.pronunciation_score is not None and added.pronunciation_score is not None
    assert added.pronunciation_score < clean.pronunciation_score
