"""Every text on the pages is there in Swedish, and nothing in the catalogue is left over from a text that is gone."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from aggregates.errors import Refusal, refusals
from aggregates.vocabulary import FORECAST_WORDS
from web.errors import PageError
from web.retention.frame import PAGES
from web.texts.archive import SINCE
from web.texts.cautions import CAUTIONS
from web.texts.class_view import COLUMNS, STATES
from web.texts.done import DONE
from web.texts.duties import DUTIES
from web.texts.fields import THEMES, WRONG, WRONG_TEXT
from web.texts.forecasts import FORECASTS, PROGRAMMES
from web.texts.goals import DECISIONS, STATUSES, TURNS
from web.texts.guides import texts as texts_of_guides
from web.texts.helps import HELPS
from web.texts.messages import MESSAGES
from web.texts.notices import NOTICES
from web.texts.obstacles import OBSTACLES, REASONS
from web.texts.retention import WORDS
from web.texts.roles import PARTIES, ROLES
from web.texts.syllabus import SYLLABUS_KINDS
from web.texts.targets import TARGETS
from web.texts.timeline import TIMELINE

WEB = Path(__file__).parent.parent.parent / "web"


KEYWORDS: dict[str, Any] = {"_": None, "translate": None, "gettext": None, "ngettext": (1, 2)}


def catalogue() -> Catalog:
    """The Swedish words."""
    with (WEB / "texts" / "sv.po").open("rb") as file:
        return read_po(file, locale="sv", abort_invalid=True)


def tables() -> set[str]:
    """What is looked up by a name of the code: roles, fields, looks, messages, and every rule that can say no."""
    import_module("app.server")  # which knows of every one
    words = {part for message in MESSAGES.values() for part in message}
    words |= {
        *ROLES.values(),
        *PARTIES.values(),
        *NOTICES.values(),
        *TIMELINE.values(),
        *SINCE.values(),
        *STATUSES.values(),
        *DECISIONS.values(),
        *TURNS.values(),
        *TARGETS.values(),
        *STATES.values(),
        *COLUMNS.values(),
        *(word for table in WORDS.values() for word in table.values()),
        *(name for _, name, _ in PAGES),
        *(words for forecasts in FORECASTS.values() for words in forecasts.values()),
        *PROGRAMMES.values(),
        *SYLLABUS_KINDS.values(),
        *OBSTACLES.values(),
        *REASONS.values(),
        *DUTIES.values(),
        *WRONG.values(),
        *WRONG_TEXT.values(),
        *THEMES.values(),
        *DONE.values(),
        *CAUTIONS.values(),
        *HELPS.values(),
        *texts_of_guides(),
    }
    met = [refusal for refusal in refusals() if not refusal.__module__.startswith("app.")]  # the operator's, in English
    said: list[type[Refusal | PageError]] = [*met, *PageError.__subclasses__()]
    return words | {text for error in said for text in (error.rule, error.remedy)}


def texts_used() -> set[str]:
    """What templates and code ask for: `_("…")` in a template, `translate("…")` in code, and what tables hold."""
    methods = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
    options = {"**/templates/**.html": {"newstyle_gettext": "true", "trimmed": "true"}}
    found = extract_from_dir(WEB, methods, options, keywords=KEYWORDS)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found} | tables()


def test_every_text_is_there_in_swedish() -> None:
    """A page in Swedish has no English words by oversight."""
    swedish = {id_of(message): message.string for message in catalogue() if message.id}
    assert sorted(text for text in texts_used() if not swedish.get(text)) == []


def test_the_forecasts_are_in_the_words_of_the_domain() -> None:
    """The Swedish of each forecast is what a plan and its print say."""
    swedish = {id_of(message): message.string for message in catalogue() if message.id}
    for vocabulary, forecasts in FORECASTS.items():
        assert {forecast: swedish[text] for forecast, text in forecasts.items()} == FORECAST_WORDS[vocabulary]


def test_the_catalogue_keeps_no_text_that_nobody_shows() -> None:
    """A translation without its text would only be read by those who look after the catalogue."""
    kept = {id_of(message) for message in catalogue() if message.id}
    assert sorted(kept - texts_used()) == []


def test_every_translation_keeps_the_places_for_names() -> None:
    """A name or number that the English text has a place for stands in the Swedish too."""
    wrong = []
    for message in catalogue():
        texts = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        places = set(re.findall(r"%\(\w+\)s", id_of(message)))
        wrong += [id_of(message) for text in texts if set(re.findall(r"%\(\w+\)s", str(text))) != places]
    assert wrong == []


def id_of(message: Message) -> str:
    """The English text, of one where there is one for several."""
    return str(message.id[0] if isinstance(message.id, (list, tuple)) else message.id)
