"""The bench: a place in the document for each section, and variants without their shortcut."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.settings import ROOT
from tools.bench import report
from tools.bench.__main__ import SECTIONS
from tools.bench.comparison import VARIANTS, ratio_with_interval
from tools.bench.results import SectionResults, Table, at_most

CHECKS = {
    "cached-route-shortcut": "len(app.user_middleware) == before - 1",
    "detached-responses": "len(app.user_middleware) == before - 1",
    "exposed-transport": "len(app.user_middleware) == before - 1",
    "thread-pool": "Threads.run.__module__ == 'tools.bench.variants'",
    "driver-query": "DriverQuery.__call__.__module__ == 'tools.bench.variants'",
    "upgrade-guard": "UpgradeIgnoringProtocol not in LimitedProtocol.__mro__",
}


def test_every_section_is_written_between_its_markers(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text(report.DOCUMENT.read_text(encoding="utf-8"), encoding="utf-8")
    table = Table("A title", ("server", "figure"), [("ours", "1")])
    results = {name: SectionResults([table], [at_most(name, 2.0, 1.0, " MB")]) for name in SECTIONS}
    report.write("a machine", results, document)
    text = document.read_text(encoding="utf-8")
    assert text.count("| ours | 1 |") == len(SECTIONS)
    assert text.count("≤ 1 MB | 2 MB | **not met** |") == len(SECTIONS)


@pytest.mark.parametrize(("name", "path"), sorted({item for section in VARIANTS.values() for item in section.items()}))
def test_a_variant_lacks_its_shortcut(name: str, path: str) -> None:
    module, _, factory = path.partition(":")
    code = (
        "from main import app\nfrom core.thread_pool import Threads\nfrom database import DriverQuery\n"
        "from common.http_limits import LimitedProtocol\nfrom common.http_upgrades import UpgradeIgnoringProtocol\n"
        f"before = len(app.user_middleware)\nfrom {module} import {factory}\n"
        f"assert {factory}() is app and {CHECKS[name]}"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_ratio_is_that_of_the_pairs_however_much_the_machine_slows_down() -> None:
    normal = [100.0, 50.0, 10.0, 80.0, 5.0]
    assert ratio_with_interval([2 * rate for rate in normal], normal) == pytest.approx((2, 2, 2))
    middle, low, high = ratio_with_interval([110.0, 45.0, 10.0, 88.0, 4.0], normal)
    assert middle == pytest.approx(1)
    assert low < middle < high


def test_the_interval_of_a_ratio_is_that_of_the_processes_too() -> None:
    """Two processes that differ by 20 % are not known better for being measured often."""
    normal, values = [100.0] * 80, [90.0, 110.0] * 40
    assert ratio_with_interval(values, normal, processes=2) == pytest.approx((1, 0.9, 1.1))
