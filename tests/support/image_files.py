"""The files that deploy/*.Dockerfile copies from the repository into an image, read from COPY and .dockerignore."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from core.settings import ROOT

IGNORED = [line.strip("/") for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").split()]


def image_files(name: str) -> dict[Path, Path]:
    """Maps each file in the last stage of deploy/`name`.Dockerfile, by its path in the image, to the source."""
    text = (ROOT / "deploy" / f"{name}.Dockerfile").read_text(encoding="utf-8")
    stage = re.split(r"^FROM ", text, flags=re.MULTILINE)[-1]
    found: dict[Path, Path] = {}
    for arguments in re.findall(r"^COPY (?!--from)(.+)$", stage, re.MULTILINE):
        *sources, target = arguments.split()
        for source in sources:
            found |= {Path(target) / part: ROOT / path for part, path in _copied(source)}
    return found


def lay_out_image(name: str, folder: Path) -> None:
    """Copies the files of an image into `folder`, which stands for its working directory."""
    for target, source in image_files(name).items():
        (folder / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, folder / target)


def _copied(source: str) -> Iterator[tuple[Path, Path]]:
    """Yields pairs (path below the target, path in the repository): of a folder, Docker copies the content."""
    paths = list(ROOT.glob(source))
    assert paths, f"COPY {source}: there is no such file"
    for path in paths:
        files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
        for file in files:
            if not _is_ignored(file.relative_to(ROOT)):
                yield file.relative_to(path if path.is_dir() else path.parent), file.relative_to(ROOT)


def _is_ignored(path: Path) -> bool:
    """Matches the patterns of .dockerignore: a path from the root, or `**/NAME` at any depth."""
    prefixes = [str(path), *map(str, path.parents)]
    return any(
        pattern.removeprefix("**/") in path.parts if pattern.startswith("**/") else pattern in prefixes
        for pattern in IGNORED
    )
