"""The import contracts of pyproject.toml hold, and each detects a planted violation."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from core.settings import ROOT
from tools.lint_imports import lint

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
PLANTED = {
    "layers": ("services/pagination.py", "import routers.auth"),
    "no-web-framework": ("media/subtitles/reading.py", "from starlette.datastructures import Headers"),
    "core": ("core/rate_limits.py", "import models"),
    "common": ("common/jitter.py", "import analysis.failures"),
    "two-servers": ("analysis/failures.py", "import core.settings"),
    "over-http-only": ("jobs/analysis_client.py", "import analysis.failures"),
    "builders": ("jobs/spool.py", "import tools.backup"),
    "acyclic": ("core/i18n.py", "import core.errors\nimport core.telemetry.sentry"),
}
# A cycle needs an import in each direction.
OTHER_END = {"acyclic": ("core/errors.py", "import core.i18n")}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the repository's Python files and contracts."""
    root = tmp_path / "copy"
    for path in (*ROOT.glob("*.py"), *ROOT.glob("[a-z]*/**/*.py")):
        if "node_modules" not in path.parts:
            target = root / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


def plant(root: Path, name: str, line: str) -> None:
    path = root / name
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")


def test_all_contracts_hold() -> None:
    assert lint() == 0


@pytest.mark.parametrize("contract", [contract["id"] for contract in CONTRACTS])
def test_planted_violation_breaks_its_contract(contract: str, copy: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for planted in (PLANTED[contract], OTHER_END.get(contract)):
        if planted:
            plant(copy, *planted)
    assert lint(copy) == 1
    name = next(each["name"] for each in CONTRACTS if each["id"] == contract)
    assert f"{name} BROKEN" in capfd.readouterr().out


def test_services_and_jobs_load_no_web_framework() -> None:
    code = (
        "import sys, services.tokens, jobs.spool, media.validation;"
        "print(sorted({'fastapi', 'starlette', 'uvicorn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
