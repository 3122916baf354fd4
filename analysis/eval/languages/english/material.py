"""The input of the fit for English."""

from pathlib import Path
from typing import Final

from analysis.engine.languages.english.profile import ENGLISH
from analysis.eval.languages.english.voices import list_voices
from analysis.eval.material import FitMaterial

ENGLISH_MATERIAL: Final = FitMaterial(
    profile=ENGLISH,
    lines=Path(__file__).with_name("fit_lines.txt"),
    dropped_finals=("D", "F", "K", "L", "P", "S", "T", "V", "Z"),
    list_voices=list_voices,
)
