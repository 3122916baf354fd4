"""Checks commit subjects: imperative, at most 72 characters, no full stop.

`python -m tools.check_commits` checks the new commits: those after origin/main, or the last 20 where origin/main is
absent or already contains HEAD. Commits up to the one that added this check are left out. `python
tools/check_commits.py FILE` checks the message in FILE, as the hook `tools/githooks/commit-msg` does; it needs no
package.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LENGTH_MAX = 72
NEW_MAX = 20
_IMPERATIVES = {"alias", "bias", "bring", "embed", "focus", "ping", "ring", "shed", "spring", "string", "swing", "wed"}
_NOT_IMPERATIVE = ("ed", "ing", "s")
_ENDINGS_OF_VERBS = ("ss", "eed")


def is_imperative(word: str) -> bool:
    """Tells `Add` and `Pass` from `Added`, `Adding` and `Adds` by their endings."""
    lowered = word.lower()
    if lowered in _IMPERATIVES or lowered.endswith(_ENDINGS_OF_VERBS):
        return True
    return not lowered.endswith(_NOT_IMPERATIVE)


def faults(subject: str) -> list[str]:
    """Returns what is wrong with a subject; an empty list when nothing is."""
    words = subject.split()
    if not words:
        return ["the subject is empty"]
    found = []
    if len(subject) > LENGTH_MAX:
        found.append(f"{len(subject)} characters, more than {LENGTH_MAX}")
    if not words[0][0].isupper():
        found.append("the first word has no capital")
    if not is_imperative(words[0].strip(":,")):
        found.append(f"'{words[0]}' is not an imperative")
    if subject.rstrip().endswith("."):
        found.append("a full stop at the end")
    return found


def subject_of(message: str) -> str:
    """Returns the first line of a commit message that is no comment."""
    lines = (line for line in message.splitlines() if line.strip() and not line.startswith("#"))
    return next(lines, "")


def _git(root: Path, *arguments: str) -> str:
    command = ["git", *arguments]
    result = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
    return result.stdout.strip() if result.returncode == 0 else ""


def new_commits(root: Path = ROOT) -> list[tuple[str, str]]:
    """Returns abbreviated hash and subject of each new commit, without merges."""
    head, main = _git(root, "rev-parse", "HEAD"), _git(root, "rev-parse", "--verify", "--quiet", "origin/main")
    added = _git(root, "log", "--diff-filter=A", "--format=%H", "--", "tools/check_commits.py").split()
    is_ahead = main and _git(root, "merge-base", head, main) != head
    limits = ["--not", main] if is_ahead else [f"--max-count={NEW_MAX}"]
    left_out = [f"^{commit}" for commit in added[-1:]]
    lines = _git(root, "log", "--no-merges", "--format=%h\t%s", "HEAD", *left_out, *limits).splitlines()
    return [(commit, subject) for commit, _, subject in (line.partition("\t") for line in lines)]


def main(arguments: list[str]) -> int:
    """Prints each fault; returns 1 when there is at least one."""
    named = [("commit", subject_of(Path(name).read_text(encoding="utf-8"))) for name in arguments]
    commits = named or new_commits()
    found = [f"{commit} {subject!r}: {fault}" for commit, subject in commits for fault in faults(subject)]
    sys.stdout.write(
        "".join(f"{line}\n" for line in found) or f"commit subjects: {len(commits)} checked, none at fault\n"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
