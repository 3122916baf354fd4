"""The encoding of a subtitle file: UTF-8, UTF-16 or UTF-32, else CP949, Windows-1252 or Mac Roman where the text shows
it. Any other is refused by name: a wrong guess imports lines that only a reader would recognise as wrong.
"""

import codecs
import re

from charset_normalizer import from_bytes

from media.subtitles.cues import SubtitlesUnreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WESTERN = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman"}
_TAKEN = ", ".join(("UTF-8", "UTF-16", "CP949", *_WESTERN.values()))
# charset-normalizer takes seconds for a megabyte; a name for the message needs less.
_NAMED_FROM_BYTES = 20_000

_CAPITAL = "À-ÖØ-ÞŒŠŽŸ"
_ACCENTED = f"{_CAPITAL}ß-öø-ÿœšž"
# Letters of Western European languages and the signs that people type in a line.
_TYPED = re.compile(f"[\\x00-\\x7f{_ACCENTED}‘’“”–—…•€£¥§©®™°¡¿«»¼½¾ºª·´\\xa0]*")
# Signs in places where only another code page puts them: donÕt, ÒHello, caf°s, Czeœæ.
_MISPLACED = re.compile(
    f"[A-Za-z][{_CAPITAL}][a-z ]|[{_CAPITAL}][A-Z][a-z]|[a-z][“”«»°§¼½¾ºª·´¡¿][a-z]|[ß-öø-ÿ][A-Z]|œ(?![euiéèêô])"
    f"|[{_ACCENTED}]{{3}}|(?<![A-Za-z{_ACCENTED}])[{_ACCENTED}]{{2,}}(?![A-Za-z])"
)
_MAX_ACCENTED = 0.3
_HANGUL = re.compile("[가-힣]")
# Korean is written with the 2,350 syllables of KS X 1001; CP949 has 8,822 more that are hardly ever used.
_MAX_RARE, _MAX_OTHER, _MIN_HANGUL = 0.1, 0.2, 2
_LINE_END = re.compile("\r\n?|\u2028|\u0085")


def decode(data: bytes) -> tuple[str, str | None]:
    """Returns the text with `\\n` line ends, and the name of its encoding where that was guessed.

    Raises SubtitlesUnreadable, naming the encoding, or the line of a damaged byte.
    """
    text, guessed = _decode(data)
    if "\x00" in text:
        raise SubtitlesUnreadable("subtitles_zero_bytes")
    return _LINE_END.sub("\n", text), guessed


def _decode(data: bytes) -> tuple[str, str | None]:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], name), None
    if name := _wide(data):
        return _strictly(data, name), name.upper()
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        return _guess(data)


def _wide(data: bytes) -> str:
    """Returns the name of UTF-16 without a mark: every second byte of Western text is zero there."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    if max(even, odd) * 4 < len(data) or min(even, odd) * 4 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _strictly(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(name, "replace").count("\n") + 1
        raise SubtitlesUnreadable("subtitles_encoding_damaged", line=line, encoding=name.upper()) from error


def _guess(data: bytes) -> tuple[str, str]:
    replaced = data.decode("utf-8", "replace")
    damaged = replaced.count("\ufffd")
    if sum(not character.isascii() for character in replaced) > 2 * damaged:
        return _strictly(data, "utf-8"), "UTF-8"
    for name, title, is_plausible in (
        ("cp949", "CP949", _is_korean),
        *((name, title, _is_western) for name, title in _WESTERN.items()),
    ):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if is_plausible(text):
            return text, title
    best = from_bytes(data[:_NAMED_FROM_BYTES]).best()
    likely = best.encoding if best else "binary"
    raise SubtitlesUnreadable("subtitles_encoding_unknown", encodings=_TAKEN, likely=likely)


def _is_korean(text: str) -> bool:
    syllables = _HANGUL.findall(text)
    rare = sum(not _is_common(syllable) for syllable in syllables)
    others = sum(not character.isascii() for character in text) - len(syllables)
    count = len(syllables)
    return count >= _MIN_HANGUL and rare <= _MAX_RARE * count and others <= _MAX_OTHER * count


def _is_common(syllable: str) -> bool:
    """Returns whether KS X 1001 has a syllable: Python writes the others as four characters each."""
    return len(syllable.encode("euc_kr", "replace")) == 2


def _is_western(text: str) -> bool:
    letters = sum(character.isalpha() for character in text)
    accented = sum(character.isalpha() and not character.isascii() for character in text)
    return (
        _TYPED.fullmatch(text) is not None and _MISPLACED.search(text) is None and accented <= _MAX_ACCENTED * letters
    )
