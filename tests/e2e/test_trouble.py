"""Handling of network, server and microphone failures by the page."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, Visit
from tests.e2e.service import Service

LINE, RIGHT, WRONG = "ill-disposed young", "audio/austen-0880.flac", "audio/jfk.flac"
# ERR_FAILED: of the service worker.
NO_NETWORK = ("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED", "ERR_FAILED", "Failed to fetch")

WORDS = "'1em \"YouSync Sans\"', document.body.innerText"
FONTS_ARE_KEPT = """(async () => {
    const stored = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()))
    return ['latin', 'hangul'].every((name) => stored.flat().some(({ url }) => url.includes(`/assets/${name}-`)))
})()"""

BUCKET = re.compile(r"^http://[^/]+/yousync[^/]*$")

Speech = Callable[[str], Path]


def test_progress_resumes_after_a_network_outage(visit: Visit, speech: Speech, service: Service) -> None:
    me = visit(speech(RIGHT))
    me.expected += NO_NETWORK
    me.sign_in()
    me.open_line(LINE)
    streams: list[str | None] = []
    me.context.on(
        "request",
        lambda request: (
            streams.append(request.headers.get("last-event-id")) if "analysis-progress" in request.url else None
        ),
    )
    with service.stalled_analysis():
        with me.page.expect_response(re.compile("/complete\\?")) as sent:
            me.record()
        assert sent.value.status == 202
        expect(me.page.get_by_role("progressbar").first).to_be_visible()
        me.picture("1-waiting")
        me.context.set_offline(True)
        me.page.wait_for_timeout(3_000)
    me.page.wait_for_timeout(4_000)
    me.context.set_offline(False)
    me.expect_scores()
    assert streams


def test_take_recorded_offline_is_stored_and_sent_later(visit: Visit, speech: Speech) -> None:
    me = visit(speech(RIGHT), size=PHONE)
    me.expected += NO_NETWORK
    me.sign_in()
    me.wait_for(FONTS_ARE_KEPT)
    me.open_line(LINE)
    me.context.set_offline(True)
    me.record()
    expect(me.page.get_by_text(me.text("studio.take.storedOnDevice"))).to_be_visible()
    assert me.page.evaluate(f"document.fonts.check({WORDS})"), "boxes instead of glyphs"
    me.picture("1-kept")
    me.assert_accessible()
    me.context.set_offline(False)
    me.expect_scores()


def test_unsent_take_survives_a_reload(visit: Visit, speech: Speech) -> None:
    me = visit(speech(RIGHT))
    me.expected += (*NO_NETWORK, "status of 503", "status of 500")
    me.sign_in()
    me.open_line(LINE)
    me.context.route("**/uploads", lambda route: route.abort("connectionfailed"))
    me.expected.append("ERR_CONNECTION_FAILED")
    me.record()
    expect(me.page.get_by_text(me.text("studio.take.storedOnDevice"))).to_be_visible()
    me.context.unroute("**/uploads")
    with me.page.expect_response(re.compile("/complete\\?"), timeout=60_000) as sent:
        me.page.reload()
    assert sent.value.status == 202
    expect(me.button("studio.waiting.now")).to_have_count(0)


def test_take_goes_through_the_server_when_the_store_is_unreachable(visit: Visit, speech: Speech) -> None:
    me = visit(speech(RIGHT))
    me.expected.append("ERR_CONNECTION_FAILED")
    me.sign_in()
    me.open_line(LINE)
    me.context.route(BUCKET, lambda route: route.abort("connectionfailed"))
    with me.page.expect_response(re.compile("upload-audio")) as sent:
        me.record()
    assert sent.value.status == 202
    me.expect_scores()


def test_wrong_sentence_gets_a_message_instead_of_scores(visit: Visit, speech: Speech) -> None:
    me = visit(speech(WRONG))
    me.sign_in()
    me.open_line(LINE)
    me.record()
    heading = me.page.get_by_role("heading", name=me.text("result.unscored.wrong_sentence.title"))
    expect(heading).to_be_visible(timeout=60_000)
    expect(me.page.get_by_role("heading", name=me.text("result.scores.title"))).to_have_count(0)
    me.picture("1-wrong-sentence")
    me.assert_accessible()


@pytest.mark.parametrize("locale", ["ko-KR", "en-US"])
def test_page_explains_a_refused_microphone(visit: Visit, locale: str) -> None:
    me = visit(may_record=False, locale=locale)
    me.sign_in()
    me.open_line(LINE)
    me.button("studio.recorder.record").click()
    expect(me.page.get_by_text(me.text("studio.microphone.refused.title"))).to_be_visible()
    me.picture("1-refused")
    me.assert_accessible()


def test_file_can_be_uploaded_instead_of_recording(visit: Visit, speech: Speech) -> None:
    me = visit(may_record=False)
    me.sign_in()
    me.open_line(LINE)
    me.page.locator("input[type=file]").set_input_files(speech(RIGHT))
    me.expect_scores()


def test_file_without_audio_is_refused_with_a_message(visit: Visit, tmp_path: Path) -> None:
    me = visit()
    me.expected.append("status of 415")
    me.sign_in()
    me.open_line(LINE)
    letter = tmp_path / "letter.mp3"
    letter.write_text("This is a letter, and no sound." * 50)
    me.page.locator("input[type=file]").set_input_files(letter)
    expect(me.page.get_by_role("alert").first).to_contain_text(re.compile("MP3"))
    me.picture("1-refused-file")


def test_anonymous_visitor_can_listen_and_is_asked_to_sign_in(visit: Visit) -> None:
    me = visit()
    me.open_line(LINE)
    me.link("studio.recorder.signIn").click()
    me.page.wait_for_url("**/sign-in")
    me.picture("1-sign-in")
    me.assert_accessible()


def test_unknown_urls_show_an_error(visit: Visit) -> None:
    me = visit()
    me.expected.append("status of 404")
    me.go("/no/such/page")
    expect(me.page.get_by_role("heading", level=1)).to_be_visible()
    me.assert_accessible()
    me.go("/lines/999999999")
    expect(me.page.get_by_role("alert")).to_be_visible()
    me.assert_accessible()
    me.link("browse.notFound.home").click()
    expect(me.page.get_by_role("heading", level=1)).to_be_visible()


def test_offline_reload_keeps_the_learner_and_the_opened_scene(visit: Visit, service: Service) -> None:
    me = visit(size=PHONE)
    me.expected += (*NO_NETWORK, "ERR_FAILED")
    me.sign_in("지민")
    me.wait_for("navigator.serviceWorker.ready.then(() => true)")
    me.page.reload()
    me.wait_for("navigator.serviceWorker.controller !== null")
    expect(me.link("nav.me")).to_be_visible()
    me.go(f"/scenes/{service.scene(LINE)}")
    expect(me.page.get_by_text(LINE).first).to_be_visible()
    expect(me.link("nav.me")).to_be_visible()
    me.wait_for(FONTS_ARE_KEPT)
    me.context.set_offline(True)
    me.page.reload()
    expect(me.page.get_by_text(LINE).first).to_be_visible()
    expect(me.link("nav.me")).to_be_visible()
    me.picture("1-offline")
    me.context.set_offline(False)
    me.page.reload()
    expect(me.link("nav.me")).to_be_visible()


def test_signing_out_reaches_other_tabs(visit: Visit) -> None:
    me = visit()
    me.expected.append("status of 401")  # a request of the other tab that was on its way
    me.sign_in()
    other = me.context.new_page()
    other.goto(me.url)
    expect(other.get_by_role("link", name=me.text("nav.me"), exact=True)).to_be_visible()
    me.go("/account")
    me.button("account.signOut").click()
    expect(me.link("nav.signIn")).to_be_visible()
    expect(other.get_by_role("link", name=me.text("nav.signIn"), exact=True)).to_be_visible()
