"""Takes of one line, recorded with a microphone that plays it: time until the scores, clicks on words, memory."""

import json
import uuid
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import soundfile
from playwright.sync_api import CDPSession, Page, Playwright

from core.settings import ROOT
from tests.e2e import browser
from tests.e2e.service import Service
from tools.bench.web.builds import BenchFailed, Build

LINE, RECORDING = "ill-disposed young", "audio/austen-0880.flac"
# The countdown takes 2.1 s; recording ends by the button, before silence would end it.
_BEFORE_S, _AFTER_S, _STOP_AFTER_S = 2.6, 60.0, 0.4
_COUNTDOWN_S = 2.1
_TIMEOUT_MS = 60_000
CLICK_MS = 400
_MOUSE_UP_MS = 60
# Notes when the button that stops was pressed, and when the heading of the scores was first shown after that.
_MARK = """(() => {
  addEventListener('click', () => { window.clickedAt = performance.now() }, true)
  window.scoresAfter = () => new Promise((resolve) => {
    const look = () => {
      const isShown = (h) => h.textContent === TITLE && h.getClientRects().length > 0
      if ([...document.querySelectorAll('h2')].some(isShown)) resolve(performance.now() - window.clickedAt)
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
})()"""


class Learner:
    """A signed-in learner at one line."""

    def __init__(self, page: Page, cdp: CDPSession, build: Build, service: Service) -> None:
        self.page, self._cdp, self._build, self._service = page, cdp, build, service

    def sign_in(self) -> None:
        self.page.goto(f"{self._service.url}/sign-in")
        self.page.get_by_label(self._build.text("account.signIn.email")).fill(f"{uuid.uuid4().hex[:12]}@yousync.local")
        self.page.get_by_label(self._build.text("account.signIn.name")).fill("벤치")
        self._button("account.signIn.button").click()
        self.page.wait_for_url(f"{self._service.url}/")

    def open_line(self) -> None:
        self.page.goto(f"{self._service.url}/lines/{self._service.line(LINE)}")
        self._button("studio.recorder.record").wait_for()
        self.page.wait_for_load_state("networkidle")

    def record(self, length_s: float) -> float:
        """Records the line and returns the time from the press on stop to the scores, in seconds."""
        name = "record" if self._button("studio.recorder.record").count() else "again"
        self._button(f"studio.recorder.{name}").click()
        self._button("studio.recorder.stop").wait_for()
        self.page.wait_for_timeout(1000 * (_BEFORE_S - _COUNTDOWN_S + length_s + _STOP_AFTER_S))
        self._button("studio.recorder.stop").click()
        if self.page.get_by_role("heading", name=self._build.text("result.scores.title"), exact=True).count():
            # The scores of the take before are still shown.
            self.page.wait_for_timeout(200)
        return float(self.page.evaluate("scoresAfter()")) / 1000

    def click_words(self) -> list[float]:
        """Clicks on each word of the result; returns the main thread's time of each, in seconds."""
        words = self.page.get_by_role("toolbar").get_by_role("button")
        words.first.wait_for()
        self.page.wait_for_timeout(1_500)
        return [self._click(words.nth(index)) for index in range(words.count())]

    def _click(self, word: Any) -> float:
        word.scroll_into_view_if_needed()
        self.page.wait_for_timeout(CLICK_MS)
        box = word.bounding_box()
        # By coordinates: that Playwright looks for what is below the mouse would be counted as the page's work.
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.wait_for_timeout(CLICK_MS)
        before = self._task_s()
        self.page.mouse.down()
        self.page.wait_for_timeout(_MOUSE_UP_MS)
        self.page.mouse.up()
        self.page.wait_for_timeout(CLICK_MS)
        return self._task_s() - before

    def _task_s(self) -> float:
        metrics = self._cdp.send("Performance.getMetrics")["metrics"]
        return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))

    def heap_mb(self) -> float:
        """The memory of JavaScript objects that are still in use, MB."""
        self._cdp.send("HeapProfiler.collectGarbage")
        return float(self._cdp.send("Runtime.getHeapUsage")["usedSize"]) / 1e6

    def _button(self, key: str) -> Any:
        return self.page.get_by_role("button", name=self._build.text(key), exact=True)


@contextmanager
def learner(playwright: Playwright, build: Build, service: Service, microphone: Path) -> Iterator[Learner]:
    """Yields a new learner at the line, in a browser of their own whose microphone plays a file."""
    flags = [*browser.FLAGS, *browser.microphone(microphone), browser.ALLOWED]
    chromium = playwright.chromium.launch(executable_path=browser.find_or_install(), args=flags)
    try:
        page = chromium.new_context(locale="ko-KR", viewport={"width": 1280, "height": 800}).new_page()
        page.set_default_timeout(_TIMEOUT_MS)
        page.add_init_script(_MARK.replace("TITLE", json.dumps(build.text("result.scores.title"))))
        cdp = page.context.new_cdp_session(page)
        cdp.send("Performance.enable")
        one = Learner(page, cdp, build, service)
        one.sign_in()
        one.open_line()
        yield one
    finally:
        chromium.close()


def write_microphone(folder: Path) -> tuple[Path, float]:
    """Writes what the microphone plays: a moment of silence, the line, silence. Returns the line's length too (s)."""
    path = ROOT / "catalogue" / RECORDING
    if not path.is_file():
        raise BenchFailed(f"The recording {path} is missing: the checkout is not complete.")
    samples, rate = soundfile.read(path, dtype="int16")
    quiet = np.random.default_rng(1).normal(0, 12, int(rate * _AFTER_S)).astype("int16")
    heard = np.concatenate([quiet[: int(rate * _BEFORE_S)], samples, quiet])
    with wave.open(str(folder / "microphone.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(heard.tobytes())
    return folder / "microphone.wav", len(samples) / rate


def heap_growth(one: Learner, length_s: float, takes: int, early: int) -> tuple[float, float]:
    """Records many takes; returns the heap after the `early`-th and after the last, in MB."""
    heaps = []
    for number in range(1, takes + 1):
        one.record(length_s)
        if number in (early, takes):
            one.page.wait_for_timeout(1_000)
            heaps.append(median(one.heap_mb() for _ in range(3)))
    return heaps[0], heaps[-1]
