"""Which account is the person's, and what a person is told of new ways to sign in."""

from aggregates import person, person_choices
from aggregates import sign_in_accounts as accounts
from aggregates.errors.person import AccountNotTheirs
from events.person import IdentifierKind
from tests.aggregates.given import ADMINISTRATOR, GUARDIAN, Story, an_id

EPPN, NUMBER = IdentifierKind.EPPN, IdentifierKind.PERSONNUMMER
STAFF, OTHER = "https://login.skola.example", "https://other.example"
FIRST, SECOND, THIRD = "0a" * 32, "0b" * 32, "0c" * 32
NAME = an_id("account name")


def signing_in() -> Story[person.Person]:
    """A person who has signed in by an account name."""
    story: Story[person.Person] = Story(person.fold, stream=GUARDIAN.person_id, subject=GUARDIAN.person_id)
    story.when(person.register_person, given_name="Åke", family_name="Öst", by=ADMINISTRATOR)
    gives(story, "account name", EPPN)
    comes(story, FIRST)
    return story


def gives(story: Story[person.Person], name: str, kind: IdentifierKind) -> None:
    """Let the person sign in by one more identifier."""
    lookup = an_id(name).bytes * 2
    given = {"identifier_id": an_id(name), "kind": kind, "lookup": lookup, "holder": None}
    story.when(person.give_identifier, **given, by=ADMINISTRATOR)


def comes(story: Story[person.Person], account: str, issuer: str = STAFF) -> bool:
    """Whether it is news to the ledger that this account comes with the account name."""
    return bool(story.when(accounts.link_account, identifier_id=NAME, issuer=issuer, account=account))


def test_an_account_name_belongs_to_the_account_that_came_first() -> None:
    """Whoever is given the name afterwards is refused, again and again; the first goes on."""
    story = signing_in()
    for _ in range(2):
        story.refuses(AccountNotTheirs, accounts.link_account, identifier_id=NAME, issuer=STAFF, account=SECOND)
    assert not comes(story, FIRST)


def test_an_account_that_was_accepted_takes_the_place_of_the_one_before() -> None:
    """That one and no other; the one before is refused from then on."""
    story = signing_in()
    story.when(accounts.accept_account, account=SECOND)
    assert story.when(accounts.accept_account, account=SECOND) == []
    story.refuses(AccountNotTheirs, accounts.link_account, identifier_id=NAME, issuer=STAFF, account=THIRD)
    assert not comes(story, FIRST)
    assert comes(story, SECOND)
    assert story.when(accounts.accept_account, account=SECOND) == []
    story.refuses(AccountNotTheirs, accounts.link_account, identifier_id=NAME, issuer=STAFF, account=FIRST)


def test_each_provider_has_an_account_of_its_own() -> None:
    """What another provider calls the person says nothing about this one's accounts."""
    story = signing_in()
    assert comes(story, SECOND, OTHER)
    assert not comes(story, FIRST)
    story.refuses(AccountNotTheirs, accounts.link_account, identifier_id=NAME, issuer=OTHER, account=FIRST)


def test_a_name_that_was_taken_away_keeps_no_account() -> None:
    """Given again, to whomever, it begins anew."""
    story = signing_in()
    story.when(person.remove_identifier, identifier_id=NAME)
    assert story.state.sign_ins.accounts == {}


def test_a_person_is_told_of_every_way_in_but_the_first() -> None:
    """One more identifier, an account that may take another's place, another provider's; each until it is seen."""
    story = signing_in()
    assert story.state.sign_ins.new == []
    assert story.when(accounts.acknowledge_new_sign_ins, through_version=story.state.version) == []
    gives(story, "number", NUMBER)
    story.when(accounts.accept_account, account=SECOND)
    comes(story, SECOND)
    comes(story, THIRD, OTHER)
    new = story.state.sign_ins.new
    assert [one.kind for one in new] == [NUMBER, None, None]
    assert [one.at for one in new] == [story.past[one.version - 1].at for one in new]
    story.when(accounts.acknowledge_new_sign_ins, through_version=new[1].version)
    assert story.state.sign_ins.new == new[2:]


def test_what_was_given_before_the_first_sign_in_is_no_news() -> None:
    """A roster names somebody twice, by account name and number; by which one first signs in makes no difference."""
    for begins in ("an account", "terms"):
        story: Story[person.Person] = Story(person.fold, stream=GUARDIAN.person_id, subject=GUARDIAN.person_id)
        story.when(person.register_person, given_name="Åke", family_name="Öst", by=ADMINISTRATOR)
        gives(story, "account name", EPPN)
        gives(story, "number", NUMBER)
        if begins == "terms":
            story.when(person_choices.accept_terms, version="2026-08-01", current="2026-08-01")
        else:
            comes(story, FIRST)
        assert story.state.sign_ins.new == []
        gives(story, "another number", NUMBER)
        assert [one.kind for one in story.state.sign_ins.new] == [NUMBER]


def test_a_way_in_that_was_taken_away_again_is_told_of_too() -> None:
    """Somebody could have come in by it meanwhile."""
    story = signing_in()
    gives(story, "number", NUMBER)
    story.when(person.remove_identifier, identifier_id=an_id("number"))
    assert [one.kind for one in story.state.sign_ins.new] == [NUMBER]
