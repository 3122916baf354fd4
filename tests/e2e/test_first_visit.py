"""The first visit on a poor network, and results where there is little space or the learner went elsewhere."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import DESKTOP, PHONE, Visit
from tests.e2e.service import Service

LINE, RIGHT = "ill-disposed young", "audio/austen-0880.flac"
# Half of a laptop's screen each way: what a browser shows at 200 % zoom.
ZOOMED = {"width": DESKTOP["width"] // 2, "height": DESKTOP["height"] // 2}
COVERED_WORDS = """[...document.querySelectorAll('[role=toolbar] button')].filter((word) => {
    word.scrollIntoView({ block: 'nearest', behavior: 'instant' })
    const box = word.getBoundingClientRect()
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
    return !word.contains(top)
}).map((word) => word.textContent)"""

Speech = Callable[[str], Path]


@pytest.mark.parametrize(
    ("size", "locale", "scheme"), [(PHONE, "ko-KR", "dark"), (DESKTOP, "en-US", "light")], ids=["phone", "laptop"]
)
def test_start_page_is_readable_before_its_script(visit: Visit, size: dict[str, int], locale: str, scheme: str) -> None:
    me = visit(size=size, locale=locale, scheme=scheme, name=f"first-visit-{locale[:2]}-{scheme}")
    me.expected.append("ERR_FAILED")
    me.context.route("**/assets/*.js", lambda route: route.abort())
    me.go("/")
    expect(me.page.get_by_role("heading", level=1, name=me.text("browse.hero.title"))).to_be_visible()
    assert me.page.evaluate("document.documentElement.classList.contains('dark')") == (scheme == "dark")
    assert me.page.evaluate("document.documentElement.lang") == locale[:2]
    me.page.screenshot(path=Path(".data/e2e") / f"first-visit-{locale[:2]}-{scheme}.png")
    me.assert_accessible()
    start = me.link("browse.hero.start")
    me.context.unroute("**/assets/*.js")
    start.click()
    me.page.wait_for_url(re.compile(r"/lines/\d+$"))
    expect(me.page.get_by_role("heading", level=1)).to_be_visible()


def test_other_pages_do_not_show_the_start_page_first(visit: Visit, service: Service) -> None:
    me = visit()
    me.expected.append("ERR_FAILED")
    me.context.route("**/assets/*.js", lambda route: route.abort())
    me.go(f"/scenes/{service.scene(LINE)}")
    expect(me.page.get_by_role("banner")).to_be_visible()
    expect(me.page.get_by_role("heading", level=1)).to_have_count(0)


def test_running_analysis_is_shown_on_home_and_scene(visit: Visit, speech: Speech, service: Service) -> None:
    me = visit(speech(RIGHT), size=PHONE)
    me.sign_in()
    me.open_line(LINE)
    running = me.page.get_by_role("list", name=me.text("studio.running.label"))
    with service.stalled_analysis():
        me.record()
        expect(me.page.get_by_role("progressbar").first).to_be_visible()
        me.page.get_by_role("link", name=me.text("studio.line.scene")).click()
        expect(running).to_contain_text(me.text("studio.running.processing"))
        me.page.reload()
        me.page.get_by_role("link", name="YouSync").click()
        expect(running).to_contain_text(me.text("studio.running.processing"))
        me.page.screenshot(path=Path(".data/e2e") / "running-analysis.png")
    expect(running).to_contain_text(me.text("studio.running.completed"), timeout=60_000)
    me.assert_accessible()
    me.link("studio.running.open").click()
    me.expect_scores()
    me.go("/")
    expect(me.page.get_by_role("heading", level=1)).to_be_visible()
    expect(running).to_have_count(0)


def test_phone_shows_a_short_result_and_zoom_covers_no_word(visit: Visit, speech: Speech) -> None:
    me = visit(speech(RIGHT), size=PHONE)
    me.sign_in()
    me.open_line(LINE)
    me.record()
    me.expect_scores()
    charts = me.page.get_by_text(me.text("result.charts"), exact=True)
    melody = me.page.get_by_role("heading", name=me.text("result.pitchChart.title"))
    expect(charts).to_be_visible()
    expect(melody).to_have_count(0)
    assert me.page.evaluate(COVERED_WORDS) == []
    me.picture("1-short")
    me.assert_accessible()
    charts.click()
    expect(melody).to_be_visible()
    me.page.reload()
    expect(melody).to_be_visible(timeout=30_000)
    for size in (ZOOMED, DESKTOP):
        me.page.set_viewport_size(size)  # type: ignore[arg-type]
        expect(melody).to_be_visible()
        assert me.page.evaluate(COVERED_WORDS) == []
        me.picture(f"2-width-{size['width']}")
    expect(charts).to_have_count(0)
