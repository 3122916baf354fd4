"""The first recording of a visitor, who signs in afterwards to keep it."""

import json
import re
import uuid

from playwright.sync_api import expect

from core.settings import ROOT
from tests.e2e.conftest import DESKTOP, PHONE, Visit, Visitor
from tests.e2e.test_journey import PLAYED, Speech


def recording_of(text: str) -> str:
    """Returns the catalogue's recording of a line."""
    for scene in sorted((ROOT / "catalogue" / "scenes").glob("*.json")):
        for line in json.loads(scene.read_text(encoding="utf-8"))["lines"]:
            if line["text"] == text:
                return str(line["audio"])
    raise AssertionError(f"no scene has the line {text}")


def open_first_line(me: Visitor) -> str:
    """Follows the way that the start page offers to a visitor; returns the text of the line."""
    me.go("/")
    expect(me.link("browse.hero.start")).to_be_visible()
    me.picture("1-start")
    me.assert_accessible()
    me.link("browse.hero.start").click()
    me.page.wait_for_url("**/lines/*")
    me.expect_actor()
    return str(me.page.get_by_role("heading", level=1).inner_text())


def test_visitor_records_sees_scores_and_keeps_the_take_by_signing_in(visit: Visit, speech: Speech) -> None:
    text = open_first_line(visit(size=PHONE, name="guest-scout"))
    me = visit(speech(recording_of(text)), size=PHONE)
    page = me.page
    assert open_first_line(me) == text
    page.evaluate(PLAYED)
    page.get_by_role("button", name=re.compile(re.escape(me.text("audio.play", what="")))).first.click()
    me.wait_for("window.played.length === 1")
    expect(page.get_by_text(me.text("studio.guest.terms_other", count=3))).to_be_visible()
    expect(page.get_by_text(me.text("studio.guest.children"))).to_be_visible()
    me.picture("2-terms")
    me.assert_accessible()

    me.button("studio.guest.agree").focus()
    page.keyboard.press("Enter")
    expect(me.button("studio.recorder.stop")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=40_000)
    me.expect_scores()
    expect(page.get_by_text(me.text("studio.guest.keep.left_other", count=2))).to_be_visible()
    expect(me.link("nav.me")).to_have_count(0)
    me.picture("3-scores")
    me.assert_accessible()
    page.reload()
    me.expect_scores()

    me.link("studio.guest.keep.signIn").click()
    expect(page.get_by_role("checkbox")).to_be_checked()
    me.picture("4-sign-in")
    me.assert_accessible()
    page.get_by_label(me.text("account.signIn.email")).fill(f"{uuid.uuid4().hex[:12]}@yousync.local")
    page.get_by_label(me.text("account.signIn.name")).fill("지민")
    me.button("account.signIn.button").click()
    expect(page.get_by_text(me.text("account.signIn.kept_other", count=1))).to_be_visible()
    me.expect_scores()
    expect(me.link("studio.guest.keep.signIn")).to_have_count(0)
    me.link("nav.me").click()
    expect(page.get_by_role("link", name=re.compile(re.escape(text))).first).to_be_visible()
    me.picture("5-my-page")


def test_visitor_deletes_what_was_recorded(visit: Visit, speech: Speech) -> None:
    me = visit(speech("audio/late-coffee-09.flac"), size=DESKTOP, locale="en-US", scheme="dark")
    page = me.page
    me.open_line("late for breakfast")
    me.button("studio.guest.agree").click()
    me.expect_scores()
    me.picture("1-scores")
    me.assert_accessible()
    me.button("studio.guest.keep.delete").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=me.text("studio.guest.keep.delete"), exact=True).click()
    expect(page.get_by_text(me.text("studio.guest.keep.deleted"))).to_be_visible()
    expect(me.button("studio.guest.agree")).to_be_visible()
    page.reload()
    expect(me.button("studio.guest.agree")).to_be_visible()
    expect(page.get_by_role("heading", name=me.text("result.scores.title"))).to_have_count(0)
