"""Addresses that a browser may be sent to: only our own pages."""

from urllib.parse import quote, unquote, urlencode, urlsplit

START = "/"
SUBJECT = "amne-"
"""What the place of a subject on the page of the assessments begins with."""


def local(address: str) -> str:
    """The address where it is a path of ours, else the start page; nobody is led to another site by a link of ours.

    A browser reads two slashes, of either kind, as another site, and drops control characters before it looks.
    """
    if not address.startswith("/") or address.startswith(("//", "/\\")) or not address.isprintable():
        return START
    try:
        parts = urlsplit(address)
    except ValueError:
        return START
    return START if parts.scheme or parts.netloc or "\\" in address else address


def with_return(address: str, back: str) -> str:
    """The address of a page that leads back to another of ours when it is done."""
    return f"{address}?{urlencode({'till': local(back)})}"


def at_subject(address: str, subject: str, **query: str) -> str:
    """Where a subject stands on the page of the assessments, with its box open; `query` says more of the page."""
    return with_query(address, anchor=f"{SUBJECT}{subject}", amne=subject, **query)


def opening(place: str) -> str:
    """A place of ours as a link leads there: without a script a subject's box is opened by the address alone."""
    address, _, anchor = place.partition("#")
    is_subject = anchor.startswith(SUBJECT)
    return at_subject(address, unquote(anchor.removeprefix(SUBJECT))) if is_subject else place


def with_query(address: str, *, anchor: str = "", **query: str) -> str:
    """An address of a page of ours with more in its query, and a place on the page."""
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{urlencode(query)}" + (f"#{quote(anchor, safe='')}" if anchor else "")
