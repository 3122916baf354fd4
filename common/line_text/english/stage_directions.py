"""Parts of a line that are not spoken: marks of layout, stage directions, speaker labels, musical notes."""

import re
from typing import Final

from common.line_text.english.cleaning import Cleaned
from common.line_text.written_word import word_set

_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,60}>|<\d\d:[\d:.]+>|\{\\[^{}]*\}|[♪♫♩♬♭♯]+")
_BRACKETED = re.compile(r"\[[^\[\]]*\]|【[^【】]*】|\{[^{}]*\}")
# Without area codes of telephone numbers.
_PARENTHESES = re.compile(r"\((?!\d{3}\)\s?\d)[^()]*\)")
_STARRED = re.compile(r"\*([^*]+)\*")
_HASH_MUSIC = re.compile(r"(?:^|(?<=\s))#(?!\s\d+\b[^#]*$)(?=\s|$)")
# Faces of punctuation marks; a heart at the end of a line.
_EMOTICON = re.compile(
    r"(?:^|(?<=[\s.!?,]))(?:[:;=8][-'^o]?[()DPpOo3/|\\*\[\]]+|[xX]D+|\^_+\^|-_+-|[(][:;=]|</?3+(?=\s*[.!?]*\s*$))(?=[\s.!?,]|$)"
)
_LABEL = re.compile(
    r"(?:^|(?<=\n))\s*(?:-\s*)?(?:>>+\s*)?"
    r"((?:(?:Mr|Mrs|Ms|Dr)\.?\s)?(?:(?:Mc|Mac|O')?[^\W\d_a-z][^a-z:\n\"!?,;]{0,40}?))\s*(?:\([^()\n]*\)\s*)?:(?=\s|$)"
)
# Another speaker inside the line ("- JOHN: Yes. - MARY: No.").
_INNER_LABEL = re.compile(r"(?:(?<=[.!?…\"]\s)|(?<=[-]\s)|(?<=>>\s))([A-Z][A-Z.' #0-9]{1,30}?)\s*:(?=\s)")
_ARROWS = re.compile(r">>+")
# Capitals in front of a colon that are spoken.
_NO_LABEL: Final = word_set(
    """
    warning note attention remember listen look caution danger question rule step plan fact time date conclusion lesson
    problem thing point truth result answer news update reminder important ps stop okay ok so well yes no chapter part
    scene act episode it he she they we you i is are was were made will would do does did not my your his our this that
    there here what who why how when where if but because only get go come said never
    """
)
_SOUNDS: Final = word_set(
    """
    sigh laugh chuckle giggle sob cry weep whisper shout scream yell gasp groan moan grunt cough sneeze sniff sniffle
    whistle hum sing cheer applaud clap pant snore growl bark meow ring beep buzz slam knock creak bang crash explode
    shatter thud clear gulp yawn hiccup snort scoff mutter mumble stammer inhale exhale breathe pause beat silence music
    speak play continue echo rumble screech honk siren applause laughter indistinct inaudible muffled chatter gunshot
    thunder footstep door phone static sarcastic angry quiet soft loud nervous crowd all both man woman boy girl
    male female voice narrator radio tv offscreen onscreen subtitle foreign
    """
)
_SPEECH: Final = word_set("i i'm you you're he she it's we they me my your don't can't what who why is are")
_ENDINGS: Final = ("ing", "es", "s", "ed", "ly", "ily")


def without_directions(line: Cleaned) -> Cleaned:
    """Returns a line with spaces in place of everything that is not spoken."""
    for pattern in (_MARKUP, _HASH_MUSIC, _EMOTICON):
        line = _without(line, pattern)
    bare = _without(line, _BRACKETED)
    bare = _without_parentheses(bare)
    bare = _without_stars(bare)
    bare = _without_labels(bare)
    bare = _without(bare, _ARROWS)
    return bare if _has_words(bare.text) or not _is_speech(line.text) else line


def _without(line: Cleaned, pattern: re.Pattern[str]) -> Cleaned:
    for match in pattern.finditer(line.text):
        line = line.without(*match.span())
    return line


def _without_parentheses(line: Cleaned) -> Cleaned:
    """Takes out what stands in parentheses for itself, or names a sound or a manner; an aside in a sentence stays."""
    for match in _PARENTHESES.finditer(line.text):
        before, after = line.text[: match.start()].rstrip(), line.text[match.end() :].lstrip()
        stands_alone = not before or before[-1] in '.!?:"—…' or before[-2:] in {"--", "- "}
        ends_sentence = not after or after[0] in "-—" or (after[0].isupper() and stands_alone)
        if _names_sound(match[0]) or (stands_alone and (ends_sentence or not before)):
            line = line.without(*match.span())
    return line


def _without_stars(line: Cleaned) -> Cleaned:
    for match in _STARRED.finditer(line.text):
        if _names_sound(match[1]):
            line = line.without(*match.span())
    return line


def _without_labels(line: Cleaned) -> Cleaned:
    for pattern in (_LABEL, _INNER_LABEL):
        for match in pattern.finditer(line.text):
            if _is_label(match[1], in_capitals=not any(c.islower() for c in line.text)):
                line = line.without(*match.span())
    return line


def _is_label(written: str, *, in_capitals: bool) -> bool:
    """True for a name or a role. A line that is in capitals as a whole has labels of two words at most."""
    words = re.findall(r"[^\W\d_]+(?:[.'][^\W\d_]+)*", written.lower())
    return 0 < len(words) <= (2 if in_capitals else 5) and not set(words) & _NO_LABEL


def _names_sound(written: str) -> bool:
    """True for a few words of which one is a sound or a manner in any form (sighs, laughing, angrily)."""
    words = re.findall(r"[a-z'-]+", written.lower())
    if not words or len(words) > 6 or set(words) & _SPEECH:
        return False
    return any(_stem(word) for word in words)


def _stem(word: str) -> bool:
    stems = [word, *(word.removesuffix(ending) for ending in _ENDINGS)]
    return any(stem in _SOUNDS or f"{stem}e" in _SOUNDS or stem[:-1] in _SOUNDS for stem in stems if len(stem) > 2)


def _has_words(text: str) -> bool:
    return any(c.isalnum() for c in text)


def _is_speech(text: str) -> bool:
    """True for a line that stands in brackets as a whole and is a sentence."""
    return bool(set(re.findall(r"[a-z']+", text.lower())) & _SPEECH) and not re.fullmatch(r"\s*[^()\[\]]*:\s*", text)
