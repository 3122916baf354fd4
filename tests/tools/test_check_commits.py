"""The check of commit subjects: bad ones are refused, good ones pass, only new commits are checked."""

import os
import subprocess
from pathlib import Path

import pytest

from core.settings import ROOT
from tools.check_commits import faults, main, new_commits, subject_of

HOOK = ROOT / "tools" / "githooks" / "commit-msg"


@pytest.mark.parametrize(
    ("subject", "reason"),
    [
        ("", "empty"),
        ("Add " + "x" * 69, "73 characters"),
        ("add a check", "capital"),
        ("Added a check", "imperative"),
        ("Adding a check", "imperative"),
        ("Adds a check", "imperative"),
        ("Add a check.", "full stop"),
    ],
)
def test_a_bad_subject_is_refused(subject: str, reason: str) -> None:
    assert reason in "; ".join(faults(subject))


@pytest.mark.parametrize(
    "subject",
    ["Add " + "x" * 68, "Pass ids to tasks", "Seed the catalogue", "Bring back ranges", "Embed Valkey", "Answer 204 …"],
)
def test_a_good_subject_passes(subject: str) -> None:
    assert faults(subject) == []


def test_subject_is_the_first_line_except_comments() -> None:
    assert subject_of("# Please enter\n\nAdd a check\n\nWhy.\n") == "Add a check"
    assert subject_of("# only a comment\n") == ""


def git(folder: Path, *arguments: str) -> None:
    settings = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", *settings, *arguments], cwd=folder, check=True, capture_output=True, env=environment)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "was before the check.")
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "check_commits.py").write_text("", encoding="utf-8")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "adds the check.")
    return tmp_path


def subjects(repository: Path) -> list[str]:
    return [subject for _, subject in new_commits(repository)]


def test_commits_up_to_the_check_are_ignored(repository: Path) -> None:
    assert subjects(repository) == []
    git(repository, "commit", "-q", "--allow-empty", "-m", "Change one thing")
    assert subjects(repository) == ["Change one thing"]


def test_commits_already_on_main_are_ignored(repository: Path) -> None:
    git(repository, "commit", "-q", "--allow-empty", "-m", "Change one thing")
    git(repository, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(repository, "commit", "-q", "--allow-empty", "-m", "Change another thing")
    assert subjects(repository) == ["Change another thing"]


def test_last_twenty_commits_are_checked_on_main(repository: Path) -> None:
    for number in range(22):
        git(repository, "commit", "-q", "--allow-empty", "-m", f"Change {number}")
    git(repository, "update-ref", "refs/remotes/origin/main", "HEAD")
    assert len(subjects(repository)) == 20


def test_hook_refuses_a_bad_message(tmp_path: Path) -> None:
    message = tmp_path / "message"
    message.write_text("added something\n", encoding="utf-8")
    refused = subprocess.run([HOOK, message], cwd=ROOT, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "imperative" in refused.stdout
    message.write_text("Add something\n", encoding="utf-8")
    assert subprocess.run([HOOK, message], cwd=ROOT, capture_output=True, check=False).returncode == 0


def test_exit_code_reports_a_bad_message(tmp_path: Path) -> None:
    message = tmp_path / "message"
    message.write_text("Adds a thing.", encoding="utf-8")
    assert main([str(message)]) == 1
