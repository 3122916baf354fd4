"""Is it this sentence, is it this word, was the word said? On human readings and on voices."""

from collections.abc import Sequence

from analysis.eval import corpus, work
from analysis.eval.metrics import auc, bootstrap, share
from analysis.eval.pool import Pool
from analysis.eval.report import Floor, Section, Table, figure, percent
from analysis.eval.voices import Voice
from analysis.eval.work import WordTrial

Sentences = list[tuple[bool, float, str]]
_DRAWS = 2


def sentences(pool: Pool, voices: Sequence[Voice]) -> Section:
    """Every reading against its own text and others'."""
    human = corpus.recordings()
    own = [recording.text for recording in human]
    other = corpus.catalogue_texts()
    questions = [(recording.name, recording.text, [*own, *other[at::7]]) for at, recording in enumerate(human)]
    spoken = [
        (voice.name, other[at], [other[at], *own[at % 7 :: 7], *other[at + 1 :: 7]]) for at, voice in enumerate(voices)
    ]
    answers = pool.run("wrong sentence", work.sentences, [*questions, *spoken])
    groups = {"human recordings": answers[: len(human)], "voices": answers[len(human) :]}
    rows = []
    for name, found in groups.items():
        wrong = [item for answer in found for item in answer if not item[0]]
        right = [item for answer in found for item in answer if item[0]]
        rows.append(
            [
                name,
                str(len(right)),
                str(len(wrong)),
                figure(bootstrap(found, _sentence_auc)),
                f"{max(item[1] for item in wrong):.3f}",
                f"{min(item[1] for item in right):.3f}",
                percent(share([item[2] not in {"scored", "incomplete"} for item in wrong])),
                percent(share([item[2] == "scored" for item in right])),
            ]
        )
    columns = ("readings", "right", "wrong", "AUC", "highest wrong", "lowest right", "wrong unscored", "right scored")
    remark = "Measured by the mean posterior of the text's sounds; then what the engine did with the attempt."
    mismatches = [item[2] for answer in groups["human recordings"] for item in answer if not item[0]]
    floors = [
        Floor("wrong sentence, human speech: AUC", _sentence_auc(groups["human recordings"]), least=1.0),
        Floor("wrong sentence, voices: AUC", _sentence_auc(groups["voices"]), least=1.0),
        Floor("mismatched recordings and texts left unscored", _unscored(mismatches), least=1.0),
    ]
    return Section([Table("Wrong sentence", columns, rows, remark)], floors)


def _sentence_auc(answers: Sequence[Sentences]) -> float:
    found = [item for answer in answers for item in answer]
    return auc([item[1] for item in found if not item[0]], [item[1] for item in found if item[0]])


def _unscored(classes: Sequence[str]) -> float:
    return sum(kind not in {"scored", "incomplete"} for kind in classes) / max(len(classes), 1)


def words(pool: Pool, voices: Sequence[Voice]) -> Section:
    """Words of the text that were not what was said."""
    human = [(recording.name, recording.text, _DRAWS) for recording in corpus.recordings()]
    texts = corpus.catalogue_texts()
    spoken = [(voice.name, text, 1) for at, voice in enumerate(voices) for text in texts[at :: len(voices)]]
    answers: list[list[WordTrial]] = pool.run("wrong and omitted words", work.words, [*human, *spoken])
    people = answers[: len(human)]
    held_out = {voice.name for voice in voices if voice.family == "held-out"}
    ours = [answer for answer, question in zip(answers[len(human) :], spoken, strict=True) if question[0] in held_out]
    theirs = [
        answer for answer, question in zip(answers[len(human) :], spoken, strict=True) if question[0] not in held_out
    ]
    rows = []
    for name, found in {"human recordings": people, "held-out voices": ours, "fitting voices": theirs}.items():
        for kind in ("wrong", "omitted"):
            trials = [trial for answer in found for trial in answer if trial.kind == kind]
            right = [trial for answer in found for trial in answer if trial.kind == "right"]
            rows.append(
                [
                    f"{kind} word, {name}",
                    str(len(trials)),
                    str(len(right)),
                    figure(bootstrap(found, _word_auc(kind))) if found else "–",
                    percent(share([trial.omitted for trial in trials])),
                    percent(share([trial.omitted for trial in right])),
                ]
            )
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


def _word_auc(kind: str):  # type: ignore[no-untyped-def]
    def measure(answers: Sequence[Sequence[WordTrial]]) -> float:
        trials = [trial for answer in answers for trial in answer]
        return auc(
            [trial.score for trial in trials if trial.kind == kind],
            [trial.score for trial in trials if trial.kind == "right"],
        )

    return measure


def readings(pool: Pool, voices: Sequence[Voice]) -> tuple[Section, set[str]]:
    """How well the engine reads each voice when it is right, and the voices that it cannot read."""
    texts = [*corpus.LINES[:2], *corpus.catalogue_texts()[:2]]
    questions = [(voice.name, text) for voice in voices for text in texts]
    answers = pool.run("right readings", work.reading, questions)
    rows, unreadable = [], set()
    for voice in voices:
        own = [answer for answer, question in zip(answers, questions, strict=True) if question[0] == voice.name]
        by_text, by_sounds = _mean([answer[0] for answer in own]), _mean([answer[1] for answer in own])
        if by_sounds < READABLE:
            unreadable.add(voice.name)
        verdict = "left out" if voice.name in unreadable else voice.family
        rows.append([voice.name, voice.description, verdict, f"{by_text:.0f}", f"{by_sounds:.0f}"])
    remark = (
        "Pronunciation score without an actor, mean of four lines; an unscored reading counts as 0. "
        f"A voice below {READABLE} is left out: its right sounds are already heard as wrong."
    )
    columns = ("voice", "what it is", "family", "right reading, from text", "from chosen sounds")
    return Section([Table("The voices", columns, rows, remark)]), unreadable


READABLE = 70


def _mean(values: Sequence[float | None]) -> float:
    return sum(value or 0.0 for value in values) / max(len(values), 1)
