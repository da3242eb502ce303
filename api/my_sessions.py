"""Where the caller is signed in: one's own sessions, ending one of them, and signing out here or everywhere."""

import re
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from api.declare import ONESELF, reads, writes
from api.errors import SessionNotFound
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from api.writing import Body
from store.sessions import Session

router = APIRouter(tags=["sessions"])
SessionKey = Annotated[str, Path(alias="session", description="One of the caller's sessions, as the list names it.")]
_KEY = re.compile(r"[0-9a-f]{64}")


class SessionRow(Shape):
    """One sign-in that holds. Its id, by which one is signed in, is nowhere shown."""

    key: str = Field(description="What names the session, and is no use for signing in.")
    is_this: bool = Field(description="Whether it is the one that asks.")
    provider: str
    level: int
    began_at: datetime
    seen_at: datetime = Field(description="When it was used last, to the minute.")
    ends_at: datetime

    @classmethod
    def of(cls, session: Session, *, this: bytes) -> "SessionRow":
        """A session, as its person sees it."""
        return cls(
            key=session.key.hex(),
            is_this=session.key == this,
            provider=session.provider,
            level=session.level,
            began_at=session.began_at,
            seen_at=session.seen_at,
            ends_at=session.ends_at,
        )


class SessionRows(Shape):
    """The last used first."""

    items: list[SessionRow]


class SigningOut(Body):
    """Where to sign out."""

    everywhere: bool = Field(default=False, description="Every session of the caller, not only this one.")


class Ended(Shape):
    """How many sessions were ended."""

    ended: int


@router.get("/me/sessions", response_model=SessionRows, **reads(ONESELF, before_terms=True))
def list_my_sessions(asked: Signed) -> Response:
    """The caller's sessions that hold."""
    found = asked.services.sessions.of(asked.person_id, asked.now)
    return answer_with(SessionRows(items=[SessionRow.of(each, this=asked.session.key) for each in found]))


@router.delete(
    "/me/sessions/{session}",
    response_model=Ended,
    **writes(ONESELF, refuses=(SessionNotFound,), before_terms=True),
)
def end_my_session(asked: Signed, session: SessionKey) -> Response:
    """End one of the caller's sessions."""
    sessions, person_id = asked.services.sessions, asked.session.person_id
    if not _KEY.fullmatch(session) or not sessions.end(bytes.fromhex(session), person_id=person_id):
        raise SessionNotFound
    return answer_with(Ended(ended=1))


@router.post("/me/sign-out", response_model=Ended, **writes(ONESELF, before_terms=True))
def sign_out(asked: Signed, body: SigningOut) -> Response:
    """End this session, or every session of the caller."""
    sessions, session = asked.services.sessions, asked.session
    ended = sessions.end_all(session.person_id) if body.everywhere else int(sessions.end(session.key))
    return answer_with(Ended(ended=ended))
