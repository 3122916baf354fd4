"""What to tell the learner: at most five tips, the most useful first, in Korean and English."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analysis.result import Rates, Tip, WordResult
from analysis.sound_tips import ADDED_VOWEL, DROPPED, GENERAL, SOUNDS

_MOST: Final = 5


@dataclass(frozen=True)
class AddedVowel:
    """A vowel added in a word, sure enough to mention."""

    word: str
    phone: str


def tip(code: str, word: str | None = None, phone: str | None = None) -> Tip:
    """A tip of the catalogue with the word put in."""
    ko, en = GENERAL[code]
    return Tip(code=code, word=word, phone=phone, ko=ko.format(word=word), en=en.format(word=word))


def advise(
    words: Sequence[WordResult],
    added: Sequence[AddedVowel],
    scores: dict[str, float | None],
    raw: dict[str, float | None],
    rates: Rates,
) -> list[Tip]:
    """Omitted words, then wrong sounds by how wrong they are, then added vowels, then melody and tempo."""
    tips = [tip("word_omitted", word.text) for word in words if word.status == "omitted"][:2]
    tips += _sound_tips(words)[:3]
    tips += [_added(item) for item in added[:1]]
    tips += _delivery(scores, raw, rates)
    if not tips:
        worst = min((word for word in words if word.score is not None), key=lambda word: word.score or 0, default=None)
        unsure = worst is not None and worst.status != "good"
        tips = [tip("practise_word", worst.text) if unsure and worst else tip("well_done")]
    return tips[:_MOST]


def _sound_tips(words: Sequence[WordResult]) -> list[Tip]:
    flagged = sorted(
        ((phone.score, index, phone) for index, word in enumerate(words) for phone in word.phones if phone.flagged),
        key=lambda item: (item[0], item[1]),
    )
    tips: list[Tip] = []
    for _, index, phone in flagged:
        word = words[index].text
        texts = DROPPED if phone.heard_as is None else SOUNDS.get((phone.expected, phone.heard_as))
        code = "sound_dropped" if phone.heard_as is None else f"sound_{phone.expected}_{phone.heard_as}".lower()
        if texts is None or any(other.code == code and code != "sound_dropped" for other in tips):
            continue
        ko, en = (text.format(word=word, ipa=phone.ipa) for text in texts)
        tips.append(Tip(code=code, word=word, phone=phone.expected, ko=ko, en=en))
    return tips


def _added(item: AddedVowel) -> Tip:
    ko, en = (text.format(word=item.word) for text in ADDED_VOWEL)
    return Tip(code="vowel_added", word=item.word, phone=item.phone, ko=ko, en=en)


def _delivery(scores: dict[str, float | None], raw: dict[str, float | None], rates: Rates) -> list[Tip]:
    tips = []
    width, shape = raw.get("pitch_range_ratio"), raw.get("pitch_correlation")
    if width is not None and width < 0.5:
        tips.append(tip("pitch_flat"))
    elif shape is not None and shape < 0.25:
        tips.append(tip("pitch_shape"))
    if (raw.get("pause_excess_s") or 0.0) > 0.4:
        tips.append(tip("pauses"))
    if rates.ratio is not None and rates.ratio < 0.75:
        tips.append(tip("too_slow"))
    elif rates.ratio is not None and rates.ratio > 1.4:
        tips.append(tip("too_fast"))
    emotion = scores.get("emotion")
    if not tips and emotion is not None and emotion < 65:
        tips.append(tip("energy"))
    return tips
