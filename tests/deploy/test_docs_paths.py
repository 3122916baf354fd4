"""Paths and links in the documents resolve, and the annotated tree lists every folder."""

import re
import subprocess
from pathlib import Path

import pytest

from core.settings import ROOT

# Generated and historical pages, and the record whose trial names files that do not exist yet.
LEFT_OUT = {"CHANGELOG.md", "errors.md", "0015-layout.md"}
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/*.md")]
DOCUMENTS = [path for path in PAGES if path.name not in LEFT_OUT]
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|md|toml|ini))(?:::\w+)?`")
MADE_LATER = re.compile(r"web/(dist|node_modules)|deploy/\.env$")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tracked() -> list[str]:
    command = ["git", "ls-files"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_named_paths_exist(document: Path) -> None:
    first = {name.split("/")[0] for name in tracked()}
    found = PATH.findall(document.read_text(encoding="utf-8"))
    named = {name for name in found if name.endswith(".py") or name.split("/")[0] in first}
    places = (ROOT, document.parent, ROOT / "docs")
    missing = {name for name in named if not MADE_LATER.match(name) and not any((p / name).exists() for p in places)}
    assert missing == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_relative_links_resolve(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_annotated_tree_lists_every_top_level_folder_and_module() -> None:
    (tree,) = re.findall(r"```\n(main\.py .*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)
    named = set(re.findall(r"^([\w.-]+)/? ", tree, re.MULTILINE))
    root = {name.split("/")[0] for name in tracked() if "/" in name or name.endswith(".py")}
    assert {name for name in root if not name.startswith(".")} == named
