"""The words and the pitch that readers of a line are expected to say, and those that they recorded, in bodies."""

from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from core.field_types import SpokenForm

CorrectedReading = Annotated[
    SpokenForm | None,
    Field(
        description="What readers are expected to say, in words, where the expected reading of the text is wrong; the "
        "text stays as it is shown"
    ),
]


class ReadWord(BaseModel):
    """A word of a line as it is written, and the ways in which it may be read, the most usual first."""

    text: str
    readings: list[str]


class LineReading(BaseModel):
    """The expected reading of a line. Single capitals are names of letters ("F B I")."""

    text: str = Field(description="The most usual reading")
    words: list[ReadWord]


class RecordedWords(BaseModel):
    """The first and the last word of a line that a recording holds, as places in `words` of its result, from 0."""

    first: int = Field(ge=0)
    last: int = Field(ge=0)

    @model_validator(mode="after")
    def _are_in_order(self) -> Self:
        if self.last < self.first:
            raise PydanticCustomError("words_reversed", "The last word is before the first.")
        return self


class PitchContour(BaseModel):
    """F0 in semitones relative to the speaker's median, one value per `hop_s` seconds; null where unvoiced."""

    hop_s: float
    semitones: list[float | None]


class ReferenceUsed(BaseModel):
    """The reference audio that an attempt was compared with."""

    audio_id: str = Field(description="Another audio has another id", examples=["5f0c9e…"])
    is_current: bool = Field(description="Whether the line still has this audio", examples=[True])
