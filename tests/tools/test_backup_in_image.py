"""The commands of docs/runbook.md for backup and restore, run by a shell with the files of the API server's image."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from core.settings import ROOT
from local.embedded import EmbeddedPostgres
from local.embedded.postgres import postgres_binaries
from tests.conftest import clone_database
from tests.support.image_files import lay_out_image

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
[COMMAND] = re.findall(
    r"^```\n((?:[A-Z0-9_]+=… )+\\\n +python -m tools\.backup save /\S+)\n```$", RUNBOOK, re.MULTILINE
)
VARIABLES = re.findall(r"([A-Z0-9_]+)=…", COMMAND)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("image")
    lay_out_image("api", folder)
    return folder


@pytest.fixture
def values(base_env: dict[str, str], postgres: EmbeddedPostgres, tmp_path: Path) -> dict[str, str]:
    """The value of each variable in the command."""
    return {**base_env, "DATABASE_URL": clone_database(postgres, f"backup_{tmp_path.name}")}


def run(image: Path, values: dict[str, str], folder: Path, action: str = "save") -> subprocess.CompletedProcess[str]:
    """Runs the command of the runbook, with values for its variables and without those that have none."""
    line = re.sub(r"/backups/\S+", shlex.quote(str(folder)), COMMAND).replace("backup save", f"backup {action}")
    for name in VARIABLES:
        line = line.replace(f"{name}=… ", f"{name}={shlex.quote(values[name])} " if name in values else "")
    path = f"{Path(sys.executable).parent}:{postgres_binaries()}:/usr/bin:/bin"
    # Of the image, and no question to a metadata service that this machine does not have.
    env = {"PATH": path, "ENVIRONMENT": "production", "AWS_EC2_METADATA_DISABLED": "true"}
    return subprocess.run(["sh", "-c", line], cwd=image, env=env, capture_output=True, text=True)


def test_command_saves_files_that_only_their_owner_reads_and_restores_them(
    image: Path, values: dict[str, str], tmp_path: Path
) -> None:
    saved = run(image, values, tmp_path / "new" / "backup")
    assert (saved.returncode, saved.stderr) == (0, "")
    paths = [tmp_path / "new", *(tmp_path / "new").rglob("*")]
    assert {path.name for path in paths} >= {"database.dump", "objects.json"}
    assert {oct(path.stat().st_mode & 0o777) for path in paths} == {"0o600", "0o700"}
    assert all((path.stat().st_mode & 0o777 == 0o700) == path.is_dir() for path in paths)
    restored = run(image, values, tmp_path / "new" / "backup", "restore")
    assert (restored.returncode, restored.stderr) == (0, "")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"DATABASE_URL": None}, "DATABASE_URL must be set"),
        ({"DATABASE_URL": None, "S3_BUCKET_NAME": None}, "DATABASE_URL and S3_BUCKET_NAME must be set"),
        (
            {"S3_ENDPOINT_URL": None, "AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None},
            "the store's variables are missing: set AWS_ACCESS_KEY_ID",
        ),
        ({"AWS_SECRET_ACCESS_KEY": None}, "the store's variables are missing"),
        ({"AWS_SECRET_ACCESS_KEY": "wrong"}, "cannot be used"),
        ({"S3_BUCKET_NAME": "no-such-bucket"}, "the bucket no-such-bucket of http://127.0.0.1:"),
        ({"S3_ENDPOINT_URL": "http://127.0.0.1:9"}, "of http://127.0.0.1:9 cannot be used"),
        ({"S3_ENDPOINT_URL": "nonsense"}, "nonsense"),
        ({"DATABASE_URL": "postgresql://yousync:x@127.0.0.1:9/yousync"}, "pg_dump failed"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
    ],
)
def test_missing_or_wrong_variables_are_told_in_one_line(
    image: Path, values: dict[str, str], tmp_path: Path, changes: dict[str, str | None], words: str
) -> None:
    given = {name: value for name, value in (values | changes).items() if value is not None}
    failed = run(image, given, tmp_path / "backup")
    assert failed.returncode == 1 and words in failed.stderr, failed.stderr
    assert "Traceback" not in failed.stderr
    assert not (tmp_path / "backup").exists()
