"""The words on the pages: English stands in the code and templates, every other language in a gettext catalogue."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

SWEDISH, ENGLISH = "sv", "en"
LANGUAGES = {SWEDISH: "Svenska", ENGLISH: "English"}
"""The languages by their own names, the one that is shown unless another is chosen first."""

_FOLDER = Path(__file__).parent


@cache
def translations(language: str) -> NullTranslations:
    """The words of a language, read once from its catalogue; English needs none."""
    if language == ENGLISH:
        return NullTranslations()
    with (_FOLDER / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
