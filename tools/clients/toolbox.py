"""The environments of the client programs, in .data/clients: Python and Node.js packages of others, and our own."""

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from core.settings import ROOT
from web.build import WEB, install, node_command, npm, run_npm

HERE = Path(__file__).resolve().parent
_TIMEOUT_S = 180.0


class ClientFailed(Exception):
    """A client did not do what it should; the message says what happened instead."""


@dataclass(frozen=True)
class Toolbox:
    """Where the programs and the packages that they need are installed."""

    folder: Path

    @property
    def programs(self) -> Path:
        return self.folder / "programs"

    @property
    def python(self) -> Path:
        return self.folder / "python" / "bin" / "python"

    def set_up(self) -> None:
        """Installs what is missing. Raises ClientFailed where a package cannot be installed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(HERE / "programs", self.programs, dirs_exist_ok=True)
        self._set_up_python()
        self._set_up_node()

    def _set_up_python(self) -> None:
        lock, uv = HERE / "requirements.txt", str(Path(sys.executable).with_name("uv"))
        if self._is_current("python", lock.read_bytes()):
            return
        run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(self.folder / "python")])
        run([uv, "pip", "install", "--quiet", "--python", str(self.python), "--require-hashes", "-r", str(lock)])
        self._mark_current("python", lock.read_bytes())

    def _set_up_node(self) -> None:
        install()
        npm("run", "build:client", quiet=True)
        files = [HERE / "node" / name for name in ("package.json", "package-lock.json", ".npmrc")]
        content = b"".join(path.read_bytes() for path in files)
        if not self._is_current("node", content):
            for path in files:
                shutil.copy(path, self.folder)
            installed = run_npm("ci", folder=self.folder)
            if installed.returncode:
                raise ClientFailed(installed.stderr)
            self._mark_current("node", content)
        for name, target in (("yousync-web", WEB / "dist-client"), ("@types", WEB / "node_modules" / "@types")):
            link = self.folder / "node_modules" / name
            link.unlink(missing_ok=True)
            link.symlink_to(target)

    def _is_current(self, name: str, content: bytes) -> bool:
        stamp = self.folder / f"{name}.stamp"
        return stamp.is_file() and stamp.read_text() == hashlib.sha256(content).hexdigest()

    def _mark_current(self, name: str, content: bytes) -> None:
        (self.folder / f"{name}.stamp").write_text(hashlib.sha256(content).hexdigest())

    def command(self, program: str) -> list[str]:
        """Returns the command that runs a program of `programs/`, without its arguments."""
        path = str(self.programs / program)
        if program.endswith(".java"):
            return ["java", path]
        if program.endswith(".py"):
            return [str(self.python), path]
        return [*node_command(), "--no-warnings", "--experimental-strip-types", path]

    def environment(self) -> dict[str, str]:
        """Returns the variables that the programs need besides PATH."""
        return {
            "PYTHONPATH": str(ROOT / "clients" / "python"),
            "YOUSYNC_CLIENT": "yousync-web",
            "NO_PROXY": "127.0.0.1,localhost",
        }


def run(words: list[str], *, env: dict[str, str] | None = None, cwd: Path = ROOT, given: str = "") -> str:
    """Returns the standard output of a command. Raises ClientFailed with the end of its errors where it fails."""
    try:
        done = subprocess.run(
            words, cwd=cwd, env=env, input=given, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise ClientFailed(f"it did not end within {_TIMEOUT_S:.0f} s") from None
    if done.returncode:
        raise ClientFailed((done.stderr or done.stdout).strip()[-600:])
    return done.stdout
