"""The work of a curator in the browser: a film and its subtitles become a scene that a learner dubs."""

import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import DESKTOP, PHONE, Visit, Visitor
from tests.support.scenes import LINES, as_mp4, scene_samples, stamp

ADMIN = "admin@yousync.local"
MISTAKES = "takes/late-coffee-01-mistakes.flac"
LATE_S = 0.3
WRONG, RIGHT = "forty minutes late, Leon.", "forty minutes late, Leo."

Speech = Callable[[str], Path]


def bilingual_srt() -> bytes:
    """Subtitles with a translation below each line; the first cue begins late and has a wrong word."""
    cues = []
    for number, line in enumerate(LINES, 1):
        start_s = line["start_s"] + (LATE_S if number == 1 else 0)
        text = line["text"].replace(RIGHT, WRONG)
        cues.append(f"{number}\n{stamp(start_s)} --> {stamp(line['end_s'])}\n{text}\n{line['translations']['ko']}\n")
    return "\n".join(cues).encode()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return write_film(tmp_path_factory.mktemp("film"))


def write_film(folder: Path) -> dict[str, Path]:
    """Writes a film and its subtitles, by name."""
    contents = {"scene.srt": bilingual_srt(), "film.mp4": as_mp4(scene_samples())}
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return {name: folder / name for name in contents}


def field(me: Visitor, key: str, **values: object) -> Locator:
    return me.page.get_by_label(me.text(key, **values), exact=True)


def import_scene(me: Visitor, files: dict[str, Path], title: str) -> None:
    me.go("/curator/import")
    field(me, "curator.import.subtitle_file").set_input_files(files["scene.srt"])
    field(me, "curator.import.media_file").set_input_files(files["film.mp4"])
    field(me, "curator.scene.title").fill(title)
    me.button("curator.import.button").click()
    expect(me.page.get_by_role("heading", level=1, name=title)).to_be_visible(timeout=60_000)


def open_line(me: Visitor, text: str) -> None:
    me.page.get_by_role("button", name=re.compile(re.escape(text))).and_(
        me.page.locator("[aria-expanded=false]")
    ).click()
    expect(me.button("curator.line.save")).to_be_visible()


def edge(me: Visitor, name: str) -> Locator:
    return me.page.get_by_role("slider", name=re.compile("^" + re.escape(me.text(f"curator.cue.{name}", what=""))))


def start_of(me: Visitor) -> float:
    return float(edge(me, "start").get_attribute("aria-valuenow") or "nan")


@pytest.mark.parametrize(
    ("size", "locale", "scheme"),
    [(DESKTOP, "ko-KR", "light"), (PHONE, "en-US", "dark")],
    ids=["desktop-ko-light", "phone-en-dark"],
)
def test_a_curator_makes_a_scene_that_a_learner_dubs(
    visit: Visit, speech: Speech, files: dict[str, Path], size: dict[str, int], locale: str, scheme: str
) -> None:
    title = f"Coffee {uuid.uuid4().hex[:8]}"
    curator = visit(size=size, locale=locale, scheme=scheme)
    curator.sign_in(email=ADMIN)
    curator.link("nav.curator").click()
    expect(curator.page.get_by_role("heading", level=1, name=curator.text("curator.scenes.title"))).to_be_visible()
    curator.picture("1-scenes")
    curator.assert_accessible()
    curator.go("/curator/import")
    curator.picture("2-import")
    curator.assert_accessible()
    import_scene(curator, files, title)
    curator.picture("3-draft")

    correct_the_first_cue(curator)
    learner = visit(speech(MISTAKES), locale=locale, name="curator-learner")
    learner.sign_in()
    scene = curator.page.url.rpartition("/")[2]
    learner.expected.append("404")
    learner.go(f"/scenes/{scene}")
    expect(learner.link("browse.notFound.home")).to_be_visible()

    curator.button("curator.scene.publish").click()
    expect(curator.button("curator.scene.hide")).to_be_visible()
    dub_the_first_line(learner, title)

    curator.button("curator.scene.hide").click()
    expect(curator.button("curator.scene.publish")).to_be_visible()
    learner.go("/me")
    expect(learner.page.get_by_role("link", name=re.compile(re.escape(RIGHT))).first).to_be_visible()


def correct_the_first_cue(me: Visitor) -> None:
    """Moves the start by keys and undoes one step, corrects the word and the translation, and saves."""
    open_line(me, WRONG)
    start = edge(me, "start")
    listen = me.page.get_by_role("button", name=re.compile(re.escape(me.text("curator.cue.play", what=""))))
    expect(listen).to_be_enabled()
    assert start_of(me) == pytest.approx(LATE_S)
    start.focus()
    for _ in range(4):
        me.page.keyboard.press("Shift+ArrowLeft")
    assert start_of(me) == 0
    me.page.keyboard.press("ArrowRight")
    assert start_of(me) == pytest.approx(0.01)
    me.page.keyboard.press("ArrowLeft")
    drag(me, edge(me, "end"), -40)
    moved = float(edge(me, "end").get_attribute("aria-valuenow") or "nan")
    assert moved < LINES[0]["end_s"]
    me.button("curator.undo").click()
    expect(edge(me, "end")).to_have_attribute("aria-valuenow", str(LINES[0]["end_s"]))
    assert start_of(me) == 0
    start.focus()
    me.page.keyboard.press("Space")
    expect(me.page.get_by_text(me.text("curator.cue.stop"), exact=True)).to_be_visible()
    text = field(me, "curator.line.text")
    text.fill(text.input_value().replace(WRONG, RIGHT))
    field(me, "curator.line.level").select_option("2")
    me.picture("4-cue")
    me.assert_accessible()
    warned_of_unsaved_changes(me)
    me.button("curator.line.save").click()
    expect(me.button("curator.line.save")).to_be_disabled()
    expect(me.page.get_by_text(me.text("curator.lines.help"))).to_be_visible()


def drag(me: Visitor, handle: Locator, by_px: float) -> None:
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box
    x, y = box["x"] + 2, box["y"] + box["height"] / 2
    me.page.mouse.move(x, y)
    me.page.mouse.down()
    me.page.mouse.move(x + by_px / 2, y)
    me.page.mouse.move(x + by_px, y)
    me.page.mouse.up()


def warned_of_unsaved_changes(me: Visitor) -> None:
    me.link("curator.nav.actors").click()
    expect(me.page.get_by_role("alertdialog")).to_be_visible()
    me.button("curator.unsaved.stay").click()
    expect(me.page.get_by_role("alertdialog")).to_be_hidden()


def dub_the_first_line(me: Visitor, title: str) -> None:
    me.go(f"/?q={title}")
    me.page.get_by_role("link", name=title).first.click()
    me.page.wait_for_url("**/scenes/*")
    me.page.get_by_role("link", name=re.compile(re.escape(RIGHT))).first.click()
    me.expect_actor()
    me.record()
    me.expect_scores()


def test_a_refused_import_names_the_field(visit: Visit, files: dict[str, Path], tmp_path: Path) -> None:
    me = visit()
    me.expected.append("422")
    me.sign_in(email=ADMIN)
    empty = tmp_path / "empty.srt"
    empty.write_text("nothing here")
    me.go("/curator/import")
    field(me, "curator.import.subtitle_file").set_input_files(empty)
    field(me, "curator.import.media_file").set_input_files(files["film.mp4"])
    field(me, "curator.scene.title").fill("Refused")
    me.button("curator.import.button").click()
    expect(me.page.get_by_role("alert")).to_be_visible()
    expect(field(me, "curator.import.subtitle_file")).to_have_attribute("aria-invalid", "true")
    me.picture("refused")
    me.assert_accessible()


def test_a_line_that_was_changed_elsewhere_is_not_overwritten(visit: Visit, files: dict[str, Path]) -> None:
    me, title = visit(), f"Coffee {uuid.uuid4().hex[:8]}"
    me.expected.append("412")
    me.sign_in(email=ADMIN)
    import_scene(me, files, title)
    open_line(me, WRONG)
    other = me.context.new_page()
    other.goto(me.page.url)
    second: Any = Visitor.__new__(Visitor)
    second.__dict__.update(me.__dict__ | {"page": other})
    open_line(second, WRONG)
    for who, word in ((second, "Other words."), (me, "My words.")):
        field(who, "curator.line.text").fill(word)
        who.button("curator.line.save").click()
        if who is second:
            expect(second.button("curator.line.save")).to_be_disabled()
    expect(me.page.get_by_text(me.text("curator.conflict.title"))).to_be_visible()
    me.picture("conflict")
    me.assert_accessible()
    me.button("curator.conflict.keep").click()
    expect(field(me, "curator.line.text")).to_have_value("My words.")
    me.page.wait_for_timeout(500)
    me.button("curator.line.save").click()
    expect(me.button("curator.line.save")).to_be_disabled()


@pytest.mark.parametrize(
    ("size", "locale", "scheme"),
    [(PHONE, "ko-KR", "light"), (DESKTOP, "en-US", "dark")],
    ids=["phone-ko-light", "desktop-en-dark"],
)
def test_a_learner_asks_for_a_scene_and_gets_an_answer(
    visit: Visit, size: dict[str, int], locale: str, scheme: str
) -> None:
    title = f"Rain {uuid.uuid4().hex[:8]}"
    me = visit(size=size, locale=locale, scheme=scheme)
    me.sign_in()
    me.go(f"/?q={title}")
    me.link("browse.ask").click()
    expect(field(me, "requests.scene")).to_have_value(title)
    me.button("requests.button").click()
    vote = me.page.get_by_role("button", name=re.compile(re.escape(title))).and_(me.page.locator("[aria-pressed]"))
    expect(vote).to_have_attribute("aria-pressed", "true")
    me.picture("asked")
    me.assert_accessible()

    curator = visit(size=size, locale=locale, scheme=scheme, name=f"curator-requests-{locale[:2]}")
    curator.sign_in(email=ADMIN)
    curator.go("/curator/requests")
    card = curator.page.locator("section").filter(has=curator.page.get_by_role("heading", name=title))
    card.get_by_label(curator.text("curator.requests.answer")).fill("Coming soon.")
    curator.picture("requests")
    curator.assert_accessible()
    card.get_by_role("button", name=curator.text("curator.requests.close.answered"), exact=True).click()
    expect(card).to_have_count(0)

    me.page.reload()
    expect(me.page.get_by_text("Coming soon.")).to_be_visible()
    me.picture("answered")
    curator.go("/curator/actors")
    expect(curator.page.get_by_role("listitem").first).to_be_visible()
    curator.picture("actors")
    curator.assert_accessible()


def test_the_pages_of_curators_are_for_administrators(visit: Visit) -> None:
    me = visit()
    me.sign_in()
    expect(me.link("nav.curator")).to_have_count(0)
    me.go("/curator")
    expect(me.page.get_by_text(me.text("curator.adminOnly"))).to_be_visible()
