"""Join codes: short enough to type from a screen across the room, long enough that nobody guesses one.

They are kept beside the log and never in it: who may come in is no part of the story, and a log is handed on.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from exercise.core.records import dataclass

if TYPE_CHECKING:
    from exercise.session.control import Kind

ALPHABET = "abcdefghjkmnpqrstwxyz23456789"
"""Lower-case letters and digits without 0 o, 1 l i, u v, which read alike on a projector and sound alike on a phone."""

LENGTH = 8
"""Of 29 signs: 5 × 10¹¹ codes, of which a door that lets a few tries through a minute shows nobody anything."""

_LONGEST_TYPED = 40


@dataclass(frozen=True, slots=True)
class Ticket:
    """A code and what it opens: a team, one seat, or a place beside the play."""

    id: str
    """Names the ticket in commands and lists; it opens nothing."""
    code: str
    kind: Kind
    seat: str = ""
    """A team, a role of one (`averne/police`), or '' for those who have no place in a team."""
    revoked: bool = False
    created: str = ""
    """Wall time in UTC, ISO."""

    def __repr__(self) -> str:
        """Without the code, so that it stands in no traceback and no log of the program."""
        return f"Ticket({self.id!r}, {self.kind!r}, {self.seat!r}{', revoked' if self.revoked else ''})"


def new_ticket(kind: Kind, seat: str = "", *, created: str = "") -> Ticket:
    """A ticket with a fresh id and code."""
    return Ticket(secrets.token_hex(4), new_code(), kind, seat, False, created)


def new_code() -> str:
    """A fresh code, in the plain form in which it is kept."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """A code as people read it: `abcd-efgh`."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def as_typed(text: str) -> str:
    """The plain form of what somebody typed: capitals, dashes and spaces make no difference."""
    return "".join(sign for sign in text[:_LONGEST_TYPED].lower() if sign.isalnum())


def same_code(code: str, typed: str) -> bool:
    """Whether the typed text is this code; how long the answer takes tells nothing about where they differ."""
    return secrets.compare_digest(as_typed(code).encode(), as_typed(typed).encode())
