"""Whether a request that a browser sends with its cookie was made by one of our own pages (CSRF)."""

from urllib.parse import urlsplit


def is_from_own_page(*, fetch_site: str | None, origin: str | None, host: str | None) -> bool:
    """By Sec-Fetch-Site, which pages cannot set; where a browser does not send it, by Origin beside Host.

    A request that says neither is not ours: every browser sends Origin with a write. `none` is the person's own doing,
    such as a reload.
    """
    if fetch_site is not None:
        return fetch_site in {"same-origin", "none"}
    if origin is None or host is None:
        return False
    return urlsplit(origin).netloc.lower() == host.lower()
