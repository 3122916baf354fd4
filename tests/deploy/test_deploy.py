"""Consistency of the files in deploy/: metrics, settings, services, mounts. No image is built: that needs Docker."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from analysis.settings import Settings as AnalysisSettings
from core.settings import ROOT, Settings
from core.telemetry.metrics import Metrics
from tests.support.image_files import image_files

DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
ON_AWS: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.aws.yaml").read_text(encoding="utf-8"))
COLLECTORS = {name: yaml.safe_load((DEPLOY / name).read_text()) for name in ("collector.yaml", "cloudwatch.yaml")}
ALERTS = [rule for group in yaml.safe_load((DEPLOY / "alerts.yaml").read_text())["groups"] for rule in group["rules"]]
DASHBOARD = json.loads((DEPLOY / "grafana" / "dashboards" / "yousync.json").read_text())
OUR_SERVERS: dict[str, type[BaseSettings]] = {
    **dict.fromkeys(("api", "migrate", "worker", "beat"), Settings),
    **dict.fromkeys(("analysis", "analysis-worker"), AnalysisSettings),
}
# Read by uvicorn and by the libraries for metrics and traces.
OF_LIBRARIES = {"WEB_CONCURRENCY", "PROMETHEUS_MULTIPROC_DIR", "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"}
# Modules whose names differ from those of their packages.
PACKAGES = {
    "charset_normalizer": "charset-normalizer",
    "webvtt": "webvtt-py",
    "av": "av",
    "botocore": "boto3",
    "cachetools": "cachetools",
    "dogpile": "dogpile-cache",
    "fastapi_swagger": "fastapi-swagger",
    "google": "google-auth",
    "jose": "python-jose",
    "kombu": "celery",
    "mypy_boto3_s3": None,
    "opentelemetry": "opentelemetry-sdk",
    "prometheus_client": "prometheus-client",
    "psycopg2": "psycopg2-binary",
    "pydantic_core": "pydantic-core",
    "pydantic_settings": "pydantic-settings",
    "python_multipart": "python-multipart",
    "sentry_sdk": "sentry-sdk",
    "swift_f0": "swift-f0",
    "webrtcvad": "webrtcvad-wheels",
}


def exported() -> set[str]:
    """Returns all metric names at /metrics."""
    lines = Metrics().render().decode().splitlines()
    names = {(kind, name) for line in lines if line.startswith("# TYPE") for name, kind in [line.split()[2:4]]}
    return {name for _, name in names} | {
        f"{name}_{part}" for kind, name in names if kind == "histogram" for part in ("bucket", "sum", "count")
    }


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_alert_uses_existing_metrics_and_is_in_the_runbook(rule: dict[str, Any]) -> None:
    assert set(re.findall(r"yousync_\w+", rule["expr"])) <= exported()
    assert f"`{rule['alert']}`" in (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    assert rule["annotations"]["summary"] and rule["labels"]["severity"] in ("page", "ticket")


def test_dashboard_uses_existing_metrics() -> None:
    queries = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    named = set(re.findall(r"yousync_\w+", " ".join(queries)))
    assert named <= exported()
    assert len(named) >= 9


def test_promtool_accepts_the_rules() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed (Debian: apt-get install prometheus)")
    done = subprocess.run([promtool, "check", "rules", DEPLOY / "alerts.yaml"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", OUR_SERVERS)
def test_compose_sets_only_known_settings(name: str) -> None:
    given = set(COMPOSE["services"][name]["environment"]) - OF_LIBRARIES
    assert {setting.lower() for setting in given} <= set(OUR_SERVERS[name].model_fields)


def test_cluster_shares_one_redis_and_workers_have_health_checks() -> None:
    services = COMPOSE["services"]
    assert len({services[name]["environment"]["REDIS_URL"] for name in OUR_SERVERS}) == 1
    for name, module in {"worker": "tasks.worker", "analysis-worker": "analysis.queueing.tasks"}.items():
        assert services[name]["command"][:4] == ["celery", "-A", module, "worker"]
        assert f"celery -A {module} inspect ping" in services[name]["healthcheck"]["test"][1]
    assert services["beat"]["command"] == ["celery", "-A", "tasks.worker", "beat"]


def test_postgres_of_compose_treats_hangul_as_letters_like_the_embedded_one() -> None:
    options = COMPOSE["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    assert "--lc-ctype=C.UTF-8" in options and not {"--no-locale", "--lc-ctype=C", "--locale=C"} & set(options)


def test_every_variable_is_in_env_example() -> None:
    text = "".join((DEPLOY / name).read_text(encoding="utf-8") for name in ("compose.yaml", "compose.aws.yaml"))
    wanted = set(re.findall(r"(?<!\$)\$\{(\w+)", text))
    listed = set(re.findall(r"^(\w+)=", (DEPLOY / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert wanted == listed
    for name in re.findall(r"\{\$(\w+)\}", (DEPLOY / "Caddyfile").read_text()):
        assert name in COMPOSE["services"]["proxy"]["environment"]


def test_mounted_and_built_files_exist() -> None:
    for service in [*COMPOSE["services"].values(), *ON_AWS["services"].values()]:
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert not source.startswith("./") or (DEPLOY / source).exists(), source
        if "build" in service:
            assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()


@pytest.mark.parametrize("colour", [None, "api-green"])
def test_caddyfile_is_valid_and_prefers_the_live_colour(colour: str | None, tmp_path: Path) -> None:
    caddy = shutil.which("caddy") or shutil.which("caddy", path=str(Path(sys.executable).parent))
    if caddy is None:
        pytest.skip("no caddy (it comes with tools/requirements-dev.txt)")
    shutil.copy(DEPLOY / "Caddyfile", tmp_path)
    (tmp_path / "live").mkdir()
    if colour:
        (tmp_path / "live" / "api.caddy").write_text(f"reverse_proxy {colour}:8000\n")
    words = [caddy, "adapt", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile", "--validate"]
    env = {**os.environ, "HOME": str(tmp_path), "DOMAIN": "a.test", "STORE_DOMAIN": "b.test"}
    done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert re.findall(r'"dial":"([^"]+)"', done.stdout)[0] == f"{colour or 'api'}:8000"


def test_release_hook_names_existing_services() -> None:
    hook = (DEPLOY / "compose-hook").read_text(encoding="utf-8")
    assert {"api", "api-green", "proxy", "migrate"} <= set(COMPOSE["services"])
    assert set(re.findall(r"(?:exec -T|run --rm --no-deps) ([a-z-]+)", hook)) == {"proxy", "migrate"}
    networks = COMPOSE["services"]["api-green"]["networks"]
    assert set(networks) == set(COMPOSE["services"]["api"]["networks"])
    assert all(networks[name]["aliases"] == ["api"] for name in ("edge", "analysis", "watch"))
    assert COMPOSE["services"]["api-green"]["volumes"] == COMPOSE["services"]["api"]["volumes"]


@pytest.mark.parametrize("name", COLLECTORS)
def test_collector_uses_exactly_the_components_it_defines(name: str) -> None:
    config = COLLECTORS[name]
    pipelines = config["service"]["pipelines"].values()
    for kind in ("receivers", "processors", "exporters"):
        assert set(config[kind]) == {part for pipeline in pipelines for part in pipeline[kind]}
    reader = next(
        service
        for service in [*COMPOSE["services"].values(), *ON_AWS["services"].values()]
        if any(volume.startswith(f"./{name}:") for volume in service.get("volumes", []))
    )
    assert set(re.findall(r"\$\{env:(\w+)\}", (DEPLOY / name).read_text())) == set(reader["environment"])


def test_cloudwatch_gets_every_metric_with_existing_labels() -> None:
    metrics: list[Any] = [part for part in vars(Metrics()).values() if hasattr(part, "_labelnames")]
    labels = {part._name + "_total" * (part._type == "counter"): {*part._labelnames, "server"} for part in metrics}
    assert set(labels) <= exported()
    chosen = set()
    for rule in COLLECTORS["cloudwatch.yaml"]["exporters"]["awsemf"]["metric_declarations"]:
        for pattern in rule["metric_name_selectors"]:
            found = {name for name in labels if re.search(pattern, name)}
            assert found and all(set().union(*rule["dimensions"]) <= labels[name] for name in found)
            chosen |= found
    assert chosen == set(labels)


def test_every_server_on_aws_logs_to_cloudwatch() -> None:
    services = ON_AWS["services"]
    assert set(services) - set(COMPOSE["services"]) == {"cloudwatch"}
    logged = {name for name, service in services.items() if service.get("logging", {}).get("driver") == "awslogs"}
    assert logged == {*OUR_SERVERS, "api-green", "proxy"}
    scraped = COLLECTORS["cloudwatch.yaml"]["receivers"]["prometheus"]["config"]["scrape_configs"][0]
    asked = yaml.safe_load((DEPLOY / "prometheus.yaml").read_text())["scrape_configs"][0]
    assert {key: scraped[key] for key in asked} == asked


def imported(paths: list[Path]) -> set[str]:
    found = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found


def modules(image: str) -> list[Path]:
    """Returns the Python files of an image except migrations, which Alembic loads."""
    files = image_files(image)
    return [source for target, source in files.items() if target.suffix == ".py" and "alembic" not in target.parts]


@pytest.mark.parametrize(
    ("requirements", "paths"),
    [("requirements.txt", modules("api")), ("analysis/requirements.txt", modules("analysis"))],
    ids=["api", "analysis"],
)
def test_image_has_every_imported_package(requirements: str, paths: list[Path]) -> None:
    ours = {path.stem for path in ROOT.glob("*.py")} | {path.parent.name for path in ROOT.glob("*/__init__.py")}
    foreign = imported(paths) - ours - set(sys.stdlib_module_names)
    pinned = {line.partition("==")[0].strip().lower() for line in (ROOT / requirements).read_text().splitlines()}
    missing = {name for name in foreign if (package := PACKAGES.get(name, name)) and package.lower() not in pinned}
    assert not missing


def test_image_has_the_client_of_the_database_version() -> None:
    client = re.search(r"postgresql-client-(\d+)", (DEPLOY / "api.Dockerfile").read_text(encoding="utf-8"))
    assert client and COMPOSE["services"]["postgres"]["image"] == f"postgres:{client[1]}"
