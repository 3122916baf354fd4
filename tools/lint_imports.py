"""Checks the import contracts of pyproject.toml: `python -m tools.lint_imports`.

import-linter reads packages only, and some of our root modules are single files. It runs in a folder of links in
which each root module is a package of one file.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from core.settings import ROOT


def lay_out(folder: Path, root: Path = ROOT) -> None:
    """Links every package of `root` into `folder`, and every module as a package."""
    for path in root.glob("*.py"):
        package = folder / path.stem
        package.mkdir()
        (package / "__init__.py").symlink_to(path)
    for init in root.glob("*/__init__.py"):
        (folder / init.parent.name).symlink_to(init.parent, target_is_directory=True)


def lint(root: Path = ROOT) -> int:
    """Returns import-linter's exit code: 0 when all contracts are kept."""
    with tempfile.TemporaryDirectory() as name:
        lay_out(Path(name), root)
        script = Path(sys.executable).with_name("lint-imports")
        command = [str(script), "--no-cache", "--no-logo", str(root / "pyproject.toml")]
        return subprocess.run(command, cwd=name, env={**os.environ, "PYTHONPATH": name}, check=False).returncode


if __name__ == "__main__":
    sys.exit(lint())
