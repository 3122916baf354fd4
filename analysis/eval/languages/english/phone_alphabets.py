"""Spelling of sounds: from ARPAbet to the alphabets of the synthesizers, and from misaki's alphabet back.

Words are ARPAbet with stress digits ("AH0", "IY1") or without (then the first full vowel of a word is stressed).
"""

from collections.abc import Sequence
from typing import Final

from analysis.engine.languages.english.phones import ENGLISH_PHONES

# misaki's alphabet, which hibari reads.
_MISAKI: Final = {
    **{"AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "W", "AY": "I", "EH": "ɛ", "ER": "ɜɹ", "EY": "A"},
    **{"IH": "ɪ", "IY": "i", "OW": "O", "OY": "Y", "UH": "ʊ", "UW": "u", "B": "b", "CH": "ʧ", "D": "d"},
    **{"DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "ʤ", "K": "k", "L": "l", "M": "m", "N": "n", "NG": "ŋ"},
    **{"P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t", "TH": "θ", "V": "v", "W": "w", "Y": "j", "Z": "z"},
    "ZH": "ʒ",
}
_MISAKI_UNSTRESSED: Final = {"AH": "ə", "ER": "əɹ"}
_FROM_MISAKI: Final = {
    **{"ɑ": "AA", "æ": "AE", "ʌ": "AH", "ə": "AH", "ɐ": "AH", "ᵊ": "AH", "ɔ": "AO", "W": "AW", "I": "AY"},
    **{"ɛ": "EH", "A": "EY", "ɪ": "IH", "ᵻ": "IH", "i": "IY", "O": "OW", "Y": "OY", "ʊ": "UH", "u": "UW"},
    **{"b": "B", "ʧ": "CH", "d": "D", "ð": "DH", "f": "F", "ɡ": "G", "h": "HH", "ʤ": "JH", "k": "K", "l": "L"},
    **{"m": "M", "n": "N", "ŋ": "NG", "p": "P", "ɹ": "R", "s": "S", "ʃ": "SH", "t": "T", "T": "T", "θ": "TH"},
    **{"v": "V", "w": "W", "j": "Y", "z": "Z", "ʒ": "ZH", "ɜ": "ER"},
}
# espeak-ng's own alphabet.
_ESPEAK: Final = {
    **{"AA": "A:", "AE": "a", "AH": "V", "AO": "O:", "AW": "aU", "AY": "aI", "EH": "E", "ER": "3:", "EY": "eI"},
    **{"IH": "I", "IY": "i:", "OW": "oU", "OY": "OI", "UH": "U", "UW": "u:", "B": "b", "CH": "tS", "D": "d"},
    **{"DH": "D", "F": "f", "G": "g", "HH": "h", "JH": "dZ", "K": "k", "L": "l", "M": "m", "N": "n", "NG": "N"},
    **{"P": "p", "R": "r", "S": "s", "SH": "S", "T": "t", "TH": "T", "V": "v", "W": "w", "Y": "j", "Z": "z"},
    "ZH": "Z",
}
_ESPEAK_UNSTRESSED: Final = {"AH": "@", "ER": "3", "IY": "i", "IH": "I"}
# espeak-ng's IPA, which Piper's voices read.
_IPA: Final = {
    **{"AA": "ɑː", "AE": "æ", "AH": "ʌ", "AO": "ɔː", "AW": "aʊ", "AY": "aɪ", "EH": "ɛ", "ER": "ɜː", "EY": "eɪ"},
    **{"IH": "ɪ", "IY": "iː", "OW": "oʊ", "OY": "ɔɪ", "UH": "ʊ", "UW": "uː", "B": "b", "CH": "tʃ", "D": "d"},
    **{"DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "dʒ", "K": "k", "L": "l", "M": "m", "N": "n", "NG": "ŋ"},
    **{"P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t", "TH": "θ", "V": "v", "W": "w", "Y": "j", "Z": "z"},
    "ZH": "ʒ",
}
_IPA_UNSTRESSED: Final = {"AH": "ə", "ER": "ɚ", "IY": "i"}


def bare(word: Sequence[str]) -> tuple[str, ...]:
    """Returns the sounds without stress digits."""
    return tuple(phone.rstrip("012") for phone in word)


def stressed(word: Sequence[str]) -> list[str]:
    """Returns the word with a stress digit on each vowel: without any given, the first full vowel is stressed."""
    marked = any(phone[-1].isdigit() for phone in word)
    vowels = [at for at, phone in enumerate(word) if phone.rstrip("012") in ENGLISH_PHONES.vowels]
    full = [at for at in vowels if word[at].rstrip("012") != "AH"] or vowels[:1]
    result = list(word)
    for at in vowels:
        if not word[at][-1].isdigit():
            result[at] = word[at] + ("1" if not marked and at == full[0] else "0")
    return result


def misaki(word: Sequence[str]) -> str:
    """Spells one word of ARPAbet with stress digits in misaki's alphabet."""
    return "".join(_spell(word, _MISAKI, _MISAKI_UNSTRESSED, "ˈˌ"))


def from_misaki(word: str) -> tuple[str, ...]:
    """Returns one word of misaki's alphabet as ARPAbet with stress digits."""
    phones: list[str] = []
    stress = "0"
    for symbol in word:
        if symbol in "ˈˌ":
            stress = "1" if symbol == "ˈ" else "2"
        elif symbol == "ɹ" and phones and phones[-1][:2] in {"ER", "AH"} and phones[-1][-1].isdigit():
            phones[-1] = "ER" + phones[-1][-1]
        elif symbol in _FROM_MISAKI:
            phone = _FROM_MISAKI[symbol]
            phones.append(phone + stress if phone in ENGLISH_PHONES.vowels else phone)
            stress = "0" if phone in ENGLISH_PHONES.vowels else stress
    return tuple(phones)


def espeak(word: Sequence[str]) -> str:
    """Spells one word in espeak-ng's alphabet, with '|' between sounds, so that no two names read as another one."""
    return "|".join(_spell(word, _ESPEAK, _ESPEAK_UNSTRESSED, "',"))


def flite(phone: str) -> str:
    """Returns flite's name of one sound."""
    base, stress = _split(phone)
    if base == "AH" and stress == "0":
        return "ax"
    return base.lower() + (stress if stress in {"0", "1"} else "1" if stress else "")


def ipa(word: Sequence[str]) -> str:
    """Spells one word of ARPAbet with stress digits in espeak-ng's IPA."""
    return "".join(_spell(word, _IPA, _IPA_UNSTRESSED, "ˈˌ"))


def _spell(word: Sequence[str], names: dict[str, str], unstressed: dict[str, str], marks: str) -> list[str]:
    """Returns the sounds in another alphabet, with its marks of primary and secondary stress."""
    found = []
    for phone in word:
        base, stress = _split(phone)
        name = unstressed.get(base, names[base]) if stress == "0" else names[base]
        found.append({"1": marks[0], "2": marks[1]}.get(stress, "") + name)
    return found


def _split(phone: str) -> tuple[str, str]:
    base = phone.rstrip("012")
    return base, phone[len(base) :]
