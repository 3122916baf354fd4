"""The input of the fit: every learned language has lines and voices of both families."""

import pytest

from analysis.engine.languages.registry import PROFILES
from analysis.eval import contrasts
from analysis.eval.languages.registry import MATERIALS
from analysis.eval.material import FitMaterial

each_language = pytest.mark.parametrize("material", MATERIALS.values(), ids=MATERIALS)


def test_every_learned_language_can_be_fitted() -> None:
    assert [material.profile for material in MATERIALS.values()] == list(PROFILES)
    names = [voice.name for material in MATERIALS.values() for voice in material.list_voices()]
    assert len(names) == len(set(names))


@each_language
def test_lines_are_read_by_the_profile_and_written_once(material: FitMaterial) -> None:
    lines = contrasts.own_lines(material)
    assert lines and len(lines) == len(set(lines))
    assert all(material.profile.read_text(line) for line in lines)
    assert set(material.dropped_finals) <= set(material.profile.phones.consonants)


def test_texts_of_another_language_are_left_out() -> None:
    assert contrasts.texts("en") and contrasts.texts("ja") == []
