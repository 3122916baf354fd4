"""Reading: the token page, the most read scenes, and my page as results pile up."""

from itertools import product

from tools.bench.data import finished_jobs, furnish
from tools.bench.findings import Findings, Table, Target, at_least, at_most, ms
from tools.bench.load import BUSY, Load, Outcome, drive, head
from tools.bench.processes import cpu_s
from tools.bench.stage import Stage

_TOKENS, _POPULAR, _OVERVIEW = "/api/tokens?limit=20", "/api/scripts/popular", "/api/mypage/overview"
_FORMS = {
    "naive": "tools.bench.baselines.naive:app",
    "**YouSync**": "main:app",
    "**YouSync**, nothing kept": "main:app",
    "psycopg2 and JSON": "tools.bench.baselines.raw:app",
    "bare Starlette": "tools.bench.baselines.bare:app",
}
_HEADINGS = ("page", "form", "answers/s", "p50", "p99", "API CPU each", "failed")
_CONNECTIONS = 50
_LEARNERS = 500
_TURNS = 3

# What came back, and CPU seconds of the server.
Read = tuple[Outcome, float]


def measure(stage: Stage) -> Findings:
    """The pages by form, in turn, on one database; then my page alone with ten thousand and with a million results."""
    findings = Findings()
    url = stage.database()
    data = furnish(url, learners=_LEARNERS)
    tokens = [stage.access_token(learner) for learner in data.learners]
    rates: dict[tuple[str, str], float] = {}
    rows = []
    for path, forms in ((_TOKENS, list(_FORMS)[:4]), (_POPULAR, ["naive", "**YouSync**", "bare Starlette"])):
        taken: dict[str, list[Read]] = {form: [] for form in forms}
        for _, form in product(range(1 if stage.is_quick else _TURNS), forms):
            stage.say(f"{path}, {form.replace('*', '')}")
            kept_s = "0" if "nothing kept" in form else "30"
            taken[form].append(_read(stage, url, _FORMS[form], path, tokens, CACHE_TTL_S=kept_s))
        for form, reads in taken.items():
            outcome, cpu = sorted(reads, key=lambda read: read[0].rate)[len(reads) // 2]
            rates[path, form] = outcome.rate
            rows.append((path, form, *_cells(outcome, cpu)))
    note = (
        f"50 connections, each signed in as another learner; the forms in {_TURNS} turns, of which the median. "
        "Nothing kept (`CACHE_TTL_S=0`): each answer comes from the database, as in the naive form and with psycopg2."
    )
    findings.tables.append(Table("Pages that everybody reads", _HEADINGS, rows, note))
    findings.targets += _page_targets(rates)
    _overview(stage, findings)
    return findings


def _page_targets(rates: dict[tuple[str, str], float]) -> list[Target]:
    page, popular = rates[_TOKENS, "**YouSync**, nothing kept"], rates[_POPULAR, "**YouSync**"]
    raw, bare = rates[_TOKENS, "psycopg2 and JSON"], rates[_POPULAR, "bare Starlette"]
    return [
        at_least("token page, nothing kept, to psycopg2 and JSON", 100 * page / raw, 80, " %"),
        at_least("token page, nothing kept, to naive", page / rates[_TOKENS, "naive"], 3.5),
        at_least("most read scenes, to bare Starlette", 100 * popular / bare, 25, " %"),
    ]


def _overview(stage: Stage, findings: Findings) -> None:
    """My page of the same learners, each with the same results, among more and more results of others."""
    rows, p99 = [], []
    for count in (10_000, 100_000 if stage.is_quick else 1_000_000):
        stage.say(f"my page among {count:,} results")
        url = stage.database()
        # As many results each, whatever the number: what grows is the table.
        data = furnish(url, learners=count // 20)
        first = data.learners[0].user_id
        finished_jobs(url, range(first, first + len(data.learners)), len(data.token_ids), count)
        tokens = [stage.access_token(learner) for learner in data.learners[:_LEARNERS]]
        outcome, cpu = _read(stage, url, "main:app", _OVERVIEW, tokens, connections=8)
        p99.append(outcome.percentile_s(0.99))
        rows.append((f"{count:,}", *_cells(outcome, cpu)))
    note = "8 connections; every learner has 20 results."
    headings = ("results in all", *_HEADINGS[2:])
    findings.tables.append(Table("My page as results pile up", headings, rows, note))
    findings.targets.append(at_most(f"my page among {rows[-1][0]} results, p99 to 10,000", p99[1] / p99[0], 2, "×"))


def _read(
    stage: Stage, url: str, app: str, path: str, tokens: list[str], connections: int = _CONNECTIONS, **settings: str
) -> Read:
    requests = [head("GET", path, token=token) for token in tokens]
    seconds = 2.0 if stage.is_quick else 5.0
    with stage.server(app, url, **settings) as server:
        drive(Load(server.port, requests, connections=connections, count=300, seconds=3))
        cpu = cpu_s(server.pid)
        outcome = drive(Load(server.port, requests, connections=connections, count=100_000, seconds=seconds))
        return outcome, cpu_s(server.pid) - cpu


def _cells(outcome: Outcome, cpu: float) -> tuple[str, str, str, str, str]:
    return (
        f"{outcome.rate:.0f}",
        ms(outcome.percentile_s(0.5)),
        ms(outcome.percentile_s(0.99)),
        ms(cpu / max(1, len(outcome.latencies_s))),
        str(outcome.failures) + (" (client busy)" if outcome.client_cpu > BUSY else ""),
    )
