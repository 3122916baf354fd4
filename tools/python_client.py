"""Writes the generated part of the Python client from docs/openapi.json: `python -m tools.python_client`.

With `--check` nothing is written, and the exit code is 1 when the generated part is not that of the present document.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from core.settings import ROOT

DOCUMENT = ROOT / "docs" / "openapi.json"
CLIENT = ROOT / "clients" / "python"
TARGET = CLIENT / "yousync_client" / "generated"


class GenerationFailed(Exception):
    """The generator failed or left out a part of the document; the message is what it printed."""


def generate(target: Path, document: Path = DOCUMENT) -> None:
    """Writes the package `target`. Raises GenerationFailed, also where the generator only warns."""
    printed = _run(
        *("openapi_python_client", "generate", "--meta", "none", "--overwrite", "--fail-on-warning"),
        *("--path", str(document), "--config", str(CLIENT / "openapi-python-client.yaml")),
        *("--output-path", str(target)),
    )
    if "WARNING" in printed:
        raise GenerationFailed(printed)
    _run("ruff", "check", "--isolated", "--quiet", "--fix", "--select", "F401,I", str(target))
    _run("ruff", "format", "--isolated", "--quiet", "--line-length", "120", str(target))


def _run(module: str, *words: str) -> str:
    done = subprocess.run([sys.executable, "-m", module, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise GenerationFailed(done.stdout + done.stderr)
    return done.stdout


def outdated(target: Path = TARGET, document: Path = DOCUMENT) -> list[str]:
    """Returns the names of the files that differ from those that `document` gives now."""
    with tempfile.TemporaryDirectory(prefix="yousync-client-") as folder:
        generate(Path(folder) / target.name, document)
        wanted, found = _sources(Path(folder) / target.name), _sources(target)
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def _sources(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}


def main(words: list[str]) -> int:
    """Writes the generated part, or checks it; returns the exit code."""
    if "--check" not in words:
        generate(TARGET)
        sys.stdout.write(f"wrote {TARGET.relative_to(ROOT)}\n")
        return 0
    stale = outdated()
    if stale:
        sys.stdout.write(f"not generated from the present docs/openapi.json: {', '.join(stale)}\nrun: make openapi\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
