"""Finds Chromium, or installs it with Debian's package manager."""

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
    """No browser is found, and none can be installed; the message says what to do."""


def find_or_install() -> str:
    """Returns the path of Chromium or Chrome. Raises NoBrowser."""
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
    """Returns the flags that make the fake microphone play a file once."""
    return [f"--use-file-for-fake-audio-capture={wav}%noloop"]


def _find() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)
