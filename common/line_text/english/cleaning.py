"""Look-alike characters replaced by plain ones, with the place of each in the line."""

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Final

_APOSTROPHES: Final = "’‘‛ʼʻʹʽ′´`＇ꞌ՚׳ˈ‵"
_QUOTES: Final = "“”„‟″«»＂"
_HYPHENS: Final = "‐‑⁃﹣"
_NUMBER_DASHES: Final = "‒–−"
# Letters that Unicode does not decompose into a base letter and a mark.
_LETTERS: Final = {
    **{"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "đ": "d", "ð": "th", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "ng"},
    **{"Ø": "O", "Æ": "Ae", "Œ": "Oe", "ẞ": "SS", "Đ": "D", "Ð": "Th", "Þ": "Th", "Ħ": "H", "Ŋ": "Ng"},
    **{"ł": "ł", "Ł": "Ł"},
}
_SYMBOLS: Final = {
    **{
        "№": "№",
        "×": "x",
        "⁄": "/",
        "∕": "/",
        "⁻": "^-",
        "÷": " ÷ ",
        "¢": "¢",
        "￠": "¢",
        "￡": "£",
        "￥": "¥",
        "￦": "₩",
    },
    **{"℃": "°C", "℉": "°F", "º": "°", "˚": "°", "™": "", "®": "", "©": "", "℠": "", "•": " ", "·": " ", "…": "…"},
    **{"\\N": " ", "\\n": " "},
}
_BETWEEN_DIGITS = re.compile(
    rf"(?<=\d)\s?[{_NUMBER_DASHES}]\s?(?=[\d$])|(?<=\d)\s-\s(?=\d+\b(?!\s*=))|(?<=\ds)\s?[{_NUMBER_DASHES}]\s?(?=\d)"
)
_ENTITIES: Final = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&apos;": "'", "&nbsp;": " "}


@dataclass(frozen=True)
class Cleaned:
    """A line in plain characters. `origins[i]` is the place in `line` of the character that became `text[i]`."""

    line: str
    text: str
    origins: tuple[int, ...]

    def spelling(self, start: int, stop: int) -> str:
        """Returns the line's own spelling of text[start:stop], without invisible characters."""
        own = self.line[self.origins[start] : self.origins[stop - 1] + 1]
        return "".join(c for c in own if unicodedata.category(c) != "Cf")

    def without(self, start: int, stop: int) -> "Cleaned":
        """Returns the line with spaces in place of text[start:stop]."""
        return replace(self, text=self.text[:start] + " " * (stop - start) + self.text[stop:])

    def with_text(self, text: str) -> "Cleaned":
        """Returns the line with another text of the same length."""
        return replace(self, text=text)


def clean(line: str) -> Cleaned:
    """Returns a line in plain characters: apostrophes, quotes, hyphens, fractions, full-width and invisible ones."""
    composed = unicodedata.normalize("NFC", line)
    text: list[str] = []
    origins: list[int] = []
    at = 0
    while at < len(composed):
        taken, plain = _plain(composed, at)
        text += plain
        origins += [at] * len(plain)
        at += taken
    joined = _BETWEEN_DIGITS.sub(lambda match: "-".center(len(match[0]), "\0"), "".join(text))
    kept = [place for place, c in enumerate(joined) if c != "\0"]
    return Cleaned(composed, "".join(joined[place] for place in kept), tuple(origins[place] for place in kept))


def _plain(line: str, at: int) -> tuple[int, str]:
    """Number of characters taken from line[at:], and what they become."""
    for entity, character in _ENTITIES.items():
        if line.startswith(entity, at):
            return len(entity), character
    if line[at : at + 2] in _SYMBOLS:
        return 2, _SYMBOLS[line[at : at + 2]]
    return 1, _plain_character(line[at], line[at - 1 : at])


def _plain_character(c: str, before: str) -> str:
    """A character in plain ones; a vulgar fraction after a digit begins with a space (1½ → 1 1/2)."""
    if c in _SYMBOLS:
        return _SYMBOLS[c]
    if c in _LETTERS:
        return _LETTERS[c]
    for plain, look_alikes in (("'", _APOSTROPHES), ('"', _QUOTES), ("-", _HYPHENS)):
        if c in look_alikes:
            return plain
    if unicodedata.category(c) == "Cf":
        return ""
    if unicodedata.category(c) == "No" and unicodedata.decomposition(c).startswith("<fraction>"):
        gap = " " if before.isdigit() else ""
        return gap + unicodedata.normalize("NFKC", c).replace("⁄", "/")
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", c))
    is_power = plain.isdigit() and unicodedata.decomposition(c).startswith("<super>")
    return f"^{plain}" if is_power and not _is_raised(before) else plain


def _is_raised(c: str) -> bool:
    return c == "⁻" or (c != "" and unicodedata.decomposition(c).startswith("<super>"))


def without_accents(word: str) -> str:
    """Returns a word without combining marks."""
    plain = unicodedata.normalize("NFD", word).replace("ł", "l").replace("Ł", "L")
    return "".join(c for c in plain if not unicodedata.combining(c))
