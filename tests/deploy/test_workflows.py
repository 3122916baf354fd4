"""Consistency of the workflows in .github, which run only on GitHub: jobs, permissions, commands, images."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.settings import ROOT

FOLDER = ROOT / ".github" / "workflows"
# In YAML 1.1, which PyYAML reads, the key `on` is a boolean; BaseLoader keeps it a string.
WORKFLOWS = {path.name: yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader) for path in FOLDER.glob("*.yaml")}
JOBS: dict[str, dict[str, Any]] = {
    f"{file}: {name}": job for file, workflow in WORKFLOWS.items() for name, job in workflow["jobs"].items()
}
STEPS = {
    f"{name}, step {number}": step for name, job in JOBS.items() for number, step in enumerate(job.get("steps", []))
}
COMMANDS = {name: step["run"] for name, step in STEPS.items() if "run" in step}
NOTES = ROOT / ".ci" / "release-notes"


@pytest.mark.parametrize("file", WORKFLOWS)
def test_needed_jobs_exist(file: str) -> None:
    jobs = WORKFLOWS[file]["jobs"]
    for job in jobs.values():
        needs = job.get("needs", [])
        assert set([needs] if isinstance(needs, str) else needs) <= set(jobs)


@pytest.mark.parametrize("name", JOBS)
def test_job_has_a_timeout_or_calls_a_reusable_workflow(name: str) -> None:
    job = JOBS[name]
    if "uses" not in job:
        assert 0 < int(job["timeout-minutes"]) <= 90
        return
    called = WORKFLOWS[job["uses"].removeprefix("./.github/workflows/")]["on"]["workflow_call"]
    assert set(job.get("with", {})) <= set(called["inputs"] if called else [])


def test_only_releases_have_write_permissions() -> None:
    def writes(part: dict[str, Any]) -> set[str]:
        return {what for what, right in part.get("permissions", {}).items() if right != "read"}

    assert {name: rights for name, job in JOBS.items() if (rights := writes(job))} == {
        "release.yaml: image": {"packages"},
        "release.yaml: release": {"contents"},
    }
    for file, workflow in WORKFLOWS.items():
        assert not writes(workflow)
        assert "permissions" in workflow or set(workflow["on"]) == {"workflow_call"}, file
    assert WORKFLOWS["release.yaml"]["on"] == {"push": {"tags": ["v*.*.*"]}}


def test_public_checks_fail_where_no_advisories_can_be_reached() -> None:
    (checks,) = (step for step in STEPS.values() if step.get("run") == ".ci/run")
    assert checks["env"] == {"AUDIT": "--strict"}
    assert "tools.audit_dependencies $(AUDIT)" in (ROOT / "Makefile").read_text()


def test_release_carries_the_bills_of_materials() -> None:
    jobs = WORKFLOWS["release.yaml"]["jobs"]
    assert "make bill BILL=bills" in [step.get("run") for step in jobs["bills"]["steps"]]
    assert "bills" in jobs["image"]["needs"]
    assert "bills/*.cdx.json" in jobs["release"]["steps"][-1]["run"]


def test_steps_use_only_official_actions_by_their_commit() -> None:
    used = {step["uses"] for step in STEPS.values() if "uses" in step}
    assert used and all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action) for action in used)


@pytest.mark.parametrize("name", COMMANDS)
def test_command_is_valid_bash_without_template_expressions(name: str) -> None:
    """Branch and tag names are passed in variables: inside a command, bash would execute them."""
    command = COMMANDS[name]
    assert "${{" not in command
    subprocess.run(["bash", "-n"], input=command, text=True, check=True)
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z0-9-]+)", command, re.MULTILINE)) <= targets
    for script in re.findall(r"\.ci/[\w-]+", command):
        assert os.access(ROOT / script, os.X_OK)


def test_built_images_match_the_names_in_compose() -> None:
    job = WORKFLOWS["image.yaml"]["jobs"]["image"]
    made = {entry["name"]: entry["module"] for entry in job["strategy"]["matrix"]["include"]}
    for name, module in made.items():
        text = (ROOT / "deploy" / f"{name}.Dockerfile").read_text(encoding="utf-8")
        assert f'"{module}:app"' in text
    (push,) = [step["run"] for step in job["steps"] if "docker push" in step.get("run", "")]
    assert 'yousync-$NAME:$GITHUB_REF_NAME"' in push
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))["services"].values()
    asked = {service["image"] for service in services if "build" in service}
    assert asked == {f"${{IMAGES:-}}yousync-{name}:${{RELEASE:-local}}" for name in made}


CHANGELOG = (
    "# Changelog\n\n## Unreleased\n\n- more\n\n## 1.4.0 - 2026-11-20\n\n### Added\n\n- this\n\n## [1.3.0]\n\n- that\n"
)


@pytest.mark.parametrize(("tag", "notes"), [("v1.4.0", "\n### Added\n\n- this\n"), ("v1.3.0", "\n- that\n")])
def test_release_notes_are_the_changelog_section(tag: str, notes: str) -> None:
    assert subprocess.run([NOTES, tag], input=CHANGELOG, text=True, capture_output=True, check=True).stdout == notes


@pytest.mark.parametrize("tag", ["v1.4", "v1.5.0", "v1.4.0-rc1"])
def test_release_without_a_changelog_section_is_refused(tag: str, tmp_path: Path) -> None:
    refused = subprocess.run([NOTES, tag], input=CHANGELOG, text=True, capture_output=True, cwd=tmp_path, check=False)
    assert refused.returncode == 1 and f"'## {tag.removeprefix('v')}'" in refused.stderr
