"""Sounds and directions in the text of cues: [door slams], (LAUGHING), ♪. They are not expected to be spoken."""

import re

from media.subtitles.words import SOUNDS, SOUNDS_KOREAN

_BRACKETS = re.compile(r"\[[^\[\]]*\]|［[^［］]*］|【[^【】]*】|〔[^〔〕]*〕|<[A-Za-z가-힣][^<>]*>")
_PARENTHESES = re.compile(r"\(([^()]*)\)|（([^（）]*)）")
_STARS = re.compile(r"\*+([^*]{1,40})\*+")
_MUSIC = re.compile("[♩-♯\u266a-\u266c🎵🎶🎼¶]+")
_HASHES = re.compile(r"^#+(?=\s)|(?<=\s)#+$|^#+$")
_OPEN = re.compile(r"[\[(（［【](?=[^\])）］】]*$)")
# Marks without words that stay where sounds, labels and notes of music stood between them.
_LEFTOVERS = (
    (re.compile(r"\"\s*\"|“\s*”|„\s*[“”]|«\s*»|‘\s*’|(?<!\S)'\s*'(?!\S)|\(\s*\)|\[\s*\]"), " "),
    (re.compile(r"\s+(?=[,;:!?]|\.(?!\.))"), ""),
    (re.compile(r"[,;:]+(?=[,;:.!?])"), ""),
    (re.compile(r"(?:(?<=\s)|^)(?:[-–—&+/|~]\s+)+(?=[-–—&+/|~](?:\s|$))"), ""),
    (re.compile(r"^(?:\s*(?:[,;:!?]|\.(?!\.)))+\s*"), ""),
    (re.compile(r"^(?:[-–—&+/|~]+\s+)+|(?:^|\s+)[-–—&+/|~]+$"), ""),
)
# People say parentheses that begin like a sentence.
_SPOKEN = re.compile(
    r"(and|or|but|so|i|i'?m|i'?ve|i'?ll|you|you'?re|we|we'?re|they|it|it'?s|that|that'?s|this|which|who|not|no|yes|if"
    r"|when|because|as|at|in case|like|or at least|well|please|don'?t|what|thanks?|of course)\b",
    re.I,
)
_DIRECTION = re.compile(r"(in \w+|on (the )?(phone|radio|tv|pa|speaker|screen|intercom)|over .*|off.?screen)$", re.I)
_SOUND = re.compile(r"\w{2,}ing", re.I)


def is_sound(text: str) -> bool:
    """Returns whether the inside of brackets names a sound or a direction, as far as its words show."""
    bare = text.strip(" .:!-[]()").lower()
    words = re.findall(r"[^\W\d_](?:[\w.'’-]*\w)?", bare)
    return not words or _DIRECTION.match(bare) is not None or any(map(_is_sound_word, words))


def is_open(text: str) -> bool:
    """Returns whether a bracket is opened in a row and closed in none of its characters."""
    return _OPEN.search(text) is not None


def has_music(text: str) -> bool:
    """Returns whether a text has a sign of music."""
    return _MUSIC.search(text) is not None


def without_sounds(text: str) -> tuple[str, list[str]]:
    """Returns a line without its sounds, and what was removed; notes of music are removed without a word."""
    removed: list[str] = []

    def take(match: re.Match[str]) -> str:
        removed.append(match[0])
        return " "

    def take_aside(match: re.Match[str]) -> str:
        inside = match[1] or match[2] or ""
        is_alone = not text[: match.start()].strip() and not text[match.end() :].strip()
        return match[0] if _is_spoken(inside, is_alone=is_alone) else take(match)

    def take_stars(match: re.Match[str]) -> str:
        return take(match) if is_sound(match[1]) else match[1]

    bare = _HASHES.sub(" ", _MUSIC.sub(" ", text).strip())
    text = _BRACKETS.sub(take, bare)
    text = _STARS.sub(take_stars, _PARENTHESES.sub(take_aside, text))
    return without_leftovers(text) if removed else " ".join(text.split()), removed


def without_leftovers(text: str) -> str:
    """Returns a line without marks that stand alone since words beside them were removed: ", I know" → "I know"."""
    for pattern, mark in _LEFTOVERS:
        text = pattern.sub(mark, text).strip()
    return " ".join(text.split())


def _is_sound_word(word: str) -> bool:
    return word in SOUNDS or _SOUND.fullmatch(word) is not None or word.endswith(SOUNDS_KOREAN)


def _is_spoken(inside: str, *, is_alone: bool) -> bool:
    if not any(map(str.isalpha, inside)):
        return any(map(str.isdigit, inside))
    is_capitals = inside == inside.upper() and inside != inside.lower()
    return not is_capitals and not is_alone and _SPOKEN.match(inside.strip()) is not None
