"""The choice of other texts and of pieces for rated learners."""

from pathlib import Path

from analysis.eval.human.plans import plans, share_a_word
from analysis.eval.speechocean import SHIPPED, RatedWord, Utterance, load


def test_other_texts_share_no_word_and_come_from_other_speakers() -> None:
    utterances = load(SHIPPED)
    planned = plans(utterances)
    by_text = {own.text: own for own in utterances}
    assert sum(len(plan.other_texts) for plan in planned) == sum(len(plan.pieces) for plan in planned) == 360
    for own, plan in zip(utterances, planned, strict=True):
        said = {word.text for word in own.words}
        for text in plan.other_texts:
            other = by_text[text]
            assert not said & {word.text for word in other.words} and other.speaker != own.speaker
        for piece in plan.pieces:
            assert 1 <= piece.words <= min(3, len(own.words)) and 0 <= piece.place < 1
            assert 1 <= len(piece.other_text.split()) <= 3 and not said & set(piece.other_text.split())
    assert {piece.words for plan in planned for piece in plan.pieces} == {1, 2, 3}
    assert planned == plans(utterances)


def test_a_large_corpus_gets_limited_numbers() -> None:
    utterances = load(SHIPPED) * 10
    planned = plans(utterances)
    assert sum(len(plan.other_texts) for plan in planned) == 1200
    assert sum(len(plan.pieces) for plan in planned) == 600
    assert max(len(plan.pieces) for plan in planned) == 1


def test_words_that_sound_alike_are_shared() -> None:
    two, too, ten = (
        RatedWord("two", ("T", "UW"), 10, (2, 2)),
        RatedWord("too", ("T", "UW"), 10, (2, 2)),
        RatedWord("ten", ("T", "EH", "N"), 10, (2, 2, 2)),
    )
    assert share_a_word([two], [ten, too]) and not share_a_word([two], [ten])


def test_a_recording_without_a_partner_gets_no_plan() -> None:
    word = RatedWord("two", ("T", "UW"), 10, (2, 2))
    alone = Utterance("a", "1", None, Path("a.opus"), "two", (word,), {"total": 9.0})
    other = Utterance("b", "2", None, Path("b.opus"), "two", (word,), {"total": 9.0})
    assert all(not plan.other_texts and not plan.pieces for plan in plans([alone, other]))
