"""Attacks every operation of the OpenAPI document with schemathesis: no server error, no undocumented response."""

import json
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.support.factories import ADMIN_EMAIL, Learner, make_job, make_token, sign_in, somebody
from tools.fuzz.report import AttackReport, exceptions_in
from tools.fuzz.servers import Target

# These end the attacker's session, so they run separately and with another user.
_SESSION_ENDING = ("delete_me", "delete_session")
_CONFIG = """
[dictionaries.jobs]
values = ["{job_id}"]
[dictionaries.lines]
values = {token_ids}
[parameters]
"path.job_id" = {{ dictionary = "jobs", probability = 0.5 }}
"path.token_id" = {{ dictionary = "lines", probability = 0.5 }}
[checks]
# A valid request may still be refused: no schema can describe valid audio, a cursor or a time zone.
positive_data_acceptance.enabled = false
[[operations]]
# The analysis server is down, which this operation reports.
include-operation-id = "get_ready"
checks.not_a_server_error.expected-statuses = ["2xx", "4xx", "503"]
[[operations]]
# The schema is that of `data`, as generators of clients read it; schemathesis expects the event around it.
include-operation-id = "stream_progress"
checks.response_schema_conformance.enabled = false
[[operations]]
# A size over the limit is refused as the recording itself would be.
include-operation-id = "create_upload"
checks.negative_data_rejection.expected-statuses = ["400", "401", "404", "413", "422", "429"]
[[operations]]
# A 404 may also mean the actor or the script in the body.
include-operation-id = ["update_token", "patch_token"]
checks.ensure_resource_availability.enabled = false
"""


def attack_as_admin(target: Target, examples: int, seconds: int, seed: int) -> AttackReport:
    return _attack(target, sign_in(target.client, ADMIN_EMAIL), examples, seconds, seed, "API as administrator")


def attack_as_learner(target: Target, examples: int, seconds: int, seed: int) -> AttackReport:
    return _attack(target, somebody(target.client), examples, seconds, seed, "API as learner")


def attack_quickly(target: Target, who: Learner, seed: int) -> AttackReport:
    """Sends a few random cases to every operation, for the tests."""
    # A stream stays open until the next heartbeat, for which the tests do not wait.
    selection = [*_select("--exclude", (*_SESSION_ENDING, "stream_progress")), "--phases", "fuzzing"]
    return _run(target, who, 2, 120, seed, "API", selection)


def attack_session_ends(target: Target, examples: int, seconds: int, seed: int) -> AttackReport:
    learner = somebody(target.client)
    return _run(target, learner, examples, seconds, seed, "API, session ends", _select("--include", _SESSION_ENDING))


def _attack(target: Target, who: Learner, examples: int, seconds: int, seed: int, name: str) -> AttackReport:
    return _run(target, who, examples, seconds, seed, name, _select("--exclude", _SESSION_ENDING))


def _select(option: str, operations: tuple[str, ...]) -> list[str]:
    return [word for operation in operations for word in (f"{option}-operation-id", operation)]


def _run(
    target: Target, who: Learner, examples: int, seconds: int, seed: int, name: str, selection: list[str]
) -> AttackReport:
    log_offset = len(target.server.log)
    with tempfile.TemporaryDirectory() as folder:
        config, report = Path(folder) / "schemathesis.toml", Path(folder) / "report.json"
        config.write_text(_configuration(target, who), encoding="utf-8")
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)),
            *("run", f"{target.server.url}/openapi.json", "--header", f"Authorization: Bearer {who.access_token}"),
            *("--max-examples", str(examples), "--seed", str(seed)),
            *("--continue-on-failure", "--report", "json", "--report-json-path", str(report)),
            *("--warnings", "off", "--request-timeout", "30", *selection),
        ]
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(command, cwd=folder, check=False, timeout=seconds)
        found = _read(report)
    return _outcome(name, found, target.server.log[log_offset:])


def _configuration(target: Target, who: Learner) -> str:
    admin = sign_in(target.client, ADMIN_EMAIL)
    token_ids = [make_token(target.client, admin, with_audio=True)["id"] for _ in range(3)]
    return _CONFIG.format(
        job_id=make_job(target.client, who, token_ids[0]),
        token_ids=token_ids,
    )


def _read(report: Path) -> dict[str, object]:
    """The report of schemathesis; empty when it did not finish."""
    try:
        found: dict[str, object] = json.loads(report.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _outcome(name: str, report: dict[str, object], log: str) -> AttackReport:
    match report:
        case {"test_cases": {"generated": int(cases)}, "failures": list(failures), "errors": list(errors)}:
            faults = [f"{failure['code']} {failure['title']}: {failure['operations']}" for failure in failures]
            faults += [f"error: {error}" for error in errors]
        case _:
            cases, faults = 0, ["schemathesis did not finish in time"]
    return AttackReport(name, cases, faults=faults + exceptions_in(log))
