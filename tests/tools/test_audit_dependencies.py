"""The audit reports unaudited packages as such, and does not fail when the advisory list is unreachable."""

from tools.audit_dependencies import read_pins, read_report, verdict

SOUND = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
UNKNOWN = {"name": "c", "skip_reason": "Dependency not found on PyPI and could not be audited: c (1)"}


def test_a_known_vulnerability_fails_and_is_named() -> None:
    report = read_report({"dependencies": [SOUND, BAD]})
    code, words = verdict(report, report)
    assert code == 1
    assert "b 2: PYSEC-1, fixed in 3" in words


def test_unaudited_packages_are_not_reported_as_safe() -> None:
    nothing = read_report({"dependencies": [UNKNOWN]})
    for first in (nothing, None):
        code, words = verdict(first, None)
        assert (code, "NOT DONE" in words) == (0, True)
    some = read_report({"dependencies": [SOUND, UNKNOWN]})
    assert verdict(some, some) == (
        0,
        "dependency audit: 1 packages without a known vulnerability; NOT AUDITED: c",
    )


def test_every_pinned_package_is_audited() -> None:
    pins = read_pins()
    assert len(pins) == len(set(pins)) > 100
    assert {"fastapi", "av", "hama", "pytest"} <= {pin.partition("==")[0] for pin in pins}
