"""The page and the server offer the same languages."""

from core.i18n import LANGUAGES
from web.build import WEB


def test_every_language_of_the_server_has_a_folder_of_texts_and_the_reverse() -> None:
    folders = {path.name for path in (WEB / "src" / "locales").iterdir() if path.is_dir()}
    assert folders == set(LANGUAGES)
