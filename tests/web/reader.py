"""Somebody who reads the pages without a browser: follows links, fills in forms, and looks at each page's structure."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal
from bs4 import BeautifulSoup, Tag
from starlette.types import ASGIApp

from web.browser import SESSION_COOKIE

ADDRESS = "https://liggare.test"


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as it came, after redirects."""

    address: str
    status: int
    soup: BeautifulSoup
    headers: httpx.Headers

    @property
    def text(self) -> str:
        """Everything that is read on the page, with single spaces."""
        main = self.soup.select_one("main") or self.soup
        return " ".join(main.get_text(" ").split())

    def one(self, selector: str) -> Tag:
        """The only element that a CSS selector finds."""
        (found,) = self.soup.select(selector)
        return found

    def all(self, selector: str) -> list[str]:
        """The text of every element that a CSS selector finds."""
        return [" ".join(found.get_text(" ").split()) for found in self.soup.select(selector)]

    def has(self, selector: str) -> bool:
        """Whether there is such an element."""
        return bool(self.soup.select(selector))


class Reader:
    """One person's way through the pages, without scripts."""

    def __init__(self, pages: ASGIApp, portal: BlockingPortal, session_id: str, *, language: str = "sv") -> None:
        self._portal = portal
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(pages, raise_app_exceptions=False),
            base_url=ADDRESS,
            headers={"Accept-Language": language, "Origin": ADDRESS, "Sec-Fetch-Site": "same-origin"},
            cookies={SESSION_COOKIE: session_id},
            follow_redirects=True,
        )

    def get(self, address: str, **headers: str) -> Seen:
        """Look at a page."""
        return self._seen(self._portal.call(lambda: self._client.get(address, headers=headers)))

    def signs_out(self) -> None:
        """Look on as nobody."""
        self._client.cookies.clear()

    def download(self, address: str) -> httpx.Response:
        """Fetch what is no page."""
        response: httpx.Response = self._portal.call(lambda: self._client.get(address))
        return response

    def submit(self, page: Seen, form: str, button: str = "", *, to: str = "", **typed: Any) -> Seen:  # noqa: ANN401 - a text or several
        """Send one of the page's forms, found by a CSS selector, as it stands but for what is typed.

        `typed` is by the name of the field, with `_` for `-`; `button` is the name of the button that is pressed, `to`
        another address than the form's own.
        """
        found = page.one(form)
        fields = dict(_fields(found))
        for name, value in typed.items():
            key = name if found.select(f'[name="{name}"]') else name.replace("_", "-")
            assert found.select(f'[name="{key}"]'), f"the form has no field {key}"
            fields[key] = value
        if button:
            pressed = found.select_one(f'button[name="{button}"]')
            assert pressed, f"the form has no button {button}"
            fields[button] = str(pressed.get("value", ""))
        sent = {name: value for name, value in fields.items() if value is not None}
        address = to or str(found.get("action") or page.address)
        return self._seen(
            self._portal.call(
                lambda: self._client.post(address, data=sent, headers={"Referer": ADDRESS + page.address})
            )
        )

    def send(self, page: Seen, address: str, **fields: str) -> Seen:
        """Send what no form of the page offers, as somebody would who makes up a form on it."""
        token = str(page.soup.select("[name=form_token]")[0]["value"])
        sent = {"form_token": token, **fields}
        headers = {"Referer": ADDRESS + page.address}
        return self._seen(self._portal.call(lambda: self._client.post(address, data=sent, headers=headers)))

    def _seen(self, response: httpx.Response) -> Seen:
        soup = BeautifulSoup(response.text, "html.parser")
        page = Seen(response.url.raw_path.decode(), response.status_code, soup, response.headers)
        if "html" in response.headers.get("content-type", ""):
            assert faults(page) == [], page.address
        return page


def _fields(form: Tag) -> Iterator[tuple[str, Any]]:
    for field in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(field["name"]), field.get("type")
        if kind in {"checkbox", "radio"}:
            if field.has_attr("checked"):
                yield name, str(field.get("value", "on"))
        elif field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            yield name, str(chosen.get("value", "")) if chosen else ""
        elif field.name == "textarea":
            yield name, field.get_text().removeprefix("\n")
        elif kind != "file":
            yield name, str(field.get("value", ""))


def faults(page: Seen) -> list[str]:
    """What a screen reader or a keyboard would stumble on, in words; empty where there is nothing."""
    soup = page.soup
    found: list[str] = []
    html = soup.select_one("html")
    if html is None or html.get("lang") not in {"sv", "en"}:
        found.append("the page does not say its language")
    if len(soup.select("h1")) != 1:
        found.append(f"{len(soup.select('h1'))} headings of the first level")
    if len(soup.select("main")) != 1:
        found.append("no single main landmark")
    levels = [int(heading.name[1]) for heading in soup.select("h1, h2, h3, h4, h5, h6")]
    found += [f"h{after} comes after h{before}" for before, after in itertools.pairwise(levels) if after > before + 1]
    ids = [str(one["id"]) for one in soup.select("[id]")]
    found += [f"the id {one} comes twice" for one in sorted({one for one in ids if ids.count(one) > 1})]
    for field in soup.select("input:not([type=hidden]), textarea, select"):
        if not (
            field.find_parent("label") or soup.select(f'label[for="{field.get("id")}"]') or field.get("aria-label")
        ):
            found.append(f"the field {field.get('name')} has no label")
    for attribute in ("aria-describedby", "aria-labelledby", "for"):
        for one in soup.select(f"[{attribute}]"):
            found += [
                f"{attribute} names {each}, which is not there"
                for each in str(one[attribute]).split()
                if each not in ids
            ]
    found += [f"the link {one.get('href')} has no text" for one in soup.select("a") if not _name(one)]
    found += ["a button has no text" for one in soup.select("button") if not _name(one)]
    found += ["a picture has no alternative" for one in soup.select("img:not([alt])")]
    found += ["a form has no token" for one in soup.select("form[method=post]") if not one.select("[name=form_token]")]
    found += ["style or script inline" for one in soup.select("[style], [onclick], style, script:not([src])")]
    return found


def _name(one: Tag) -> str:
    return one.get_text().strip() or str(one.get("aria-label", ""))
