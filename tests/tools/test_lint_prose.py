"""The prose linter: planted violations are found at their line, and correct prose is accepted."""

from pathlib import Path

import pytest

from tools.lint_prose import lint, lint_markdown, lint_python

OPENINGS = ["What it does.", "Who asks.", "Whoever asks.", "How it works.", "Whether it is.", "Of all.", "From a to b."]
PHRASES = [
    "Reads it anew.",
    "Refuses it for good.",
    "Takes so many at once.",
    "Waits for the clock.",
    "An outage buries each job.",
    "The job was buried.",
    "Many clients knock together.",
    "Redis is away.",
    "Counts alone while Redis is away.",
    "Queues requests while the store, or its proxy, is away.",
]


@pytest.mark.parametrize("opening", OPENINGS)
def test_docstring_opening_with_a_clause_is_refused(opening: str) -> None:
    source = f'"""Reads files."""\n\n\ndef f() -> None:\n    """{opening}"""\n'
    assert [line for line, _ in lint_python(source)] == [5]


def test_docstrings_of_modules_classes_and_fields_are_checked() -> None:
    source = '"""What it is."""\nclass A:\n    """Who it is."""\n    x = 1\n    """How it is."""\n'
    assert sorted(line for line, _ in lint_python(source)) == [1, 3, 5]


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_banned_phrase_is_refused_in_docstring_comment_and_markdown(phrase: str) -> None:
    assert [line for line, _ in lint_python(f'"""{phrase}"""\n')][:1] == [1]
    assert [line for line, _ in lint_python(f"x = 1\n# {phrase}\n")][:1] == [2]
    assert [line for line, _ in lint_markdown(f"# Title\n\n{phrase}\n")][:1] == [3]


def test_phrase_across_a_line_break_is_refused() -> None:
    assert [line for line, _ in lint_python("# Refused for\n# good.\n")] == [1]
    assert [line for line, _ in lint_markdown("One.\n\nThe store was\naway.\n")] == [3]


@pytest.mark.parametrize(
    "text",
    [
        "Returns the words of a line.",
        "Reads whatever the file holds.",
        "Offers one; ownership is decided elsewhere.",
        "Good for goods.",
        "Throws away old entries.",
        "Raises while parsing. Far away from it.",
    ],
)
def test_correct_prose_is_accepted(text: str) -> None:
    assert not list(lint_python(f'"""{text}"""\n# {text}\n'))
    assert not list(lint_markdown(f"{text}\n"))


def test_code_in_markdown_and_strings_in_python_are_ignored() -> None:
    fence = "```\n"
    assert not list(lint_markdown(f"The line `Redis is away` and\n\n{fence}# anew\n{fence}\nends.\n"))
    assert not list(lint_python('LINE = "Redis is away"\n'))


def test_phrases_do_not_span_list_items() -> None:
    assert not list(lint_markdown("- waits while it runs\n- moves away\n"))


def test_a_finding_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('"""Reads it anew."""\n', encoding="utf-8")
    (tmp_path / "b.md").write_text("Fine.\n", encoding="utf-8")
    assert lint([tmp_path / "a.py", tmp_path / "b.md"], tmp_path) == ["a.py:1: 'anew': write 'again'"]
