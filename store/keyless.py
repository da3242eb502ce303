"""Subjects that have events and no key: what comes of a database of keys that is older than the ledger's."""

from uuid import UUID

from store.database import Pool, fetch
from store.errors import KeysBehind
from store.keys import KeyRing

_COUNT = "select count(*) from subjects where state = 'active'"
_SUBJECTS = "select subject_id from subjects where state = 'active' and subject_id > %b order by subject_id limit %b"
_HAVE = "select subject_id from wrapped_keys where subject_id = any(%b)"
_FIRST = UUID(int=0)
_PAGE = 10_000
_LOOKS = 3


def refuse_fewer_keys(pool: Pool, keys: KeyRing) -> None:
    """See that there are as many keys as subjects: each has its key before it has anything else. Raises KeysBehind."""
    lacking = 0
    for _ in range(_LOOKS):  # between the two counts somebody may be destroyed
        lacking = fetch(pool, _COUNT, ())[0][0] - keys.count()
        if lacking <= 0:
            return
    raise KeysBehind(lacking)


def without_key(pool: Pool, keys: Pool) -> list[UUID]:
    """The subjects that have no key, one by one held against the database of keys. Raises StoreUnavailable."""
    lacking: list[UUID] = []
    after = _FIRST
    while found := [row[0] for row in fetch(pool, _SUBJECTS, (after, _PAGE))]:
        have = {row[0] for row in fetch(keys, _HAVE, (found,))}
        lacking += (subject_id for subject_id in found if subject_id not in have)
        after = found[-1]
    return lacking
