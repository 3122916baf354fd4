"""Takes the pictures of the READMEs and of docs/curating.md with a real browser: `python -m tools.pictures`.

Starts a service of its own, dubs a line of the demo with a recording of the catalogue, and writes docs/images.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Playwright, expect, sync_playwright
from rich.console import Console

from core.settings import ROOT
from tests.e2e import browser
from tests.e2e.conftest import PHONE, Visitor, write_microphone
from tests.e2e.service import Service
from tests.e2e.test_curator import ADMIN, import_scene, open_line, write_film

IMAGES = ROOT / "docs" / "images"
SCENE, LINE, TAKE = "The Late Coffee", "forty minutes late", "takes/late-coffee-01-mistakes.flac"
WIDE, TALL = {"width": 1280, "height": 1000}, {"width": 1280, "height": 1500}
WIDTH_PX, PHONE_GAP_PX = 900, 20
_CONSOLE = Console(highlight=False)
LOCALES = {"en": "en-US", "ko": "ko-KR"}


@dataclass(frozen=True)
class Album:
    """Takes pictures of one running service."""

    playwright: Playwright
    service: Service
    microphone: Path
    film: dict[str, Path]

    @contextmanager
    def visitor(self, language: str, size: dict[str, int] = WIDE, scheme: str = "light") -> Iterator[Visitor]:
        """Yields a visitor whose microphone plays the take."""
        flags = [*browser.FLAGS, *browser.microphone(self.microphone), browser.ALLOWED]
        chromium = self.playwright.chromium.launch(executable_path=browser.find_or_install(), args=flags)
        try:
            context = chromium.new_context(
                viewport=size,  # type: ignore[arg-type]
                locale=LOCALES[language],
                color_scheme=scheme,  # type: ignore[arg-type]
                timezone_id="Asia/Seoul",
                has_touch=size == PHONE,
            )
            yield Visitor(context, self.service, "picture", language)
        finally:
            chromium.close()

    def scenes(self, language: str) -> None:
        with self.visitor(language) as me:
            me.go("/")
            save(look(me), named("browse", language))
            me.go(f"/scenes/{self.service.scene(SCENE)}")
            save(look(me), named("scene", language))

    def result(self, language: str) -> None:
        with self.visitor(language, TALL) as me:
            dub(me)
            show(me, "result.scores.title")
            save(look(me, from_top=False), named("result", language))

    def practice(self, language: str) -> None:
        with self.visitor(language) as me:
            me.open_line(LINE)
            me.page.get_by_role("button", name=re.compile(f"^{me.text('practice.title')}")).click()
            me.page.keyboard.press("p")
            expect(me.page.get_by_role("slider").first).to_be_visible()
            me.page.keyboard.press("-")
            save(look(me), named("practice", language))

    def phone(self) -> None:
        """Three screens of one page, side by side."""
        with self.visitor("en", PHONE, "dark") as me:
            dub(me)
            screens = [look(me)]
            for key in ("result.scores.title", "result.wordStrip.title"):
                show(me, key)
                screens.append(look(me, from_top=False))
        width, height = screens[0].size
        strip = Image.new("RGB", (len(screens) * (width + PHONE_GAP_PX) - PHONE_GAP_PX, height), "white")
        for number, screen in enumerate(screens):
            strip.paste(screen, (number * (width + PHONE_GAP_PX), 0))
        save(strip, "phone")

    def curator(self, language: str) -> None:
        with self.visitor(language) as me:
            me.sign_in("Curator" if language == "en" else "큐레이터", email=ADMIN)
            import_scene(me, self.film, "Last Coffee")
            open_line(me, "forty minutes late")
            listen = me.page.get_by_role("button", name=re.compile(re.escape(me.text("curator.cue.play", what=""))))
            expect(listen).to_be_enabled()
            expect(me.page.locator("[data-sonner-toast]")).to_have_count(0)
            slider = me.page.get_by_role("slider").first
            slider.evaluate("(edge) => window.scrollBy(0, edge.getBoundingClientRect().top - 230)")
            save(look(me, from_top=False), named("curator", language))

    def swagger(self) -> None:
        with self.visitor("en", TALL) as me:
            me.go("/docs")
            me.page.locator(".opblock").first.wait_for()
            save(look(me), "swagger-ui")


def main() -> int:
    """Writes all pictures; 1 where the browser or the service does not do what a picture shows."""
    try:
        with tempfile.TemporaryDirectory(prefix="yousync-pictures-") as name, sync_playwright() as playwright:
            _CONSOLE.print("Starting a service ...")
            service = Service(Path(name))
            try:
                take_all(Album(playwright, service, write_microphone(TAKE, Path(name)), write_film(Path(name))))
            finally:
                service.end()
    except (browser.NoBrowser, BrowserError, AssertionError) as error:
        _CONSOLE.print(f"A picture could not be taken: {error}", markup=False)
        return 1
    return 0


def take_all(album: Album) -> None:
    for language in LOCALES:
        for take in (album.scenes, album.practice, album.curator):
            take(language)
    album.result("ko")
    album.phone()
    album.swagger()


def dub(me: Visitor) -> None:
    """Signs in, records the line and waits for the scores and all charts."""
    me.sign_in("Jimin" if me.page.evaluate("navigator.language").startswith("en") else "지민")
    me.open_line(LINE)
    me.record()
    me.expect_scores()
    expect(me.page.get_by_text(me.text("common.loading"))).to_have_count(0)
    me.page.wait_for_timeout(2_000)


def show(me: Visitor, key: str) -> None:
    """Scrolls a card to the top of the window, below the header."""
    heading = me.page.get_by_role("heading", name=me.text(key), exact=True)
    heading.evaluate("(title) => window.scrollBy({ top: title.getBoundingClientRect().top - 96, behavior: 'instant' })")


def look(me: Visitor, *, from_top: bool = True) -> Image.Image:
    """The window as it is now, of full width."""
    if from_top:
        me.page.evaluate("window.scrollTo({ top: 0, behavior: 'instant' })")
    me.page.wait_for_load_state("networkidle")
    me.page.evaluate("document.fonts.ready")
    me.page.wait_for_timeout(800)
    return Image.open(BytesIO(me.page.screenshot())).convert("RGB")


def named(what: str, language: str) -> str:
    return what if language == "en" else f"{what}.{language}"


def save(picture: Image.Image, name: str) -> None:
    """Writes a picture at most WIDTH_PX wide, or as wide as it is where phones stand side by side."""
    if picture.width == WIDE["width"]:
        picture.thumbnail((WIDTH_PX, picture.height), Image.Resampling.LANCZOS)
    path = IMAGES / f"{name}.png"
    picture.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    _CONSOLE.print(f"{path.relative_to(ROOT)}: {picture.width} x {picture.height}, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    sys.exit(main())
