"""The codes by which people come in, and the addresses they open: to read out, to project, to close again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.widgets import OptionList, Static

from exercise.language import N_, Told, _, ngettext
from exercise.session.control import NewTicket, RevokeTicket
from exercise.session.tickets import shown
from exercise.tui.console.base import ConsoleScreen
from exercise.tui.console.big_type import big, fits
from exercise.tui.console.pick import PickScreen
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import ProseView, safe

if TYPE_CHECKING:
    from exercise.session.control import Control, TicketCard

__all__ = ["BigCodeScreen", "TicketsScreen"]

_QUIET = "$foreground 65%"
_HIDDEN = "••••-••••"
_DOORS = Told({"terminal": "With the program", "ssh": "With ssh, nothing installed", "browser": "With a browser"})
_NEW = (
    ("participant", "", N_("Participants of a team")),
    ("observer", "", N_("Observers: see any team's screen, write notes")),
    ("evaluator", "", N_("Evaluators: the same, and the marks after the end")),
    ("spectator", "", N_("Spectators: see what is public")),
    ("controller", "", N_("Controllers: a console of their own")),
)


def code_of(ticket: TicketCard) -> str:
    """The code as people read it; not every controller is told codes."""
    return (ticket.code if "-" in ticket.code else shown(ticket.code)) or _("for the facilitator")


class TicketsScreen(ConsoleScreen[None]):
    """Codes stay hidden until they are asked for, since a console may hang on the wall."""

    CSS_PATH = "tickets.tcss"
    TITLE_WORDS = N_("codes to come in")
    HELP = N_("""
A **code** opens the exercise for a team, for one role of it, or for those who look on. With it, people come in
through any of the **doors** whose addresses stand below.

- Codes are **hidden** until you press **s**, so that a projector does not give them all away.
- **enter** shows one code in big type with the addresses, for that team to read off the wall.
- **w** makes a new code, **x** revokes one: who came in with it is sent out, and it opens nothing any more.

Whoever has a team's code chooses a role; a code for one role leaves no choice. Of two at one seat, the second reads
along until you settle it under People.
""")
    BINDINGS = [
        Binding("s", "show_codes", "Show codes", tooltip="Show the codes, or hide them again"),
        Binding("w", "new", "New code", tooltip="Make a new code"),
        Binding("x", "revoke", "Revoke", tooltip="The marked code opens nothing any more"),
    ]

    def __init__(self, control: Control) -> None:
        super().__init__(control)
        self._open = False

    def page(self) -> ComposeResult:
        yield Choices(id="codes", classes="panel")
        yield ProseView(id="doors", classes="panel")

    def on_mount(self) -> None:
        self.query_one("#codes").border_title = _("Codes")
        self.query_one("#doors").border_title = _("The doors")
        self.start_at(self.query_one("#codes"))

    def refresh_page(self) -> None:
        room = self.control.room()
        rows = self.query_one("#codes", Choices)
        cards = sorted(room.tickets, key=lambda ticket: ticket.revoked)
        rows.show(
            [(ticket.id, self._row(ticket)) for ticket in cards] or [("#none", safe(_("There are no codes yet.")))]
        )
        if rows.highlighted is None:
            rows.action_first()
        self.query_one("#doors", ProseView).show(self._doors(), keep_place=True)

    def hint(self) -> str:
        hide = _("s hides the codes") if self._open else _("s shows the codes")
        return _("enter: one code in big type, for the wall; {hide}. esc goes back.").format(hide=hide)

    @property
    def _ticket(self) -> TicketCard | None:
        chosen = self.query_one("#codes", Choices).chosen
        return next((ticket for ticket in self.control.room().tickets if ticket.id == chosen), None)

    def _row(self, ticket: TicketCard) -> Line:
        people = {person.id: person for person in self.control.room().people}
        here = sum(people[id].connected for id in ticket.used_by if id in people)
        used = (
            _("{count} came in, {here} here").format(count=len(ticket.used_by), here=here)
            if ticket.used_by
            else _("nobody came in yet")
        )
        if ticket.revoked:
            return Line(safe(f"✕ {ticket.label}", _QUIET), safe(_("revoked"), _QUIET))
        code = safe(code_of(ticket), "bold $text-primary") if self._open else safe(_HIDDEN, _QUIET)
        return Line(safe(f"  {ticket.label}", "bold"), safe(f"{used}   ", _QUIET) + code, code)

    def _doors(self) -> str:
        parts = []
        for door in self.control.room().doors:
            if door.door == "here":
                continue
            name = f"**{_DOORS.get(door.door, door.door)}**"
            parts += [f"{name} `{plain_code(address)}`  " for address in door.addresses]
            parts += (
                [_("fingerprint `{plain_code}`  ").format(plain_code=plain_code(door.fingerprint))]
                if door.fingerprint
                else []
            )
        return "\n".join(parts) or _("No door stands open to others: nobody can come in from elsewhere.")

    def action_show_codes(self) -> None:
        self._open = not self._open
        self.refresh_page()
        self.say("")

    @on(OptionList.OptionSelected, "#codes")
    def _show_big(self) -> None:
        if (ticket := self._ticket) is not None and not ticket.revoked:
            self.app.push_screen(BigCodeScreen(self.control, ticket.id))

    def action_revoke(self) -> None:
        if (ticket := self._ticket) is None:
            return
        count = len(ticket.used_by)
        gone = (
            ngettext(
                " {count} who came in with it is sent out.", " {count} who came in with it are sent out.", count
            ).format(count=count)
            if count
            else ""
        )
        self.sure(
            _("Revoke the code of {label}?").format(label=ticket.label),
            _("It opens nothing any more.{gone} This cannot be taken back; a new code can be made.").format(gone=gone),
            lambda: self.control.ask(RevokeTicket(ticket=ticket.id)),
            yes=_("Revoke it"),
        )

    def action_new(self) -> None:
        rows = [(kind, Lines(("• ", safe(_(words))))) for kind, _unused, words in _NEW]

        def chosen(kind: str | None) -> None:
            if kind == "participant":
                self.app.push_screen(PickScreen(_("For which team or role?"), self._seats()), made)
            elif kind is not None:
                self._make(kind, "")

        def made(seat: str | None) -> None:
            if seat is not None:
                self._make("participant", seat)

        self.app.push_screen(PickScreen(_("For whom is the new code?"), rows), chosen)

    def _seats(self) -> list[tuple[str, Content | Lines]]:
        rows: list[tuple[str, Content | Lines]] = []
        for short, seat in self.control.view().seats:
            if short:
                role = (
                    _("{short}: only {role}").format(short=short, role=seat.role)
                    if "/" in seat.seat
                    else _("{short}: any role of the team").format(short=short)
                )
                rows.append((seat.seat, Lines(("  " if "/" in seat.seat else "• ", safe(role)))))
        return rows

    def _make(self, kind: str, seat: str) -> None:
        async def ask() -> str:
            before = {ticket.id for ticket in self.control.room().tickets}
            await self.control.ask(NewTicket.model_validate({"kind": kind, "seat": seat}))
            made = next((t for t in self.control.room().tickets if t.id not in before), None)
            # The code itself is not said: the line stands on a screen that others may see.
            return (
                _("Made a code for {label}; enter shows it.").format(label=made.label)
                if made
                else _("Made a new code.")
            )

        self.run_worker(self.asked(ask()))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "revoke" and self.is_mounted:
            ticket = self._ticket
            return ticket is not None and not ticket.revoked
        return True


def plain_code(text: str) -> str:
    """A string to stand between back-ticks of light Markdown."""
    return " ".join(text.replace("`", "'").split())


class BigCodeScreen(ConsoleScreen[None]):
    """For the projector: nothing of the other teams' is on it."""

    TITLE_WORDS = N_("one code, to be read off the wall")
    HINT = N_("q: a picture for the camera of a tablet or phone. esc hides the code again.")
    HELP = N_("""
This page may be projected: it shows **one** code and the addresses of the doors, nothing of anybody else's. Capitals
and dashes make no difference when the code is typed.

**q** draws a QR picture of the browser's address, for tablets and phones; the code is typed there.
""")
    CSS_PATH = "tickets.tcss"
    BINDINGS = [Binding("q", "picture", "QR picture", tooltip="The browser's address as a QR picture, or the code")]

    def __init__(self, control: Control, ticket: str) -> None:
        super().__init__(control)
        self._id = ticket
        self._picture = False

    def page(self) -> ComposeResult:
        with VerticalScroll(id="wall", can_focus=True):
            yield Static(id="code", markup=False)

    def on_mount(self) -> None:
        self.call_after_refresh(self.query_one("#wall").focus)

    def on_resize(self, event: Resize) -> None:
        self.call_after_refresh(self.refresh_page)

    def refresh_page(self) -> None:
        self.query_one("#code", Static).update(self._shown())

    def action_picture(self) -> None:
        self._picture = not self._picture
        self.refresh_page()
        self.query_one("#wall").scroll_home(animate=False)

    def _shown(self) -> Content:
        room = self.control.room()
        ticket = next((t for t in room.tickets if t.id == self._id and not t.revoked), None)
        if ticket is None:
            return safe(_("This code opens nothing any more."), "bold")
        browser = next((d.addresses[0] for d in room.doors if d.door == "browser" and d.addresses), "")
        if self._picture:
            return safe(f"{ticket.label}  {browser}\n\n", "bold") + qr(browser)
        if not ticket.code:
            return safe(_("The facilitator has the codes."), "bold")
        code, width = code_of(ticket), max(20, self.size.width - 6)
        lines = big(code) if fits(code, width) else [line for part in code.split("-") for line in (*big(part), "")]
        if not fits(max(code.split("-"), key=len), width):
            lines = [" ".join(code)]
        text = safe(f"{ticket.label}\n\n", "bold") + Content.styled("\n".join(lines).rstrip(), "bold $text-primary")
        text += safe(_("\n\nThe code: "), _QUIET) + safe(f"{code}\n", "bold")
        for door in room.doors:
            for address in door.addresses if door.door != "here" else ():
                text += safe(f"\n{_DOORS.get(door.door, door.door)}: ", _QUIET) + safe(address, "bold")
        return text


def qr(address: str) -> Content:
    """A QR picture of an address in half blocks, light on dark in any theme; words where it cannot be drawn."""
    if not address:
        return safe(_("No browser door stands open, so there is no address to draw."))
    try:
        import segno
    except ImportError:
        return safe(_("There is no picture: the package “segno” is not installed here. The address is below."))
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=2)]
    rows += [[0] * len(rows[0])] if len(rows) % 2 else []
    # What is light is drawn, so that the picture can be read on a dark terminal without colours too.
    signs = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
    lines = [
        "".join(signs[bool(up), bool(down)] for up, down in zip(*pair, strict=True))
        for pair in zip(rows[::2], rows[1::2], strict=True)
    ]
    return Content("\n").join(Content.styled(line, "#ffffff on #000000") for line in lines)
