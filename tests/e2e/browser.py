"""A real browser: finds Chromium, or installs it where Debian's package manager can."""

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]
ALLOWED = "--use-fake-ui-for-media-stream"


class NoBrowser(Exception):
    """There is none, and none can be installed; the message says what to do."""


def find_or_install() -> str:
    """The path of a Chromium or Chrome. Raises NoBrowser."""
    if found := _find():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-qq"], ["install", "-qq", "--yes", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *words], env=env, check=True)
        if found := _find():
            return found
    raise NoBrowser(f"Please install Chromium (Debian, Ubuntu: apt-get install chromium); looked for {NAMES}")


def microphone(wav: Path) -> list[str]:
    """Flags that make a file, played once, what the microphone hears."""
    return [f"--use-file-for-fake-audio-capture={wav}%noloop"]


def _find() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)
