"""Every table says what a purge does with it, in words that the purge reads; one that does not stops every purge."""

import pytest

from store.purge_rules import PurgeRule, PurgeRuleMissing, purge_rules, rule_of
from tests.projections.telling import tell
from tests.retention.purging import World


def test_every_table_has_a_rule(world: World) -> None:
    """In both databases; of those with a subject each deletes it, or empties it with what would tell of it."""
    with_subject: set[str] = set()
    for conn in (world.owner, world.keys_owner):
        with conn.cursor(binary=True) as cursor:
            rules = {rule.table: rule for rule in purge_rules(cursor)}
        query = """
        select table_name from information_schema.columns
        where table_schema = 'liggare' and column_name = 'subject_id'
            and table_name not in (select inhrelid::regclass::text from pg_inherits)
        """
        with_subject = {row[0] for row in conn.execute(query).fetchall()}
        assert {table for table, rule in rules.items() if "subject_id" in rule.columns} == with_subject
    assert with_subject == {"wrapped_keys"}


@pytest.mark.parametrize(
    ("comment", "columns", "rule"),
    [
        ("Of nobody; purge: kept.", ["command_id"], PurgeRule("t")),
        ("It. Purge: rows of the subject are deleted.", ["subject_id"], PurgeRule("t", ("subject_id",))),
        (
            "It. Purge: rows of the subject, of person_id or of of_person_id are deleted; given_by is emptied.",
            ["subject_id", "person_id", "of_person_id", "given_by"],
            PurgeRule("t", ("subject_id", "person_id", "of_person_id"), (("given_by",),)),
        ),
        ("Purge: subject_id is emptied with nonce.", ["subject_id"], PurgeRule("t", (), (("subject_id", "nonce"),))),
        (
            "Purge: rows of the subject are deleted; rows of person_id forbid it.",
            ["subject_id", "person_id"],
            PurgeRule("t", ("subject_id",), (), ("person_id",)),
        ),
        ("No rule.", [], None),
        ("Purge: as it comes.", [], None),
        ("Purge: kept.", ["subject_id"], None),
        ("Purge: rows of the subject are deleted.", ["subject_id", "recipient_id"], None),
        ("Purge: subject_id is emptied.", ["subject_id", "student_id"], None),
        ("Purge: rows of the subject are deleted, mostly.", ["subject_id"], None),
    ],
)
def test_a_rule_is_read_or_refused(comment: str, columns: list[str], rule: PurgeRule | None) -> None:
    """What is not understood to its end, or leaves out a column of a subject or a person, is no rule."""
    if rule is not None:
        assert rule_of("t", comment, "r", tuple(columns)) == rule
        return
    with pytest.raises(PurgeRuleMissing):
        rule_of("t", comment, "r", tuple(columns))


@pytest.mark.parametrize(
    "made",
    [
        ["create table forgotten (subject_id uuid primary key)"],
        ["create table forgotten (subject_id uuid primary key)", "comment on table forgotten is 'Purge: kept.'"],
        ["create view forgotten as select subject_id from persons", "comment on view forgotten is 'Purge: kept.'"],
    ],
)
def test_a_table_without_a_rule_stops_every_purge(world: World, made: list[str]) -> None:
    """Before anything is destroyed: the pupil is as before, and the fence is lifted again."""
    story = world.pupil("Elsa Åkesson")
    begun = world.begin_run(story.stream)
    for statement in made:
        world.owner.execute(statement.encode())
    world.owner.execute("grant select on forgotten to liggare_purge")
    secrets = world.secrets(story.stream)
    with pytest.raises(PurgeRuleMissing, match="forgotten"):
        begun.purge()
    assert world.secrets(story.stream) == secrets
    assert not world.register.lines
    story.given(story.past[-1].event)
    tell(world.ledger, story.past[-1:])
    kind = "view" if made[0].startswith("create view") else "table"
    world.owner.execute(f"drop {kind} forgotten".encode())
    assert begun.purge().note is not None
    assert world.holding(story.stream, *secrets) == []
