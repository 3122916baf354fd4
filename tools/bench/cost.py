"""`python -m tools.bench.cost`: monthly costs by component, and per 1,000 analyses, from the inputs in cost.toml."""

import argparse
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from tools.bench import report
from tools.bench.learners import HOURLY, Habits, takes_per_s
from tools.bench.results import SectionResults, Table

INPUTS = Path(__file__).with_name("cost.toml")
_DAYS, _GB = 30, 1e9
_HOURS = 24 * _DAYS


@dataclass(frozen=True)
class CostItem:
    """Monthly cost of one component; `elastic` is the cost when its machines are scaled by the hour."""

    name: str
    size: str
    month: float
    elastic: float


def read_inputs(path: Path = INPUTS) -> dict[str, Any]:
    """Returns the prices and assumptions of a file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def cost_items(learners: float, inputs: Mapping[str, Any]) -> list[CostItem]:
    """All costs of a month with `learners` a day, in the steady state: after as many days as data are kept."""
    habits = Habits(takes=inputs["learners"]["takes"])
    return [
        _machines(
            "analysis", learners, habits, inputs["analysis"] | {"cpu_s": habits.mean_cpu_s()[0]}, inputs["prices"]
        ),
        _machines("API", learners, habits, inputs["api"], inputs["prices"]),
        _database(learners, habits, inputs),
        _redis(learners, habits, inputs),
        *_traffic(learners * habits.takes * _DAYS, inputs),
    ]


def _machines(
    name: str, learners: float, habits: Habits, component: Mapping[str, float], prices: Mapping[str, float]
) -> CostItem:
    vcpus = _vcpus(learners, habits, component)
    month = vcpus * prices["vcpu_hour"] * _HOURS
    return CostItem(name, f"{vcpus:.0f} vCPU at the peak", month, month * sum(HOURLY) / len(HOURLY) / max(HOURLY))


def _vcpus(learners: float, habits: Habits, component: Mapping[str, float]) -> float:
    return max(1.0, takes_per_s(learners, habits) * component["cpu_s"] / component["busy"])


def _database(learners: float, habits: Habits, inputs: Mapping[str, Any]) -> CostItem:
    component, prices = inputs["database"], inputs["prices"]
    vcpus = _vcpus(learners, habits, component)
    stored_gb = learners * habits.takes * component["kept_days"] * component["row_bytes"] / _GB
    each = vcpus * prices["database_vcpu_hour"] * _HOURS + stored_gb * prices["database_gb_month"]
    month = component["copies"] * each
    return CostItem("PostgreSQL", f"{component['copies']} × {vcpus:.0f} vCPU, {_size(stored_gb)}", month, month)


def _redis(learners: float, habits: Habits, inputs: Mapping[str, Any]) -> CostItem:
    component = inputs["redis"]
    memory_gb = (
        takes_per_s(learners, habits) * component["kept_s"] * component["record_bytes"] * component["headroom"] / _GB
    )
    month = component["copies"] * memory_gb * inputs["prices"]["cache_gb_hour"] * _HOURS
    return CostItem("Redis", f"{component['copies']} × {_size(memory_gb)}", month, month)


def _traffic(analyses: float, inputs: Mapping[str, Any]) -> list[CostItem]:
    """Storage and traffic of `analyses` a month."""
    store, api, cdn, prices = inputs["store"], inputs["api_traffic"], inputs["cdn"], inputs["prices"]
    stored_gb = analyses / _DAYS * store["kept_days"] * store["recording_bytes"] / _GB
    stored = stored_gb * prices["store_gb_month"]
    requests = analyses / 1000
    requests *= store["writes"] * prices["store_writes_1000"] + store["reads"] * prices["store_reads_1000"]
    sent_gb = analyses * (store["replayed"] * store["recording_bytes"] + api["bytes"]) / _GB
    egress = sent_gb * prices["egress_gb"]
    cdn_gb = analyses * cdn["bytes"] / _GB
    cdn_cost = cdn_gb * prices["cdn_gb"] + analyses / 1000 * cdn["requests"] * prices["cdn_requests_1000"]
    return [
        CostItem("S3, stored", _size(stored_gb), stored, stored),
        CostItem(
            "S3, requests",
            f"{analyses * (store['writes'] + store['reads']) / 1e6:.0f} million a month",
            requests,
            requests,
        ),
        CostItem("egress", f"{_size(sent_gb)} a month", egress, egress),
        CostItem("CDN", f"{_size(cdn_gb)} a month", cdn_cost, cdn_cost),
    ]


def table(learners: int, inputs: Mapping[str, Any]) -> Table:
    """One row for each component, and their total in bold."""
    items = cost_items(learners, inputs)
    total = CostItem("all", "", sum(item.month for item in items), sum(item.elastic for item in items))
    thousands = learners * inputs["learners"]["takes"] * _DAYS / 1000
    rows = [
        [item.name, item.size, _rounded(item.month), _rounded(item.elastic), _rounded(item.month / thousands)]
        for item in [*items, total]
    ]
    rows[-1] = [f"**{cell}**" if cell else "" for cell in rows[-1]]
    prices = inputs["prices"]
    headings = ("component", "size", f"{prices['currency']} a month", "scaled by the hour", "per 1,000 analyses")
    return Table(f"{learners:,} learners a day, prices of {prices['dated']}", headings, rows)


def _rounded(amount: float) -> str:
    """Rounded to two digits: the inputs are no more precise."""
    return f"{float(f'{amount:.2g}'):,.0f}" if amount >= 10 else f"{amount:.2g}"


def _size(gb: float) -> str:
    return f"{_rounded(gb / 1000)} TB" if gb >= 1000 else f"{_rounded(gb)} GB"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.cost", description=__doc__)
    parser.add_argument("--learners", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="learners a day")
    parser.add_argument("--inputs", type=Path, default=INPUTS, help="a file with your own prices and assumptions")
    options = parser.parse_args()
    inputs = read_inputs(options.inputs)
    results = SectionResults([table(count, inputs) for count in options.learners])
    report.show(Console(highlight=False, width=120), results)


if __name__ == "__main__":
    main()
