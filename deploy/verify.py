#!/usr/bin/env python3
"""Checks what a Liggare ledger has signed, without trusting whoever runs it; one file that an outsider can read.

    verify.py proof FILE --key KEY              an event is in the ledger
    verify.py consistency OLD NEW --key KEY --tiles FOLDER_OR_URL
                                                nothing was altered or removed between two checkpoints
    verify.py certificate FILE --key KEY        a certificate of destruction is the ledger's own

KEY is the ledger's public key, one line, as you got it from somebody you trust and not together with what you check.
With --witness KEY (again for each) these witnesses, too, must have signed the checkpoint.

Needs Python 3.11 and the package `cryptography`. The formats are C2SP's signed-note, tlog-checkpoint, tlog-cosignature,
tlog-proof and tlog-tiles; the tree is that of RFC 6962. Exit codes: 0 right, 1 wrong, 2 not possible to tell.
"""

import argparse
import base64
import json
import re
import struct
import sys
import urllib.request
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.client import HTTPException
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LARGEST_FILE = 4 * 1024 * 1024
ENVELOPE = struct.Struct(">hq16sq16s16sq32s32s")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Wrong(Exception):
    """What was checked is not what the ledger signed."""


class CannotTell(Exception):
    """Something that is needed is missing or cannot be read."""


def require(holds: object, otherwise: str) -> None:
    """Stop here unless this holds."""
    if not holds:
        raise Wrong(otherwise)


# --- Spelling: each value can be written in one way only, so that nothing can hide in another.


def unbase64(text: str) -> bytes:
    """The bytes of strict base64."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = b""
    require(data and base64.b64encode(data).decode() == text, "a hash, key or signature is not written as one")
    return data


def unhash(text: str) -> bytes:
    """The 32 bytes of a hash."""
    data = unbase64(text)
    require(len(data) == 32, "a hash is not 32 bytes")
    return data


def number(text: str) -> int:
    """A number of at most 63 bits."""
    require(re.fullmatch("0|[1-9][0-9]{0,18}", text) and int(text) < 2**63, "a number is not written as one")
    return int(text)


# --- Signed notes: a text, a blank line, and lines of signatures. Lines by keys that we do not know count for nothing.


class Key(NamedTuple):
    """A public key: a ledger's (kind 1), or a witness's (kind 4), whose signatures also hold a time."""

    name: str
    id: bytes
    kind: int
    public: Ed25519PublicKey

    @classmethod
    def parse(cls, line: str) -> "Key":
        """The key of its line: name+id+key. The id follows from the rest, and shows where the line was mistyped."""
        name, _, rest = line.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        data = unbase64(encoded)
        require(len(data) == 33 and data[0] in {1, 4}, "the key is not of a kind that is known here")
        made = sha256(name.encode() + b"\n" + data).digest()[:4]
        require(name and made.hex() == key_id, "the key's id does not belong to it: is it mistyped?")
        return cls(name, made, data[0], Ed25519PublicKey.from_public_bytes(data[1:]))

    def verify(self, text: str, signature: bytes) -> None:
        """That this key signed this text."""
        signed = text.encode()
        if self.kind == 4:
            seconds, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            signed = f"cosignature/v1\ntime {seconds}\n".encode() + signed
        try:
            self.public.verify(signature, signed)
        except InvalidSignature:
            raise Wrong(f"the signature of {self.name} is not over this text") from None


def opened(note: bytes, keys: list[Key]) -> str:
    """The text of a note that every one of these keys has signed."""
    try:
        whole = note.decode()
    except UnicodeDecodeError:
        whole = ""
    text, blank, signatures = whole.rpartition("\n\n")
    *lines, end = signatures.split("\n")
    require(blank and not end and not re.search("[\0-\x09\x0b-\x1f]", whole), "the file is not a signed note")
    require(len(lines) <= 64, "the note has too many signatures")
    found: dict[tuple[str, bytes], list[bytes]] = {}
    for line in lines:
        name, _, encoded = line.removeprefix("\N{EM DASH} ").partition(" ")
        require(line.startswith("\N{EM DASH} ") and re.fullmatch(r"[^\s+]+", name), "a line is no signature line")
        data = unbase64(encoded)
        require(len(data) > 4, "a signature is too short")
        found.setdefault((name, data[:4]), []).append(data[4:])
    for key in keys:
        mine = found.get((key.name, key.id), [])
        require(mine, f"{key.name} has not signed this with the key that was given")
        require(len(mine) == 1, f"{key.name} has signed this twice")
        key.verify(text + "\n", mine[0])
    return text + "\n"


class Checkpoint(NamedTuple):
    """What the ledger said that it held: so many leaves, with this root."""

    size: int
    root: bytes


def checkpoint(note: bytes, keys: list[Key]) -> Checkpoint:
    """The checkpoint in a note that the ledger, first of the keys, and all the witnesses have signed."""
    lines = opened(note, keys).split("\n")
    require(len(lines) == 4 and not lines[3], "the note is not a checkpoint")
    require(lines[0] == keys[0].name, "the checkpoint is another ledger's")
    return Checkpoint(number(lines[1]), unhash(lines[2]))


# --- The tree. One of `size` leaves splits at the largest power of two below its size; its left half is whole.


def node(left: bytes, right: bytes) -> bytes:
    """The hash over two halves."""
    return sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """Where a tree of at least two leaves splits."""
    return 1 << ((size - 1).bit_length() - 1)


def root_from(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that a leaf's hash leads to by its path, which holds the other half at each step, nearest last."""
    if size == 1:
        require(not path, "the path is too long")
        return leaf
    require(path, "the path is too short")
    half = split(size)
    if index < half:
        return node(root_from(leaf, index, half, path[:-1]), path[-1])
    return node(path[-1], root_from(leaf, index - half, size - half, path[:-1]))


class Tiles:
    """Hashes of the tree in tiles of 256, from folders or addresses that need not be trusted."""

    def __init__(self, places: list[str], size: int) -> None:
        self.places, self.size, self.read = places, size, dict[tuple[int, int], bytes]()

    def root(self, start: int, size: int) -> bytes:
        """The root over `size` leaves from `start` on."""
        if size & (size - 1):
            half = split(size)
            return node(self.root(start, half), self.root(start + half, size - half))
        level, within = divmod(size.bit_length() - 1, 8)
        index, at = divmod(start >> 8 * level, 256)
        hashes = self.tile(level, index)[at * 32 :][: 32 << within]
        while len(hashes) > 32:
            hashes = b"".join(node(hashes[i : i + 32], hashes[i + 32 : i + 64]) for i in range(0, len(hashes), 64))
        return hashes

    def tile(self, level: int, index: int) -> bytes:
        """One tile, as wide as a tree of this size has it; the full one, where that is all that is left."""
        if (level, index) not in self.read:
            width = min(256, (self.size >> 8 * level) - 256 * index)
            *above, last = re.findall("...", str(index).zfill(-(-len(str(index)) // 3) * 3))
            self.read[level, index] = self.find(f"tile/{level}/{''.join(f'x{part}/' for part in above)}{last}", width)
        return self.read[level, index]

    def find(self, path: str, width: int) -> bytes:
        """The first `width` hashes of the tile of this path, from the first place that has them."""
        for name in (f"{path}.p/{width}", path) if width < 256 else (path,):
            for place in self.places:
                content = fetch(f"{place.rstrip('/')}/{name}")
                if content is not None and len(content) >= width * 32:
                    return content[: width * 32]
        raise CannotTell(f"{path} is not to be found, or not whole")


def fetch(place: str) -> bytes | None:
    """What is at an address or in a file; None where nothing can be had."""
    try:
        if place.startswith(("http://", "https://")):
            with urllib.request.urlopen(place, timeout=30) as got:  # noqa: S310 - of the two schemes above
                return bytes(got.read(LARGEST_FILE))
        return Path(place).read_bytes()
    except (OSError, HTTPException):
        return None


def two_roots(tiles: Tiles, start: int, old: int, size: int) -> tuple[bytes, bytes]:
    """The roots of the first `old` and of all `size` leaves from `start` on, both made of the very same hashes."""
    if old == size:
        root = tiles.root(start, size)
        return root, root
    half = split(size)
    if old <= half:
        before, now = two_roots(tiles, start, old, half)
        return before, node(now, tiles.root(start + half, size - half))
    left = tiles.root(start, half)
    before, now = two_roots(tiles, start + half, old - half, size - half)
    return node(left, before), node(left, now)


# --- What is asked.


def check_proof(file: bytes, keys: list[Key]) -> str:
    """That the leaf in a proof file is in the tree that the ledger signed; what the leaf says."""
    head, blank, note = file.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    require(blank and len(lines) >= 3 and lines[0] == "c2sp.org/tlog-proof@v1", "the file is not a proof")
    require(lines[1].startswith("extra ") and lines[2].startswith("index "), "the file is not a proof with a leaf")
    leaf, index = unbase64(lines[1].removeprefix("extra ")), number(lines[2].removeprefix("index "))
    signed = checkpoint(note, keys)
    require(index < signed.size, "the ledger had no such leaf yet")
    root = root_from(sha256(b"\0" + leaf).digest(), index, signed.size, [unhash(line) for line in lines[3:]])
    require(root == signed.root, "the leaf does not lead to the root that was signed")
    return f"leaf {index} of the {signed.size} that {keys[0].name} signed for is this:\n{described(leaf)}"


def described(leaf: bytes) -> str:
    """What a leaf says of its event. Of what is in the event it holds only hashes."""
    purpose, rest = leaf[:13], leaf[13:]
    try:
        require(purpose == b"liggare leaf\0", "another kind of leaf")
        ledger, rest = counted(rest)
        feed, position, stream, version, subject, command, time, commitment, sealed = ENVELOPE.unpack_from(rest)
        category, rest = counted(rest[ENVELOPE.size :])
        kind, rest = counted(rest)
        require(not rest, "something follows")
    except (Wrong, struct.error, UnicodeDecodeError):
        return f"  {leaf.hex()}"
    said = {
        "ledger": ledger,
        "feed": f"{feed}, position {position}",
        "stream": f"{category} {UUID(bytes=stream)}, version {version}",
        "event": kind,
        "subject": UUID(bytes=subject),
        "recorded": (EPOCH + timedelta(microseconds=time)).isoformat(),
        "command": UUID(bytes=command),
        "commitment to its content": commitment.hex(),
        "SHA-256 of it as it is stored": sealed.hex(),
    }
    return "\n".join(f"  {name}: {value}" for name, value in said.items())


def counted(data: bytes) -> tuple[str, bytes]:
    """A text that begins with its length, and what follows it."""
    (length,) = struct.unpack_from(">H", data)
    text = data[2 : 2 + length].decode()
    require(len(data) >= 2 + length and text.isprintable(), "cut short, or not to be shown")
    return text, data[2 + length :]


def check_consistency(old_file: bytes, new_file: bytes, places: list[str], keys: list[Key]) -> str:
    """That the leaves of the old checkpoint begin the tree of the new one. Witnesses are asked for on the new one."""
    old, new = checkpoint(old_file, keys[:1]), checkpoint(new_file, keys)
    require(old.size <= new.size, "the ledger has fewer leaves than it had: was it rolled back?")
    before = now = sha256(b"").digest()
    if old.size:
        before, now = two_roots(Tiles(places, new.size), 0, old.size, new.size)
    elif new.size:
        now = Tiles(places, new.size).root(0, new.size)
    require(now == new.root, "the tiles are not those of the new checkpoint")
    require(before == old.root, "what the ledger held at the old checkpoint was altered")
    return f"all {old.size} leaves of the old checkpoint are the first of the {new.size} of the new one, unaltered"


def check_certificate(file: bytes, keys: list[Key]) -> str:
    """That the ledger signed a certificate of destruction; what it says."""
    text = opened(file, keys)
    try:
        said = json.loads(text)
        leaves = [number for first, last in said["leaves"] for number in (first, last)]
        spelt = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
        ours = said["format"] == "liggare-purge-certificate/1" and re.fullmatch("[0-9a-f]{64}", said["leaves_sha256"])
    except (ValueError, KeyError, TypeError):
        raise Wrong("the note is not a certificate of destruction") from None
    require(ours and spelt == text, "the certificate is not written as one")
    require(all(type(leaf) is int and 0 <= leaf < 2**63 for leaf in leaves), "it names leaves that no ledger has")
    firsts, lasts = leaves[::2], leaves[1::2]
    require(all(first <= last for first, last in said["leaves"]), "it names leaves wrongly")
    require(all(last < first for last, first in zip(lasts, firsts[1:], strict=False)), "it names leaves twice")
    return f"{keys[0].name} has certified:\n" + "\n".join(f"  {shown(k)[1:-1]}: {shown(v)}" for k, v in said.items())


def shown(value: object) -> str:
    """A value as JSON, without any character that a terminal would obey."""
    spelt = json.dumps(value, ensure_ascii=False)
    return spelt if spelt.isprintable() else json.dumps(value)


def needed(name: str) -> bytes:
    """What is in a file that was named."""
    try:
        content = Path(name).read_bytes()
    except OSError as error:
        raise CannotTell(f"{name}: {error.strerror}") from None
    require(len(content) <= LARGEST_FILE, f"{name} is too large to be what it should be")
    return content


def keys_of(lines: list[str]) -> list[Key]:
    """The ledger's key and its witnesses'. One that is mistyped says nothing against what is checked."""
    try:
        keys = [Key.parse(line) for line in lines]
    except Wrong as wrong:
        raise CannotTell(str(wrong)) from None
    if [key.kind for key in keys] != [1] + [4] * (len(keys) - 1):
        raise CannotTell("--key is the ledger's key, --witness a witness's")
    return keys


def asked() -> argparse.Namespace:
    """What the command line asks; wrong usage ends the program with 2."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True, metavar="proof | consistency | certificate")
    for name, files in {"proof": ["file"], "consistency": ["old", "new"], "certificate": ["file"]}.items():
        command = commands.add_parser(name)
        for file in files:
            command.add_argument(file)
        command.add_argument("--key", required=True, help="the ledger's public key")
        command.add_argument("--witness", action="append", default=[], help="a witness's public key")
        if name == "consistency":
            command.add_argument("--tiles", nargs="+", required=True, help="folders or addresses that hold tile/")
    return parser.parse_args()


def answer(arguments: argparse.Namespace) -> str:
    """What is right, in words. Raises Wrong or CannotTell."""
    keys = keys_of([arguments.key, *arguments.witness])
    if arguments.command == "proof":
        return check_proof(needed(arguments.file), keys)
    if arguments.command == "certificate":
        return check_certificate(needed(arguments.file), keys)
    return check_consistency(needed(arguments.old), needed(arguments.new), arguments.tiles, keys)


def main() -> None:
    """Print the answer, and end with the code that says it."""
    arguments = asked()
    try:
        print(f"RIGHT: {answer(arguments)}")
    except Wrong as wrong:
        print(f"WRONG: {wrong}")
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the code 1 is kept for what is wrong, whatever else may happen
        print(f"CANNOT TELL: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
