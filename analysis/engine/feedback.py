"""Tips for the learner: at most five, the most useful first, in every language of the user interface."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analysis.engine import delivery_tips, tip_texts
from analysis.engine.language_profile import LanguageProfile, Texts
from analysis.engine.result import Phone, Rates, Tip, WordResult

_MAX_TIPS: Final = 5
_MAX_PHONE_TIPS: Final = 3
_MAX_OMITTED: Final = 3
_MIN_DELIVERY_CONFIDENCE: Final = 0.5
_MIN_EMOTION: Final = 65
_ALMOST_GOOD: Final = 75


@dataclass(frozen=True)
class AddedVowel:
    """A vowel added in a word, sure enough to mention."""

    word: str
    phone: str


@dataclass(frozen=True)
class Findings:
    """The input of all tips. `scores` are 0–100 or null; `confidence` is that of the whole recording, 0–1."""

    profile: LanguageProfile
    words: Sequence[WordResult]
    added: Sequence[AddedVowel]
    scores: dict[str, float | None]
    raw: dict[str, float | None]
    rates: Rates
    confidence: float


def general_tip(profile: LanguageProfile, code: str, word: str | None = None) -> Tip:
    """A tip of the profile's general texts, with the word put in."""
    return _fill(code, profile.tips.general[code], word, None, {"word": word or ""})


def advise(findings: Findings) -> list[Tip]:
    """Omitted words, then wrong phones by their score, then added vowels, then intonation, stress and tempo."""
    tips = [*_omitted_words(findings), *_phone_tips(findings)[:_MAX_PHONE_TIPS]]
    tips += [
        _fill("vowel_added", findings.profile.tips.added_vowel, item.word, item.phone, {"word": item.word})
        for item in findings.added[:1]
    ]
    tips += _delivery(findings)
    return (tips or [_without_errors(findings)])[:_MAX_TIPS]


def _fill(code: str, texts: Texts, word: str | None, phone: str | None, values: dict[str, str]) -> Tip:
    return _make_tip(code, word, phone, {tag: text.format(**values) for tag, text in texts.items()})


def _make_tip(code: str, word: str | None, phone: str | None, texts: dict[str, str]) -> Tip:
    return Tip(code=code, word=word, phone=phone, texts=texts, ko=texts["ko"], en=texts["en"])


def _omitted_words(findings: Findings) -> list[Tip]:
    """One tip for all omitted words."""
    omitted = [word.text for word in findings.words if word.status == "omitted"][:_MAX_OMITTED]
    if not omitted:
        return []
    texts = {
        tag: text.format(words=", ".join(tip_texts.QUOTED[tag].format(word=word) for word in omitted))
        for tag, text in findings.profile.tips.general["word_omitted"].items()
    }
    return [_make_tip("word_omitted", omitted[0], None, texts)]


def _phone_tips(findings: Findings) -> list[Tip]:
    """Tips for the flagged phones, the lowest score first; each confusion and each dropped phone once."""
    words = findings.words
    flagged = sorted(
        (phone.score, place, order)
        for place, word in enumerate(words)
        for order, phone in enumerate(word.phones)
        if phone.flagged
    )
    tips: dict[tuple[str, str], Tip] = {}
    for _, place, order in flagged:
        tip = _phone_tip(findings.profile, words[place], order)
        tips.setdefault((tip.code, tip.phone or ""), tip)
    return list(tips.values())


def _phone_tip(profile: LanguageProfile, word: WordResult, order: int) -> Tip:
    """The tip for one wrong or dropped phone; a confusion without a text of its own gets a general one."""
    phone = word.phones[order]
    if phone.heard_as is None:
        return _dropped_phone(profile, word, phone, is_last=order == len(word.phones) - 1)
    texts = profile.tips.confusions.get((phone.expected, phone.heard_as))
    if texts is None:
        return _explain("sound_unclear", profile.tips.unclear, profile, word, phone)
    code = f"sound_{phone.expected}_{phone.heard_as}".lower()
    return _fill(code, texts, word.text, phone.expected, {"word": word.text})


def _dropped_phone(profile: LanguageProfile, word: WordResult, phone: Phone, is_last: bool) -> Tip:
    is_final = is_last and phone.expected not in profile.phones.vowels
    if is_final:
        return _explain("final_dropped", profile.tips.dropped_final, profile, word, phone)
    return _explain("sound_dropped", profile.tips.dropped, profile, word, phone)


def _explain(code: str, templates: Texts, profile: LanguageProfile, word: WordResult, phone: Phone) -> Tip:
    """A tip that ends with the movement that makes the expected phone."""
    articulation = profile.tips.articulation[phone.expected]
    texts = {
        tag: template.format(word=word.text, ipa=phone.ipa, how=articulation[tag])
        for tag, template in templates.items()
    }
    return _make_tip(code, word.text, phone.expected, texts)


def _delivery(findings: Findings) -> list[Tip]:
    """Tips on intonation, stress and tempo, or one on energy; none for a recording of low confidence."""
    if findings.confidence < _MIN_DELIVERY_CONFIDENCE:
        return []
    codes = delivery_tips.choose(findings.words, findings.raw, findings.rates, findings.profile.function_words)
    emotion, strongest = findings.scores.get("emotion"), delivery_tips.most_stressed(findings.words)
    if not codes and strongest and emotion is not None and emotion < _MIN_EMOTION:
        codes = [("energy", strongest)]
    return [general_tip(findings.profile, code, word) for code, word in codes]


def _without_errors(findings: Findings) -> Tip:
    """The tip when nothing has to be corrected: praise, or the word that is worth another try."""
    scored = [(word.score, word.text, word.status) for word in findings.words if word.score is not None]
    if not scored:
        return general_tip(findings.profile, "well_done")
    _, text, status = min(scored)
    if status == "good":
        return general_tip(findings.profile, "well_done")
    mean = sum(score for score, _, _ in scored) / len(scored)
    return general_tip(findings.profile, "practise_word" if mean >= _ALMOST_GOOD else "practise_slowly", text)
