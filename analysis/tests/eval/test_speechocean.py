"""The loader and report for speechocean762, on a tiny corpus of its layout."""

import json
from pathlib import Path
from typing import Any

import pytest

from analysis.engine.engine import Engine
from analysis.engine.lexicon import Word
from analysis.eval import speechocean
from analysis.tests.conftest import Recording, encode_wav


@pytest.fixture
def tiny(tmp_path: Path, engine: Engine, recordings: list[Recording]) -> Path:
    """A corpus of four short recordings; the text of the last has a wrong word, which has low ratings."""
    chosen = sorted(recordings, key=lambda recording: len(recording.audio))[:3]
    entries: list[tuple[Recording, str, str | None]] = [(recording, recording.text, None) for recording in chosen]
    entries.append((chosen[0], chosen[0].text.replace("meters", "oranges"), "oranges"))
    tables: dict[str, list[str]] = {"wav.scp": [], "text": [], "utt2spk": [], "text-phone": []}
    scores = {}
    (tmp_path / "WAVE" / "SPEAKER0001").mkdir(parents=True)
    for number, (recording, text, wrong) in enumerate(entries):
        name = f"00001{number:04d}"
        path = f"WAVE/SPEAKER0001/{name}.WAV"
        (tmp_path / path).write_bytes(encode_wav(recording.audio, 16_000))
        words = engine.lexicon.read(text)
        tables["wav.scp"].append(f"{name}\t{path}")
        tables["text"].append(f"{name}\t{text.upper()}")
        tables["utt2spk"].append(f"{name}\t0001")
        tables["text-phone"] += [f"{name}.{at}\t{_phones(word)}" for at, word in enumerate(words)]
        total = {"total": 5 if wrong else 10, "accuracy": 5 if wrong else 10}
        fixed = {"completeness": 10.0, "fluency": 9 + number % 2, "prosodic": 9}
        scores[name] = {**total, **fixed, "text": text.upper(), "words": [_ratings(word, wrong) for word in words]}
    _write(tmp_path, tables, scores)
    return tmp_path


def _phones(word: Word) -> str:
    return " ".join(f"{phone}_I" for phone in word.pronunciations[0].shown)


def _ratings(word: Word, wrong: str | None) -> dict[str, Any]:
    """Returns the experts' ratings of a word: low for the wrong one."""
    phones = word.pronunciations[0].shown
    is_wrong = word.text == wrong
    return {
        "text": word.text.upper(),
        "accuracy": 1 if is_wrong else 10,
        "stress": 10,
        "total": 1 if is_wrong else 10,
        "phones": list(phones),
        "phones-accuracy": [0.0 if is_wrong else 2.0] * len(phones),
        "mispronunciations": [],
    }


def _write(folder: Path, tables: dict[str, list[str]], scores: dict[str, Any]) -> None:
    for name, lines in tables.items():
        path = folder / ("resource" if name == "text-phone" else "test") / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "resource" / "scores.json").write_text(json.dumps(scores), encoding="utf-8")


def test_the_layout_is_read_and_the_report_follows_the_ratings(tiny: Path, engine: Engine) -> None:
    utterances = speechocean.load(tiny)
    assert len(utterances) == 4 and utterances[0].speaker == "0001" and utterances[0].ratings["total"] == 10
    pairs = speechocean.collect(engine, utterances)
    assert pairs.unscored == 0 and pairs.unmatched == 0
    rows = {row[0]: row for row in speechocean.table(pairs).rows}
    assert {"phone, accuracy", "word, accuracy", "utterance, accuracy", "utterance, total"} <= set(rows)
    assert int(rows["word, accuracy"][1]) == sum(len(utterance.words) for utterance in utterances)
    assert float(rows["word, accuracy"][2]) > 0.5
    assert float(rows["utterance, accuracy"][2]) > 0.5


def test_another_layout_is_refused_with_the_name_of_the_file(tiny: Path) -> None:
    (tiny / "resource" / "text-phone").write_text("000010000.0\tG_B OW_E\n", encoding="utf-8")
    with pytest.raises(speechocean.LayoutError, match="text-phone has no"):
        speechocean.load(tiny)
    (tiny / "test" / "text").unlink()
    with pytest.raises(speechocean.LayoutError, match="text is missing"):
        speechocean.load(tiny)
    assert speechocean.main([str(tiny)]) == 2
