"""The notary's private key: a file outside every database, made once, readable by its owner alone."""

import json
from pathlib import Path

from store.errors import KeyRingMismatch, KeyRingUnreadable
from store.keyfile import read_private, write_once
from transparency.encoding import from_base64, to_base64
from transparency.errors import Malformed
from transparency.notes import SigningKey

_SEED_BYTES = 32


def read(path: Path, *, tenant: str) -> SigningKey:
    """The key of the file. Raises KeyRingMissing, KeyRingUnreadable (also when others may read it), KeyRingMismatch."""
    key = None
    try:
        found = json.loads(read_private(path))
        owner = found["tenant"]
        key = SigningKey(str(found["name"]), from_base64(str(found["seed"]), _SEED_BYTES))
        key.verifier  # noqa: B018 - refuses a name that no key may have
    except (ValueError, KeyError, TypeError, Malformed):
        msg = f"{path.name} is not a notary's key file"
        raise KeyRingUnreadable(msg) from None
    if owner != tenant:
        msg = f"the notary's key file {path.name} belongs to another tenant"
        raise KeyRingMismatch(msg)
    return key


def create(path: Path, *, tenant: str, name: str) -> SigningKey:
    """A new key of this name in a new file, mode 0600; when somebody else made one meanwhile, theirs.

    Whoever calls this knows that no checkpoint was ever signed: a key made anew breaks with all that others have kept.
    """
    key = SigningKey.generate(name)
    write_once(path, json.dumps({"tenant": tenant, "name": name, "seed": to_base64(key.seed)}))
    return read(path, tenant=tenant)
