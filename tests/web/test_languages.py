"""The page and the server offer the same languages."""

from core.i18n import LANGUAGES
from web.build import WEB


def test_page_and_server_have_the_same_languages() -> None:
    folders = {path.name for path in (WEB / "src" / "locales").iterdir() if path.is_dir()}
    assert folders == set(LANGUAGES)
