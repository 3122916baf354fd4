"""Addresses of the web, e-mail addresses, hashtags, names in mixed capitals."""

import re
from typing import Final

from common.line_text.english.letters import acronym_readings, mixture_readings
from common.line_text.written_word import Reading, combine, distinct, readings

_ENDINGS: Final = (
    "com|org|net|edu|gov|io|co|uk|us|tv|me|ai|app|link|info|biz|kr|jp|de|fr|ca|js|py|exe|txt|pdf|jpg|html?"
)
_ADDRESS = re.compile(rf"(?:(https?)://)?(www\.)?((?:[\w-]+\.)+(?:{_ENDINGS}))((?:/[\w.-]*)*)/?", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE)
_CAMEL = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z']+|[A-Z]|\d+")
_SPELLED_ENDINGS: Final = frozenset(("tv", "uk", "us", "io", "ai", "kr", "jp", "js", "py", "txt", "pdf", "html", "htm"))
_MARKS: Final = {".": "dot", "-": "dash", "_": "underscore", "/": "slash", "@": "at", "+": "plus", ":": "colon"}
_SPLIT = re.compile(r"([.\-_/@+:])")


def address_readings(written: str) -> tuple[Reading, ...]:
    """Returns the readings of a web or e-mail address (Amazon.com, bob@mail.com); nothing for other words."""
    if _MAIL.fullmatch(written):
        return _spoken_address(written)
    match = _ADDRESS.fullmatch(written)
    if not match or (match[3][0].isdigit() and match[3].replace(".", "").isdigit()):
        return ()
    rest = _spoken_address(match[3] + match[4].rstrip("/"))
    if not match[2]:
        return rest
    return distinct([*combine([readings("W W W dot"), rest]), *rest])


def _spoken_address(written: str) -> tuple[Reading, ...]:
    parts = []
    for piece in _SPLIT.split(written):
        if piece in _MARKS:
            parts.append(readings(_MARKS[piece]))
        elif piece:
            parts.append(_name(piece))
    return combine(parts)


def _name(piece: str) -> tuple[Reading, ...]:
    if piece.lower() in _SPELLED_ENDINGS:
        return readings(" ".join(piece.upper()))
    return camel_readings(piece) or mixture_readings(piece) or readings(piece.lower())


def hashtag_readings(written: str) -> tuple[Reading, ...]:
    """Returns the readings of a hashtag or a handle (#MeToo, @john); nothing for other words."""
    match = re.fullmatch(r"([#@])([^\W\d_]\w*)", written)
    if not match:
        return ()
    parts = [part for part in match[2].split("_") if part]
    names = combine([camel_readings(part) or mixture_readings(part) or readings(part.lower()) for part in parts])
    if match[1] == "@":
        return combine([readings("at"), names])
    return distinct([*names[:6], *combine([readings("hashtag"), names[:6]])])


def camel_readings(written: str) -> tuple[Reading, ...]:
    """Returns the readings of a name in mixed capitals (MeToo, YouTube, iPhone): whole and in parts; or nothing."""
    if not re.fullmatch(r"[A-Za-z']*[a-z][A-Z][A-Za-z']*|[A-Z]{2,}[a-z]+[A-Za-z']*", written):
        return ()
    parts = _CAMEL.findall(written)
    if len(parts) < 2 or parts[0] in {"Mc", "Mac", "O", "Van", "De", "La", "Le", "Di", "Fitz"} or "'" in written:
        return ()
    spoken = [acronym_readings(part, in_capitals=False) or readings(part.lower()) for part in parts]
    spoken = [
        readings(part.upper(), part.lower()) if len(part) == 1 else own for part, own in zip(parts, spoken, strict=True)
    ]
    split = combine(spoken)[:4]
    return distinct([*split, (written.lower(),)])
