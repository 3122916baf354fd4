"""A real Chromium with a real (fake-device) microphone in front of the service that `make run` starts."""

import json
import re
import time
import uuid
import wave
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from core.settings import ROOT
from tests.e2e import browser
from tests.e2e.service import Service

PICTURES = ROOT / ".data" / "e2e"
AXE = (ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
# Texts in a font that is not the page's, and may lack Korean.
FOREIGN_FONTS = """[...document.body.querySelectorAll('*')].filter((element) =>
  [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()) &&
  element.getClientRects().length && !getComputedStyle(element).fontFamily.includes('YouSync Sans')
).map((element) => element.outerHTML.slice(0, 200))"""
# Silence before and after the line: recording starts during the countdown.
BEFORE_S, AFTER_S = 4.5, 4.0


expect.set_options(timeout=15_000)
HAS_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[HAS_FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("service"))
    yield service
    service.end()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Makes the microphone input from a recording of the catalogue."""
    folder = tmp_path_factory.mktemp("speech")
    return lambda recording: write_microphone(recording, folder)


def write_microphone(recording: str, folder: Path, from_s: float = 0, to_s: float | None = None) -> Path:
    """Writes what the microphone plays: silence, a recording of the catalogue or a part of it, silence; a WAV file."""
    samples, rate = soundfile.read(ROOT / "catalogue" / recording, dtype="int16")
    samples = samples[round(from_s * rate) : None if to_s is None else round(to_s * rate)]
    quiet = np.random.default_rng(1).normal(0, 12, int(rate * max(BEFORE_S, AFTER_S))).astype("int16")
    heard = np.concatenate([quiet[: int(rate * BEFORE_S)], samples, quiet[: int(rate * AFTER_S)]])
    path = folder / f"{Path(recording).stem}-{from_s:.2f}.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(heard.tobytes())
    return path


class Visitor:
    """One user with a separate browser, whose console errors and foreign requests are in `complaints`."""

    def __init__(self, context: BrowserContext, service: Service, name: str, language: str) -> None:
        self.context, self.url, self._service, self._name = context, service.url, service, name
        self._texts = texts_of(language)
        self.complaints: list[str] = []
        self.expected: list[str] = []
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", self._listen)
        context.on("request", lambda request: self._watch(request.url))
        self.page: Page = context.new_page()
        self.page.set_default_timeout(20_000)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _watch(self, address: str) -> None:
        if not address.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.complaints.append(f"request to a foreign server: {address}")

    def text(self, key: str, **values: object) -> str:
        """Returns the text of the page for a key of web/src/locales, in this visitor's language."""
        found: Any = self._texts
        for part in key.split("."):
            found = found[part]
        for name, value in values.items():
            found = found.replace("{{" + name + "}}", str(value))
        return str(found)

    def button(self, key: str, **values: object) -> Locator:
        return self.page.get_by_role("button", name=self.text(key, **values), exact=True)

    def link(self, key: str, **values: object) -> Locator:
        return self.page.get_by_role("link", name=self.text(key, **values), exact=True)

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def sign_in(self, name: str = "지민", *, email: str | None = None) -> str:
        """Signs in through the page, as a new user without an address; returns the e-mail address."""
        email = email or f"{uuid.uuid4().hex[:12]}@yousync.local"
        self.go("/sign-in")
        self.page.get_by_label(self.text("account.signIn.email")).fill(email)
        self.page.get_by_label(self.text("account.signIn.name")).fill(name)
        self.button("account.signIn.button").click()
        expect(self.link("nav.me")).to_be_visible()
        return email

    def open_line(self, words: str) -> None:
        """Opens the studio with the demo line that contains these words, and waits for its audio."""
        self.go(f"/lines/{self._service.line(words)}")
        self.expect_actor()

    def expect_actor(self) -> None:
        """Expects that the actor's audio can be played."""
        play = self.page.get_by_role("button", name=re.compile(re.escape(self.text("audio.play", what=""))))
        expect(play.first).to_be_enabled()

    def wait_for(self, expression: str) -> None:
        """Polls until a JavaScript expression is true; from outside, since the page's policy forbids eval."""
        give_up_at = time.monotonic() + 15
        while not self.page.evaluate(expression):
            assert time.monotonic() < give_up_at, expression
            self.page.wait_for_timeout(50)

    def record(self) -> None:
        """Presses the record button and waits until the recorder stops by itself at silence."""
        self.button("studio.recorder.record").click()
        expect(self.button("studio.recorder.stop")).to_be_visible()
        expect(self.button("studio.recorder.again")).to_be_visible(timeout=40_000)

    def expect_scores(self) -> None:
        expect(self.page.get_by_role("heading", name=self.text("result.scores.title"))).to_be_visible(timeout=60_000)

    def picture(self, what: str) -> None:
        """Saves a screenshot."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_load_state("networkidle")
        expect(self.page.get_by_text(self.text("common.loading"))).to_have_count(0)
        self.page.evaluate("window.scrollTo({ top: 0, behavior: 'instant' })")
        self.page.evaluate("document.fonts.ready")
        self.page.wait_for_timeout(400)  # charts are loaded as separate chunks
        self.page.screenshot(path=PICTURES / f"{re.sub('[^a-z0-9-]+', '-', self._name)}-{what}.png", full_page=True)

    def assert_accessible(self) -> None:
        """Asserts that axe finds no violation on the current page."""
        self.page.evaluate(AXE)
        found = self.page.evaluate("axe.run()")["violations"]
        told = [f"{rule['id']}: {rule['help']}: {[node['html'] for node in rule['nodes']][:3]}" for rule in found]
        assert not told, "\n".join(told)
        assert not self.page.evaluate(FOREIGN_FONTS)

    def assert_content(self) -> None:
        """Asserts that all complaints of the browser were expected."""
        unexpected = [text for text in self.complaints if not any(part in text for part in self.expected)]
        assert not unexpected, unexpected


def texts_of(language: str) -> dict[str, Any]:
    folder = ROOT / "web" / "src" / "locales" / language
    parts = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}
    return {**parts.pop("common"), **parts}


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(playwright: Playwright, service: Service, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Opens browsers; the microphone of `visit(wav)` plays that file."""
    open_browsers: list[Browser] = []
    visitors: list[Visitor] = []

    def open_one(
        wav: Path | None = None,
        *,
        size: dict[str, int] = DESKTOP,
        locale: str = "ko-KR",
        scheme: str = "light",
        motion: str = "no-preference",
        may_record: bool = True,
        name: str | None = None,
    ) -> Visitor:
        flags = [*browser.FLAGS, *(browser.microphone(wav) if wav else []), *([browser.ALLOWED] if may_record else [])]
        chromium = playwright.chromium.launch(executable_path=browser.find_or_install(), args=flags)
        open_browsers.append(chromium)
        context = chromium.new_context(
            viewport=size,  # type: ignore[arg-type]
            locale=locale,
            color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion=motion,  # type: ignore[arg-type]
            timezone_id="Asia/Seoul",
            has_touch=size == PHONE,
        )
        language = locale.partition("-")[0]
        visitor = Visitor(context, service, name or request.node.name.removeprefix("test_"), language)
        visitors.append(visitor)
        return visitor

    yield open_one
    for visitor in visitors:
        if request.node.stash.get(HAS_FAILED, False):
            visitor.page.screenshot(path=PICTURES / f"failed-{request.node.name}.png")
        visitor.context.close()
    for chromium in open_browsers:
        chromium.close()
    for visitor in visitors:
        visitor.assert_content()
