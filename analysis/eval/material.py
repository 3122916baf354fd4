"""The input of a fit for one learned language."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.engine.language_profile import LanguageProfile
from analysis.eval.voice import Voice


@dataclass(frozen=True, eq=False)
class FitMaterial:
    """A language's profile, its sentences for fitting, and the voices that render them."""

    profile: LanguageProfile
    lines: Path
    """Sentences for fitting only, one a line: rich in the sounds that learners confuse and in frequent short words."""
    dropped_finals: tuple[str, ...]
    """Final consonants that learners leave out."""
    list_voices: Callable[[], list[Voice]]
    """Every voice that this machine can render. Their names are unique among all languages."""

    def find_voice(self, name: str) -> Voice:
        """Returns the voice of this name."""
        return next(voice for voice in self.list_voices() if voice.name == name)
