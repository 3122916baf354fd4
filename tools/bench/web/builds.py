"""The two builds that are compared: the one of this checkout, and one of an earlier commit."""

import io
import json
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servestatic.compress import Compressor

from core.settings import ROOT
from web import build

# The packages that the page loads, by which a build from other packages is told.
_PACKAGES = ("dependencies", "devDependencies")


class BenchFailed(Exception):
    """The page cannot be measured; the message says why and what helps."""


@dataclass(frozen=True)
class Build:
    """A checkout with a built page, and the texts in which it speaks."""

    name: str
    checkout: Path

    @property
    def web(self) -> Path:
        return self.checkout / "web"

    @property
    def dist(self) -> Path:
        return self.web / "dist"

    def text(self, key: str, language: str = "ko") -> str:
        """Returns the text of a key `file.key…` of this build's locales."""
        name, *parts = key.split(".")
        found: Any = json.loads((self.web / "src" / "locales" / language / f"{name}.json").read_text(encoding="utf-8"))
        for part in parts:
            found = found[part]
        return str(found)


def build_current() -> Build:
    """Builds the page of this checkout. Raises BenchFailed."""
    try:
        build.build()
    except build.BuildFailed as error:
        raise BenchFailed(f"The page of this checkout cannot be built.\n{error}") from error
    return Build("this checkout", ROOT)


def build_commit(commit: str, folder: Path) -> Build:
    """Checks a commit out in `folder`, which is empty, and builds its page. Raises BenchFailed.

    The page's packages that are installed for this checkout are used where the commit names none that it lacks, and
    otherwise its own are installed. Files are compressed as every build of that time was. Its servers run with the
    Python packages of this checkout, so that a difference is not one of theirs.
    """
    _extract(commit, folder)
    web = folder / "web"
    if not (web / "package.json").is_file():
        raise BenchFailed(f"Commit {commit} has no page.")
    _provide_packages(web)
    step = build.run_npm("run", "build", "--", "--logLevel=warn", folder=web)
    if step.returncode:
        raise BenchFailed(f"The page of {commit} cannot be built.\n{step.stdout}{step.stderr}")
    compressor = Compressor(use_brotli=False, use_zstd=False, quiet=True)
    for path in sorted((web / "dist").rglob("*")):
        if path.is_file() and compressor.should_compress(str(path)):
            compressor.compress(str(path))
    return Build(f"build {commit}", folder)


def _extract(commit: str, folder: Path) -> None:
    command = ["git", "archive", "--format=tar", commit]
    archive = subprocess.run(command, cwd=ROOT, capture_output=True)
    if archive.returncode:
        raise BenchFailed(
            f"Git has no commit {commit}: {archive.stderr.decode().strip()}\n"
            "A shallow clone gets it with: git fetch --unshallow"
        )
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")


def _provide_packages(web: Path) -> None:
    wanted, present = (_packages_of(folder / "package.json") for folder in (web, build.WEB))
    if wanted.items() <= present.items():
        (web / "node_modules").symlink_to(build.WEB / "node_modules", target_is_directory=True)
        return
    step = build.run_npm("ci", "--no-audit", "--no-fund", *build.FETCH_LIMITS, folder=web)
    if step.returncode:
        raise BenchFailed(f"The packages of the older page cannot be installed.\n{step.stdout}{step.stderr}")


def _packages_of(manifest: Path) -> dict[str, str]:
    content = json.loads(manifest.read_text(encoding="utf-8"))
    return {name: version for kind in _PACKAGES for name, version in content[kind].items()}
