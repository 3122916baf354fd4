"""The learned languages that this build supports: the one place that lists them."""

import re
from typing import Final

from analysis.engine.language_profile import LanguageProfile
from analysis.engine.languages.english.profile import ENGLISH

PROFILES: Final[tuple[LanguageProfile, ...]] = (ENGLISH,)
DEFAULT_TAG: Final = PROFILES[0].default_tag
_PRIMARY_TAGS: Final = [profile.tag for profile in PROFILES]
_ALTERNATIVES: Final = _PRIMARY_TAGS[0] if len(_PRIMARY_TAGS) == 1 else f"({'|'.join(_PRIMARY_TAGS)})"
TAG_PATTERN: Final = rf"^{_ALTERNATIVES}([-_][A-Za-z]{{2,8}})*$"
"""Regular expression of the language tags that requests may carry."""


class UnknownLanguageError(ValueError):
    """No profile exists for the language tag."""


def primary_subtag(tag: str) -> str:
    """The language of a tag without region and script ("en-US" and "en_GB" give "en")."""
    return re.split("[-_]", tag, maxsplit=1)[0]


def profile_for(tag: str) -> LanguageProfile:
    """The profile of a language tag; regions are ignored.

    Raises UnknownLanguageError.
    """
    for profile in PROFILES:
        if profile.tag == primary_subtag(tag):
            return profile
    raise UnknownLanguageError(f"no profile for the language tag {tag!r}")
