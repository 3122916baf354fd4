"""`python -m tools.bench.cost`: what a month and 1,000 analyses cost by part, with what cost.toml assumes."""

import argparse
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from tools.bench import report
from tools.bench.findings import Findings, Table
from tools.bench.learners import HOURLY, Habits, takes_per_s

INPUTS = Path(__file__).with_name("cost.toml")
_DAYS, _GB = 30, 1e9
_HOURS = 24 * _DAYS


@dataclass(frozen=True)
class Part:
    """A part of the service; `elastic` is the price when its machines follow the hours of the day."""

    name: str
    size: str
    month: float
    elastic: float


def inputs(path: Path = INPUTS) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def parts(learners: float, given: Mapping[str, Any]) -> list[Part]:
    """All that a month of so many learners a day costs, in the steady state: what is kept for a year is a year old."""
    habits = Habits(takes=given["learners"]["takes"])
    return [
        _machines("analysis", learners, habits, given["analysis"] | {"cpu_s": habits.mean_cpu_s()[0]}, given["prices"]),
        _machines("API", learners, habits, given["api"], given["prices"]),
        _database(learners, habits, given),
        _redis(learners, habits, given),
        *_traffic(learners * habits.takes * _DAYS, given),
    ]


def _machines(
    name: str, learners: float, habits: Habits, part: Mapping[str, float], prices: Mapping[str, float]
) -> Part:
    vcpus = _vcpus(learners, habits, part)
    month = vcpus * prices["vcpu_hour"] * _HOURS
    return Part(name, f"{vcpus:.0f} vCPU at the peak", month, month * sum(HOURLY) / len(HOURLY) / max(HOURLY))


def _vcpus(learners: float, habits: Habits, part: Mapping[str, float]) -> float:
    return max(1.0, takes_per_s(learners, habits) * part["cpu_s"] / part["busy"])


def _database(learners: float, habits: Habits, given: Mapping[str, Any]) -> Part:
    part, prices = given["database"], given["prices"]
    vcpus = _vcpus(learners, habits, part)
    stored_gb = learners * habits.takes * part["kept_days"] * part["row_bytes"] / _GB
    each = vcpus * prices["database_vcpu_hour"] * _HOURS + stored_gb * prices["database_gb_month"]
    month = part["copies"] * each
    return Part("PostgreSQL", f"{part['copies']} × {vcpus:.0f} vCPU, {_size(stored_gb)}", month, month)


def _redis(learners: float, habits: Habits, given: Mapping[str, Any]) -> Part:
    part = given["redis"]
    memory_gb = takes_per_s(learners, habits) * part["kept_s"] * part["record_bytes"] * part["headroom"] / _GB
    month = part["copies"] * memory_gb * given["prices"]["cache_gb_hour"] * _HOURS
    return Part("Redis", f"{part['copies']} × {_size(memory_gb)}", month, month)


def _traffic(analyses: float, given: Mapping[str, Any]) -> list[Part]:
    """What is stored and sent, of so many analyses a month."""
    store, api, cdn, prices = given["store"], given["api_traffic"], given["cdn"], given["prices"]
    stored_gb = analyses / _DAYS * store["kept_days"] * store["recording_bytes"] / _GB
    stored = stored_gb * prices["store_gb_month"]
    requests = analyses / 1000
    requests *= store["writes"] * prices["store_writes_1000"] + store["reads"] * prices["store_reads_1000"]
    sent_gb = analyses * (store["replayed"] * store["recording_bytes"] + api["bytes"]) / _GB
    sent = sent_gb * prices["egress_gb"]
    cdn_gb = analyses * cdn["bytes"] / _GB
    spread = cdn_gb * prices["cdn_gb"] + analyses / 1000 * cdn["requests"] * prices["cdn_requests_1000"]
    return [
        Part("S3, stored", _size(stored_gb), stored, stored),
        Part(
            "S3, requests",
            f"{analyses * (store['writes'] + store['reads']) / 1e6:.0f} million a month",
            requests,
            requests,
        ),
        Part("egress", f"{_size(sent_gb)} a month", sent, sent),
        Part("CDN", f"{_size(cdn_gb)} a month", spread, spread),
    ]


def table(learners: int, given: Mapping[str, Any]) -> Table:
    found = parts(learners, given)
    total = Part("all", "", sum(part.month for part in found), sum(part.elastic for part in found))
    thousands = learners * given["learners"]["takes"] * _DAYS / 1000
    rows = [
        [part.name, part.size, _rounded(part.month), _rounded(part.elastic), _rounded(part.month / thousands)]
        for part in [*found, total]
    ]
    rows[-1] = [f"**{cell}**" if cell else "" for cell in rows[-1]]
    prices = given["prices"]
    headings = ("part", "size", f"{prices['currency']} a month", "following the day", "per 1,000 analyses")
    return Table(f"{learners:,} learners a day, prices of {prices['dated']}", headings, rows)


def _rounded(amount: float) -> str:
    """To two digits: the inputs are not better than that."""
    return f"{float(f'{amount:.2g}'):,.0f}" if amount >= 10 else f"{amount:.2g}"


def _size(gb: float) -> str:
    return f"{_rounded(gb / 1000)} TB" if gb >= 1000 else f"{_rounded(gb)} GB"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.cost", description=__doc__)
    parser.add_argument("--learners", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="a day")
    parser.add_argument("--inputs", type=Path, default=INPUTS, help="prices and assumptions of your own")
    options = parser.parse_args()
    given = inputs(options.inputs)
    report.show(Console(highlight=False, width=120), Findings([table(count, given) for count in options.learners]))


if __name__ == "__main__":
    main()
