"""What the notary's key file promises: made once, kept from others, never taken for another's."""

from pathlib import Path

import pytest

from store.errors import KeyRingMismatch, KeyRingMissing, KeyRingUnreadable
from transparency import keyfile


def test_the_key_is_made_once(tmp_path: Path) -> None:
    """Who comes second gets the first one's key; the file is its owner's alone."""
    path = tmp_path / "keys" / "notary.json"
    first = keyfile.create(path, tenant="kommun", name="ledger.example/kommun")
    assert keyfile.create(path, tenant="kommun", name="ledger.example/kommun") == first
    assert keyfile.read(path, tenant="kommun") == first
    assert first.name == "ledger.example/kommun"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_file_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    """Missing, another tenant's, readable by others or damaged: each by its name, and left as it is."""
    path = tmp_path / "notary.json"
    with pytest.raises(KeyRingMissing):
        keyfile.read(path, tenant="kommun")
    keyfile.create(path, tenant="kommun", name="log")
    with pytest.raises(KeyRingMismatch):
        keyfile.read(path, tenant="annan")
    text = path.read_text()
    for bad in ("", "[]", "{}", text.replace("seed", "need"), text.replace("log", "a log"), text.replace("=", "")):
        path.write_text(bad)
        with pytest.raises(KeyRingUnreadable):
            keyfile.read(path, tenant="kommun")
    path.write_text(text)
    path.chmod(0o640)
    with pytest.raises(KeyRingUnreadable):
        keyfile.read(path, tenant="kommun")
    assert path.read_text() == text
