"""Tips: at most five, the most useful first, each once, in natural Korean and English."""

import re
from typing import Any

import pytest

from analysis.engine import feedback
from analysis.engine.feedback import AddedVowel, Findings
from analysis.engine.language_profile import Texts
from analysis.engine.languages.english.profile import ENGLISH
from analysis.engine.result import Break, Phone, Rates, Tip, WordPitch, WordResult, WordStress

TIPS = ENGLISH.tips
IPA = ENGLISH.phones.ipa
TEXTS = [
    *TIPS.general.values(),
    *TIPS.confusions.values(),
    *TIPS.articulation.values(),
    *(TIPS.added_vowel, TIPS.dropped, TIPS.dropped_final, TIPS.unclear),
]


def _phone(expected: str, recognised: str | None, score: float = 5.0) -> Phone:
    flagged = recognised != expected
    return Phone(
        expected=expected, ipa=IPA[expected], heard_as=recognised, score=score, start_s=0, end_s=0.1, flagged=flagged
    )


def _word(text: str, *phones: Phone, **more: Any) -> WordResult:
    fields: dict[str, Any] = dict.fromkeys(("start_s", "end_s", "ref_start_s", "ref_end_s", "confidence", "breaks"))
    return WordResult(text=text, phones=list(phones), **{**fields, "score": 95.0, "status": "good", **more})


def _pitch(user: Any, reference: Any, user_st: float, reference_st: float) -> WordPitch:
    return WordPitch(user=user, reference=reference, user_st=user_st, reference_st=reference_st)


def _stress(user_z: float, reference_z: float) -> WordStress:
    return WordStress(user=user_z >= 0.5, reference=reference_z >= 0.5, user_z=user_z, reference_z=reference_z)


def _tips(*words: WordResult, ratio: float | None = 1.0, confidence: float = 1.0, **raw: float) -> list[Tip]:
    rates = Rates(words_per_s=None, reference_words_per_s=None, ratio=ratio)
    added = [AddedVowel("friend", "UH")] if "added" in raw else []
    return feedback.advise(Findings(ENGLISH, words, added, {"emotion": 90.0}, {**raw}, rates, confidence))


def _codes(*words: WordResult, **raw: Any) -> list[str]:
    return [tip.code for tip in _tips(*words, **raw)]


def test_a_good_take_is_praised() -> None:
    assert _codes(_word("coffee")) == ["well_done"]


def test_end_follows_the_direction_of_the_reference() -> None:
    up = _word("coffee", pitch=_pitch("fall", "rise", -3, 5))
    down = _word("coffee", pitch=_pitch("rise", "fall", 4, -4))
    level = _word("coffee", pitch=_pitch("rise", "flat", 4, 0))
    near = _word("coffee", pitch=_pitch("flat", "rise", 1.4, 1.8))
    assert [_codes(word) for word in (up, down, level, near)] == [
        ["end_rise"],
        ["end_fall"],
        ["well_done"],
        ["well_done"],
    ]
    (tip,) = _tips(up)
    assert "올려 보세요" in tip.ko and "coffee" in tip.ko and tip.word == "coffee"


def test_stressed_word_gets_one_tip() -> None:
    words = (_word("I", stress=_stress(0.6, -1.0)), _word("love", stress=_stress(-0.8, 1.6)), _word("it"))
    (tip,) = _tips(*words)
    assert (tip.code, tip.word) == ("stress_more", "love")
    flat = _tips(*words, pitch_range_ratio=0.2)
    assert [(tip.code, tip.word) for tip in flat] == [("pitch_flat", "love")]


def test_opposite_word_replaces_the_tip_on_the_pitch_shape() -> None:
    words = (_word("really", pitch=_pitch("fall", "rise", -4, 4)), _word("good"))
    assert _codes(*words, pitch_correlation=0.1) == ["word_rise"]
    assert _codes(_word("really"), _word("good"), pitch_correlation=0.1) == ["pitch_shape"]


def test_dropped_phones_name_the_place_and_the_articulation() -> None:
    (last,) = _tips(_word("cats", _phone("K", "K"), _phone("S", None)))
    assert (last.code, last.word, last.phone) == ("final_dropped", "cats", "S")
    assert "마지막 /s/" in last.ko and "바람 소리" in last.ko and "hiss" in last.en
    (inner,) = _tips(_word("asked", _phone("K", None), _phone("T", "T")))
    assert inner.code == "sound_dropped"


def test_each_confusion_is_explained_once() -> None:
    words = [_word(text, _phone("R", "L", score)) for text, score in (("red", 20), ("right", 3), ("road", 9))]
    assert [(tip.code, tip.word) for tip in _tips(*words)] == [("sound_r_l", "right")]


def test_a_flagged_phone_without_a_text_for_its_confusion_gets_a_general_tip() -> None:
    assert ("K", "M") not in TIPS.confusions and ("IH", "AA") not in TIPS.confusions
    first, second = _tips(_word("cats", _phone("K", "M", 2)), _word("big", _phone("IH", "AA", 8)))
    assert [(tip.code, tip.word, tip.phone) for tip in (first, second)] == [
        ("sound_unclear", "cats", "K"),
        ("sound_unclear", "big", "IH"),
    ]
    assert first.ko.startswith("'cats'의 /k/ 소리가 다르게") and TIPS.articulation["K"]["ko"] in first.ko
    assert first.en.startswith("The /k/ in “cats”") and TIPS.articulation["K"]["en"] in first.en
    assert TIPS.articulation["IH"]["ko"] in second.ko


def test_every_phone_can_be_explained() -> None:
    for expected in ENGLISH.phones.names:
        assert [tip.code for tip in _tips(_word("x", _phone(expected, "none of them")))] == ["sound_unclear"]


def test_omitted_words_share_one_tip() -> None:
    words = [_word(text, score=None, status="omitted") for text in ("the", "big")]
    (tip,) = _tips(*words, _word("cat"))
    assert "'the', 'big'" in tip.ko and "“the”, “big”" in tip.en


def test_pause_is_reported_at_its_word_and_not_as_slowness() -> None:
    paused = _word("country", breaks=Break(unexpected=True, length_s=0.9))
    words = (_word("your"), paused)
    assert _codes(*words, ratio=0.6, pause_excess_s=0.9, articulation_ratio=0.95) == ["pauses"]
    assert _codes(*words, ratio=0.6, pause_excess_s=0.9, articulation_ratio=0.6) == ["pauses", "too_slow_word"]
    assert _codes(_word("go"), ratio=0.6) == ["too_slow"]
    assert _codes(_word("go"), ratio=1.6) == ["too_fast"]


def test_at_most_five_tips_and_phones_before_intonation() -> None:
    wrong = [_word(pair[0], _phone(*pair)) for pair in (("R", "L"), ("F", "P"), ("Z", "JH"), ("V", "B"))]
    tips = _codes(*wrong, _word("x", pitch=_pitch("fall", "rise", -4, 4)), ratio=0.5, pause_excess_s=0.0, added=1.0)
    assert tips == ["sound_r_l", "sound_f_p", "sound_z_jh", "vowel_added", "end_rise"] or len(tips) == 5
    assert tips[-2:] == ["vowel_added", "end_rise"]


def test_delivery_is_not_corrected_with_low_confidence() -> None:
    assert _codes(_word("go", pitch=_pitch("fall", "rise", -4, 4)), ratio=0.5, confidence=0.4) == ["well_done"]


@pytest.mark.parametrize(
    "pair", ["R L", "F P", "V B", "TH S", "TH T", "DH D", "DH Z", "Z JH", "AE EH", "IH IY", "UH UW", "OW AO"]
)
def test_confusions_of_korean_speakers_have_tips(pair: str) -> None:
    first, second = pair.split()
    assert {(first, second), (second, first)} <= set(TIPS.confusions)


def test_confusions_of_the_language_profile_have_tips() -> None:
    named = {(phone, other) for phone, others in ENGLISH.learner_errors.confusions.items() for other in others}
    assert named <= set(TIPS.confusions)


@pytest.mark.parametrize("texts", TEXTS, ids=lambda texts: texts["en"][:40])
def test_texts_are_polite_and_complete(texts: Texts) -> None:
    assert set(texts) == {"ko", "en"}
    ko, en = texts["ko"], texts["en"]
    assert re.search(r"[가-힣]", ko) and not re.search(r"[가-힣]", en)
    for sentence in re.findall(r"[^.?!{}]*[가-힣][.?!]", ko):
        assert re.search(r"(요|세요|게요)[.?!]$", sentence.strip()), sentence
    assert not re.search(r"\}'?(이|가|은|는|을|를|와|과)[ ,.(]", ko), "a particle that depends on the word"
    assert en.rstrip().endswith((".", "!", "{how}"))
