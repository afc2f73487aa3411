"""The team's contact directory, as its own copy has it; entries can be tried out, and written to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList

from exercise.core.requests.commands import SendRequest
from exercise.errors import ExerciseError
from exercise.language import N_, Told, _
from exercise.tui.composing import Composer, ping_kind, start_request
from exercise.tui.screens.browse import BrowseScreen
from exercise.tui.widgets.choices import Lines
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.request_words import STANDS
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.views import ContactView, ParticipantView

__all__ = ["DirectoryScreen", "contact_card"]

_KNOWN = Told(
    {
        "works": "✓ Somebody answered there.",
        "dead": "✕ Nobody answers at this address. Ask the other side, by another way, who it is now.",
        "renewed": "↻ Put right: the address above is the one that works.",
    }
)


class DirectoryScreen(BrowseScreen):
    """Whom one can reach, by party; the date of the last check is shown, since an entry may be out of date."""

    TITLE_WORDS = N_("contact directory")
    EMPTY = N_("Your team has no contact directory in this exercise.")
    HELP = N_("""
These are the contacts your team has on file: at other teams, and at bodies that exercise control plays.

The directory is your own copy. Look at the date of the last check before you rely on an entry. Where requests can be
sent, **p** pings the marked entry: a test without a word, which shows whether anybody is there. **enter** writes a
request to it.
""")
    BINDINGS = [
        Binding("p", "ping", "Ping", tooltip="Test whether anybody answers at this entry"),
        Binding("w", "write", "Write to it", tooltip="Write a request to this entry; enter does so too"),
    ]

    _said_of: str | None = None
    """The entry that the line at the foot speaks of."""

    def on_mount(self) -> None:
        self.refresh_hint()

    @on(OptionList.OptionHighlighted, "#rows")
    def _another(self, event: OptionList.OptionHighlighted) -> None:
        """What was said of one entry is not read as said of the next."""
        if self._said_of is not None and event.option_id != self._said_of:
            self._said_of = None
            self.say("")

    def hint(self) -> str:
        if any(entry.via for entry in self._client.view().contacts):
            return _("p: test whether an entry still works. enter: write a request to it.")
        return _("Look at when an entry was last checked. esc goes back.")

    def entries(self) -> list[tuple[str, Content | Lines, str]]:
        view = self._client.view()
        found: list[tuple[str, Content | Lines, str]] = []
        party = None
        for number, contact in enumerate(sorted(view.contacts, key=lambda c: c.party)):
            if contact.party != party:
                party = contact.party
                found.append((f"#{number}", safe(party, "bold $primary"), ""))
            by = safe(f"{contact.channel} · {_(contact.level)}", "$foreground 65%")
            rows = [("", safe(contact.name)), ("  ", by)]
            known = STANDS.get(contact.stands) or _under_way(view, contact)
            rows += [("  ", safe(known, "bold"))] if known else []
            found.append((str(contact.number or f"+{number}"), Lines(*rows), contact_card(contact)))
        return found

    def _entry(self) -> ContactView | None:
        return next((entry for entry in self._client.view().contacts if str(entry.number) == self.marked), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action not in ("ping", "write"):
            return True
        view, entry = self._client.view(), self._entry()
        if entry is None or not entry.via or view.clock.phase == "ended":
            return False
        return bool(view.kinds) if action == "write" else ping_kind(view, entry) is not None

    @on(OptionList.OptionSelected, "#rows")
    def _write_to(self, event: OptionList.OptionSelected) -> None:
        if self.check_action("write", ()):
            # The base would go to the text instead.
            event.prevent_default()
            self.action_write()

    def action_write(self) -> None:
        if (entry := self._entry()) is not None:
            composer = Composer(self.program, self._client, live=self._live, now=self._now, done=self._sent)
            start_request(composer, contact=entry.number)

    def _sent(self, said: str) -> None:
        self.show_entries()
        self.call_later(self.say, said)

    async def action_ping(self) -> None:
        view, entry = self._client.view(), self._entry()
        kind = ping_kind(view, entry) if entry is not None else None
        if entry is None or kind is None:
            return
        ping = SendRequest(seat=self._client.seat, play=view.clock.play, kind=kind.id, contact=entry.number)
        try:
            await self._client.submit(ping)
        except ExerciseError as error:
            self.say(str(error), wrong=True)
            return
        self._said_of = str(entry.number)
        after = next(contact for contact in self._client.view().contacts if contact.number == entry.number)
        self.show_entries()
        if _under_way(self._client.view(), after):
            self.say(_("The ping is on its way; what comes back is shown here once the story has moved on."))
        else:
            self.say(_KNOWN.get(after.stands, _("The ping went out.")).removeprefix("✕ "), wrong=after.stands == "dead")


def _under_way(view: ParticipantView, contact: ContactView) -> str:
    """Whether a test of this entry has not come back yet."""
    tests = {kind.id for kind in view.kinds if kind.automatic}
    waits = any(
        request.contact == contact.name and request.kind in tests and not request.incoming and not request.over
        for request in view.requests
    )
    return _("… ping on its way") if waits else ""


def contact_card(contact: ContactView) -> str:
    """An entry of the directory with all that the team has on file, as light Markdown."""
    lines = [
        f"## {plain(contact.name)}",
        _("**Of** {party}  ").format(party=plain(contact.party)),
        _("**Level** {level}  ").format(level=plain(_(contact.level))),
        _("**By** {channel}  ").format(channel=plain(contact.channel)),
        _("**Address** {address}  ").format(address=plain(contact.address)),
        _("**Staffed** {hours}  ").format(hours=plain(contact.hours) or _("not stated")),
        _("**Last checked** {updated}").format(updated=plain(contact.updated) or _("not stated")),
    ]
    card = lines[0] + "\n\n" + "\n".join(lines[1:])
    if contact.takes:
        card += _("\n\n**Requests go by:** {takes}").format(takes=plain(contact.takes))
    elif contact.number:
        card += _("\n\n**Takes no requests:** no channel for them is on file.")
    if contact.stands in _KNOWN:
        card += f"\n\n**{_KNOWN[contact.stands]}**"
    return card
