"""The recorder in silence and in noise, the choice of a microphone, and levels of scenes, in a real browser."""

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, Visit

RATE_HZ = 16_000
LINE = "never left this floor"
Sound = Callable[[float], Path]


@pytest.fixture(scope="session")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Sound:
    """Makes the microphone input of half a minute of white noise with this level, dBFS; of silence at -inf."""
    folder = tmp_path_factory.mktemp("noise")

    def make(level_db: float) -> Path:
        samples = np.random.default_rng(1).normal(0, 10 ** (level_db / 20), 30 * RATE_HZ)
        path = folder / f"noise{level_db:g}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes((np.clip(samples, -1, 1) * 32_767).astype("int16").tobytes())
        return path

    return make


def test_in_silence_the_recorder_says_so_and_keeps_nothing(visit: Visit, noise: Sound) -> None:
    me = visit(noise(float("-inf")), size=PHONE)
    me.sign_in()
    me.open_line(LINE)
    expect(me.page.get_by_text(me.text("studio.headphones.hint"))).to_be_visible()
    me.picture("1-before")
    me.button("studio.recorder.record").click()
    expect(me.page.get_by_role("status").filter(has_text=me.text("studio.hint.silent"))).to_be_visible()
    expect(me.page.get_by_text(me.text("studio.microphone.silent.help"))).to_be_visible()
    me.picture("2-nothing-heard")
    me.assert_accessible()
    alert = me.page.get_by_role("alert").filter(has_text=me.text("studio.microphone.silent.title"))
    expect(alert).to_be_visible(timeout=40_000)
    expect(me.button("studio.recorder.record")).to_be_visible()
    me.picture("3-nothing-recorded")
    me.assert_accessible()


def test_in_loud_noise_the_recorder_asks_to_stop_and_ends_by_itself(visit: Visit, noise: Sound) -> None:
    me = visit(noise(-18), locale="en-US", scheme="dark")
    me.sign_in()
    me.open_line(LINE)
    me.button("studio.recorder.record").click()
    expect(me.page.get_by_role("status").filter(has_text=me.text("studio.hint.noisy"))).to_be_visible()
    me.picture("1-noise")
    expect(me.button("studio.recorder.stop")).to_have_count(0, timeout=40_000)
    expect(me.page.get_by_text(me.text("studio.headphones.hint"))).to_have_count(0)


def test_a_microphone_is_chosen_and_remembered(visit: Visit) -> None:
    me = visit(size=PHONE)
    me.sign_in()
    me.open_line(LINE)
    choice = me.page.get_by_role("combobox", name=me.text("studio.microphoneChoice.label"))
    expect(choice).to_be_visible()
    name = choice.locator("option").nth(2).inner_text()
    choice.select_option(label=name)
    me.page.reload()
    me.expect_actor()
    expect(choice.locator("option:checked")).to_have_text(name)
    me.picture("1-chosen")
    me.assert_accessible()
    me.page.evaluate("localStorage.setItem('yousync.microphone', 'unplugged')")
    me.page.reload()
    expect(me.page.get_by_text(me.text("studio.microphoneChoice.lost"))).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), ({"width": 1280, "height": 800}, "dark")])
def test_newcomers_see_what_is_easy_first(visit: Visit, size: dict[str, int], scheme: str) -> None:
    me = visit(size=size, scheme=scheme)
    page = me.page
    me.go("/")
    expect(me.link("browse.easiest")).to_have_attribute("aria-current", "true")
    expect(page.get_by_text("에번, 루스").first).to_be_visible()
    me.picture("1-scenes")
    me.assert_accessible()
    level = page.get_by_role("combobox", name=me.text("browse.levelFilter"))
    level.focus()
    level.select_option("3")
    page.wait_for_url("**/?level=3")
    page.reload()
    expect(level).to_have_value("3")
    expect(page.get_by_role("article").filter(has_text=me.text("browse.level", level=3)).first).to_be_visible()
    page.get_by_role("article").first.get_by_role("link").click()
    expect(page.get_by_text(me.text("browse.level", level=3)).first).to_be_visible()
    me.picture("2-scene")
    me.assert_accessible()
