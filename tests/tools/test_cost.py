"""The cost model of tools/bench/cost.py, compared with hand-calculated figures."""

import copy
from typing import Any

import pytest

from tools.bench.cost import CostItem, cost_items, read_inputs, table

GIVEN: dict[str, Any] = read_inputs()


def by_name(learners: float, given: dict[str, Any] = GIVEN) -> dict[str, CostItem]:
    return {part.name: part for part in cost_items(learners, given)}


def test_costs_match_hand_calculation() -> None:
    given = copy.deepcopy(GIVEN)
    given["learners"]["takes"] = 8.0
    given["api"] = {"cpu_s": 0.09, "busy": 0.5}
    given["prices"] |= {"vcpu_hour": 0.1, "store_gb_month": 0.02, "egress_gb": 0.1}
    given["store"] |= {"recording_bytes": 100_000, "kept_days": 100, "replayed": 0.5}
    given["api_traffic"] = {"bytes": 50_000}
    found = by_name(100_000, given)
    # 800,000 takes, an eighth of them in the peak hour: 27.8/s × 0.09 s ÷ 0.5 = 5 vCPU × 720 h × 0.1.
    assert found["API"].month == pytest.approx(360)
    assert found["API"].elastic == pytest.approx(360 / 3)
    # 800,000 × 100 days × 100 kB = 8 TB.
    assert found["S3, stored"].month == pytest.approx(160)
    # 24 million × (50 kB + 50 kB) = 2.4 TB.
    assert found["egress"].month == pytest.approx(240)


def test_costs_scale_linearly_with_learners() -> None:
    few, many = by_name(100_000), by_name(1_000_000)
    assert {name: part.month for name, part in many.items()} == pytest.approx(
        {name: 10 * part.month for name, part in few.items()}
    )
    assert all(part.elastic <= part.month for part in few.values())


def test_small_service_needs_at_least_one_vcpu() -> None:
    assert by_name(10)["API"].size == by_name(20)["API"].size == "1 vCPU at the peak"


@pytest.mark.parametrize("price", [name for name, value in GIVEN["prices"].items() if isinstance(value, float)])
def test_every_price_affects_the_total(price: str) -> None:
    given = copy.deepcopy(GIVEN)
    given["prices"][price] *= 2
    before, after = (sum(part.month for part in cost_items(1_000, one)) for one in (GIVEN, given))
    assert before < after <= 2 * before


def test_table_rows_add_up_to_the_total() -> None:
    *rows, total = table(1_000_000, GIVEN).rows
    amounts = [float(row[2].replace(",", "")) for row in rows]
    assert float(total[2].strip("*").replace(",", "")) == pytest.approx(sum(amounts), rel=0.05)
    assert [row[0] for row in rows][:4] == ["analysis", "API", "PostgreSQL", "Redis"]
