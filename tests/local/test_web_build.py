"""Building the page: only after changes of its sources, with an error message on failure."""

import json
import socket
from pathlib import Path

import pytest

from core.settings import ROOT
from web import build


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A minimal web/ whose build copies its source and counts the builds."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.js").write_text("1")
    (tmp_path / "package.json").write_text(
        '{"name": "page", "version": "1.0.0", "scripts": {"build": "node build.js"}, "dependencies": {}}'
    )
    (tmp_path / "package-lock.json").write_text(
        '{"name": "page", "version": "1.0.0", "lockfileVersion": 3, "requires": true, '
        '"packages": {"": {"name": "page", "version": "1.0.0"}}}'
    )
    (tmp_path / "build.js").write_text(
        "const fs = require('node:fs'); fs.mkdirSync('dist/assets', {recursive: true});"
        "const source = fs.readFileSync('src/main.js', 'utf8');"
        "if (source === 'broken') { console.error('src/main.js is broken'); process.exit(3) }"
        "fs.writeFileSync('dist/index.html', source);"
        "fs.writeFileSync('dist/assets/index-1.js', 'x'.repeat(9000));"
        "fs.appendFileSync('dist/builds', '.')"
    )
    monkeypatch.setattr(build, "WEB", tmp_path)
    monkeypatch.setattr(build, "DIST", tmp_path / "dist")
    return tmp_path


def builds(web: Path) -> int:
    return len((web / "dist" / "builds").read_text())


def test_page_is_rebuilt_only_when_a_source_changes(web: Path) -> None:
    for _ in range(2):
        assert build.main([]) == 0
    assert builds(web) == 1
    (web / "src" / "main.js").write_text("2")
    assert build.main([]) == 0
    assert (builds(web), (web / "dist" / "index.html").read_text()) == (2, "2")


def test_failed_build_prints_the_error_and_is_retried(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (web / "src" / "main.js").write_text("broken")
    assert build.main([]) == 1
    assert "src/main.js is broken" in capsys.readouterr().out
    (web / "src" / "main.js").write_text("mended")
    assert build.main([]) == 0


def lock_of(web: Path, version: str) -> None:
    package = {"name": "page", "version": "1.0.0", "dependencies": {"left": "1.0.0"}}
    (web / "package.json").write_text(json.dumps(package))
    packages = {"": package, "node_modules/left": {"version": version}}
    lock = {"name": "page", "version": "1.0.0", "lockfileVersion": 3, "requires": True, "packages": packages}
    (web / "package-lock.json").write_text(json.dumps(lock))


def test_an_unreachable_registry_is_told_in_one_line(
    web: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lock_of(web, "1.0.0")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{taken.getsockname()[1]}/")
        assert build.main([]) == 1
    said = capsys.readouterr().out.strip().splitlines()
    assert len(said) == 2 and "the npm registry cannot be reached. Check the internet connection" in said[1]


def test_a_lock_that_contradicts_the_package_is_refused(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock_of(web, "2.0.0")
    assert build.main([]) == 1
    assert "lock file" in capsys.readouterr().out


def test_lock_has_the_builds_for_every_system() -> None:
    packages = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    optional = {
        (owner, name) for owner, package in packages.items() for name in package.get("optionalDependencies", ())
    }
    assert len(optional) > 50
    missing = {
        name
        for owner, name in optional
        if f"node_modules/{name}" not in packages and f"{owner}/node_modules/{name}" not in packages
    }
    assert missing == set()


def test_page_above_the_size_limit_is_refused(web: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (web / "src" / "main.js").write_text('<script src="/assets/index-1.js">')
    assert build.main(["sizes"]) == 0
    monkeypatch.setattr(build, "FIRST_LOAD_KB_MAX", 0)
    assert build.main(["sizes"]) == 1


def test_npm_runs_with_the_pinned_node(web: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert build.main(["npm", "exec", "--", "node", "--version"]) == 0
    assert capfd.readouterr().out.strip().splitlines()[-1].startswith("v2")
    assert build.main(["npm", "run", "nothing-of-that-name"]) == 1
