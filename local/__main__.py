"""The whole service on one machine from one command: `make run` or `python -m local`."""

import asyncio
import signal
import sys
import time
from urllib.parse import urlsplit

from pydantic import ValidationError
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from local.stack import DataDir, LocalSettings, Stack
from local.supervisor import Log, PartFailed

WIDTH_WITHOUT_TERMINAL = 120


async def serve(console: Console) -> None:
    """Run until SIGINT, SIGTERM or SIGHUP; PartFailed when a part cannot go on."""
    begun = time.monotonic()
    log = Log(console)
    local = LocalSettings()
    data = DataDir(local.yousync_data_dir)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
            asyncio.get_running_loop().add_signal_handler(number, stop.set)

    with data.held():
        stack = Stack(local, data, log)

        async def show_and_stay() -> None:
            console.print(summary(stack, time.monotonic() - begun))
            await asyncio.Event().wait()

        work = asyncio.create_task(stack.run(show_and_stay))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            stopped.cancel()
            work.result()
        log.say("stopping")
        work.cancel()
        await asyncio.wait({work})
    log.say("stopped; all data are kept")


def summary(stack: Stack, took_s: float) -> Panel:
    url = stack.local.url
    rows = Table.grid(padding=(0, 2))
    rows.add_row("open", url)
    rows.add_row("API", f"{url}/docs")
    rows.add_row("health", f"{url}/health/ready")
    rows.add_row("analysis server", stack.analysis_url)
    rows.add_row("S3 store", storage_address(stack))
    rows.add_row("database", database_address(stack))
    rows.add_row("data, logs", f"{stack.data.path}")
    rows.add_row()
    rows.add_row("next", "choose a line and dub it; or watch the main job in another terminal: make demo")
    rows.add_row("stop", "Ctrl-C")
    return Panel(rows, title=f"YouSync is ready ({took_s:.1f} s)", expand=False, border_style="green", padding=(1, 2))


def storage_address(stack: Stack) -> str:
    if stack.s3:
        account = stack.s3.account
        return f"{account.endpoint_url}, bucket {account.bucket}"
    return f"{stack.settings.s3_endpoint_url or 'AWS'}, bucket {stack.settings.s3_bucket_name}"


def database_address(stack: Stack) -> str:
    """The URL without the password."""
    given = stack.settings.database_url.get_secret_value()
    parts = urlsplit(stack.postgres.url if stack.postgres else given)
    user = f"{parts.username}@" if parts.username else ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{user}{parts.hostname or ''}{port}{parts.path}"


def in_plain_words(error: Exception) -> str:
    if isinstance(error, ValidationError):
        lines = [f"  {'.'.join(map(str, each['loc'])).upper()}: {each['msg']}" for each in error.errors()]
        return "these settings (environment or .env) cannot be used:\n" + "\n".join(lines)
    if isinstance(error, PermissionError):
        return f"this user may not use {error.filename}: it was made by another user, perhaps root"
    return str(error)


def main() -> int:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL)
    try:
        asyncio.run(serve(console))
    except (PartFailed, ValidationError, PermissionError) as error:
        Log(console).say(f"YouSync cannot run: {in_plain_words(error)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
