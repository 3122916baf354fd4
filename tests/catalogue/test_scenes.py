"""The demo catalogue: complete fields, readable texts, marked synthetic voices, and a licence for each file."""

import json
import re
from fnmatch import fnmatch
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pocketsphinx
import pytest
import soundfile

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue"
SCENE_FILES = sorted((CATALOGUE / "scenes").glob("*.json"))
SCENES: list[dict[str, Any]] = [json.loads(path.read_text(encoding="utf-8")) for path in SCENE_FILES]
LINES = [(scene, line) for scene in SCENES for line in scene["lines"]]
ENGLISH_LINES = [line for scene, line in LINES if scene["language"].startswith("en-")]
SYNTHETIC_LINES = [line for scene, line in LINES if scene["synthetic_voice"]]

SCENE_TEXTS = ("slug", "title", "category", "language", "description")
READABLE = re.compile(r"[A-Za-z'.,;:?! -]+")
HANGUL = re.compile(r"[가-힣]")

each_scene = pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene["slug"])
each_line = pytest.mark.parametrize(("scene", "line"), LINES, ids=[line["audio"] for _, line in LINES])
each_english_line = pytest.mark.parametrize("line", ENGLISH_LINES, ids=lambda line: line["audio"])
each_synthetic_line = pytest.mark.parametrize("line", SYNTHETIC_LINES, ids=lambda line: line["audio"])


@pytest.fixture(scope="module")
def dictionary() -> set[str]:
    path = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))
    with path.open(encoding="utf-8") as entries:
        return {entry.split(" ", 1)[0] for entry in entries}


def licence_rows() -> list[tuple[str, str]]:
    """(file pattern, licence) of the table in audio/README.md."""
    table = (CATALOGUE / "audio/README.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `([^`]+)` \|.*\| ([^|]+) \|$", table, re.MULTILINE)


def test_there_are_real_and_synthetic_scenes() -> None:
    assert {scene["synthetic_voice"] for scene in SCENES} == {True, False}


def test_slugs_are_the_file_names_and_unique() -> None:
    assert [scene["slug"] for scene in SCENES] == [path.stem for path in SCENE_FILES]


def test_each_recording_belongs_to_exactly_one_line() -> None:
    used = [line["audio"] for _, line in LINES]
    present = {f"audio/{path.name}" for path in (CATALOGUE / "audio").glob("*.flac")}
    assert len(used) == len(set(used))
    assert set(used) == present


def test_catalogue_is_smaller_than_4_mb() -> None:
    assert sum(path.stat().st_size for path in CATALOGUE.rglob("*") if path.is_file()) < 4_000_000


@each_scene
def test_a_scene_has_its_fields(scene: dict[str, Any]) -> None:
    assert set(scene) == {*SCENE_TEXTS, "translations", "source", "licence", "synthetic_voice", "lines"}
    assert all(scene[name].strip() for name in (*SCENE_TEXTS, "source"))
    assert re.fullmatch(r"[a-z]{2,3}-[A-Z]{2}", scene["language"])
    assert re.fullmatch(r"[a-z]+", scene["category"])
    korean = scene["translations"]["ko"]
    assert HANGUL.search(korean["title"]) and HANGUL.search(korean["description"])
    assert scene["licence"] in {"Public domain", "CC0-1.0"}
    assert scene["lines"]


@each_scene
def test_lines_follow_each_other_on_the_timeline(scene: dict[str, Any]) -> None:
    lines = scene["lines"]
    assert lines[0]["start_s"] == 0
    gaps = [after["start_s"] - before["end_s"] for before, after in pairwise(lines)]
    assert all(0.39 < gap < 0.81 for gap in gaps), gaps


@each_line
def test_a_line_has_its_fields(scene: dict[str, Any], line: dict[str, Any]) -> None:
    assert set(line) == {"actor", "text", "translations", "audio", "start_s", "end_s"}
    assert HANGUL.search(line["translations"]["ko"])
    assert line["actor"].endswith("(synthetic voice)") == scene["synthetic_voice"]


@each_english_line
def test_every_word_is_in_the_pronouncing_dictionary(line: dict[str, Any], dictionary: set[str]) -> None:
    assert READABLE.fullmatch(line["text"])
    words = re.findall(r"[a-z']+", line["text"].lower())
    assert [word for word in words if word not in dictionary] == []


@each_line
def test_line_duration_matches_the_audio(scene: dict[str, Any], line: dict[str, Any]) -> None:
    audio = soundfile.info(CATALOGUE / line["audio"])
    assert (audio.format, audio.samplerate, audio.channels) == ("FLAC", 16_000, 1)
    assert round(line["end_s"] - line["start_s"], 2) == round(audio.duration, 2)


@each_line
def test_each_recording_has_one_licence(scene: dict[str, Any], line: dict[str, Any]) -> None:
    name = Path(line["audio"]).name
    licences = [licence for pattern, licence in licence_rows() if fnmatch(name, pattern)]
    assert len(licences) == 1 and licences[0].startswith(scene["licence"])


@each_synthetic_line
def test_synthetic_line_has_a_length_for_practice(line: dict[str, Any]) -> None:
    assert 4 <= len(line["text"].split()) <= 14
    assert 2 <= line["end_s"] - line["start_s"] <= 6


@each_synthetic_line
def test_synthetic_line_is_normalised_and_padded_with_silence(line: dict[str, Any]) -> None:
    samples, rate = soundfile.read(CATALOGUE / line["audio"])
    peak_db = 20 * np.log10(np.max(np.abs(samples)))
    (loud,) = np.nonzero(np.abs(samples) > 0.01)
    assert peak_db == pytest.approx(-3, abs=0.1)
    assert 0.1 <= loud[0] / rate <= 0.2
    assert 0.1 <= (len(samples) - loud[-1]) / rate <= 0.2


def test_every_synthetic_actor_has_a_voice() -> None:
    cast = json.loads((CATALOGUE / "cast.json").read_text(encoding="utf-8"))
    assert set(cast) == {line["actor"] for line in SYNTHETIC_LINES}


def test_every_actor_has_a_korean_name() -> None:
    names = json.loads((CATALOGUE / "actors.json").read_text(encoding="utf-8"))
    assert set(names) == {line["actor"] for _, line in LINES}
    assert all(HANGUL.search(name["ko"]) for name in names.values())


def test_takes_with_mistakes_belong_to_lines_and_are_licensed() -> None:
    takes = json.loads((CATALOGUE / "takes/takes.json").read_text(encoding="utf-8"))
    lines = {(scene["title"], line["text"]) for scene, line in LINES}
    readme = (CATALOGUE / "takes/README.md").read_text(encoding="utf-8")
    assert {(take["scene"], take["text"]) for take in takes} <= lines
    assert {path.name for path in (CATALOGUE / "takes").glob("*.flac")} == {take["file"] for take in takes}
    assert all(f"`{take['file']}`" in readme for take in takes) and "CC0-1.0" in readme
