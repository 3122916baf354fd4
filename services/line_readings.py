"""The reading that is expected of a line."""

from common.line_text import spoken_form as corrected
from common.line_text.registry import reader_for
from services.responses import ResponseDict


def has_words(text: str, language: str) -> bool:
    """True for a line with a word to pronounce, and for every line of a language that is not read here."""
    read_text = reader_for(language)
    return read_text is None or bool(read_text(text))


def read_line(text: str, spoken_form: str | None, language: str) -> ResponseDict | None:
    """Returns the LineReading of a line; None for a language that is not read here."""
    read_text = reader_for(language)
    if read_text is None:
        return None
    words = corrected.read_line(read_text, text, spoken_form)
    return {
        "text": " ".join(" ".join(word.spoken) for word in words),
        "words": [{"text": word.text, "readings": [" ".join(own) for own in word.readings]} for word in words],
    }
