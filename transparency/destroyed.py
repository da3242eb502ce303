"""Which leaves are of events that were destroyed: what the notary's certificates say, where they hold."""

from collections.abc import Iterable
from contextlib import suppress
from itertools import chain

from transparency.certificates import open_certificate
from transparency.errors import ProofWrong, TransparencyError
from transparency.findings import Finding, Kind, Report
from transparency.notary import leaf_hashes
from transparency.notes import VerifierKey
from transparency.stored import Ask

_CERTIFICATES = "select run_id, item, note from purge_certificates order by run_id, item"

Ranges = list[tuple[int, int]]
"""Leaves in order, each pair first and last included; none touches the next."""


def certified(ask: Ask, size: int, key: VerifierKey | None, report: Report) -> Ranges:
    """The leaves that certificates account for: signed by the key, and about the very leaves that the tree has."""
    found: Ranges = []
    for run_id, item, note in ask(_CERTIFICATES, ()):
        try:
            found += _leaves(ask, size, note, key)
        except TransparencyError:
            report.add(Finding(Kind.CERTIFICATE_WRONG, about=f"the certificate of item {item} of run {run_id}"))
    return joined(found)


def certified_outside(ask: Ask, size: int, key: VerifierKey | None, notes: Iterable[bytes]) -> Ranges:
    """The same, by certificates that are kept outside; one that is not of this tree accounts for nothing."""
    found: Ranges = []
    for note in notes:
        with suppress(TransparencyError):
            found += _leaves(ask, size, note, key)
    return joined(found)


def joined(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """The same leaves, in order and without overlaps."""
    together: Ranges = []
    for first, last in sorted(ranges):
        if together and first <= together[-1][1] + 1:
            together[-1] = (together[-1][0], max(last, together[-1][1]))
        else:
            together.append((first, last))
    return together


def first_outside(ranges: Ranges, others: Ranges) -> int | None:
    """The first leaf of the ranges that none of the others has."""
    at = 0
    for first, last in ranges:
        while at < len(others) and others[at][1] < first:
            at += 1
        if at == len(others) or others[at][0] > first:
            return first
        if others[at][1] < last:
            return others[at][1] + 1
    return None


def _leaves(ask: Ask, size: int, note: bytes, key: VerifierKey | None) -> Ranges:
    """The leaves of a certificate. Raises TransparencyError where it does not hold."""
    if key is None:
        msg = "nobody is known to sign certificates"
        raise ProofWrong(msg)
    certificate = open_certificate(note, key)
    ranges = list(certificate.leaves)
    within = not ranges or ranges[-1][1] < size
    if not within or not certificate.fits(chain.from_iterable(leaf_hashes(ask, *each) for each in ranges)):
        msg = "a certificate is about other leaves"
        raise ProofWrong(msg)
    return ranges
