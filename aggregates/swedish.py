"""Swedish alphabetical order: å, ä and ö last, v and w apart, marks of other languages beside the plain letter."""

import unicodedata

_LAST = {"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "ü": "y", "ð": "d", "þ": "th", "ß": "ss", "ł": "l", "đ": "d"}


def swedish_order(text: str) -> tuple[str, str]:
    """A key to sort texts by; texts that differ only in case or marks come in a fixed order."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return "".join(_LAST.get(letter) or _plain(letter) for letter in folded), folded


def _plain(letter: str) -> str:
    """The letter without its marks; what stands between words sorts before all letters."""
    if not letter.isalnum():
        return " "
    return "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))
