"""The choice of tips on delivery: intonation, stress and tempo beside the reference."""

from collections.abc import Sequence
from typing import Final

from analysis.engine.result import Rates, WordResult

Choice = tuple[str, str | None]
"""A tip code and the word it names."""

# Listeners perceive a difference of pitch movement as one of meaning from about 3 st on ('t Hart 1981).
_OTHER_END_ST: Final = 3.0
_OPPOSITE_ST: Final = 5.0
_FLAT_RATIO: Final = 0.5
_UNLIKE_CORRELATION: Final = 0.25
_PAUSE_S: Final = 0.4
_SLOW_RATIO: Final = 0.75
_FAST_RATIO: Final = 1.4


def choose(
    words: Sequence[WordResult], raw: dict[str, float | None], rates: Rates, function_words: frozenset[str]
) -> list[Choice]:
    """Chooses at most one tip on intonation and one on stress, about different words, and tips on tempo."""
    tips = _intonation(words, raw)
    named = {word for _, word in tips}
    tips += [(code, word) for code, word in _stress(words) if word not in named]
    return tips + _tempo(words, raw, rates, function_words)


def most_stressed(words: Sequence[WordResult]) -> str | None:
    """The word that the actor stresses most; None without a reference."""
    known = [(word.stress.reference_z, word.text) for word in words if word.stress and word.stress.reference_z]
    return max(known)[1] if known else None


def _intonation(words: Sequence[WordResult], raw: dict[str, float | None]) -> list[Choice]:
    """At most one tip: a flat voice, a different end, a word in the opposite direction, or a different shape."""
    pitch_range, shape = raw.get("pitch_range_ratio"), raw.get("pitch_correlation")
    strongest = most_stressed(words)
    if pitch_range is not None and pitch_range < _FLAT_RATIO and strongest:
        return [("pitch_flat", strongest)]
    if words and (end := _end(words[-1])):
        return [end]
    if shape is None or shape >= 3 * _UNLIKE_CORRELATION:
        return []
    if opposite := _opposite(words[:-1]):
        return [opposite]
    return [("pitch_shape", None)] if shape < _UNLIKE_CORRELATION else []


def _movement_difference_st(word: WordResult) -> float:
    """Pitch movement of the learner minus that of the reference, in semitones; 0 where one is unknown."""
    pitch = word.pitch
    if pitch is None or pitch.user_st is None or pitch.reference_st is None:
        return 0.0
    return pitch.user_st - pitch.reference_st


def _end(last: WordResult) -> Choice | None:
    """A tip on the last word, where its direction clearly differs from a rise or fall of the reference."""
    if last.pitch is None or last.pitch.user == last.pitch.reference:
        return None
    if abs(_movement_difference_st(last)) < _OTHER_END_ST:
        return None
    code = {"rise": "end_rise", "fall": "end_fall"}.get(last.pitch.reference or "")
    return (code, last.text) if code else None


def _opposite(words: Sequence[WordResult]) -> Choice | None:
    """A tip on the word with the largest movement against that of the reference."""
    against = [
        word
        for word in words
        if word.pitch
        and {word.pitch.user, word.pitch.reference} == {"rise", "fall"}
        and abs(_movement_difference_st(word)) >= _OPPOSITE_ST
    ]
    if not against:
        return None
    worst = max(against, key=lambda word: abs(_movement_difference_st(word)))
    return "word_rise" if _movement_difference_st(worst) < 0 else "word_fall", worst.text


def _stress(words: Sequence[WordResult]) -> list[Choice]:
    """At most one tip: a word stressed clearly by the actor and not by the learner, or the reverse."""
    known = [
        (word.stress.user_z, word.stress.reference_z, word.text)
        for word in words
        if word.stress and word.stress.user_z is not None and word.stress.reference_z is not None
    ]
    weak = [(other - own, text) for own, other, text in known if other >= 1.0 and own <= 0.0]
    if weak:
        return [("stress_more", max(weak)[1])]
    heavy = [(own - other, text) for own, other, text in known if own >= 1.0 and other <= -0.5]
    return [("stress_less", max(heavy)[1])] if heavy else []


def _tempo(
    words: Sequence[WordResult], raw: dict[str, float | None], rates: Rates, function_words: frozenset[str]
) -> list[Choice]:
    """Tips on pauses and speed. A learner whose only fault is pauses gets one tip for both."""
    stops = [(word.breaks.length_s, word.text) for word in words if word.breaks and word.breaks.unexpected]
    tips: list[Choice] = []
    if stops and (raw.get("pause_excess_s") or 0.0) > _PAUSE_S:
        tips.append(("pauses", max(stops)[1]))
    articulation = raw.get("articulation_ratio")
    only_pauses = bool(tips) and articulation is not None and articulation >= _SLOW_RATIO
    if rates.ratio is not None and rates.ratio < _SLOW_RATIO and not only_pauses:
        weak = next((word.text for word in words if word.text.lower() in function_words), None)
        tips.append(("too_slow_word", weak) if weak else ("too_slow", None))
    elif rates.ratio is not None and rates.ratio > _FAST_RATIO:
        tips.append(("too_fast", None))
    return tips
