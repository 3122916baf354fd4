"""Markup inside cues: tags, style codes, entities and invisible characters are removed, voices are kept."""

import html
import re
from collections.abc import Iterator

from media.subtitles.cues import Row

# Tags of WebVTT and of the HTML that editors write; time stamps of karaoke. Other angle brackets are text.
_NAMES = "i|b|u|s|c|v|lang|ruby|rt|font|span|em|strong|small|big|p|div|a|tt|center"
_TAG = re.compile(rf"</?(?:{_NAMES})(?:[.\s][^<>]*)?/?>|<\d[\d:.,]*>|</>", re.I)
_READING = re.compile(r"<rt(?:[.\s][^<>]*)?>[^<]*(?:</rt>)?", re.I)
_BREAK = re.compile(r"<br\s*/?>|\\[Nn]", re.I)
_STYLE_CODE = re.compile(r"\{\\[^{}]*\}|\{[YyCcFfSsPp]:[^{}]*\}")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,31}\d{0,2});")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffc]|[\x00-\x08\x0e-\x1f\x7f]")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?(?:[ \t]+([^<>]*))?>|</v>", re.I)
_MAX_NAME = 200
_ASIDE = re.compile(r"\s*[\[(（][^\])）]*[\])）]\s*$")


def plain(text: str) -> str:
    """Returns text without markup, with single spaces; entities are decoded once."""
    bare = _STYLE_CODE.sub("", _TAG.sub("", _READING.sub("", text.replace("\\h", " "))))
    decoded = _ENTITY.sub(lambda match: html.unescape(match[0]), bare)
    return " ".join(_INVISIBLE.sub("", _TAG.sub("", decoded)).split())


def speaker_name(text: str) -> str | None:
    """Returns the name of a speaker without `(V.O.)` or the like; None when nothing is left."""
    return _ASIDE.sub("", plain(text)[:_MAX_NAME]).strip(" :-") or None


def rows_of(text: str, voice: str | None = None) -> tuple[Row, ...]:
    """Returns the rows of a cue's text, one more for each voice tag within a row; empty rows are left out."""
    return tuple(row for row in _voiced(_BREAK.sub("\n", text), voice) if row.text)


def _voiced(text: str, voice: str | None) -> Iterator[Row]:
    current = voice
    for line in text.split("\n"):
        at = 0
        for tag in _VOICE.finditer(line):
            yield Row(plain(line[at : tag.start()]), current)
            current = (speaker_name(tag[1]) if tag[1] else None) or voice
            at = tag.end()
        yield Row(plain(line[at:]), current)
