"""Looks up known vulnerabilities of all pinned packages: `python -m tools.audit_dependencies [--strict] [LOCK ...]`.

Each lock file is audited on its own. The exit code is 1 for a vulnerability and for an audit that failed. A network
error, and an index without advisories (a mirror), are warnings; `--strict`, which the public workflows use, fails on
them and on packages that were skipped.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.settings import ROOT
from tools.locks import LOCKS, NotPinned, Pin, read_pins
from web.build import FETCH_LIMITS, WEB, BuildFailed, run_npm

_TIMEOUT_S = 300.0
_NPM_LOCK = WEB / "package-lock.json"
# Exceptions of requests that escape from pip-audit as a traceback, and the message of the one that it handles.
_NETWORK_ERROR = re.compile(
    r"^(?:requests\.exceptions\.(?:Connection|SSL|Proxy|ChunkedEncoding)Error"
    r"|requests\.exceptions\.(?:Connect|Read)?Timeout"
    r"|(?:pip_audit\._service\.interface\.ConnectionError|ERROR:pip_audit\._cli): ?(?:Could not connect to|PyPI is not)"
    r"|requests\.exceptions\.HTTPError: 50[234] ).*",
    re.MULTILINE,
)
_ERROR = re.compile(r"^(?:ERROR:pip_audit\._cli:)?((?:(?<=_cli:).|[\w.]+(?:Error|Exception)\b).*)", re.MULTILINE)
_NPM_NETWORK_ERROR = re.compile(
    r"^(?:request to \S+ failed, reason:|network timeout at:|Invalid response body.*aborted)"
)
# A gateway answers 502 to 504 for a server that it does not reach; a mirror without advisories 404 or 405.
_NPM_STATUS_UNREACHABLE = frozenset({404, 405, 501, 502, 503, 504})


class Unreachable(Exception):
    """No advisories from here: a network error, or an index that has none."""


class AuditFailed(Exception):
    """An audit that gave no report for another reason; the message is that of the tool."""


@dataclass(frozen=True)
class Report:
    """The result for one lock file; `vulnerable` has one line for each advisory."""

    audited: int = 0
    skipped: tuple[str, ...] = ()
    vulnerable: tuple[str, ...] = ()

    def __add__(self, other: "Report") -> "Report":
        return Report(self.audited + other.audited, self.skipped + other.skipped, self.vulnerable + other.vulnerable)


def read_report(document: dict[str, Any]) -> Report:
    """Reads pip-audit's JSON."""
    packages = document["dependencies"]
    return Report(
        audited=sum("version" in package for package in packages),
        skipped=tuple(package["name"] for package in packages if "skip_reason" in package),
        vulnerable=tuple(
            f"{package['name']} {package['version']}: {entry['id']}, fixed in {', '.join(entry['fix_versions']) or '-'}"
            for package in packages
            for entry in package.get("vulns", [])
        ),
    )


def read_npm_report(document: dict[str, Any]) -> Report:
    """Reads npm's JSON. Raises Unreachable and AuditFailed for npm's error documents."""
    if "auditReportVersion" not in document:
        error = document.get("error") or {}
        message = document.get("message") or error.get("summary") or error.get("code") or "no report"
        network = document.get("statusCode") in _NPM_STATUS_UNREACHABLE or _NPM_NETWORK_ERROR.match(message)
        raise (Unreachable if network else AuditFailed)(message)
    advisories = {
        f"{via['name']} {via['range']}: {via['title']} ({via['severity']}), {via['url']}"
        for package in document["vulnerabilities"].values()
        for via in package["via"]
        if isinstance(via, dict)
    }
    return Report(audited=document["metadata"]["dependencies"]["total"], vulnerable=tuple(sorted(advisories)))


def split_versions(pins: Iterable[Pin]) -> list[list[Pin]]:
    """Lists with one version of each package: pip-audit refuses two, which a lock has for two versions of Python."""
    versions: dict[str, dict[str, Pin]] = {}
    for pin in pins:
        versions.setdefault(pin.name, {})[pin.version] = pin
    columns = [list(pins_of.values()) for pins_of in versions.values()]
    return [
        [column[number] for column in columns if number < len(column)]
        for number in range(max(map(len, columns), default=0))
    ]


def audit_pins(pins: Sequence[Pin]) -> Report:
    """Runs pip-audit on one version of each package. Raises Unreachable and AuditFailed."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.writelines(f"{pin.name}=={pin.version}\n" for pin in pins)
        file.flush()
        command = [sys.executable, "-m", "pip_audit", "-r", file.name, "--no-deps", "--disable-pip", "-f", "json"]
        command += ["--progress-spinner", "off", "--timeout", "15"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired:
            raise Unreachable(f"no answer within {_TIMEOUT_S:.0f} s") from None
    try:
        return read_report(json.loads(done.stdout))
    except (ValueError, KeyError):
        raise _error_of(done.stderr) from None


def _error_of(stderr: str) -> Unreachable | AuditFailed:
    if found := _NETWORK_ERROR.search(stderr):
        return Unreachable(found[0])
    return AuditFailed("; ".join(_ERROR.findall(stderr)) or f"pip-audit gave no report {stderr[-200:]}".strip())


class PythonAudit:
    """Audits lock files; after one that no advisories could be reached for, others are only read."""

    def __init__(self) -> None:
        self._unreachable: Unreachable | None = None

    def audit(self, lock: Path) -> Report:
        """The report on all pins of a lock file. Raises Unreachable and AuditFailed."""
        try:
            pins = read_pins(lock)
        except (NotPinned, OSError) as error:
            raise AuditFailed(str(error)) from None
        if self._unreachable is not None:
            raise self._unreachable
        try:
            return _audit_all(pins)
        except Unreachable as error:
            self._unreachable = error
            raise


def _audit_all(pins: Sequence[Pin]) -> Report:
    report = sum((audit_pins(part) for part in split_versions(pins)), Report())
    if pins and not report.audited:
        raise Unreachable("the package index has no advisories for any of these packages")
    return report


def audit_npm(lock: Path = _NPM_LOCK) -> Report:
    """The report of npm on web/package-lock.json. Raises Unreachable and AuditFailed."""
    try:
        done = run_npm("audit", "--json", "--package-lock-only", *FETCH_LIMITS, folder=lock.parent)
        return read_npm_report(json.loads(done.stdout))
    except (ValueError, KeyError, TypeError, BuildFailed) as error:
        raise AuditFailed(f"npm audit gave no report: {error}") from None


def describe(lock: Path, python: PythonAudit, strict: bool) -> tuple[int, str]:
    """The exit code and the message for one lock file."""
    name = lock.relative_to(ROOT) if lock.is_relative_to(ROOT) else lock
    try:
        report = audit_npm(lock) if lock.name == _NPM_LOCK.name else python.audit(lock)
    except Unreachable as error:
        return int(strict), f"{name}: NOT AUDITED, no advisories can be reached from here: {error}"
    except AuditFailed as error:
        return 1, f"{name}: the audit FAILED: {error}"
    lines = [f"{name}: {report.audited} packages, {len(report.vulnerable)} known vulnerabilities"]
    lines += [f"  {line}" for line in report.vulnerable]
    lines += [f"  NOT AUDITED: {', '.join(report.skipped)}"] * bool(report.skipped)
    return int(bool(report.vulnerable) or (strict and bool(report.skipped))), "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Audits the named lock files, by default all of them; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.audit_dependencies", description="Audits lock files.")
    parser.add_argument("--strict", action="store_true", help="fail as well where packages could not be audited")
    parser.add_argument("locks", nargs="*", type=Path, metavar="LOCK", default=[*LOCKS, _NPM_LOCK])
    options = parser.parse_args(arguments)
    code, python = 0, PythonAudit()
    for lock in options.locks:
        failed, message = describe(lock.absolute(), python, options.strict)
        sys.stdout.write(f"dependency audit: {message}\n")
        code |= failed
    return code


if __name__ == "__main__":
    sys.exit(main())
