"""Looks up known vulnerabilities of the pinned packages: `python -m tools.audit_dependencies` fails on one.

pip-audit treats a package as safe when the index does not respond for it. One package is therefore audited first to
see whether the index responds, and all skipped packages are listed.
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
_TIMEOUT_S = 120.0


@dataclass(frozen=True)
class Report:
    """The report of pip-audit by package."""

    audited: list[str]
    skipped: list[str]
    vulnerable: list[str]


def read_report(document: dict[str, Any]) -> Report:
    """Reads pip-audit's JSON."""
    packages = document["dependencies"]
    return Report(
        audited=[package["name"] for package in packages if "version" in package],
        skipped=[package["name"] for package in packages if "skip_reason" in package],
        vulnerable=[
            f"{package['name']} {package['version']}: {entry['id']}, fixed in {', '.join(entry['fix_versions']) or '-'}"
            for package in packages
            for entry in package.get("vulns", [])
        ],
    )


def audit(pins: list[str]) -> Report | None:
    """Runs pip-audit on `name==version` lines; None when the index could not be reached."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(pins))
        file.flush()
        command = [sys.executable, "-m", "pip_audit", "-r", file.name, "--no-deps", "--disable-pip", "-f", "json"]
        command += ["--progress-spinner", "off", "--timeout", "5"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
            return read_report(json.loads(done.stdout))
        except (subprocess.TimeoutExpired, ValueError):
            return None


def read_pins() -> list[str]:
    """The distinct `name==version` lines of the lock files, sorted."""
    lines = (line for lock in LOCKS for line in lock.read_text(encoding="utf-8").splitlines())
    return sorted({line.split()[0] for line in lines if "==" in line and line[0].isalnum()})


def verdict(first: Report | None, report: Report | None) -> tuple[int, str]:
    """The exit code and the message, from the report on one package and the report on all."""
    if first is None or not first.audited or report is None:
        return 0, "dependency audit: NOT DONE, the vulnerability database cannot be reached from here"
    if report.vulnerable:
        return 1, "\n".join(["dependency audit: known vulnerabilities", *report.vulnerable])
    message = f"dependency audit: {len(report.audited)} packages without a known vulnerability"
    return 0, message + (f"; NOT AUDITED: {', '.join(report.skipped)}" if report.skipped else "")


def main() -> int:
    pins = read_pins()
    first = audit(pins[:1])
    code, message = verdict(first, audit(pins) if first and first.audited else None)
    sys.stdout.write(message + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
