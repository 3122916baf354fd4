"""Frequency, syllables and hard sounds of English words, from vocabulary.tsv (made by tools/english_vocabulary.py).

Hard sounds are those that learners have most trouble with whose first language is Korean: consonants that Korean does
not have or does not tell apart (/f v θ ð z ʒ/, /r l/), and each consonant of a cluster beyond the first, where such
learners tend to add a vowel (J. A. Lee, "Korean speakers", in M. Swan & B. Smith, Learner English, 2nd ed. 2001;
P. Avery & S. Ehrlich, Teaching American English Pronunciation, 1992, chapter 8).
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from common.line_text.spoken_word import SpokenWord

VOCABULARY_FILE: Final = Path(__file__).with_name("vocabulary.tsv")
# Words below this frequency are not in the file: once in a million words.
LEAST_ZIPF: Final = 3.0
# Stands for the frequency of a word that is not in the file.
RARE_ZIPF: Final = 2.5
_LETTER: Final = SpokenWord(zipf=5.0, syllables=1, hard_sounds=0)
_VOWELS: Final = frozenset(["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"])
_HARD_CONSONANTS: Final = frozenset(["F", "V", "TH", "DH", "Z", "ZH", "R", "L"])
_VOWEL_LETTERS = re.compile(r"[aeiouy]+")
_SILENT_E = re.compile(r"(?<=[^aeiouyl])e$")
_HARD_LETTERS = re.compile(r"th|ph|[fvzrl]")


def describe_word(word: str) -> SpokenWord:
    """Returns what is known of a word; of a word that is not in the vocabulary, what its spelling tells."""
    if word[:1].isupper():
        return _LETTER
    known = _vocabulary().get(word) or _vocabulary().get(word.removesuffix("'s"))
    return SpokenWord(*known) if known else _from_spelling(word)


def count_sounds(phones: Iterable[str]) -> tuple[int, int]:
    """Returns the number of syllables and of hard sounds of a word in ARPAbet without stress."""
    syllables = hard = cluster = 0
    for phone in phones:
        if phone in _VOWELS:
            syllables, cluster = syllables + 1, 0
            continue
        cluster += 1
        hard += phone in _HARD_CONSONANTS or cluster > 1
    return max(1, syllables), hard


def _from_spelling(word: str) -> SpokenWord:
    syllables = len(_VOWEL_LETTERS.findall(_SILENT_E.sub("", word)))
    return SpokenWord(RARE_ZIPF, max(1, syllables), len(_HARD_LETTERS.findall(word)))


@cache
def _vocabulary() -> Mapping[str, tuple[float, int, int]]:
    rows = (row.split("\t") for row in VOCABULARY_FILE.read_text(encoding="utf-8").splitlines())
    return {word: (float(zipf), int(syllables), int(hard)) for word, zipf, syllables, hard in rows}
