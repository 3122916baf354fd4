"""What to tell the learner: at most five tips, the most useful first, in Korean and English."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analysis.engine.articulation_tips import ADDED_VOWEL, DROPPED, DROPPED_LAST, GENERAL, SOUNDS, Texts, how_to_say
from analysis.engine.phones import VOWELS
from analysis.engine.result import Phone, Rates, Tip, WordResult

_MOST: Final = 5
_MOST_OMITTED: Final = 3
# Listeners take a difference of pitch movement for a difference of meaning from about 3 st on ('t Hart 1981).
_OTHER_END_ST: Final = 3.0
_OPPOSITE_ST: Final = 5.0
_SURE: Final = 0.5
_FLAT: Final = 0.5
_UNLIKE: Final = 0.25
_PAUSE_S: Final = 0.4
_SLOW, _FAST = 0.75, 1.4
_LITTLE: Final = {
    *("a", "an", "and", "as", "at", "for", "from", "he", "his", "in", "is", "it", "of", "on", "or"),
    *("that", "the", "to", "was", "with", "your"),
}


@dataclass(frozen=True)
class AddedVowel:
    """A vowel added in a word, sure enough to mention."""

    word: str
    phone: str


@dataclass(frozen=True)
class Findings:
    """All that tips are made of. `confidence` is that of the whole recording."""

    words: Sequence[WordResult]
    added: Sequence[AddedVowel]
    scores: dict[str, float | None]
    raw: dict[str, float | None]
    rates: Rates
    confidence: float


def tip(code: str, word: str | None = None) -> Tip:
    """A tip of the catalogue with the word put in."""
    return _filled(code, GENERAL[code], word, None, {"word": word or ""})


def advise(found: Findings) -> list[Tip]:
    """Omitted words, then wrong sounds by how wrong they are, then added vowels, then melody, stress and tempo."""
    tips = [*_omitted(found.words), *_sounds(found.words)[:3]]
    tips += [
        _filled("vowel_added", ADDED_VOWEL, item.word, item.phone, {"word": item.word}) for item in found.added[:1]
    ]
    tips += _delivery(found)
    return (tips or [_all_is_well(found)])[:_MOST]


def _filled(code: str, texts: Texts, word: str | None, phone: str | None, values: dict[str, str]) -> Tip:
    ko, en = (text.format(**values) for text in texts)
    return Tip(code=code, word=word, phone=phone, ko=ko, en=en)


def _omitted(words: Sequence[WordResult]) -> list[Tip]:
    """One tip for all the words that were not heard."""
    texts = [word.text for word in words if word.status == "omitted"][:_MOST_OMITTED]
    if not texts:
        return []
    ko, en = GENERAL["word_omitted"]
    named = ko.format(words=", ".join(f"'{text}'" for text in texts))
    listed = en.format(words=", ".join(f"“{text}”" for text in texts))
    return [Tip(code="word_omitted", word=texts[0], phone=None, ko=named, en=listed)]


def _sounds(words: Sequence[WordResult]) -> list[Tip]:
    """The flagged sounds, the worst first; each confusion and each lost sound once."""
    flagged = sorted(
        (
            (phone.score, place, order)
            for place, word in enumerate(words)
            for order, phone in enumerate(word.phones)
            if phone.flagged
        )
    )
    tips: dict[tuple[str, str], Tip] = {}
    for _, place, order in flagged:
        made = _sound(words[place], order)
        if made is not None:
            tips.setdefault((made.code, made.phone or ""), made)
    return list(tips.values())


def _sound(word: WordResult, order: int) -> Tip | None:
    phone = word.phones[order]
    if phone.heard_as is None:
        return _dropped(word, phone, is_last=order == len(word.phones) - 1)
    texts = SOUNDS.get((phone.expected, phone.heard_as))
    code = f"sound_{phone.expected}_{phone.heard_as}".lower()
    return _filled(code, texts, word.text, phone.expected, {"word": word.text}) if texts else None


def _dropped(word: WordResult, phone: Phone, is_last: bool) -> Tip:
    is_last = is_last and phone.expected not in VOWELS
    how = how_to_say(phone.expected)
    both = [
        text.format(word=word.text, ipa=phone.ipa, how=manner)
        for text, manner in zip(DROPPED_LAST if is_last else DROPPED, how, strict=True)
    ]
    code = "final_dropped" if is_last else "sound_dropped"
    return Tip(code=code, word=word.text, phone=phone.expected, ko=both[0], en=both[1])


def _delivery(found: Findings) -> list[Tip]:
    if found.confidence < _SURE:
        return []
    tips = [*_melody(found)]
    named = {one.word for one in tips}
    tips += [one for one in _stress(found.words) if one.word not in named]
    tips += _tempo(found)
    emotion, strongest = found.scores.get("emotion"), _strongest(found.words)
    if not tips and strongest and emotion is not None and emotion < 65:
        tips.append(tip("energy", strongest))
    return tips


def _melody(found: Findings) -> list[Tip]:
    """One tip: a voice on one note, another end, one word upside down, or another tune."""
    width, shape = found.raw.get("pitch_range_ratio"), found.raw.get("pitch_correlation")
    strongest = _strongest(found.words)
    if width is not None and width < _FLAT and strongest:
        return [tip("pitch_flat", strongest)]
    if found.words and (end := _end(found.words[-1])):
        return [end]
    if shape is None or shape >= 3 * _UNLIKE:
        return []
    if opposite := _opposite(found.words[:-1]):
        return [opposite]
    return [tip("pitch_shape")] if shape < _UNLIKE else []


def _apart_st(word: WordResult) -> float:
    """How much further the learner's pitch goes up than the actor's; 0 where one is unknown."""
    pitch = word.pitch
    if pitch is None or pitch.user_st is None or pitch.reference_st is None:
        return 0.0
    return pitch.user_st - pitch.reference_st


def _end(last: WordResult) -> Tip | None:
    if last.pitch is None or abs(_apart_st(last)) < _OTHER_END_ST or last.pitch.user == last.pitch.reference:
        return None
    codes = {"rise": "end_rise", "fall": "end_fall"}
    code = codes.get(last.pitch.reference or "")
    return tip(code, last.text) if code else None


def _opposite(words: Sequence[WordResult]) -> Tip | None:
    """The word on which the learner's pitch goes furthest against the actor's."""
    against = [
        word
        for word in words
        if word.pitch
        and {word.pitch.user, word.pitch.reference} == {"rise", "fall"}
        and abs(_apart_st(word)) >= _OPPOSITE_ST
    ]
    if not against:
        return None
    worst = max(against, key=lambda word: abs(_apart_st(word)))
    return tip("word_rise" if _apart_st(worst) < 0 else "word_fall", worst.text)


def _stress(words: Sequence[WordResult]) -> list[Tip]:
    """One tip: the word the actor stresses most clearly and the learner does not, or the other way round."""
    known = [
        (word.stress.user_z, word.stress.reference_z, word.text)
        for word in words
        if word.stress and word.stress.user_z is not None and word.stress.reference_z is not None
    ]
    weak = [(theirs - mine, text) for mine, theirs, text in known if theirs >= 1.0 and mine <= 0.0]
    if weak:
        return [tip("stress_more", max(weak)[1])]
    heavy = [(mine - theirs, text) for mine, theirs, text in known if mine >= 1.0 and theirs <= -0.5]
    return [tip("stress_less", max(heavy)[1])] if heavy else []


def _tempo(found: Findings) -> list[Tip]:
    tips = []
    stops = [(word.breaks.length_s, word.text) for word in found.words if word.breaks and word.breaks.unexpected]
    if stops and (found.raw.get("pause_excess_s") or 0.0) > _PAUSE_S:
        tips.append(tip("pauses", max(stops)[1]))
    ratio, articulation = found.rates.ratio, found.raw.get("articulation_ratio")
    # Who only pauses is told so once.
    only_pauses = bool(tips) and articulation is not None and articulation >= _SLOW
    if ratio is not None and ratio < _SLOW and not only_pauses:
        little = next((word.text for word in found.words if word.text.lower() in _LITTLE), None)
        tips.append(tip("too_slow_word", little) if little else tip("too_slow"))
    elif ratio is not None and ratio > _FAST:
        tips.append(tip("too_fast"))
    return tips


def _strongest(words: Sequence[WordResult]) -> str | None:
    """The word that the actor stresses most."""
    known = [(word.stress.reference_z, word.text) for word in words if word.stress and word.stress.reference_z]
    return max(known)[1] if known else None


def _all_is_well(found: Findings) -> Tip:
    """Nothing to correct: praise, or the word that is worth another try."""
    scored = [(word.score, word.text, word.status) for word in found.words if word.score is not None]
    if not scored:
        return tip("well_done")
    _, text, status = min(scored)
    if status == "good":
        return tip("well_done")
    mean = sum(score for score, _, _ in scored) / len(scored)
    return tip("practise_word" if mean >= 75 else "practise_slowly", text)
