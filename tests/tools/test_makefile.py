"""`make help` lists each target of the Makefile in one of its groups."""

import re
import subprocess

from core.settings import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_make_help_lists_every_target() -> None:
    targets = set(re.findall(r"^\.PHONY: (\S+)$", MAKEFILE, re.MULTILINE))
    command = ["make", "--no-print-directory", "help"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert len(targets) > 20
    assert set(re.findall(r"^  make (\S+) +\S", listed, re.MULTILINE)) == targets
