"""The lock files of the Python packages, and their pins."""

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from core.settings import ROOT

LOCKS = (
    ROOT / "analysis" / "eval" / "requirements.txt",
    ROOT / "analysis" / "requirements.txt",
    ROOT / "requirements.txt",
    ROOT / "tools" / "clients" / "requirements.txt",
    ROOT / "tools" / "requirements-dev.txt",
)


class NotPinned(Exception):
    """A line of a lock file that names no exact version."""


@dataclass(frozen=True)
class Pin:
    """One package of a lock file; `marker` limits it to some versions of Python and some systems."""

    name: str
    version: str
    marker: Marker | None = None


def read_pins(lock: Path) -> list[Pin]:
    """All pins of a lock file, also those for other systems. Raises NotPinned for a line of any other kind."""
    return [pin for pin, _ in read_lines(lock)]


def read_lines(lock: Path) -> list[tuple[Pin, str]]:
    """Each pin with its line, which also has the hashes. Raises NotPinned."""
    text = re.sub(r"\\\r?\n", " ", lock.read_text(encoding="utf-8"))
    lines = (re.split(r"(?:^|\s)#", line)[0].strip() for line in text.splitlines())
    return [(_read_pin(line, lock), line) for line in lines if line]


def _read_pin(line: str, lock: Path) -> Pin:
    try:
        requirement = Requirement(re.sub(r"\s--hash[=\s]\S+", "", line))
    except InvalidRequirement:
        raise NotPinned(f"{lock}: not a pinned package: {line[:100]}") from None
    exact = [part.version for part in requirement.specifier if part.operator in ("==", "===")]
    if len(requirement.specifier) != 1 or not exact or exact[0].endswith("*"):
        raise NotPinned(f"{lock}: not an exact version: {line[:100]}")
    return Pin(canonicalize_name(requirement.name), exact[0], requirement.marker)
