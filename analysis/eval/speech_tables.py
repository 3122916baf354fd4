"""Tables on right and wrong sentences, and on right, wrong and omitted words; from people and from voices."""

from collections.abc import Callable, Sequence
from typing import Final

from analysis.engine.languages.english.profile import ENGLISH
from analysis.eval import corpus, trials
from analysis.eval.engines import is_scored
from analysis.eval.languages.english import wrong_sounds
from analysis.eval.metrics import auc, bootstrap, share
from analysis.eval.pool import TrialPool
from analysis.eval.report import Floor, Section, Table, figure, percent
from analysis.eval.trials import WordTrial
from analysis.eval.voice import Voice

SentenceTrials = list[tuple[bool, float, str]]
READABLE: Final = 70
"""The least pronunciation score of a voice's right readings."""
_WORDS_PER_WORD: Final = 2


def sentences(pool: TrialPool, voices: Sequence[Voice]) -> Section:
    """Compares every reading with its own text and with others."""
    human = corpus.recordings(ENGLISH.tag)
    own = [recording.text for recording in human]
    other = corpus.catalogue_texts(ENGLISH.tag)
    arguments = [(recording.name, recording.text, [*own, *other[at::7]]) for at, recording in enumerate(human)]
    arguments += [
        (voice.name, other[at], [other[at], *own[at % 7 :: 7], *other[at + 1 :: 7]]) for at, voice in enumerate(voices)
    ]
    returned: list[SentenceTrials] = pool.run("wrong sentence", trials.sentences, arguments)
    people, rendered = returned[: len(human)], returned[len(human) :]
    rows = [_sentence_row("human recordings", people), _sentence_row("voices", rendered)]
    columns = ("readings", "right", "wrong", "AUC", "highest wrong", "lowest right", "wrong unscored", "right scored")
    remark = "Measured by the mean posterior of the text's sounds; then by the class that the engine gave the attempt."
    mismatched = [kind for reading in people for is_own, _, kind in reading if not is_own]
    floors = [
        Floor("wrong sentence, human speech: AUC", _sentence_auc(people), least=1.0),
        Floor("wrong sentence, voices: AUC", _sentence_auc(rendered), least=1.0),
        Floor("mismatched recordings and texts left unscored", _unscored(mismatched), least=1.0),
    ]
    return Section([Table("Wrong sentence", columns, rows, remark)], floors)


def _sentence_row(name: str, readings: Sequence[SentenceTrials]) -> list[str]:
    wrong = [trial for reading in readings for trial in reading if not trial[0]]
    right = [trial for reading in readings for trial in reading if trial[0]]
    return [
        name,
        str(len(right)),
        str(len(wrong)),
        figure(bootstrap(readings, _sentence_auc)),
        f"{max(mean for _, mean, _ in wrong):.3f}",
        f"{min(mean for _, mean, _ in right):.3f}",
        percent(share([not is_scored(kind) for _, _, kind in wrong])),
        percent(share([kind == "scored" for _, _, kind in right])),
    ]


def _sentence_auc(readings: Sequence[SentenceTrials]) -> float:
    found = [trial for reading in readings for trial in reading]
    return auc([mean for is_own, mean, _ in found if not is_own], [mean for is_own, mean, _ in found if is_own])


def _unscored(classes: Sequence[str]) -> float:
    return sum(not is_scored(kind) for kind in classes) / max(len(classes), 1)


def words(pool: TrialPool, voices: Sequence[Voice]) -> Section:
    """Compares readings with texts in which a word is replaced or inserted."""
    human = [(recording.name, recording.text, _WORDS_PER_WORD) for recording in corpus.recordings(ENGLISH.tag)]
    texts = corpus.catalogue_texts(ENGLISH.tag)
    rendered = [(voice.name, text, 1) for at, voice in enumerate(voices) for text in texts[at :: len(voices)]]
    returned: list[list[WordTrial]] = pool.run("wrong and omitted words", trials.words, [*human, *rendered])
    people = returned[: len(human)]
    by_voice = list(zip((name for name, _, _ in rendered), returned[len(human) :], strict=True))
    held_out = {voice.name for voice in voices if voice.family == "held-out"}
    groups = {
        "human recordings": people,
        "held-out voices": [reading for name, reading in by_voice if name in held_out],
        "fitting voices": [reading for name, reading in by_voice if name not in held_out],
    }
    rows = [_word_row(kind, name, group) for name, group in groups.items() for kind in ("wrong", "omitted")]
    columns = ("what", "altered", "right", "AUC", "altered judged omitted", "right judged omitted")
    remark = (
        "Wrong: the text has another word, with at most half of the sounds in common, in place of one that was said. "
        "Omitted: the text has one word more than was said. A word scores its mean posterior, 0 when judged omitted."
    )
    floors = [
        Floor("wrong word, human speech: AUC", _word_auc("wrong")(people), least=0.985),
        Floor("omitted word, human speech: AUC", _word_auc("omitted")(people), least=0.99),
    ]
    return Section([Table("Wrong and omitted words", columns, rows, remark)], floors)


def _word_row(kind: str, name: str, readings: Sequence[Sequence[WordTrial]]) -> list[str]:
    altered = [trial for reading in readings for trial in reading if trial.kind == kind]
    right = [trial for reading in readings for trial in reading if trial.kind == "right"]
    return [
        f"{kind} word, {name}",
        str(len(altered)),
        str(len(right)),
        figure(bootstrap(readings, _word_auc(kind))) if readings else "–",
        percent(share([trial.omitted for trial in altered])),
        percent(share([trial.omitted for trial in right])),
    ]


def _word_auc(kind: str) -> Callable[[Sequence[Sequence[WordTrial]]], float]:
    def measure(readings: Sequence[Sequence[WordTrial]]) -> float:
        found = [trial for reading in readings for trial in reading]
        return auc(
            [trial.score for trial in found if trial.kind == kind],
            [trial.score for trial in found if trial.kind == "right"],
        )

    return measure


def readings(pool: TrialPool, voices: Sequence[Voice]) -> tuple[Section, set[str]]:
    """Scores right readings of each voice; returns also the names of the voices that the engine cannot read."""
    texts = [*wrong_sounds.LINES[:2], *corpus.catalogue_texts(ENGLISH.tag)[:2]]
    arguments = [(voice.name, text) for voice in voices for text in texts]
    returned = pool.run("right readings", trials.reading, arguments)
    rows, unreadable = [], set()
    for at, voice in enumerate(voices):
        own = returned[at * len(texts) : (at + 1) * len(texts)]
        by_text, by_sounds = _mean([scores[0] for scores in own]), _mean([scores[1] for scores in own])
        if by_sounds < READABLE:
            unreadable.add(voice.name)
        verdict = "left out" if voice.name in unreadable else voice.family
        rows.append([voice.name, voice.description, verdict, f"{by_text:.0f}", f"{by_sounds:.0f}"])
    remark = (
        "Pronunciation score without an actor, mean of four lines; an unscored reading counts as 0. "
        f"A voice below {READABLE} is left out: even its right sounds are recognized as wrong."
    )
    columns = ("voice", "what it is", "family", "right reading, from text", "from chosen sounds")
    return Section([Table("The voices", columns, rows, remark)]), unreadable


def _mean(values: Sequence[float | None]) -> float:
    return sum(value or 0.0 for value in values) / max(len(values), 1)
