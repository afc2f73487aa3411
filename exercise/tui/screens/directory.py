"""The team's contact directory, as its own copy has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from exercise.tui.screens.browse import BrowseScreen
from exercise.tui.widgets.choices import Lines
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.views import ContactView

__all__ = ["DirectoryScreen"]


class DirectoryScreen(BrowseScreen):
    """Whom one can reach, by party; the date of the last check is shown, since an entry may be out of date."""

    TITLE_WORDS = "contact directory"
    HINT = "Look at when an entry was last checked. esc goes back."
    EMPTY = "Your team has no contact directory in this exercise."
    HELP = """
These are the contacts your team has on file: at other teams, and at bodies that exercise control plays.

The directory is your own copy. Look at the date of the last check before you rely on an entry.
"""

    def entries(self) -> list[tuple[str, Content | Lines, str]]:
        found: list[tuple[str, Content | Lines, str]] = []
        party = None
        for number, contact in enumerate(sorted(self._client.view().contacts, key=lambda c: c.party)):
            if contact.party != party:
                party = contact.party
                found.append((f"#{number}", safe(party, "bold $primary"), ""))
            by = safe(f"{contact.channel} · {contact.level}", "$foreground 65%")
            row = Lines(("", safe(contact.name)), ("  ", by))
            found.append((str(number), row, _card(contact)))
        return found


def _card(contact: ContactView) -> str:
    lines = [
        f"## {plain(contact.name)}",
        f"**Of** {plain(contact.party)}  ",
        f"**Level** {plain(contact.level)}  ",
        f"**By** {plain(contact.channel)}  ",
        f"**Address** {plain(contact.address)}  ",
        f"**Staffed** {plain(contact.hours) or 'not stated'}  ",
        f"**Last checked** {plain(contact.updated) or 'not stated'}",
    ]
    return lines[0] + "\n\n" + "\n".join(lines[1:])
