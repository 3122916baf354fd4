"""Checks the English of docstrings, comments and Markdown: `python -m tools.lint_prose`.

Refuses docstrings that open with a clause instead of a verb or a noun phrase, and words for which the field has a
better term. Code in Markdown, in backticks or in fences, is left out: log lines are quoted there as they are.
"""

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

from core.settings import ROOT

Finding = tuple[int, str]
"""Line number and reason."""

_CLAUSE = re.compile(r"(What|Who|Whoever|How|Whether|Of|From)\b")
_BANNED = (
    (re.compile(r"\banew\b", re.I), "'anew': write 'again'"),
    (re.compile(r"\bfor good\b", re.I), "'for good': write 'permanently'"),
    (re.compile(r"\bso many\b", re.I), "'so many': write the number or 'n'"),
    (re.compile(r"\bthe clock\b", re.I), "'the clock': write 'scheduler', 'beat' or 'time'"),
    (re.compile(r"\b(bury|buri(es|ed)|burying)\b", re.I), "'bury': write 'fail' or 'end'"),
    (re.compile(r"\bknock(s|ed|ing)?\b", re.I), "'knock': write 'request'"),
    (re.compile(r"\b(is|are|was|were) away\b|\bwhile\b[^.;]*\baway\b", re.I), "'away': write 'unavailable'"),
)
_FENCE = re.compile(r"^[ \t]*```.*?^[ \t]*```", re.M | re.S)
_CODE = re.compile(r"(`+)(?!`)(?:(?!\n[ \t]*\n).)*?(?<!`)\1(?!`)", re.S)
_SENTENCE_BREAK = re.compile(r"\n[ \t]*(?=\n|[-*|#>]|\d+\.)")
_GENERATED = "clients/python/yousync_client/generated/"
_COMMENT_MARK = re.compile(r"^[ \t]*# ?", re.M)


def banned_words(text: str, first_line: int = 1) -> Iterator[Finding]:
    """Yields each banned word of `text`, also where a line break stands in the middle of a phrase."""
    joined = _SENTENCE_BREAK.sub(lambda match: "." + " " * (len(match[0]) - 1), text)
    joined = joined.replace("\n", " ")
    for pattern, reason in _BANNED:
        for match in pattern.finditer(re.sub(r"\s", " ", joined)):
            yield first_line + text.count("\n", 0, match.start()), reason


def lint_markdown(text: str) -> Iterator[Finding]:
    """Yields the findings of a Markdown file, without its code."""
    prose = text
    for pattern in (_FENCE, _CODE):
        prose = pattern.sub(lambda match: re.sub(r"[^\n]", "·", match[0]), prose)
    yield from banned_words(prose)


def _docstrings(text: str) -> Iterator[tuple[int, str]]:
    """Yields line number and text of each string that stands alone: docstrings of modules, classes, fields, …"""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value


def _comments(text: str) -> Iterator[tuple[int, str]]:
    """Yields first line number and text of each comment; lines that follow each other are one comment."""
    block: list[str] = []
    start = last = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        line, comment = token.start[0], _COMMENT_MARK.sub("", token.string)
        if block and line == last + 1:
            block.append(comment)
        else:
            if block:
                yield start, "\n".join(block)
            block, start = [comment], line
        last = line
    if block:
        yield start, "\n".join(block)


def lint_python(text: str) -> Iterator[Finding]:
    """Yields the findings in the docstrings and comments of a Python file."""
    for line, docstring in _docstrings(text):
        if match := _CLAUSE.match(docstring.lstrip()):
            yield line, f"docstring opens with '{match[1]} …': open with a verb or a noun phrase"
        yield from banned_words(docstring, line)
    for line, comment in _comments(text):
        yield from banned_words(comment, line)


def tracked_files(root: Path = ROOT) -> list[Path]:
    """Returns the Python and Markdown files that git knows or would add, without generated ones."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py", "*.md"]
    names = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.split("\0")
    written = (name for name in names if name and not name.startswith(_GENERATED))
    return [root / name for name in written if (root / name).is_file()]


def lint(paths: list[Path], root: Path = ROOT) -> list[str]:
    """Returns `file:line: reason` for each finding in `paths`."""
    found = []
    for path in paths:
        check = lint_python if path.suffix == ".py" else lint_markdown
        for line, reason in sorted(check(path.read_text(encoding="utf-8"))):
            found.append(f"{path.relative_to(root)}:{line}: {reason}")
    return found


def main() -> int:
    """Prints all findings; returns 1 when there is at least one."""
    found = lint(tracked_files())
    sys.stdout.write("\n".join([*found, f"prose: {len(found)} findings"]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
