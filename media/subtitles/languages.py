"""Lines in two languages: the script of their letters tells which row is the line and which its translation."""

import re
from collections import Counter
from collections.abc import Iterable

# Words by script; a word of Chinese or Japanese, which have no spaces, is about two characters.
_SCRIPTS = {
    "hangul": (re.compile("[ᄀ-ᇿ\u3130-\u318f가-힣]+"), 1.0),
    "kana": (re.compile("[ぁ-ヿㇰ-ㇿｦ-ﾟ]"), 0.5),
    "han": (re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"), 0.5),
    "cyrillic": (re.compile("[Ѐ-ӿ]+"), 1.0),
    "arabic": (re.compile("[\u0600-\u06ff\u0750-\u077f]+"), 1.0),
    "thai": (re.compile("[\u0e00-\u0e7f]+"), 1.0),
    "latin": (re.compile("[A-Za-zÀ-ɏ'’]*[A-Za-zÀ-ɏ]"), 1.0),
}
_TAGS = {"hangul": "ko", "kana": "ja", "han": "zh", "cyrillic": "ru", "arabic": "ar", "thai": "th", "latin": "en"}
_OF_LANGUAGE = {
    "ko": "hangul",
    "ja": "kana",
    "zh": "han",
    "ru": "cyrillic",
    "uk": "cyrillic",
    "ar": "arabic",
    "th": "thai",
}
# Both scripts in one row: "Who are you? 누구세요?" or "Who are you? / 누구세요?".
_TWO_PARTS = re.compile(r"(?P<first>.*?[.!?…\"”~]|[^/|]+?(?=\s*[/|]))\s*[/|]?\s*(?P<second>\S.*)")


def language_of(text: str, preferred: str = "en") -> str | None:
    """Returns the language tag that the script of most words suggests, `preferred` among equals; None without words."""
    counts = dict.fromkeys(_TAGS.values(), 0.0)
    for name, (words, weight) in _SCRIPTS.items():
        counts[_TAGS[name]] += len(words.findall(text)) * weight
    if counts["ja"] or preferred == "ja":
        counts["ja"] += counts.pop("zh")
    tag, count = max(counts.items(), key=lambda each: (each[1], each[0] == preferred))
    return tag if count else None


class MainLanguage:
    """The language of the lines: that of the script, unless no row of the file is written in its letters."""

    def __init__(self, tag: str, rows: Iterable[str]) -> None:
        own = _TAGS[_OF_LANGUAGE.get(tag.split("-")[0].lower(), "latin")]
        found = Counter(filter(None, (language_of(row, own) for row in rows)))
        self.tag = own if own in found or not found else found.most_common(1)[0][0]

    def foreign(self, text: str) -> str | None:
        """Returns the language tag of a row in another script than the lines; None for a row of a line."""
        tag = language_of(text, self.tag)
        return tag if tag not in (None, self.tag) else None

    def parts(self, text: str) -> list[str]:
        """Returns the two parts of a row that is written in two languages one after the other, or the row.

        Words in Latin letters are a part of their own after a mark only, as people mix them into other languages.
        """
        found = _TWO_PARTS.fullmatch(text)
        if found is None or (self.tag != "en" and not re.search(r"[/|]", text)):
            return [text]
        tags = {language_of(found["first"]), language_of(found["second"])}
        is_split = len(tags) == 2 and None not in tags and self.tag in tags
        is_clean = is_split and all(_is_pure(part) for part in (found["first"], found["second"]))
        return [found["first"].strip(), found["second"].strip()] if is_clean else [text]


def _is_pure(text: str) -> bool:
    return sum(bool(found.search(text)) for found, _ in _SCRIPTS.values()) == 1
