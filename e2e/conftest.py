"""A real Chromium with a real (fake-device) microphone in front of the service that `make run` starts."""

import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright

from e2e import browser
from e2e.service import Service
from tests.stack import ROOT

PICTURES = ROOT / ".data" / "e2e"
AXE = (ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
# The microphone is open while the page counts down; nobody speaks yet.
BEFORE_S, AFTER_S = 4.5, 4.0


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
    """Makes of a recording in the catalogue what a learner's microphone hears: silence, the line, silence."""
    folder = tmp_path_factory.mktemp("speech")

    def make(recording: str) -> Path:
        samples, rate = soundfile.read(ROOT / "catalogue" / recording, dtype="int16")
        quiet = np.random.default_rng(1).normal(0, 12, int(rate * max(BEFORE_S, AFTER_S))).astype("int16")
        heard = np.concatenate([quiet[: int(rate * BEFORE_S)], samples, quiet[: int(rate * AFTER_S)]])
        path = folder / f"{Path(recording).stem}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(heard.tobytes())
        return path

    return make


class Visitor:
    """One person with a browser of their own. What the browser complains of is kept in `complaints`."""

    def __init__(self, context: BrowserContext, url: str, name: str) -> None:
        self.context, self.url, self._name = context, url, name
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
            self.complaints.append(f"asked a stranger: {address}")

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def sign_in(self, email: str, name: str = "Jimin") -> None:
        """Through the page, as a developer does."""
        self.go("/sign-in")
        self.page.locator("input[type=email]").fill(email)
        self.page.locator("input[name=name]").fill(name)
        self.page.locator("input[name=name]").press("Enter")
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    def picture(self, what: str) -> None:
        """Keeps what is to be seen."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate("document.fonts.ready")
        self.page.screenshot(path=PICTURES / f"{self._name}-{what}.png", full_page=True)

    def assert_accessible(self) -> None:
        """No violation of any rule of axe on the page as it is."""
        self.page.evaluate(AXE)
        found = self.page.evaluate("axe.run()")["violations"]
        told = [f"{rule['id']}: {rule['help']}: {[node['html'] for node in rule['nodes']][:3]}" for rule in found]
        assert not told, "\n".join(told)

    def assert_content(self) -> None:
        """The browser had nothing to complain of but what was expected."""
        unexpected = [text for text in self.complaints if not any(part in text for part in self.expected)]
        assert not unexpected, unexpected


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(playwright: Playwright, service: Service, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Opens browsers: `visit(wav)` for one whose microphone hears that file."""
    open_browsers: list[Browser] = []
    visitors: list[Visitor] = []

    def open_one(
        wav: Path | None = None,
        *,
        size: dict[str, int] = DESKTOP,
        locale: str = "ko-KR",
        scheme: str = "light",
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
            timezone_id="Asia/Seoul",
            has_touch=size == PHONE,
        )
        visitor = Visitor(context, service.url, name or request.node.name.removeprefix("test_"))
        visitors.append(visitor)
        return visitor

    yield open_one
    for visitor in visitors:
        visitor.context.close()
    for chromium in open_browsers:
        chromium.close()
    for visitor in visitors:
        visitor.assert_content()
