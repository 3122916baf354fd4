"""Known vulnerabilities in the pinned packages: `python -m tools.audit_dependencies` fails on one,
and says so when it could not look.

pip-audit counts a package that the index does not answer for as free of vulnerabilities. So one package is asked
about first, and every one that was skipped is told.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import Any

from core.settings import ROOT

LOCKS = (
    ROOT / "tools" / "requirements-dev.txt",
    ROOT / "requirements.txt",
    ROOT / "analysis" / "requirements.txt",
)
_PATIENCE_S = 120.0


@dataclass(frozen=True)
class Report:
    """What pip-audit said about some packages."""

    audited: list[str]
    skipped: list[str]
    vulnerable: list[str]


def read_report(document: dict[str, Any]) -> Report:
    found = document["dependencies"]
    return Report(
        audited=[package["name"] for package in found if "version" in package],
        skipped=[package["name"] for package in found if "skip_reason" in package],
        vulnerable=[
            f"{package['name']} {package['version']}: {entry['id']}, fixed in {', '.join(entry['fix_versions']) or '-'}"
            for package in found
            for entry in package.get("vulns", [])
        ],
    )


def audit(pins: list[str]) -> Report | None:
    """None when nobody could be asked."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(pins))
        file.flush()
        words = [sys.executable, "-m", "pip_audit", "-r", file.name, "--no-deps", "--disable-pip", "-f", "json"]
        words += ["--progress-spinner", "off", "--timeout", "5"]
        try:
            answer = subprocess.run(words, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
            return read_report(json.loads(answer.stdout))
        except (subprocess.TimeoutExpired, ValueError):
            return None


def read_pins() -> list[str]:
    """`name==version` of every package in the lock files, once."""
    lines = (line for lock in LOCKS for line in lock.read_text(encoding="utf-8").splitlines())
    return sorted({line.split()[0] for line in lines if "==" in line and line[0].isalnum()})


def verdict(first: Report | None, report: Report | None) -> tuple[int, str]:
    """The exit code, and what to tell."""
    if first is None or not first.audited or report is None:
        return 0, "dependency audit: NOT DONE, the list of known vulnerabilities cannot be reached from here"
    if report.vulnerable:
        return 1, "\n".join(["dependency audit: known vulnerabilities", *report.vulnerable])
    told = f"dependency audit: {len(report.audited)} packages without a known vulnerability"
    return 0, told + (f"; NOT AUDITED: {', '.join(report.skipped)}" if report.skipped else "")


def main() -> int:
    pins = read_pins()
    first = audit(pins[:1])
    code, words = verdict(first, audit(pins) if first and first.audited else None)
    sys.stdout.write(words + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
