"""Writes bills of materials in CycloneDX: `python -m tools.bill_of_materials FOLDER`.

`api.cdx.json` and `analysis.cdx.json` name the Python packages of the images, `page.cdx.json` those built into the
page. They are made from the lock files by cyclonedx-py and `npm sbom`; packages of Debian are not in them.
"""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.settings import ROOT
from tools.locks import Pin, read_lines
from web.build import run_npm

IMAGES = {"api": ROOT / "requirements.txt", "analysis": ROOT / "analysis" / "requirements.txt"}
_DEVELOPMENT = {"name": "cdx:npm:package:development", "value": "true"}


class BillFailed(Exception):
    """A tool that wrote no bill; the message is its output."""


def python_of(image: str) -> str:
    """The version of Python in the last stage of an image, such as 3.11."""
    text = (ROOT / "deploy" / f"{image}.Dockerfile").read_text(encoding="utf-8")
    versions: list[str] = re.findall(r"^FROM python:(\d+\.\d+)", text, re.MULTILINE)
    return versions[-1]


def is_installed(pin: Pin, python: str) -> bool:
    """True where pip installs the pin in an image, that is on Linux with this version of Python."""
    place = {"python_version": python, "python_full_version": f"{python}.99", "sys_platform": "linux"}
    place |= {"platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"}
    place |= {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
    return pin.marker is None or pin.marker.evaluate(place)


def write_python(image: str, bill: Path) -> None:
    """Writes the bill of an image. Raises BillFailed."""
    python = python_of(image)
    lines = [line for pin, line in read_lines(IMAGES[image]) if is_installed(pin, python)]
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", "--output-reproducible", "-o", str(bill), "-"]
    done = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BillFailed(done.stderr)


def write_page(bill: Path) -> None:
    """Writes the bill of the page, without its tools. Raises BillFailed."""
    done = run_npm("sbom", "--sbom-format=cyclonedx", "--package-lock-only")
    if done.returncode:
        raise BillFailed(done.stderr)
    bill.write_text(json.dumps(without_tools(json.loads(done.stdout)), indent=1), encoding="utf-8")


def without_tools(bill: dict[str, Any]) -> dict[str, Any]:
    """The bill without development packages: `npm sbom --omit=dev` also omits what both sides need, such as React."""
    tools = {component["bom-ref"] for component in bill["components"] if _DEVELOPMENT in component["properties"]}
    kept = [entry for entry in bill["dependencies"] if entry["ref"] not in tools]
    return bill | {
        "components": [component for component in bill["components"] if component["bom-ref"] not in tools],
        "dependencies": [{**entry, "dependsOn": [x for x in entry["dependsOn"] if x not in tools]} for entry in kept],
    }


def main(arguments: Sequence[str]) -> int:
    """Writes all bills into the folder; returns the exit code."""
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for image in IMAGES:
            write_python(image, folder / f"{image}.cdx.json")
        write_page(folder / "page.cdx.json")
    except BillFailed as error:
        sys.stderr.write(f"bill of materials: {error}\n")
        return 1
    sys.stdout.write(f"bills of materials: {', '.join(sorted(path.name for path in folder.glob('*.cdx.json')))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
