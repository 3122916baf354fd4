"""Practice with a line: what is heard at a slow rate and in a loop, and all tools by keyboard and by touch."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from playwright.sync_api import FloatRect, Locator, expect
from swift_f0 import SwiftF0

from tests.e2e.conftest import PHONE, PICTURES, Visit, Visitor, write_microphone
from tests.e2e.service import Service

LINE, MISTAKES = "forty minutes late", "takes/late-coffee-01-mistakes.flac"
ACTOR, LAST_PHRASE = "audio/late-coffee-01.flac", "The coffee is freezing."
HUMAN_LINE = "ill-disposed young"
RATE_HZ, PITCH_RATE_HZ = 48_000, 16_000
EDGE_S = 0.015

Speech = Callable[[str], Path]
Samples = npt.NDArray[np.float32]

# Collects all that the page plays, as 16-bit samples, and the elements that played it.
LISTEN = """() => {
  const context = new AudioContext({ sampleRate: 48000 })
  const collector = context.createScriptProcessor(16384, 1, 1)
  collector.onaudioprocess = ({ inputBuffer }) =>
    window.heard.push(...inputBuffer.getChannelData(0).map((sample) => Math.round(sample * 32767)))
  collector.connect(context.destination)
  window.heard = []
  window.players = []
  const play = HTMLMediaElement.prototype.play
  HTMLMediaElement.prototype.play = function () {
    if (!window.players.includes(this)) {
      window.players.push(this)
      context.createMediaElementSource(this).connect(collector)
    }
    return play.call(this)
  }
}"""


def listen(me: Visitor, seconds: float) -> Samples:
    """Returns the next seconds of what the page plays, at RATE_HZ."""
    me.page.evaluate("window.heard.length = 0")
    me.wait_for(f"window.heard.length >= {round(seconds * RATE_HZ)}")
    return np.array(me.page.evaluate("window.heard"), np.float32) / np.float32(32767)


def repeats(heard: Samples, pause_s: float) -> list[Samples]:
    """Splits what was heard at its pauses; the first and the last repeat may be cut and are left out."""
    sounding = np.flatnonzero(heard)
    gaps = np.flatnonzero(np.diff(sounding) > 0.5 * pause_s * RATE_HZ)
    edges = zip(sounding[gaps[:-1] + 1], sounding[gaps[1:]], strict=True)
    return [heard[start : end + 1] for start, end in edges]


def original(service: Service, words: str) -> Samples:
    """Returns the actor's audio of a line at RATE_HZ."""
    answer = httpx.get(f"{service.url}/api/tokens/{service.line(words)}/audio", follow_redirects=True)
    samples, rate = soundfile.read(io.BytesIO(answer.content), dtype="float32")
    return resample(samples, rate, RATE_HZ)


def resample(samples: Samples, rate_hz: int, new_rate_hz: int) -> Samples:
    count = round(len(samples) * new_rate_hz / rate_hz)
    bins = np.fft.rfft(samples)[: count // 2 + 1]
    return np.asarray(np.fft.irfft(bins, count) * (count / len(samples)), np.float32)


def place_of(part: Samples, whole: Samples) -> float:
    """Returns the second of `whole` at which `part` fits best, however loud it is there (normalised correlation)."""
    size = len(part) + len(whole)
    match = np.fft.irfft(np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part, size)), size)
    energy = np.concatenate(([0.0], np.cumsum(whole.astype(np.float64) ** 2)))
    places = len(whole) - len(part) + 1
    loudness = np.sqrt(energy[len(part) :] - energy[:places])
    return int(np.argmax(match[:places] / (loudness + 1e-3))) / RATE_HZ


def median_f0_hz(heard: Samples) -> float:
    pitch = SwiftF0(threads=1).detect(resample(heard, RATE_HZ, PITCH_RATE_HZ), PITCH_RATE_HZ)
    return float(np.median(pitch.pitch_hz[pitch.confidence >= 0.9]))


def seconds_of(slider: Locator) -> float:
    return float(slider.get_attribute("aria-valuenow") or "nan")


def edge(me: Visitor, which: str) -> Locator:
    return me.page.get_by_role("slider", name=me.text(f"practice.loop.{which}", what="")).first


def test_slow_playback_keeps_the_pitch(visit: Visit, service: Service) -> None:
    """Compares the median F0 of the line as the page plays it at rates 1 and 0.5, in whole repeats of it."""
    me = visit()
    me.open_line(HUMAN_LINE)
    me.page.evaluate(LISTEN)
    length = len(original(service, HUMAN_LINE)) / RATE_HZ
    me.page.keyboard.press("0")
    me.page.keyboard.press("o")
    me.wait_for("window.heard.some((sample) => sample !== 0)")
    usual = median_f0_hz(listen(me, 2 * length))
    for _ in range(4):
        me.page.keyboard.press("-")
    me.wait_for("window.players.at(-1).playbackRate === 0.5")
    slow = median_f0_hz(listen(me, 4 * length))
    assert slow == pytest.approx(usual, rel=0.01)


def test_loop_holds_its_edges(visit: Visit, service: Service) -> None:
    """Finds each repeat that the page plays in the actor's audio; slowed, it lasts as much longer."""
    me = visit()
    me.open_line(HUMAN_LINE)
    me.page.evaluate(LISTEN)
    drag_over_waveform(me, 0.3, 0.42)
    me.wait_for("window.heard.some((sample) => sample !== 0)")
    start, end = seconds_of(edge(me, "from")), seconds_of(edge(me, "to"))
    whole, length = original(service, HUMAN_LINE), end - start
    heard = repeats(listen(me, 12 * length), length)
    assert len(heard) >= 3
    # On a busy machine the browser may lose a few milliseconds of one repeat: the median counts.
    assert np.median([place_of(repeat, whole) for repeat in heard]) == pytest.approx(start, abs=EDGE_S)
    assert np.median([len(repeat) / RATE_HZ for repeat in heard]) == pytest.approx(length, abs=EDGE_S)
    for _ in range(4):
        me.page.keyboard.press("-")
    me.wait_for("window.players.at(-1).playbackRate === 0.5")
    slow = repeats(listen(me, 24 * length), 2 * length)
    assert np.median([len(repeat) / RATE_HZ * 0.5 for repeat in slow]) == pytest.approx(length, abs=EDGE_S)


def drag_over_waveform(me: Visitor, start: float, end: float) -> None:
    """Drags with the mouse over a part of the actor's waveform, given as shares of its width."""
    box = waveform_box(me)
    y = box["y"] + box["height"] / 2
    me.page.mouse.move(box["x"] + start * box["width"], y)
    me.page.mouse.down()
    me.page.mouse.move(box["x"] + end * box["width"], y, steps=5)
    me.page.mouse.up()


def waveform_box(me: Visitor) -> FloatRect:
    play = me.page.get_by_role("button", name=re.compile(re.escape(me.text("audio.play", what="")))).first
    box = play.locator("xpath=following-sibling::div").bounding_box()
    assert box
    return box


def test_tools_by_keyboard(visit: Visit, speech: Speech) -> None:
    """After a take: a word, its neighbour, both voices at the same place, hidden text, dictation, the list of keys."""
    me = visit(speech(MISTAKES))
    me.sign_in()
    me.open_line(LINE)
    me.record()
    me.expect_scores()
    scores = f"[...document.querySelectorAll('h2')].find((h) => h.textContent === '{me.text('result.scores.title')}')"
    me.wait_for(f"{scores}.getBoundingClientRect().top < 200")
    expect(me.page.get_by_role("group", name=me.text("studio.bar.label"))).to_be_in_viewport()
    me.page.screenshot(path=PICTURES / "tools-by-keyboard-0-scores.png")
    expect(me.page.get_by_role("button", name="forty", exact=True)).to_be_visible()
    me.page.evaluate(LISTEN)
    words_are_repeated(me)
    the_text_is_hidden(me)
    the_line_is_dictated(me)
    me.button("studio.keys.open").click()
    expect(me.page.get_by_role("dialog").get_by_text(me.text("practice.keys.dictation"))).to_be_visible()
    me.page.screenshot(path=PICTURES / "tools-by-keyboard-4-keys.png")
    me.assert_accessible()


def words_are_repeated(me: Visitor) -> None:
    page = me.page
    page.keyboard.press("w")
    expect(edge(me, "from")).to_be_visible()
    first = seconds_of(edge(me, "from"))
    page.keyboard.press(".")
    expect(edge(me, "from")).not_to_have_attribute("aria-valuenow", str(first))
    page.keyboard.press("-")
    me.wait_for("window.players.at(-1).playbackRate === 0.9 && window.players.at(-1).preservesPitch")
    clip = page.evaluate("window.players.at(-1).src")
    page.keyboard.press("x")
    me.wait_for(f"window.players.at(-1).src !== '{clip}'")
    edge(me, "to").focus()
    page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name=re.compile(f"^{me.text('practice.title')}")).click()
    expect(page.get_by_role("radio", name=me.text("practice.loop.own"))).to_be_checked()
    me.picture("1-loop")
    me.assert_accessible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("slider")).to_have_count(0)


def the_text_is_hidden(me: Visitor) -> None:
    line = me.page.get_by_role("heading", level=1)
    me.page.keyboard.press("h")
    expect(line).to_have_text(re.compile(me.text("practice.text.isHidden")))
    me.picture("2-blurred")
    me.assert_accessible()
    me.page.keyboard.press("h")
    me.page.keyboard.press("h")
    expect(line).to_have_text(re.compile(LINE))


def the_line_is_dictated(me: Visitor) -> None:
    page = me.page
    page.keyboard.press("d")
    expect(page.get_by_role("heading", level=1)).to_have_text(me.text("practice.text.dictating"))
    page.get_by_role("textbox").press_sequentially("your forty minutes late leo coffee is very freezing")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listitem").filter(has_text=me.text("practice.dictation.missing"))).to_be_visible()
    me.picture("3-dictation")
    me.assert_accessible()


def test_tools_by_touch(visit: Visit) -> None:
    """A visitor on a small phone: speed, a part chosen with the finger, its pause, dictation."""
    me = visit(size=PHONE, locale="en-US", scheme="dark")
    page = me.page
    page.set_viewport_size({"width": 360, "height": 740})
    me.open_line(LINE)
    page.evaluate(LISTEN)
    page.get_by_role("button", name=re.compile(f"^{me.text('practice.title')}")).tap()
    page.get_by_role("radio", name=me.text("practice.rate.value", rate=0.75)).tap()
    swipe_over_waveform(me, 0.2, 0.6)
    expect(edge(me, "from")).to_be_visible()
    me.wait_for("window.players.at(-1)?.playbackRate === 0.75")
    pause = page.get_by_role("radio", name=me.text("practice.pause.long", times=2))
    pause.tap()
    expect(pause).to_be_checked()
    me.picture("1-loop")
    me.assert_accessible()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"the page sticks out by {wide} px"
    page.get_by_role("radio", name=me.text("practice.loop.off")).tap()
    me.button("practice.dictation.title").tap()
    page.get_by_role("textbox").fill("forty minutes lately")
    me.button("practice.dictation.check").tap()
    expect(page.get_by_role("list", name=me.text("practice.dictation.marks"))).to_be_visible()
    me.picture("2-dictation")
    me.assert_accessible()
    page.reload()
    expect(page.get_by_role("radio", name=me.text("practice.rate.value", rate=0.75))).to_be_checked()


def swipe_over_waveform(me: Visitor, start: float, end: float) -> None:
    """Drags with one finger over a part of the actor's waveform, given as shares of its width."""
    box = waveform_box(me)
    session = me.context.new_cdp_session(me.page)
    y = box["y"] + box["height"] / 2
    shares = np.linspace(start, end, 6)
    for kind, share in zip(["touchStart", *["touchMove"] * 5], shares, strict=True):
        points = [{"x": box["x"] + share * box["width"], "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def choose_last_phrase(me: Visitor) -> tuple[float, float]:
    """Repeats the last phrase of the line; returns its start and end in the actor's audio, s."""
    only = me.page.get_by_role("button", name=me.text("practice.record.start", words=LAST_PHRASE))
    me.page.get_by_role("button", name=re.compile(f"^{me.text('practice.title')}")).click()
    me.page.keyboard.press("p")
    expect(edge(me, "from")).to_be_visible()
    for _ in range(2):
        me.page.keyboard.press(".")
    expect(only).to_be_visible()
    return seconds_of(edge(me, "from")), seconds_of(edge(me, "to"))


@pytest.mark.parametrize(("locale", "scheme"), [("ko-KR", "light"), ("en-US", "dark")], ids=["ko-light", "en-dark"])
def test_marked_words_are_recorded_alone(
    visit: Visit, speech: Speech, tmp_path: Path, locale: str, scheme: str
) -> None:
    """After a take of the line its last phrase is said alone: only those words have scores, and averages stay."""
    before = visit(speech(MISTAKES), locale=locale, scheme=scheme, name="marked-words-before")
    email = before.sign_in()
    before.open_line(LINE)
    before.record()
    before.expect_scores()
    span = choose_last_phrase(before)

    me = visit(write_microphone(ACTOR, tmp_path, *span), locale=locale, scheme=scheme)
    me.sign_in(email=email)
    me.open_line(LINE)
    me.expect_scores()
    choose_last_phrase(me)
    me.page.keyboard.press("e")
    expect(me.page.get_by_text(me.text("practice.record.only", words=LAST_PHRASE))).to_be_visible()
    note = me.page.get_by_text(me.text("result.scores.part", words="The coffee is freezing"))
    expect(note).to_be_visible(timeout=60_000)
    words = me.page.get_by_role("toolbar", name=me.text("result.wordStrip.words")).get_by_role("button")
    assert [name.split()[0] for name in words.all_inner_texts()] == ["The", "coffee", "is", "freezing"]
    me.picture("1-result")
    me.assert_accessible()
