"""Pictures and files: sealed under their subject's key, in their own place, removed when nothing speaks of them."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest

from app.postgres_roles import Urls
from store.attachments import Attachments
from store.database import open_pool
from store.errors import NotAuthentic, SubjectErased
from store.ledger import Ledger
from store.readers import SYSTEM
from tests.store.making import append, destroy_keys
from tests.store.test_grants import refused

ELSA, OLLE = UUID(int=7), UUID(int=8)
PHOTO = b"RIFF....WEBP, or so"


@pytest.fixture
def attachments(ledger: Ledger, databases: Urls) -> Iterator[Attachments]:
    """The attachments of a ledger that knows two people."""
    for person in (ELSA, OLLE):
        ledger.append(append(person))
    with open_pool(databases.app, schema="liggare", size=2, name="attachments") as pool:
        yield Attachments(pool, ledger)


def test_what_is_kept_comes_back_and_stands_nowhere_in_the_clear(
    attachments: Attachments, owner: psycopg.Connection
) -> None:
    """Once, however often it is sent; nothing where nothing is."""
    at = uuid4()
    attachments.keep(at, ELSA, PHOTO)
    attachments.keep(at, ELSA, b"another that came later")
    assert attachments.content(at, SYSTEM) == PHOTO
    assert attachments.content(uuid4(), SYSTEM) is None
    ((size, sealed),) = owner.execute("select size, sealed from attachments").fetchall()
    assert size == len(PHOTO)
    assert PHOTO[:8] not in sealed
    attachments.remove(at)
    assert attachments.content(at, SYSTEM) is None


def test_a_picture_opens_in_its_own_place_alone(attachments: Attachments, owner: psycopg.Connection) -> None:
    """Moved to another row, or to another person, it does not open."""
    one, other = uuid4(), uuid4()
    for at, subject in ((one, ELSA), (other, ELSA)):
        attachments.keep(at, subject, PHOTO)
    owner.execute(
        "update attachments set sealed = (select sealed from attachments where attachment_id = %s)"
        " where attachment_id = %s",
        (one, other),
    )
    with pytest.raises(NotAuthentic):
        attachments.content(other, SYSTEM)
    owner.execute("update attachments set subject_id = %s where attachment_id = %s", (OLLE, one))
    with pytest.raises(NotAuthentic):
        attachments.content(one, SYSTEM)


def test_what_no_event_came_for_is_swept(attachments: Attachments, owner: psycopg.Connection) -> None:
    """After an hour, of this subject alone, and never the one that is shown."""
    shown, left, fresh, others = (uuid4() for _ in range(4))
    for at, subject in ((shown, ELSA), (left, ELSA), (others, OLLE)):
        attachments.keep(at, subject, PHOTO)
    owner.execute("update attachments set created_at = now() - interval '61 minutes'")
    attachments.keep(fresh, ELSA, PHOTO)
    attachments.sweep(ELSA, but=shown)
    assert [attachments.content(at, SYSTEM) is not None for at in (shown, left, fresh, others)] == [
        True,
        False,
        True,
        True,
    ]


def test_a_destroyed_persons_picture_is_erased_and_not_broken(
    attachments: Attachments, ledger: Ledger, keys_owner: psycopg.Connection
) -> None:
    """Between the destroying of the key and the deleting of the row."""
    at = uuid4()
    attachments.keep(at, ELSA, PHOTO)
    destroy_keys(ledger, keys_owner, ELSA)
    ledger.forget()
    with pytest.raises(SubjectErased):
        attachments.content(at, SYSTEM)


def test_a_picture_is_never_changed(attachments: Attachments, databases: Urls) -> None:
    """The application adds and removes; the purge removes."""
    attachments.keep(uuid4(), ELSA, PHOTO)
    assert refused(databases.app, "update attachments set size = 1")
    assert refused(databases.purge, "update attachments set size = 1")
    assert refused(databases.read, "select * from attachments")
    assert not refused(databases.purge, "delete from attachments")
