"""Reads what a page's form sends: never on disk, never more than a form may hold."""

import io
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from events.text import LONGEST_PROSE
from web.addresses import START
from web.browser import SignInNeeded, Visiting
from web.errors import FormNotReadable, FormTooLarge, TextTooLarge

_BOXES = 100
_FIELDS_OF_A_BOX = 3
"""What is typed, the step that was chosen beside it, and the version of both that stood on the page."""
_SIGN = 12
"""Bytes of one character of a text as a form sends it, at most: four bytes of UTF-8, each as `%F0`."""
LARGEST_TEXT: Final = _BOXES * LONGEST_PROSE * _SIGN
"""Bytes of a form in which every box of a long page is filled, in whatever script; of somebody who is signed in."""
LARGEST_OF_STRANGERS: Final = 256 * 1024
"""Bytes of a form of anybody else: more than a sign-in takes, and than most who were signed out meanwhile wrote."""
LARGEST_FILE: Final = 10 * 1024 * 1024
_FIELDS = _BOXES * _FIELDS_OF_A_BOX + 100
"""Beside the boxes, what belongs to the whole form, and ticks."""
_MULTIPART = "multipart/form-data"
_URLENCODED = "application/x-www-form-urlencoded"


class _InMemory(MultiPartParser):
    """Keeps files in memory: what is personal is never written unsealed to a disk."""

    spool_max_size = LARGEST_FILE + LARGEST_TEXT


@dataclass(frozen=True, slots=True)
class Form:
    """What was sent: the last text of each field, the ticks, and the files."""

    data: FormData

    def text(self, name: str) -> str:
        """The field as it was typed, with line feeds alone between lines; empty where it was not sent."""
        value = self.data.get(name)
        return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else ""

    def line(self, name: str) -> str | None:
        """The field without space around it; None where nothing is left."""
        return self.text(name).strip() or None

    def has(self, name: str) -> bool:
        """Whether a box was ticked or a button pressed."""
        return name in self.data

    def all(self, name: str) -> list[str]:
        """Every value of a field that may come several times."""
        return [value for value in self.data.getlist(name) if isinstance(value, str)]

    def file(self, name: str) -> bytes | None:
        """The file's bytes; None where none was chosen."""
        value = self.data.get(name)
        if not isinstance(value, UploadFile) or not value.size:
            return None
        held = value.file
        held.seek(0, io.SEEK_SET)
        return held.read()

    def texts(self) -> list[tuple[str, str]]:
        """Every text that was sent, in order, but what belongs to the page it was sent from."""
        return [
            (name, value) for name, value in self.data.multi_items() if isinstance(value, str) and name != FORM_TOKEN
        ]


FORM_TOKEN = "form_token"  # noqa: S105 - the name of a field
"""The field in which each form says that a page of this session made it."""


async def _posted(request: Request, visitor: Visiting) -> AsyncGenerator[Form, None]:
    form = await _read(request, is_signed_in=visitor.session is not None)
    try:
        yield Form(form)
    finally:
        await form.close()


async def _read(request: Request, *, is_signed_in: bool) -> FormData:
    """The form. One that may hold a file is read only of somebody who is signed in; text is, and is given back.

    Of a stranger it is so only where it is not long: the text is still in the box, a step back.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == _MULTIPART and not is_signed_in:
        raise SignInNeeded(START)
    try:
        if kind == _MULTIPART:
            stream = _at_most(request, LARGEST_FILE + LARGEST_TEXT, FormTooLarge())
            parser = _InMemory(request.headers, stream, max_files=1, max_fields=_FIELDS, max_part_size=LARGEST_TEXT)
            return await parser.parse()
        if kind in {_URLENCODED, ""}:
            stream = (
                _at_most(request, LARGEST_TEXT, TextTooLarge())
                if is_signed_in
                else _at_most(request, LARGEST_OF_STRANGERS, SignInNeeded(START))
            )
            return await FormParser(request.headers, stream, max_fields=_FIELDS, max_part_size=LARGEST_TEXT).parse()
    except MultiPartException:
        raise FormNotReadable from None
    raise FormNotReadable


async def _at_most(request: Request, limit: int, too_large: Exception) -> AsyncGenerator[bytes, None]:
    """The body, as it comes. Raises `too_large` where it goes on beyond the limit, or says that it will."""
    said = request.headers.get("content-length", "")
    if said.isdigit() and (len(said) > len(str(limit)) or int(said) > limit):
        raise too_large
    read = 0
    async for chunk in request.stream():
        read += len(chunk)
        if read > limit:
            raise too_large
        yield chunk


Posted = Annotated[Form, Depends(_posted)]
"""What a route that takes a form asks for. Raises FormNotReadable, FormTooLarge, TextTooLarge, SignInNeeded."""
