"""Speakers as scripts and captions name them before their words: `JOHN:`, `[JOHN]`, `Mom:`, `철수:`.

A sentence can hold a colon, too. So names are recognised by the evidence of the whole file: capitals in a file that is
not all in capitals, a place where the name returns, a word for a role, or a single name before a sentence.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from media.subtitles.sounds import is_sound
from media.subtitles.words import BEFORE_ROLES, NO_NAMES, ROLES, SMALL_WORDS

_MAX_WORDS, _MAX_CHARACTERS = 5, 40
_COLON = re.compile(
    r"(?P<name>[^\W_][\w .'’&#/-]{0,39}?)\s*(?:(?:\([^()]{0,30}\)|\[[^\[\]]{0,30}\])\s*)?(?::(?=\s|$)|：)\s*"
)
_BRACKET = re.compile(r"[\[(（［](?P<name>[^\[\]()（）［］]{1,40})[\])）］]\s*:?\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Label:
    """A name before words: its length in the row includes the mark after it."""

    name: str
    length: int


class Speakers:
    """The names that a file uses for speakers, from all its rows."""

    def __init__(self, rows: Iterable[str], voices: Iterable[str]) -> None:
        texts = list(rows)
        self._is_capitals = _mostly_capitals(texts)
        self._named = Counter(_key(found["name"]) for text in texts if (found := _COLON.match(text)))
        self._bracketed = Counter(_key(found["name"]) for text in texts if (found := _BRACKET.match(text)))
        self._voices = {_key(voice) for voice in voices}
        self._common = {word for text in texts for word in re.findall(r"[^\W\d_]+", text) if word.islower()}
        self._certain = {
            _key(found["name"]) for text in texts if (found := _COLON.match(text)) and self._is_certain(found["name"])
        }
        self.guessed: set[str] = set()

    def label(self, text: str) -> Label | None:
        """Returns the label at the start of a row; None where its words begin at once."""
        for pattern, is_name in ((_COLON, self._is_colon_name), (_BRACKET, self._is_bracket_name)):
            found = pattern.match(text)
            if found and is_name(name := _without_direction(found["name"]), text[found.end() :]):
                return Label(name, found.end())
        return None

    def split(self, text: str) -> Iterator[str]:
        """Yields the parts of a row that has a certain label after the end of a sentence."""
        at = 0
        for end in re.finditer(r"(?<=[.!?…\"”'’\])])\s+", text):
            found = _COLON.match(text, end.end())
            if found and _key(found["name"]) in self._certain:
                yield text[at : end.start()]
                at = end.end()
        yield text[at:]

    def _is_certain(self, name: str) -> bool:
        """Returns whether a name before a colon is a speaker by the whole file, whatever follows."""
        words = name.split()
        if not _has_form(name) or _is_heading(words):
            return False
        if _key(name) in self._voices or self._named[_key(name)] > 1 or _has_role(name):
            return _case_of(name) != "lower" or self._named[_key(name)] > 2 or _key(name) in self._voices
        return not self._is_capitals and _case_of(name) == "capitals"

    def _is_colon_name(self, name: str, rest: str) -> bool:
        if _key(name) in self._certain:
            return True
        words = name.split()
        if not _has_form(name) or _is_heading(words) or any(map(str.isdigit, name)) or len(words) > 3:
            return False
        case = _case_of(name)
        is_used = any(word.lower() in self._common for word in words if word.lower() not in SMALL_WORDS)
        begins = not rest or not rest[0].islower()
        is_short = len(words) <= 2 and len(name) <= 12 and not rest[:1].isdigit()
        likely = begins and (is_short if case == "none" else case != "lower" and not is_used)
        if likely:
            self.guessed.add(name)
        return likely

    def _is_bracket_name(self, name: str, rest: str) -> bool:
        is_named = _key(name) in self._named and not _is_heading(name.split())
        known = is_named or _key(name) in self._certain or _key(name) in self._voices
        if known or (_is_role(name) and not is_sound(rest)):
            return True
        if not _has_form(name) or is_sound(name) or _is_heading(name.split()):
            return False
        likely = _case_of(name) in ("title", "capitals") and len(name.split()) <= 3
        if likely:
            self.guessed.add(name)
        return likely


def _without_direction(name: str) -> str:
    """Returns the name of `John, whispering`."""
    first, _, rest = name.partition(",")
    return first.strip() if rest and is_sound(rest) else name.strip()


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _has_form(name: str) -> bool:
    has_form = len(name) <= _MAX_CHARACTERS and len(name.split()) <= _MAX_WORDS
    return has_form and any(map(str.isalpha, name)) and not re.search(r"[.'’]\s+\w+\s+\w+\s+\w+", name)


def _role_words(name: str) -> list[str]:
    words = [word.strip(".,") for word in re.sub(r"\s*#?\d+$", "", name).lower().split()]
    return [word for word in words if word not in BEFORE_ROLES]


def _has_role(name: str) -> bool:
    """Returns whether a name begins with a word for a person: Man, Old man, Dr. Smith."""
    words = _role_words(name)
    return bool(words) and words[0] in ROLES


def _is_role(name: str) -> bool:
    """Returns whether a name is a word for a person only: man, old man, woman 2."""
    words = _role_words(name)
    return bool(words) and all(word in ROLES for word in words)


def _is_heading(words: list[str]) -> bool:
    """Returns whether a word of a name is one that begins a sentence or a heading, unless a title precedes it."""
    return words[0].lower().strip(".") not in ROLES and any(
        word.lower().strip(".,#") in NO_NAMES for word in words if not word.isdigit()
    )


def _case_of(name: str) -> str:
    """Returns `capitals`, `title`, `lower`, or `none` for a script without capitals."""
    letters = [letter for letter in name if letter.lower() != letter.upper()]
    if not letters:
        return "none"
    if re.sub(r"\b(Mc|Mac|O['’])(?=[A-Z])", "", name) == name.upper() or all(letter.isupper() for letter in letters):
        return "capitals"
    words = [word for word in re.findall(r"[^\W\d_]+", re.sub(r"['’]\w", "", name)) if word not in SMALL_WORDS]
    return "title" if words and all(word[0].isupper() for word in words) else "lower"


def _mostly_capitals(texts: list[str]) -> bool:
    bodies = [text[found.end() :] if (found := _COLON.match(text)) else text for text in texts]
    cased = [body for body in bodies if body.lower() != body.upper()]
    return sum(body == body.upper() for body in cased) * 2 > len(cased) > 0
