"""The phone set of English: 39 ARPAbet classes.

The 191 IPA tokens of the acoustic model are folded into those classes. The model was trained on Korean as well as
English, so its inventory is wider than that of English; a foreign sound goes to the English phone that a listener
would take it for.
"""

from typing import Final

from analysis.engine.phones import PhoneSet

_VOWELS: Final = ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW")
_CONSONANTS: Final = (
    *("B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N", "NG", "P", "R", "S", "SH"),
    *("T", "TH", "V", "W", "Y", "Z", "ZH"),
)
_IPA: Final[dict[str, str]] = {
    **{"AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "aʊ", "AY": "aɪ", "EH": "ɛ", "ER": "ɝ"},
    **{"EY": "eɪ", "IH": "ɪ", "IY": "iː", "OW": "oʊ", "OY": "ɔɪ", "UH": "ʊ", "UW": "uː"},
    **{"B": "b", "CH": "tʃ", "D": "d", "DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "dʒ", "K": "k"},
    **{"L": "l", "M": "m", "N": "n", "NG": "ŋ", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t"},
    **{"TH": "θ", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "ʒ"},
}

# The Korean tap (ㄹ, "ɾ") is neither R nor L; English listeners take it for L more often than for R.
# Korean "e" is the open-mid vowel of "bed"; English "face" has a token of its own (eɪ).
_TOKENS_BY_PHONE: Final[dict[str, str]] = {
    "AA": "a ɑ ɒ à ã ä ja wa",
    "AE": "æ",
    "AH": "ʌ ə ɐ ɘ ɤ ᵊ ɵ jʌ wʌ",
    "AO": "ɔ å",
    "AW": "aʊ",
    "AY": "aɪ",
    "EH": "ɛ e eə œ ẽ je we",
    "ER": "ɝ ɚ ɜ",
    "EY": "eɪ",
    "IH": "ɪ ɨ ɪə ʏ",
    "IY": "i ì ĩ ǐ wi ɯi",
    "OW": "o oʊ õ ø jo",
    "OY": "ɔɪ",
    "UH": "ʊ ɯ",
    "UW": "u ʉ ũ y ju",
    "B": "b ɓ ʙ",
    "CH": "t͡ʃ t͡ɕ t͡ɕʰ t͡ɕ͈",
    "D": "d ɖ ɗ",
    "DH": "ð",
    "F": "f ɸ",
    "G": "g ɡ ɣ",
    "HH": "h ɦ ħ x χ ç",
    "JH": "d͡ʒ ɟ",
    "K": "k kʰ k͈ c",
    "L": "l ɫ ɮ ʎ ɾ",
    "M": "m ɱ",
    "N": "n ɲ ñ",
    "NG": "ŋ ɴ",
    "P": "p pʰ p͈",
    "R": "r ɹ ɻ ɽ ʀ ʁ",
    "S": "s s͈",
    "SH": "ʃ ɕ ʂ",
    "T": "t tʰ t͈ ʈ",
    "TH": "θ",
    "V": "v ʋ β",
    "W": "w ɥ ɰ",
    "Y": "j ʝ",
    "Z": "z ẑ",
    "ZH": "ʒ ʑ ʐ",
}

ENGLISH_PHONES: Final = PhoneSet(
    vowels=_VOWELS,
    consonants=_CONSONANTS,
    ipa=_IPA,
    phone_of_token={token: phone for phone, tokens in _TOKENS_BY_PHONE.items() for token in tokens.split(" ")},
)
