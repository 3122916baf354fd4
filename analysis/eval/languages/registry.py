"""The languages that can be fitted: the one place that lists them."""

from typing import Final

from analysis.eval.languages.english.material import ENGLISH_MATERIAL
from analysis.eval.material import FitMaterial

MATERIALS: Final[dict[str, FitMaterial]] = {material.profile.tag: material for material in (ENGLISH_MATERIAL,)}
"""By primary subtag."""
