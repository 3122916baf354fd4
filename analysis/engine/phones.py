"""The sounds of English as this package names them: 39 ARPAbet classes plus the CTC blank.

`TOKENS_BY_PHONE` folds the 191 IPA tokens of the acoustic model into those classes. The model hears Korean as
well as English, so its inventory is wider than English; a foreign sound goes to the English sound a listener
would take it for. Tokens that carry no sound of their own (length, tone, tie bars, word boundaries) are blank.
"""

from typing import Final

VOWELS: Final = (*("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"),)
CONSONANTS: Final = (
    *("B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N", "NG", "P", "R", "S", "SH"),
    *("T", "TH", "V", "W", "Y", "Z", "ZH"),
)
PHONES: Final[tuple[str, ...]] = tuple(sorted(VOWELS + CONSONANTS))
INDEX: Final[dict[str, int]] = {phone: index for index, phone in enumerate(PHONES)}
BLANK: Final = len(PHONES)

IPA: Final[dict[str, str]] = {
    **{"AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "aʊ", "AY": "aɪ", "EH": "ɛ", "ER": "ɝ"},
    **{"EY": "eɪ", "IH": "ɪ", "IY": "iː", "OW": "oʊ", "OY": "ɔɪ", "UH": "ʊ", "UW": "uː"},
    **{"B": "b", "CH": "tʃ", "D": "d", "DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "dʒ", "K": "k"},
    **{"L": "l", "M": "m", "N": "n", "NG": "ŋ", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t"},
    **{"TH": "θ", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "ʒ"},
}

# The Korean tap (ㄹ, "ɾ") is neither R nor L; English listeners take it for L more often than for R.
# Korean "e" is the open-mid vowel of "bed"; English "face" has a token of its own (eɪ).
TOKENS_BY_PHONE: Final[dict[str, str]] = {
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
_CONTROL = ("<pad>", "<sos>", "<eos>", "<unk>", " ", "%", ",", "~", "<wb>", "<blank>", "ʔ", "一", "不")
_MODIFIERS = [
    "²",
    "³",
    "¹",
    "ʰ",
    "ʱ",
    "ʲ",
    "ʷ",
    "ˀ",
    "ː",
    "ˑ",
    "˕",
    "˞",
    "ˤ",
    "˥",
    "˦",
    "˧",
    "˨",
    "˩",
    "꜔",
    "ᵝ",
    "‿",
    "⁰",
    "⁴",
    "⁵",
    "⁻",
    "⁽",
    "⁾",
]
_COMBINING = [chr(code) for code in (0x303, 0x306, 0x308, 0x30A, 0x30C, 0x30D, 0x31A, 0x31D, 0x31E, 0x31F)] + [
    chr(code)
    for code in (*(0x320, 0x325, 0x329, 0x32A, 0x32C, 0x32F, 0x330), *(0x33A, 0x33B, 0x348, 0x34D, 0x35C, 0x361))
]
SILENT_TOKENS: Final = frozenset((*_CONTROL, *_MODIFIERS, *_COMBINING))
PHONE_OF_TOKEN: Final[dict[str, str]] = {
    token: phone for phone, tokens in TOKENS_BY_PHONE.items() for token in tokens.split(" ")
}
