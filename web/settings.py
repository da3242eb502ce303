"""One's own settings: what others see, how one is reached, and how the pages look (S-SET, S-CON)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from aggregates.errors import VersionMismatch
from aggregates.errors.person import PictureNotUsable
from commands.own_pupils import own_pupils
from commands.own_settings import save_own_settings
from commands.pictures import choose_picture_visibility, give_picture, remove_picture
from commands.sign_in_identifiers import audience_of_person
from events.base import Role
from events.person import Theme
from web.forms import Form
from web.language import remember
from web.pictures import picture_address, uuid_in
from web.rendering import language_of, render, translator
from web.settings_form import VERSION, Value, Values, differing, read, shown, typed
from web.start import by_name
from web.texts import LANGUAGES
from web.texts.fields import LABELS, THEMES, WRONG
from web.typed import version_in
from web.visit import OwnForm, Visit, Visitor

ADDRESS = "/installningar"
router = APIRouter(prefix=ADDRESS, include_in_schema=False)

_PICTURES_SHOWN = "visa_bild"


@dataclass(frozen=True, slots=True)
class Pictured:
    """A person whose picture one decides over: oneself, or one's child."""

    person_id: UUID
    name: str
    is_own: bool
    picture: str
    is_shown: bool

    @property
    def has_picture(self) -> bool:
        """Whether there is one."""
        return bool(self.picture)


@router.get("")
def show(
    request: Request, visit: Visitor, sparat: str = "", is_new: Annotated[str, Query(alias="ny")] = ""
) -> Response:
    """The settings as they are."""
    return _page(request, visit, shown(visit.person), is_saved=bool(sparat), is_new=bool(is_new))


@router.post("")
def save(request: Request, form: OwnForm, visit: Visitor) -> Response:
    """Save them all at once, or none; what was typed stays on the page until it can be saved."""
    wanted, wrong = read(form)
    if wanted is None:
        return _page(request, visit, typed(form), wrong=wrong, chosen=set(form.all(_PICTURES_SHOWN)))
    try:
        save_own_settings(visit.context, visit.command(form, if_match=version_in(form, VERSION)), wanted)
    except VersionMismatch:
        visit = replace(visit)  # what is there now, and not what was there when this began
        if elsewhere := _elsewhere(visit, form, translator(request)):
            return _page(request, visit, typed(form), chosen=set(form.all(_PICTURES_SHOWN)), elsewhere=elsewhere)
    _choose_pictures(visit, form)
    response = RedirectResponse(f"{ADDRESS}?sparat=ja", status_code=303)
    if form.text("sprak") in LANGUAGES:
        remember(request, response, form.text("sprak"))
    return response


@router.post("/bild")
def save_picture(request: Request, form: OwnForm, visit: Visitor) -> Response:
    """Give oneself or one's child a picture, or remove it."""
    person_id = uuid_in(form.text("person"))
    if form.has("ta_bort"):
        remove_picture(visit.context, visit.command(form), person_id=person_id)
        return RedirectResponse(f"{ADDRESS}?sparat=ja", status_code=303)
    try:
        give_picture(visit.context, visit.command(form), person_id=person_id, sent=form.file("picture") or b"")
    except PictureNotUsable:
        wrong = {"picture": WRONG["picture"]}
        return _page(request, visit, shown(visit.person), wrong=wrong, wrong_picture=person_id)
    return RedirectResponse(f"{ADDRESS}?sparat=ja", status_code=303)


def _elsewhere(visit: Visit, form: Form, translate: Callable[[str], str]) -> list[tuple[str, str]]:
    """What another window saved that is not as it was typed here: what each thing is called, and how it stands now."""
    now, said = shown(visit.person), {True: translate("Yes"), False: translate("No")}
    found = [(translate(LABELS[name]), _in_words(now[name], said, translate)) for name in differing(now, typed(form))]
    chosen, words = form.all(_PICTURES_SHOWN), translate("Show the picture of %(name)s to the class")
    pictures = [one for one in _pictured(visit) if (str(one.person_id) in chosen) != one.is_shown]
    return found + [(words % {"name": one.name}, said[one.is_shown]) for one in pictures]


def _in_words(value: Value, said: Mapping[bool, str], translate: Callable[[str], str]) -> str:
    if isinstance(value, bool):
        return said[value]
    return translate(THEMES[Theme(value)]) if value in set(Theme) else value or translate("Nothing")


def _choose_pictures(visit: Visit, form: Form) -> None:
    """What is ticked is shown to the class; only what changes is a choice."""
    chosen = set(form.all(_PICTURES_SHOWN))
    for one in _pictured(visit):
        if (str(one.person_id) in chosen) != one.is_shown:
            choose_picture_visibility(
                visit.context, visit.command(form), of_person_id=one.person_id, visible_to_class=not one.is_shown
            )


def _pictured(visit: Visit, chosen: set[str] | None = None) -> list[Pictured]:
    """Oneself first, then one's children. `chosen` are those whose box is ticked on the page that was sent."""
    found = {visit.person_id: visit.person.name}
    for one in by_name(own_pupils(visit.context, visit.caller, on=visit.on).shown):
        if one.is_known_as(Role.GUARDIAN):
            found[one.student.person_id] = one.student.name
    known = visit.directory.persons(found)
    own = visit.person.picture
    has_picture = {person_id for person_id, entry in known.items() if entry.picture_id is not None} - {visit.person_id}
    if own is not None:
        has_picture.add(visit.person_id)
    return [
        Pictured(
            person_id=person_id,
            name=name,
            is_own=person_id == visit.person_id,
            picture=picture_address(person_id) if person_id in has_picture else "",
            is_shown=person_id in visit.person.pictures_shown if chosen is None else str(person_id) in chosen,
        )
        for person_id, name in found.items()
    ]


def _passwords(visit: Visit, language: str) -> Iterator[tuple[str, str]]:
    """The ways in which this person may sign in, the one in use first, and where their passwords are changed.

    Those of others are left out (S-ACC-7, S-ACC-8, S-GEN-8); so are those that do not say where.
    """
    providers, used = visit.services.sign_in.providers, visit.session.provider
    audience = audience_of_person(visit.context, visit.person_id, visit.on)
    for key in sorted(providers, key=lambda key: key != used):
        help_ = providers[key].password_help
        is_own = audience is not None and providers[key].highest_for(audience) > 0
        if key == used or (is_own and help_ is not None):
            yield getattr(providers[key].title, language), getattr(help_, language, "")


def _page(
    request: Request,
    visit: Visit,
    values: Values,
    *,
    wrong: Mapping[str, str] | None = None,
    wrong_picture: UUID | None = None,
    chosen: set[str] | None = None,
    is_saved: bool = False,
    is_new: bool = False,
    elsewhere: Sequence[tuple[str, str]] = (),
) -> Response:
    translate = translator(request)
    return render(
        request,
        "settings.html",
        status=422 if wrong else 409 if elsewhere else 200,
        me=visit.me,
        here=ADDRESS,
        values=values,
        elsewhere=elsewhere,
        version=visit.person.settings_version,
        errors={name: translate(text) for name, text in (wrong or {}).items()},
        wrong_picture=wrong_picture,
        saved=is_saved,
        is_new=is_new,
        pictures=_pictured(visit, chosen),
        themes=[(theme.value, translate(THEMES[theme])) for theme in Theme],
        school_email=visit.person.roster_email or "",
        passwords=list(_passwords(visit, language_of(request))),
    )
