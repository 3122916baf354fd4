"""The loader and report for speechocean762, on a tiny corpus in its layout."""

import json
from pathlib import Path

import pytest

from analysis.engine.engine import Engine
from analysis.eval import speechocean
from analysis.tests.conftest import Recording, encode_wav


@pytest.fixture
def tiny(tmp_path: Path, engine: Engine, recordings: list[Recording]) -> Path:
    """Four short recordings; in the last the text has a wrong word, which the experts' ratings say."""
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
        tables["wav.scp"].append(f"{name}\t{path}")
        tables["text"].append(f"{name}\t{text.upper()}")
        tables["utt2spk"].append(f"{name}\t0001")
        words = []
        for at, word in enumerate(engine.lexicon.read(text)):
            phones = word.pronunciations[0].shown
            tables["text-phone"].append(f"{name}.{at}\t" + " ".join(f"{phone}_I" for phone in phones))
            bad = word.text == wrong
            words.append(
                {
                    "text": word.text.upper(),
                    "accuracy": 1 if bad else 10,
                    "stress": 10,
                    "total": 1 if bad else 10,
                    "phones": list(phones),
                    "phones-accuracy": [0.0 if bad else 2.0] * len(phones),
                    "mispronunciations": [],
                }
            )
        whole = 5 if wrong else 10
        scores[name] = {
            **{"accuracy": whole, "completeness": 10.0, "fluency": 9 + number % 2, "prosodic": 9, "total": whole},
            **{"text": text.upper(), "words": words},
        }
    for name, lines in tables.items():
        folder = tmp_path / ("resource" if name == "text-phone" else "test")
        folder.mkdir(exist_ok=True)
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "resource" / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
    return tmp_path


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


def test_another_layout_is_refused_by_name(tiny: Path) -> None:
    (tiny / "resource" / "text-phone").write_text("000010000.0\tG_B OW_E\n", encoding="utf-8")
    with pytest.raises(speechocean.LayoutError, match="text-phone has no"):
        speechocean.load(tiny)
    (tiny / "test" / "text").unlink()
    with pytest.raises(speechocean.LayoutError, match="text is missing"):
        speechocean.load(tiny)
    assert speechocean.main([str(tiny)]) == 2
