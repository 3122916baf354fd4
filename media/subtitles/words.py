"""The words by which sounds, speakers and sentences are told apart, from words.json."""

import json
from pathlib import Path

_LISTS = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))


def _words(name: str) -> tuple[str, ...]:
    return tuple(" ".join(_LISTS[name]).split())


# Words that name a sound or a direction, and the endings of Korean ones.
SOUNDS, SOUNDS_KOREAN = frozenset(_words("sounds")), _words("sounds_korean")
# Words for the person who speaks, and those that may stand before them.
ROLES, BEFORE_ROLES = frozenset(_words("roles")), frozenset(_words("before_roles"))
# Words before a colon that begin a sentence, a heading or a list; and words in lower case within names.
NO_NAMES, SMALL_WORDS = frozenset(_words("no_names")), frozenset(_words("small_words"))
