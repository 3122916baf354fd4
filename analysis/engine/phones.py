"""The phone inventory of a learned language, and its mapping from the tokens of the acoustic model."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

PhoneSequence = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class PhoneSet:
    """The phones that one language distinguishes.

    `ipa` gives the symbol that the learner reads for each phone. `phone_of_token` folds tokens of the acoustic model
    into phones; tokens that carry no sound belong to the model, not to the language.
    """

    vowels: PhoneSequence
    consonants: PhoneSequence
    ipa: Mapping[str, str]
    phone_of_token: Mapping[str, str]

    @cached_property
    def names(self) -> PhoneSequence:
        """All phones in alphabetical order: the columns of folded log probabilities before the blank."""
        return tuple(sorted(self.vowels + self.consonants))

    @cached_property
    def index(self) -> dict[str, int]:
        """Phone → column."""
        return {phone: column for column, phone in enumerate(self.names)}

    def __len__(self) -> int:
        """Number of phones P."""
        return len(self.names)

    @property
    def blank(self) -> int:
        """Column of the CTC blank in folded log probabilities (frames, P + 1): the last one."""
        return len(self.names)

    @property
    def none(self) -> int:
        """Column of "no phone" among alternatives (phones of a line, P + 1): a deletion, or no neighbour."""
        return len(self.names)

    def name(self, column: int) -> str | None:
        """The phone of a column of alternatives; None for a deletion."""
        return self.names[column] if column < len(self.names) else None
