"""The loader of rated learners, and the part of the corpus that ships."""

import json
from pathlib import Path
from typing import Any

import pytest

from analysis.engine.engine import Engine
from analysis.engine.languages.english.phones import ENGLISH_PHONES
from analysis.eval import choose_learners, speechocean
from analysis.eval.corpus import ROOT

WORDS = {"GO": ("G OW1", [2.0, 1.2]), "THEN": ("DH EH0 N", [0.4, 2.0, 2.0])}


def write_corpus(folder: Path, part: str = "test", **files: str) -> Path:
    """Writes a corpus of two recordings of two speakers; `files` are further files of the set."""
    names = {"000010001": "0001", "000020002": "0002"}
    phones = [f"{name}.{at}\t{_marked(word)}" for name in names for at, word in enumerate(WORDS)]
    tables = {
        f"{part}/wav.scp": [f"{name}\tWAVE/{name}.WAV" for name in names],
        f"{part}/text": [f"{name}\tGO THEN" for name in names],
        f"{part}/utt2spk": [f"{name}\t{speaker}" for name, speaker in names.items()],
        "resource/text-phone": phones,
        **{f"{part}/{name}": [text] for name, text in files.items()},
    }
    for name, lines in tables.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    words = [{"text": word, "accuracy": 9, "phones-accuracy": marks} for word, (_, marks) in WORDS.items()]
    scores = {name: {"accuracy": 8, "fluency": 7.5, "prosodic": 7, "total": 7.6, "words": words} for name in names}
    (folder / "resource" / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
    return folder


def _marked(word: str) -> str:
    return " ".join(f"{phone}_I" for phone in WORDS[word][0].split())


def test_the_layout_is_read(tmp_path: Path) -> None:
    first, second = speechocean.load(write_corpus(tmp_path))
    assert (first.name, first.speaker, first.text) == ("000010001", "0001", "go then")
    assert first.path == tmp_path / "WAVE" / "000010001.WAV"
    assert first.ratings == {"accuracy": 8, "fluency": 7.5, "prosodic": 7, "total": 7.6}
    assert first.words[0].phones == ("G", "OW") and first.words[1].phone_accuracy == (0.4, 2.0, 2.0)
    assert second.age is None and second.age_group == "unknown"


def test_ages_come_from_the_index_or_from_the_speakers(tmp_path: Path) -> None:
    write_corpus(tmp_path, spk2age="0001\t15\n0002\t16")
    assert [own.age_group for own in speechocean.load(tmp_path)] == ["child", "adult"]
    index: list[dict[str, Any]] = [{"id": "000010001", "age": "33"}, {"id": "000020002", "age": ""}]
    (tmp_path / "index.json").write_text(json.dumps(index), encoding="utf-8")
    assert [own.age for own in speechocean.load(tmp_path)] == [33, None]


def test_a_set_is_chosen_by_name_or_the_first_is_read(tmp_path: Path) -> None:
    write_corpus(tmp_path, "train")
    assert len(speechocean.load(tmp_path)) == len(speechocean.load(tmp_path, "train")) == 2
    with pytest.raises(speechocean.LayoutError, match=r"wav\.scp is missing"):
        speechocean.load(tmp_path, "test")
    with pytest.raises(speechocean.LayoutError, match="none of the sets"):
        speechocean.load(tmp_path / "train")


def test_another_layout_is_refused_with_the_name_of_the_file(tmp_path: Path) -> None:
    write_corpus(tmp_path)
    (tmp_path / "resource" / "text-phone").write_text("000010001.0\tG_B OW_E\n", encoding="utf-8")
    with pytest.raises(speechocean.LayoutError, match="text-phone has no"):
        speechocean.load(tmp_path)
    (tmp_path / "test" / "text").unlink()
    with pytest.raises(speechocean.LayoutError, match="text is missing"):
        speechocean.load(tmp_path)


def test_the_shipped_part_is_small_and_spread() -> None:
    utterances = speechocean.load(speechocean.SHIPPED)
    assert len(utterances) == 120 and len({own.speaker for own in utterances}) == 60
    assert {own.name for own in utterances} == speechocean.shipped_ids()
    assert sum(path.stat().st_size for path in speechocean.SHIPPED.rglob("*") if path.is_file()) <= 3_800_000
    groups = [own.age_group for own in utterances]
    assert groups.count("child") >= 40 and groups.count("adult") >= 40 and "unknown" not in groups
    assert sum(own.ratings["total"] < 6 for own in utterances) >= 10
    assert sum(len(own.words) <= 4 for own in utterances) >= 10


def test_the_shipped_part_can_be_decoded_and_read(engine: Engine) -> None:
    for own in speechocean.load(speechocean.SHIPPED):
        assert len(engine.lexicon.read(own.text)) == len(own.words), own.text
        assert {phone for word in own.words for phone in word.phones} <= set(ENGLISH_PHONES.names)
        recording = own.read()
        assert 0.5 < len(recording.samples) / 16_000 < 30 and not recording.truncated


def test_the_shipped_part_names_its_source_and_stays_out_of_images() -> None:
    assert "CC BY 4.0" in (speechocean.SHIPPED / "README.md").read_text(encoding="utf-8")
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert "analysis/eval/learners/" in notice and "openslr.org/101" in notice
    assert "analysis/eval" in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()


def test_the_choice_depends_on_the_entries_only_and_is_spread() -> None:
    entries = [_entry(speaker, number) for speaker in range(125) for number in range(20)]
    chosen = choose_learners.choose(entries)
    assert chosen == choose_learners.choose(entries[::-1])
    assert len({entry["id"] for entry in chosen}) == 120 and len({entry["speaker"] for entry in chosen}) == 60
    assert {entry["total"] for entry in chosen} == {entry["total"] for entry in entries}


def _entry(speaker: int, number: int) -> dict[str, Any]:
    name = f"{speaker:05d}{number:04d}"
    text = " ".join(["word"] * (1 + number % 9))
    age, gender = str(6 + speaker % 30), "mf"[speaker % 2]
    return {"id": name, "speaker": f"{speaker:04d}", "age": age, "gender": gender, "text": text, "total": number / 2}
