"""First visits: what they load, and when a visitor on a slow network can start."""

import json
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, Page

from tools.bench.web.builds import Build
from tools.bench.web.wire import Wire

# Slow 3G, as the developer tools of browsers had it.
_SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
_QUIET_MS = 3_000
_LOAD_TIMEOUT_MS = 120_000
# In each frame: the link that starts, the scenes, and whether React has taken over.
_MARK = """(() => {
  const marks = (window.marks = {})
  const isShown = (element) => element.getClientRects().length > 0
  const seen = {
    start: () => [...document.querySelectorAll('main a')].some((a) => a.textContent.trim() === START && isShown(a)),
    script: () => Object.keys(document.getElementById('root') ?? {}).some((key) => key.startsWith('__reactContainer')),
    scenes: () => document.querySelector('main article') !== null,
  }
  const look = () => {
    for (const name in seen) if (!(name in marks) && seen[name]()) marks[name] = performance.now()
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})()"""


@dataclass(frozen=True)
class FirstVisit:
    """Requests and response bytes on the wire until nothing more is loaded; moments in seconds since navigation."""

    requests: int
    kilobytes: float
    first_paint_s: float
    start_s: float
    script_s: float
    scenes_s: float


def visit(browser: Browser, build: Build, wire: Wire, *, slow: bool, service_worker: bool = True) -> FirstVisit:
    """A first visit of the start page, in Korean on a laptop, with an empty cache."""
    wire.reset()
    context = browser.new_context(
        locale="ko-KR",
        viewport={"width": 1280, "height": 800},
        service_workers="allow" if service_worker else "block",
    )
    try:
        page = context.new_page()
        page.add_init_script(_MARK.replace("START", json.dumps(build.text("browse.hero.start"))))
        if slow:
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", _SLOW_3G)
        page.goto(wire.url, timeout=_LOAD_TIMEOUT_MS)
        _wait_until_quiet(page, wire)
        marks = page.evaluate("marks")
        paint_ms = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    finally:
        context.close()
    moments = (paint_ms, marks["start"], marks["script"], marks["scenes"])
    return FirstVisit(len(wire.paths), wire.response_bytes / 1000, *(moment / 1000 for moment in moments))


def median_visit(visits: list[FirstVisit]) -> FirstVisit:
    """Returns the median of each figure."""
    fields = FirstVisit.__dataclass_fields__
    return FirstVisit(**{name: median(getattr(one, name) for one in visits) for name in fields})


def _wait_until_quiet(page: Page, wire: Wire) -> None:
    before = -1
    while before != wire.response_bytes or not page.evaluate("'scenes' in marks"):
        before = wire.response_bytes
        page.wait_for_timeout(_QUIET_MS)
