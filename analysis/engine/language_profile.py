"""Everything that the engine knows about one learned language.

The engine's algorithms take a `LanguageProfile` and hold no fact about a particular language. A further language is
a folder beside `languages/english/` and a line in `languages/registry.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from analysis.engine.phones import PhoneSequence, PhoneSet

Texts = Mapping[str, str]
"""One text in every language of the user interface, by language tag ({"ko": …, "en": …})."""
Curve = tuple[Sequence[float], Sequence[float]]
"""Points of a piecewise-linear function: (x values, y values)."""
Pronounce = Callable[[str], list[PhoneSequence]]
"""Lower-case word → its pronunciations; empty when it has none."""
Confusion = tuple[str, str | None]
"""An expected phone and the phone recognised in its place; None for a deletion."""


@dataclass(frozen=True)
class DisplayWord:
    """A word as it is written in the line, and the lower-case words that it is read as."""

    text: str
    spoken: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class LexiconRules:
    """Sources of pronunciations, and the differences between them that are no error.

    `dictionary` is a file in CMU format: a path within pocketsphinx's models, or an absolute one.
    """

    dictionary: str
    g2p: Literal["hama"]
    extra_pronunciations: Mapping[str, PhoneSequence]
    derive: Callable[[str, Pronounce], list[PhoneSequence]]
    """Pronunciations of a word that the dictionary lacks, from those of a related word (possessives)."""
    contrasts: frozenset[frozenset[str]]
    """Pairs of phones that learners practise: a guessed pronunciation may not excuse them."""
    free_variation: Mapping[str, str]
    """Phones that careful native speakers exchange freely."""
    weak_form_words: frozenset[str]
    weak_forms: Mapping[str, PhoneSequence]
    """Reductions of a vowel that are no error in `weak_form_words`."""
    unstressed_forms: Mapping[str, PhoneSequence]
    """Reductions of a vowel that are no error in any other word."""


@dataclass(frozen=True, eq=False)
class LearnerErrors:
    """Errors to expect from Korean speakers of the language."""

    confusions: Mapping[str, PhoneSequence]
    """Expected phone → phones that learners say in its place."""
    added_vowels: PhoneSequence
    """Vowels that learners add after final consonants and inside clusters."""


@dataclass(frozen=True, eq=False)
class TipTexts:
    """The texts of all tips. Placeholders: {word}, {words}, {ipa} and {how}."""

    general: Mapping[str, Texts]
    """Tip code → text, for everything but single phones."""
    confusions: Mapping[tuple[str, str], Texts]
    """(expected, recognised) → text."""
    added_vowel: Texts
    dropped: Texts
    dropped_final: Texts
    articulation: Mapping[str, Texts]
    """Phone → the {how} of the dropped texts: the movement that makes the phone."""
    any_articulation: Texts
    """The {how} of phones that `articulation` lacks."""


@dataclass(frozen=True, eq=False)
class LanguageProfile:
    """One learned language. `tag` is its primary subtag; `default_tag` is the tag of requests that name none."""

    tag: str
    default_tag: str
    phones: PhoneSet
    read_text: Callable[[str], list[DisplayWord]]
    """Written text → words in order; whatever has no sound is left out."""
    lexicon: LexiconRules
    learner_errors: LearnerErrors
    tips: TipTexts
    function_words: frozenset[str]
    """Lower-case words that are short and weak in fluent speech."""
    tempo_curve: Curve
    """Words per second → score 0–100, for takes without a reference."""
    alignment_model: str
    """Directory of pocketsphinx's models, such as "en-us"."""
    rescoring_model: Path
    """The fitted description (.json); the weights lie beside it (.npz)."""
    warm_up_text: str
