"""Everything that the engine knows about one learned language.

The engine's algorithms take a `LanguageProfile` and hold no fact, model or file of a particular language. A further
language is a folder beside `languages/english/` and a line in `languages/registry.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from analysis.engine.audio import Audio
from analysis.engine.phones import PhoneSequence, PhoneSet
from common.line_text.written_word import ReadText

Texts = Mapping[str, str]
"""One text in every language of the user interface, by language tag ({"ko": …, "en": …})."""
Curve = tuple[Sequence[float], Sequence[float]]
"""Points of a piecewise-linear function: (x values, y values)."""
Pronounce = Callable[[str], list[PhoneSequence]]
"""Lower-case word → its pronunciations; empty when it has none."""
Spell = Callable[[str], PhoneSequence]
"""G2P: lower-case word → phones guessed from its letters; empty when nothing in it can be pronounced."""


@dataclass(frozen=True, eq=False)
class LexiconRules:
    """Pronunciations that the dictionary lacks, and the differences between pronunciations that are no error."""

    extra_pronunciations: Mapping[str, Sequence[PhoneSequence]]
    derive: Callable[[str, Pronounce], list[PhoneSequence]]
    """Pronunciations of a word that the dictionary lacks, from those of a related word (possessives, letters)."""
    contrasts: frozenset[frozenset[str]]
    """Pairs of phones that learners practise: a guessed pronunciation may not excuse them."""
    free_variation: Mapping[str, str]
    """Phones that careful native speakers exchange freely."""
    weak_form_words: frozenset[str]
    weak_forms: Mapping[str, PhoneSequence]
    """Reductions of a vowel that are no error in `weak_form_words`."""
    unstressed_forms: Mapping[str, PhoneSequence]
    """Reductions of a vowel that are no error in any other word."""
    closed_classes: Sequence[frozenset[str]]
    """Words of which another may be said in place of one: numbers, letters, months. A word may be in several."""
    equal_phones: Callable[[str, PhoneSequence], Sequence[PhoneSequence]]
    """Lower-case word and one of its pronunciations → for each phone the others that are right in its place."""


@dataclass(frozen=True, eq=False)
class TokenOutput:
    """Output of a CTC model for T frames: natural-log probabilities, and the layers below that it is computed from."""

    log_probs: npt.NDArray[np.float64]
    """(T, tokens)."""
    layers: npt.NDArray[np.float32]
    """(T, layers, channels), the lowest layer first."""


class TokenModel(Protocol):
    """A trained CTC model over tokens of its own, such as IPA symbols. Deterministic."""

    @property
    def name(self) -> str:
        """Name and release, as they stand in results."""

    @property
    def tokens(self) -> Sequence[str]:
        """The tokens, the CTC blank among them, in the order of the columns that `run` returns."""

    @property
    def silent_tokens(self) -> frozenset[str]:
        """Tokens without a sound of their own; the others are mapped by `PhoneSet.phone_of_token`."""

    def run(self, audio: Audio) -> TokenOutput:
        """The model's output for 16 kHz audio of at most 20 s, one row for 20 ms."""


@dataclass(frozen=True, eq=False)
class SpeechModels:
    """The trained models of a language, loaded into an engine process. Their licences stand in NOTICE beside them."""

    acoustic: TokenModel
    spell: Spell
    dictionary: Path
    """Pronunciations in CMU format; `spell` is used for words that it lacks."""
    alignment: Path
    """Directory of an acoustic model for pocketsphinx over the phones of the language, reported by its name."""


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
    unclear: Texts
    """A wrong phone whose confusion has no text of its own."""
    articulation: Mapping[str, Texts]
    """Every phone → the {how} of the dropped and unclear texts: the movement that makes the phone."""


@dataclass(frozen=True, eq=False)
class LanguageProfile:
    """One learned language. `tag` is its primary subtag; `default_tag` is the tag of requests that name none."""

    tag: str
    default_tag: str
    phones: PhoneSet
    read_text: ReadText
    """Written text → words in order with their readings; whatever is not spoken is left out."""
    lexicon: LexiconRules
    learner_errors: LearnerErrors
    tips: TipTexts
    function_words: frozenset[str]
    """Lower-case words that are short and weak in fluent speech."""
    load_models: Callable[[], SpeechModels]
    """Imports and loads the trained models; only engine processes call it."""
    rescoring_model: Path
    """The fitted description (.json); the weights lie beside it (.npz)."""
    rating_model: Path
    """The same for the ratings that people are expected to give."""
    warm_up_text: str
