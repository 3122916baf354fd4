"""Writes common/line_text/english/vocabulary.tsv: `python -m tools.english_vocabulary FOLDER`.

FOLDER holds the unpacked wheel of spacy-lookups-data 1.0.5 (`pip download --no-deps spacy-lookups-data==1.0.5`). Its
table of word probabilities counts comments of a public forum. Pronunciations come from the dictionary in the package
of pocketsphinx; words that it does not have are left out, and so are forms with 's.
"""

import gzip
import json
import math
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pocketsphinx

from common.line_text.english.vocabulary import LEAST_ZIPF, VOCABULARY_FILE, count_sounds

PROBABILITIES = "spacy_lookups_data/data/en_lexeme_prob.json.gz"
DICTIONARY = "en-us/cmudict-en-us.dict"
_NEGATION = "n't"


def main() -> int:
    """Writes the vocabulary; returns the exit code."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m tools.english_vocabulary FOLDER\n")
        return 2
    probabilities = _read_probabilities(Path(sys.argv[1]) / PROBABILITIES)
    rows = []
    for word, phones in sorted(_read_dictionary().items()):
        zipf = round(_zipf(word, probabilities), 1)
        if zipf >= LEAST_ZIPF:
            syllables, hard = count_sounds(phones)
            rows.append(f"{word}\t{zipf}\t{syllables}\t{hard}\n")
    VOCABULARY_FILE.write_text("".join(rows), encoding="utf-8")
    return 0


def _read_probabilities(path: Path) -> Mapping[str, float]:
    """Returns the probability of each word in lower case; the table has natural logarithms by spelling."""
    probabilities: defaultdict[str, float] = defaultdict(float)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for word, logarithm in json.load(file).items():
            probabilities[word.lower()] += math.exp(logarithm)
    return probabilities


def _read_dictionary() -> dict[str, list[str]]:
    """Returns the first pronunciation of each word."""
    path = Path(pocketsphinx.get_model_path()) / DICTIONARY
    rows = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {word: phones for word, *phones in rows if "(" not in word and not word.endswith("'s")}


def _zipf(word: str, probabilities: Mapping[str, float]) -> float:
    """Returns the Zipf frequency; the table splits contractions, so theirs is that of their rarer part."""
    parts = [word]
    if word.endswith(_NEGATION):
        parts = [word.removesuffix(_NEGATION), _NEGATION]
    elif "'" in word[1:]:
        stem, _, rest = word.rpartition("'")
        parts = [stem, f"'{rest}"]
    probability = min(probabilities.get(part, 0.0) for part in parts)
    return math.log10(probability) + 9 if probability else -math.inf


if __name__ == "__main__":
    sys.exit(main())
