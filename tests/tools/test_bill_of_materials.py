"""The bills of materials name what the images and the page contain."""

import json
from pathlib import Path

import pytest

from core.settings import ROOT
from tools import bill_of_materials
from tools.locks import read_pins


@pytest.fixture(scope="module")
def bills(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bills") / "new"
    assert bill_of_materials.main([str(folder)]) == 0
    return folder


@pytest.mark.parametrize("image", bill_of_materials.IMAGES)
def test_bill_of_an_image_names_each_package_of_its_lock_once(image: str, bills: Path) -> None:
    bill = json.loads((bills / f"{image}.cdx.json").read_text())
    assert bill["bomFormat"] == "CycloneDX"
    named = [component["name"] for component in bill["components"]]
    pins = read_pins(bill_of_materials.IMAGES[image])
    assert len(named) == len(set(named)) > 20
    assert {pin.name for pin in pins if pin.marker is None} <= set(named) <= {pin.name for pin in pins}
    versions = {(pin.name, pin.version) for pin in pins}
    for component in bill["components"]:
        assert (component["name"], component["version"]) in versions
        assert component["purl"].startswith(f"pkg:pypi/{component['name']}@{component['version']}")
        hashes = [entry for place in component["externalReferences"] for entry in place.get("hashes", [])]
        assert {entry["alg"] for entry in hashes} == {"SHA-256"}


def test_bill_of_the_page_names_its_packages_and_no_tools(bills: Path) -> None:
    bill = json.loads((bills / "page.cdx.json").read_text())
    assert bill["bomFormat"] == "CycloneDX"
    package = json.loads((ROOT / "web" / "package.json").read_text())
    # An entry such as npm:@preact/compat@18 installs a package under another name.
    wanted = {
        version.removeprefix("npm:").rpartition("@")[0] if version.startswith("npm:") else name
        for name, version in package["dependencies"].items()
    }
    names = {component["name"] for component in bill["components"]}
    assert wanted <= names
    assert not names & {"vite", "vitest", "eslint", "prettier"}
