"""How the demo's guardians are reached: made up, with telephone numbers and addresses that nobody can have."""

from collections.abc import Iterator, Mapping
from random import Random

from aggregates.contact import ContactDetails
from app.demo.cast import Cast
from app.demo.identifiers import account_of
from commands.own_settings import OwnSettings

_STREETS = ("Sagostigen", "Hittepågatan", "Låtsasvägen", "Exempelgränd", "Provtorget", "Demobacken")
_POSTAL_CODE, _TOWN = "000 00", "Demostad"
"""No Swedish postal code begins with a nought."""
_MOBILE, _HOME = "070-174 06 {:02}", "0980-31 92 {:02}"
"""Two of the series that are kept free of subscribers, for films and books."""
_MOBILE_FROM, _MOBILE_TO, _HOME_TO = 5, 99, 99
_DOMAIN = "hemma.example"
_GIVES_NOTHING, _SHOWS, _HAS_TELEPHONE_AT_HOME = 0.1, 0.4, 0.3


def contacts_of(cast: Cast, *, seed: int) -> Mapping[str, OwnSettings]:
    """What guardians say of themselves, by the id that the roster has; one in ten says nothing.

    Guardians of one home have one address. Four in ten let the class see their details; the others leave the box as it
    is (S-CON-3). The same cast and seed give the same details.
    """
    return dict(_each(cast, Random(f"contacts {seed}")))


def _each(cast: Cast, rng: Random) -> Iterator[tuple[str, OwnSettings]]:
    seen: set[str] = set()
    for _, form in cast.forms:
        for pupil in form.pupils:
            home = _address(rng)
            for place, guardian in enumerate(pupil.guardians):
                address = _address(rng) if place and pupil.is_separated else home
                if guardian not in seen and rng.random() >= _GIVES_NOTHING:
                    yield guardian, _settings(cast, guardian, address, rng)
                seen.add(guardian)


def _settings(cast: Cast, guardian: str, address: str, rng: Random) -> OwnSettings:
    has_telephone = rng.random() < _HAS_TELEPHONE_AT_HOME
    contact = ContactDetails(
        home_phone=_HOME.format(rng.randint(0, _HOME_TO)) if has_telephone else None,
        mobile=_MOBILE.format(rng.randint(_MOBILE_FROM, _MOBILE_TO)),
        street=address,
        postal_code=_POSTAL_CODE,
        town=_TOWN,
        email=f"{account_of(cast.adults[guardian].name)}@{_DOMAIN}",
    )
    return OwnSettings(contact=contact, hides_contact=False if rng.random() < _SHOWS else None)


def _address(rng: Random) -> str:
    return f"{rng.choice(_STREETS)} {rng.randint(1, 90)}"
