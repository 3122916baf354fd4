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

from local.console import explain, make_console
from local.stack import DataDir, LocalSettings, Stack
from local.supervisor import ComponentFailed, Log


async def serve(console: Console) -> None:
    """Runs until SIGINT, SIGTERM or SIGHUP. Raises ComponentFailed when a component cannot continue."""
    started_at = time.monotonic()
    log = Log(console)
    local = LocalSettings()
    data = DataDir(local.yousync_data_dir)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
            asyncio.get_running_loop().add_signal_handler(number, stop.set)

    with data.lock():
        stack = Stack(local, data, log)

        async def show_summary() -> None:
            console.print(summary(stack, time.monotonic() - started_at))
            await asyncio.Event().wait()

        work = asyncio.create_task(stack.run(show_summary))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            stopped.cancel()
            work.result()
        log.announce("stopping")
        work.cancel()
        await asyncio.wait({work})
    log.announce("stopped; all data are kept")


def summary(stack: Stack, start_s: float) -> Panel:
    """The panel that is shown once everything is ready: addresses, and what to do next."""
    url = stack.local.page_url
    rows = Table.grid(padding=(0, 2))
    rows.add_row("open", url)
    rows.add_row("API", f"{url}/docs")
    rows.add_row("health", f"{url}/health/ready")
    rows.add_row("analysis server", stack.analysis_url)
    rows.add_row("S3 store", storage_address(stack))
    rows.add_row("database", database_address(stack))
    rows.add_row("data, logs", f"{stack.data.path}")
    rows.add_row()
    rows.add_row("next", "choose a line and dub it; or run `make demo` in another terminal")
    rows.add_row("stop", "Ctrl-C")
    return Panel(rows, title=f"YouSync is ready ({start_s:.1f} s)", expand=False, border_style="green", padding=(1, 2))


def storage_address(stack: Stack) -> str:
    if stack.s3:
        account = stack.s3.account
        return f"{account.endpoint_url}, bucket {account.bucket}"
    return f"{stack.settings.s3_endpoint_url or 'AWS'}, bucket {stack.settings.s3_bucket_name}"


def database_address(stack: Stack) -> str:
    """The URL of the database without the password."""
    configured = stack.settings.database_url.get_secret_value()
    parts = urlsplit(stack.postgres.url if stack.postgres else configured)
    user = f"{parts.username}@" if parts.username else ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{user}{parts.hostname or ''}{port}{parts.path}"


def main() -> int:
    console = make_console()
    try:
        asyncio.run(serve(console))
    except (ComponentFailed, ValidationError, PermissionError) as error:
        Log(console).announce(f"YouSync cannot run: {explain(error)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
