"""The four ways to sign in that a municipality offers (S-ACC-1): each an issuer with its own key and people."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.demo.identifiers import DOMAIN, PUPILS_DOMAIN

GUARDIANS = ("guardian", "stranger")
STAFF = ("teacher", "mentor", "administrator", "principal", "officer", "stranger")
PERSONNUMMER_CLAIM = "https://id.oidc.se/claim/personalIdentityNumber"
EPPN_CLAIM = "eduperson_principal_name"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to identify oneself at an issuer: its `acr` value, and the level it stands for (1-3)."""

    acr: str
    title: str
    level: int


@dataclass(frozen=True, slots=True)
class Issuer:
    """An identity provider: what it is called, whom it knows and by what, and how they may identify themselves.

    The first of the ways is the usual one. `realms` are those of its account names, where it has such. `shown_to` says
    at whose button the sign-in page has it, `speaks_for` whom it may name, up to which level.
    """

    key: str
    title_sv: str
    title_en: str
    shown_to: tuple[str, ...]
    speaks_for: Mapping[str, int]
    parts: tuple[str, ...]
    identifier: str
    claim: str
    realms: tuple[str, ...]
    ways: tuple[Way, ...]
    help_sv: str
    help_en: str

    def way(self, acr: str) -> Way | None:
        """The way of this `acr` value, if it is offered here."""
        return next((way for way in self.ways if way.acr == acr), None)


def _ours(name: str) -> str:
    return f"urn:liggare:demo:{name}"


ISSUERS = (
    Issuer(
        key="staff",
        title_sv="Personalinloggning",
        title_en="Staff",
        shown_to=("staff",),
        speaks_for={"staff": 3},
        parts=STAFF,
        identifier="eppn",
        claim=EPPN_CLAIM,
        realms=(DOMAIN,),
        ways=(
            Way(_ours("two-factor"), "Lösenord och engångskod", 2),
            Way(_ours("password"), "Bara lösenord", 1),
            Way(_ours("card"), "Tjänstekort", 3),
        ),
        help_sv="Du byter lösenord i kommunens inloggning, inte här.",
        help_en="You change your password where the municipality's staff do, not here.",
    ),
    Issuer(
        key="eid",
        title_sv="E-legitimation",
        title_en="Swedish e-ID",
        shown_to=("guardian",),
        speaks_for={"guardian": 3, "staff": 3},
        parts=GUARDIANS,
        identifier="personnummer",
        claim=PERSONNUMMER_CLAIM,
        realms=(),
        ways=(
            Way("http://id.elegnamnden.se/loa/1.0/loa3", "E-legitimation", 3),
            Way("http://id.elegnamnden.se/loa/1.0/loa2", "E-legitimation på lägre tillitsnivå", 2),
        ),
        help_sv="Du byter kod hos den som har gett ut din e-legitimation, inte här.",
        help_en="You change your code with whoever issued your e-ID, not here.",
    ),
    Issuer(
        key="id-service",
        title_sv="Kommunens ID-tjänst",
        title_en="The municipality's ID service",
        shown_to=("guardian",),
        speaks_for={"guardian": 2},
        parts=GUARDIANS,
        identifier="personnummer",
        claim=PERSONNUMMER_CLAIM,
        realms=(),
        ways=(
            Way(_ours("password"), "Personnummer och lösenord", 1),
            Way(_ours("one-time-code"), "Personnummer, lösenord och engångskod", 2),
        ),
        help_sv="Du byter lösenord på kommunens sida för ID-tjänsten, inte här. Registrera din e-postadress där också.",
        help_en="You change your password on the municipality's page for the ID service, not here. "
        "Register your e-mail address there as well.",
    ),
    Issuer(
        key="pupil",
        title_sv="Elevinloggning",
        title_en="Pupil",
        shown_to=("pupil",),
        speaks_for={"pupil": 1},
        parts=("pupil", "stranger"),
        identifier="eppn",
        claim=EPPN_CLAIM,
        realms=(PUPILS_DOMAIN,),
        ways=(Way(_ours("password"), "Skolans datorkonto", 1),),
        help_sv="Du byter lösenord på skolans dator. Fråga din lärare om du behöver hjälp.",
        help_en="You change your password on the school's computer. Ask your teacher if you need help.",
    ),
)
