"""User journeys in the browser: from the first visit to account erasure, by keyboard, and through a scene."""

import json
import re
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import DESKTOP, PHONE, Visit, Visitor
from tests.e2e.service import Service

LINE, MISTAKES = "forty minutes late", "takes/late-coffee-01-mistakes.flac"
HUMAN_LINE, HUMAN = "ill-disposed young", "audio/austen-0880.flac"

Speech = Callable[[str], Path]


@pytest.mark.parametrize(
    ("size", "locale", "scheme"),
    [(DESKTOP, "ko-KR", "light"), (PHONE, "en-US", "dark")],
    ids=["desktop-ko-light", "phone-en-dark"],
)
def test_full_journey_from_first_visit_to_account_erasure(
    visit: Visit, speech: Speech, service: Service, size: dict[str, int], locale: str, scheme: str, tmp_path: Path
) -> None:
    me = visit(speech(MISTAKES), size=size, locale=locale, scheme=scheme)
    page = me.page
    me.go("/")
    me.picture("1-browse-stranger")
    me.assert_accessible()
    me.sign_in()

    choose_the_line(me)
    me.picture("3-studio")
    me.record()
    me.expect_scores()
    me.picture("4-result")
    me.assert_accessible()
    the_sounds_that_were_wrong_are_shown(me)

    me.button("studio.bookmark.add").click()
    expect(me.button("studio.bookmark.remove")).to_be_visible()
    me.link("nav.me").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    me.picture("5-my-page")
    me.assert_accessible()
    page.get_by_role("tab", name=me.text("mypage.bookmarks")).click()
    expect(page.get_by_role("link", name=re.compile(LINE)).first).to_be_visible()
    page.get_by_role("tab", name=me.text("mypage.sounds")).click()
    expect(page.get_by_text("/f/").first).to_be_visible()
    me.picture("6-weak-sounds")

    me.go("/account")
    me.picture("7-account")
    me.assert_accessible()
    archive = export(me, tmp_path)
    assert any(name.startswith("recordings/") for name in archive.namelist())
    assert json.loads(archive.read("account.json"))
    email = json.loads(archive.read("account.json"))["email"]
    erase_the_account(me)
    assert httpx.get(f"{service.url}/api/auth/options").json()["development"]
    assert email not in page.content()


def choose_the_line(me: Visitor) -> None:
    """Opens the line through the search and its scene."""
    page = me.page
    me.go("/")
    page.get_by_role("searchbox").fill("coffee")
    page.wait_for_url("**/?q=coffee*")
    page.get_by_role("link", name=re.compile("Late Coffee|식어 버린 커피")).first.click()
    page.wait_for_url("**/scenes/*")
    expect(page.get_by_text("You're forty minutes late").first).to_be_visible()
    me.picture("2-scene")
    me.assert_accessible()
    page.get_by_role("link", name=re.compile(LINE)).first.click()
    page.wait_for_url("**/lines/*")
    me.expect_actor()
    me.assert_accessible()


def the_sounds_that_were_wrong_are_shown(me: Visitor) -> None:
    """Checks that a click on a word plays the learner's recording of it, and the key `a` the actor's."""
    page = me.page
    toolbar = page.get_by_role("toolbar", name=me.text("result.wordStrip.words"))
    word = toolbar.get_by_role("button", name=re.compile("^forty"))
    page.evaluate(PLAYED)
    word.click()
    expect(page.get_by_text("/p/").first).to_be_visible()
    page.keyboard.press("a")
    me.wait_for("window.played.length >= 2")
    mine, actors = page.evaluate("window.played")[:2]
    assert mine["source"] != actors["source"]
    assert 0.3 < mine["at"] < 6 and 0 <= actors["at"] < 3


# Records source and position of each playback.
PLAYED = """() => {
  window.played = []
  const play = HTMLMediaElement.prototype.play
  HTMLMediaElement.prototype.play = function () {
    window.played.push({ source: this.src, at: this.currentTime })
    return play.call(this)
  }
}"""


def export(me: Visitor, folder: Path) -> zipfile.ZipFile:
    with me.page.expect_download(timeout=60_000) as download:
        me.button("account.export.button").click()
    path = folder / "export.zip"
    download.value.save_as(path)
    return zipfile.ZipFile(path)


def erase_the_account(me: Visitor) -> None:
    # Home asks for the progress of the account that is gone, just before the page closes the session.
    me.expected.append("status of 401")
    me.button("account.delete.button").click()
    erase = me.button("account.delete.confirmButton")
    expect(erase).to_be_disabled()
    me.page.get_by_role("checkbox").check()
    erase.click()
    expect(me.link("nav.signIn")).to_be_visible()
    expect(me.link("nav.me")).to_have_count(0)


def press_until_focused(me: Visitor, wanted: Locator, key: str = "Tab") -> None:
    """Presses a key until the element has the focus, as somebody without a mouse does."""
    for _ in range(80):
        if wanted.evaluate_all("(found) => found.includes(document.activeElement)"):
            return
        me.page.keyboard.press(key)
    raise AssertionError(f"{key} never reaches {wanted}")


def follow(me: Visitor, wanted: Locator) -> None:
    expect(wanted.first).to_be_visible()
    press_until_focused(me, wanted)
    me.page.keyboard.press("Enter")


# Collects what has moved for longer than a blink: the names of animations and of properties.
MOVED = """
  window.moved = []
  for (const kind of ['animationiteration', 'animationend', 'transitionend'])
    addEventListener(kind, (event) => {
      if (event.elapsedTime > 0.02) window.moved.push(event.animationName ?? event.propertyName)
    }, true)
"""


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_line_is_dubbed_by_keyboard_alone(visit: Visit, speech: Speech, motion: str) -> None:
    """Signs in, finds the line, records it and reads the scores; with reduced motion no transition runs."""
    me = visit(speech(HUMAN), motion=motion)
    page = me.page
    page.add_init_script(MOVED)
    sign_in_by_keyboard(me)
    follow(me, page.get_by_role("link", name=re.compile("Sense and Sensibility|이성과 감성")))
    page.wait_for_url("**/scenes/*")
    follow(me, page.get_by_role("link", name=re.compile(HUMAN_LINE)))
    page.wait_for_url("**/lines/*")
    me.expect_actor()
    page.evaluate(PLAYED)
    page.keyboard.press("l")
    me.wait_for("window.played.length === 1")
    page.keyboard.press("l")
    page.keyboard.press(" ")
    expect(me.button("studio.recorder.stop")).to_be_visible()
    expect(me.button("studio.recorder.again")).to_be_visible(timeout=40_000)
    me.expect_scores()
    page.keyboard.press("r")
    me.wait_for("window.played.length >= 2")
    walk_over_the_words(me)
    here = page.get_by_role("heading", level=1).inner_text()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(here)
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", level=1)).to_have_text(here)
    assert bool(page.evaluate("window.moved")) == (motion != "reduce"), page.evaluate("window.moved")


def sign_in_by_keyboard(me: Visitor) -> None:
    me.go("/")
    follow(me, me.link("nav.signIn"))
    press_until_focused(me, me.page.get_by_label(me.text("account.signIn.email")))
    me.page.keyboard.type(f"{uuid.uuid4().hex[:12]}@yousync.local")
    press_until_focused(me, me.page.get_by_label(me.text("account.signIn.name")))
    me.page.keyboard.type("Jimin")
    follow(me, me.button("account.signIn.button"))
    expect(me.link("nav.me")).to_be_visible()


def walk_over_the_words(me: Visitor) -> None:
    """One Tab stop leads to the words; the arrows move over them and show each one's sounds."""
    words = me.page.get_by_role("toolbar", name=me.text("result.wordStrip.words")).get_by_role("button")
    press_until_focused(me, words)
    me.page.keyboard.press("Home")
    me.page.keyboard.press("ArrowRight")
    expect(words.nth(1)).to_be_focused()
    word = words.nth(1).inner_text().split()[0]
    expect(me.page.get_by_role("heading", name=me.text("result.word.title", word=word))).to_be_visible()


def test_scene_is_dubbed_line_by_line(visit: Visit, speech: Speech) -> None:
    """As Grace: the first line is recorded, Leo's line is played, then the scene is finished early."""
    me = visit(speech("audio/late-coffee-01.flac"), locale="en-US")
    page = me.page
    me.sign_in()
    me.go("/")
    page.get_by_role("link", name=re.compile("The Late Coffee")).first.click()
    page.get_by_role("link", name=me.text("browse.scene.dub")).click()
    page.wait_for_url("**/dub")
    expect(page.get_by_role("button", name=re.compile("^Grace"), pressed=True)).to_be_visible()
    me.picture("1-choose")
    me.assert_accessible()
    page.evaluate(PLAYED)
    with page.expect_response(re.compile("/complete\\?"), timeout=60_000) as sent:
        me.button("studio.scene.begin").click()
        expect(page.get_by_text(me.text("studio.scene.myTurn")).first).to_be_visible()
        page.wait_for_timeout(6_000)
        me.picture("2-my-turn")
    assert sent.value.status == 202
    expect(page.get_by_text(me.text("studio.scene.actorsTurn", name="Leo")).first).to_be_visible()
    me.wait_for("window.played.length >= 1")
    me.picture("3-leos-turn")
    expect(page.get_by_text(me.text("studio.scene.myTurn")).first).to_be_visible(timeout=30_000)
    me.button("studio.scene.finish").click()
    finished = page.get_by_role("region", name=me.text("studio.scene.finished"))
    expect(finished).to_be_visible()
    expect(finished.get_by_text(re.compile("^[0-9]+")).first).to_be_visible(timeout=60_000)
    me.picture("4-summary")
    me.assert_accessible()
    page.reload()
    expect(finished.get_by_text(re.compile("^[0-9]+")).first).to_be_visible(timeout=30_000)
