"""What the operator's `ledger` commands do: verify, prove, check and publish anew, by this installation's settings."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from uuid import UUID

from app.databases import open_ledger
from app.errors import NotAble, RefusedByRule, WrongSettings
from app.notary import notary_key
from app.postgres_roles import Urls
from app.settings import Settings
from retention.certificates import FOLDER
from store.database import open_pool
from store.errors import KeyRingError
from transparency import keyfile
from transparency.alarms import Alarm, NotALeaf
from transparency.errors import Malformed, TransparencyError
from transparency.evidence import Evidence
from transparency.findings import Report
from transparency.leaves import described
from transparency.notary import Notary
from transparency.notes import VerifierKey
from transparency.opening import Opener
from transparency.proofs import Proof
from transparency.proving import EventNotFound, NotSignedYet, prove
from transparency.stored import head, newest_checkpoint, through
from transparency.verification import verify


def known_key(settings: Settings, given: str | None) -> VerifierKey:
    """The key that was given, else the one that is published, else the notary's own. Raises WrongSettings, NotAble."""
    try:
        key = VerifierKey.parse(given.strip()) if given else settings.folder.key()
    except Malformed as error:
        msg = f"This is no verifier key in note form: {error}."
        raise WrongSettings(msg) from None
    key = key or _holder(settings)
    if key is None:
        msg = "There is no key: nothing was signed, or the folder of checkpoints is elsewhere. Give one with --key."
        raise NotAble(msg)
    return key


def verified(
    settings: Settings,
    urls: Urls,
    key: VerifierKey,
    kept: Path | None,
    tell: Callable[[int, int], None],
    *,
    opens: bool = False,
) -> tuple[Report, float]:
    """The report and the seconds it took; `opens` each event too, for which the keys are needed.

    Raises NotAble where nothing outside the database is there to compare, and what opening the ledger raises.
    """
    published = settings.folder.note()
    evidence = [(f"the checkpoint of {day}", note) for day, note in settings.folder.days()]
    evidence += [("the published checkpoint", published)] if published is not None else []
    evidence += [(f"the checkpoint {kept.name}", kept.read_bytes())] if kept is not None else []
    began = perf_counter()
    with ExitStack() as stack:
        pool = stack.enter_context(
            open_pool(urls.read, schema=settings.tenant, size=2, name="verification", by_index=True)
        )
        if not evidence and newest_checkpoint(through(pool)) is not None:
            msg = f"Nothing is published in {settings.folder.path}. Put that back, or give a checkpoint with --from."
            raise NotAble(msg)
        total = head(through(pool)).size
        opener = None
        if opens:
            ledger = stack.enter_context(open_ledger(settings, urls, restored=True))
            opener = Opener(ledger.keys, settings.tenant)
        report = verify(
            pool,
            settings.tenant,
            Evidence(
                key,
                kept=evidence,
                folder=settings.folder,
                holder=_holder(settings),
                opener=opener,
                certificates=(path.read_bytes() for path in sorted(_certificates(settings).glob("*.txt"))),
            ),
            tell=lambda count: tell(total, count),
        )
    return report, round(perf_counter() - began, 3)


def _certificates(settings: Settings) -> Path:
    return settings.register.parent / FOLDER


def proven(settings: Settings, urls: Urls, stream_id: UUID, version: int) -> Proof:
    """The proof of an event. Raises RefusedByRule where there is none, NotAble where it cannot be given now."""
    with open_pool(urls.read, schema=settings.tenant, size=1, name="proof", by_index=True) as pool:
        try:
            return prove(through(pool), settings.tenant, stream_id, version)
        except EventNotFound as error:
            msg = f"{_sentence(error)} It never was, or it was destroyed."
            raise RefusedByRule(msg) from None
        except NotSignedYet as error:
            raise NotAble(_sentence(error)) from None
        except TransparencyError as error:
            msg = f"The event does not lead to what was signed: {error}. Look further with ./liggare ledger verify."
            raise NotAble(msg) from None


def checked(file: bytes, key: VerifierKey, settings: Settings) -> dict[str, str]:
    """What a proof file proves. Raises RefusedByRule where it does not hold."""
    try:
        proof = Proof.parse(file)
        opened = proof.check(key, [witness.key for witness in settings.known_witnesses])
    except TransparencyError as error:
        msg = f"The proof does not hold: {error}."
        raise RefusedByRule(msg) from None
    witnesses = {f"witness {one.key.name}": f"{one.at:%Y-%m-%d %H:%M:%S}Z" for one in opened.witnesses}
    about = {"leaf": str(proof.index), "of": str(opened.checkpoint.size), "signed by": opened.checkpoint.origin}
    return about | _leaf(proof.leaf) | witnesses


def published_anew(settings: Settings, urls: Urls) -> int:
    """How many leaves the checkpoint has that was published. Raises RefusedByRule, NotAble."""
    with open_pool(urls.app, schema=settings.tenant, size=1, name="publishing") as pool:
        try:
            return Notary(pool, settings.tenant).publish_anew(
                notary_key(settings, pool), datetime.now(UTC), settings.folder
            )
        except Alarm as alarm:
            raise RefusedByRule(_sentence(alarm)) from None


def _leaf(leaf: bytes) -> dict[str, str]:
    """What the leaf says; of one that is not ours, its bytes."""
    try:
        return described(leaf)
    except NotALeaf:
        return {"leaf data": leaf.hex()}


def _holder(settings: Settings) -> VerifierKey | None:
    """The public half of the notary's key file, where this process may read it."""
    with suppress(KeyRingError):
        return keyfile.read(settings.notary_key, tenant=settings.tenant).verifier
    return None


def _sentence(error: Exception) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
