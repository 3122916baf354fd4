"""Entries of a pronunciation dictionary in CMU's format."""

import pytest

from analysis.engine.dictionary import Dictionary

ENTRIES = """a AH
a(2) EY
a's EY Z
read R EH D
read(2) R IY D
"""


@pytest.mark.parametrize("text", [ENTRIES, "\n".join(reversed(ENTRIES.splitlines())), ENTRIES.rstrip() + "\n\n"])
def test_a_word_has_all_its_pronunciations_and_no_others(text: str) -> None:
    dictionary = Dictionary(text)
    assert sorted(dictionary.find("a")) == [("AH",), ("EY",)]
    assert dictionary.find("a's") == [("EY", "Z")]
    assert sorted(dictionary.find("read")) == [("R", "EH", "D"), ("R", "IY", "D")]


def test_the_first_pronunciation_is_that_of_the_file() -> None:
    assert Dictionary(ENTRIES).find("read")[0] == ("R", "EH", "D")


@pytest.mark.parametrize("word", ["", " ", "rea", "reads", "read(2)", "READ", "zebra", "A AH\na"])
def test_an_unknown_word_has_none(word: str) -> None:
    assert Dictionary(ENTRIES).find(word) == []


def test_an_empty_dictionary_knows_no_word() -> None:
    assert Dictionary("").find("a") == []
