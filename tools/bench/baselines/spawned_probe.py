"""The audio processes of build c89677e: children that multiprocessing spawns with the server's modules.

python -m tools.bench.baselines.spawned_probe RECORDING    prints the pids of two such children, and waits for input

A spawned child imports the main module of its parent (uvicorn's) and the module of its target. That module imported the
errors, which loaded the web framework, SQLAlchemy and botocore, and the settings; PyAV was imported in the child. The
imports below are the same. The children also inherited the environment, with its secrets.
"""

import multiprocessing
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

import av
import botocore.exceptions
import fastapi.exceptions
import fastapi.responses
import limits
import pydantic_settings
import sqlalchemy.exc
import starlette.exceptions
import uvicorn

_PROCESSES = 2
LOADED = (botocore.exceptions, fastapi, limits, pydantic_settings, sqlalchemy.exc, starlette.exceptions, uvicorn)


def serve(pipe: "Connection[Any, Any]") -> None:
    """Decodes each recording whose path arrives, until the pipe is closed."""
    with suppress(EOFError, KeyboardInterrupt):
        while path := pipe.recv():
            with av.open(path) as container:
                frames = sum(1 for _ in container.decode(audio=0))
            pipe.send(frames)


def main(recording: str) -> None:
    """Starts the children, has each decode the recording, and waits for a line of input."""
    context = multiprocessing.get_context("spawn")
    pipes = []
    for _ in range(_PROCESSES):
        pipe, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs,), daemon=True)
        process.start()
        pipe.send(recording)
        pipe.recv()
        pipes.append(pipe)
        sys.stdout.write(f"{process.pid} ")
    sys.stdout.write("\n")
    sys.stdout.flush()
    sys.stdin.readline()


if __name__ == "__main__":
    main(sys.argv[1])
