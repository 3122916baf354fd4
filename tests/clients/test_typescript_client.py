"""The published TypeScript client: type-checks in a strict project, and does the main job in Node.js."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from core.settings import ROOT
from tests.support.audio import encode
from tests.support.server_processes import ServerProcess
from web.build import WEB, install, node_command, npm

PROGRAM = ROOT / "tools" / "clients" / "programs" / "typescript_client.ts"
EMAIL = "typescript@yousync.test"
BROKEN = "import { getResult } from 'yousync-web'\nawait getResult({ path: { job_id: 7 } })\n"


@pytest.fixture(scope="module")
def server(pipeline: ServerProcess) -> ServerProcess:
    return pipeline


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that uses the built client as an installed package."""
    install()
    npm("run", "build:client", quiet=True)
    folder = tmp_path_factory.mktemp("consumer")
    modules = folder / "node_modules"
    modules.mkdir()
    (modules / "yousync-web").symlink_to(WEB / "dist-client")
    (modules / "@types").symlink_to(WEB / "node_modules" / "@types")
    (folder / "package.json").write_text(json.dumps({"type": "module"}))
    shutil.copy(PROGRAM, folder / "program.ts")
    (folder / "broken.ts").write_text(BROKEN)
    return folder


def _type_check(project: Path, name: str, module: str, resolution: str) -> str:
    tsc = WEB / "node_modules" / "typescript" / "bin" / "tsc"
    options = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2023,dom,dom.asynciterable", "--types", "node"]
    words = [*node_command(), str(tsc), *options, "--module", module, "--moduleResolution", resolution, name]
    done = subprocess.run(words, cwd=project, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize(("module", "resolution"), [("esnext", "bundler"), ("nodenext", "nodenext")])
def test_client_type_checks_in_a_strict_project(project: Path, module: str, resolution: str) -> None:
    assert _type_check(project, "program.ts", module, resolution) == ""
    assert "number' is not assignable to type 'string'" in _type_check(project, "broken.ts", module, resolution)


@pytest.mark.usefixtures("line")
def test_client_does_the_main_job(project: Path, server: ServerProcess) -> None:
    take = project / "take.wav"
    take.write_bytes(encode("wav"))
    words = [*node_command(), "--no-warnings", "--experimental-strip-types", "program.ts"]
    done = subprocess.run([*words, server.url, EMAIL, str(take)], cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["statuses"][-1] == said["status"] == "completed"
    assert said["score"] > 80


def test_client_needs_no_other_package(project: Path) -> None:
    built = (WEB / "dist-client" / "client" / "index.js").read_text()
    assert not any(row.startswith("import ") for row in built.splitlines())
    assert "dependencies" not in json.loads((WEB / "dist-client" / "package.json").read_text())


def test_page_and_client_export_the_same_file(project: Path) -> None:
    of_page = json.loads((WEB / "package.json").read_text())["exports"]["."]
    of_client = json.loads((WEB / "dist-client" / "package.json").read_text())["exports"]["."]
    assert {kind: (WEB / path).resolve() for kind, path in of_page.items()} == {
        kind: (WEB / "dist-client" / path).resolve() for kind, path in of_client.items()
    }
    assert all((WEB / path).is_file() for path in of_page.values())
