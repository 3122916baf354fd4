"""The lines of the evaluation, and the errors chosen for them."""

from analysis.engine.engine import Engine
from analysis.eval.languages.english import wrong_sounds
from analysis.eval.languages.english.phone_alphabets import bare


def test_every_possible_error_of_a_line_is_wrong_in_one_word(engine: Engine) -> None:
    line = wrong_sounds.line("These six sheep will live on the green hill", engine.lexicon)
    assert bare(line.words[2]) == ("SH", "IY", "P") and "IY1" in line.words[2]
    errors = wrong_sounds.possible_errors(line)
    assert {error.kind for error in errors} >= {"IY said as IH", "L said as R", "final S dropped"}
    for error in errors:
        assert bare(line.spoken([error])[error.word]) not in line.allowed[error.word]
        assert sum(a != b for a, b in zip(line.spoken([error]), map(list, line.words), strict=True)) == 1
