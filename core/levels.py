"""Level, length and fitness for a first recording, of lines and scenes in responses."""

from typing import Annotated

from pydantic import BaseModel, Field

Level = Annotated[
    int | None,
    Field(
        description="1 (easiest) to 5, from the speaking rate, the frequency of the words, the length and the sounds; "
        "null in languages without a vocabulary. Not a level of the CEFR"
    ),
]


class Levelled(BaseModel):
    """The level of a line or a scene."""

    level: Level
    good_to_start: bool = Field(description="Easy, short and clear: fit for somebody's first recording")


class LevelledScript(Levelled):
    """The level of a scene is the mean of those of its lines."""

    spoken_s: float = Field(description="Length of all lines together")
