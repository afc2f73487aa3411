"""Who is here: the muster of the teams, each seat with its people, and what is settled between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import OptionList, Static

from exercise.core.control.commands import SeatBot, UnseatBot
from exercise.core.teamwork.commands import PutDownPen, TakePen
from exercise.language import N_, _
from exercise.session.control import LetAct, RemovePerson, SeatPerson
from exercise.tui.console.base import ConsoleScreen
from exercise.tui.console.people_words import (
    Muster,
    musters,
    person_text,
    room_rows,
    seat_name,
    taken_twice,
)
from exercise.tui.console.pick import PickScreen
from exercise.tui.launch import PEOPLE, POLICIES, SEATS
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.session.control import Person

__all__ = ["PeopleScreen"]

_QUIET = "$foreground 65%"


class PeopleScreen(ConsoleScreen[None]):
    """A row for each seat and person; the keys act on the marked one, or on its team."""

    CSS_PATH = "people.tcss"
    TITLE_WORDS = N_("people and seats")
    HELP = N_("""
Everybody who has come in, by team and seat. **●** acts for a seat, **◌** reads along, **✕** has lost the connection;
a lost one keeps the place, and whoever comes back with the same code and name goes on there.

- **A seat taken twice** stands at the top. Mark one of the two: **a** lets that one act and the other read along,
  **A** lets both act. Or **m** moves one of them to another seat.
- **m** puts the marked person on a seat, of any team, or lets them choose anew.
- **x** sends the marked person out. The code stays good; to close it as well, revoke it under Tickets.
- **b** lets a bot play the marked team, **h** hands the team back to its people.
- **p** gives the pen of a draft to somebody of the team, or frees it where its holder has gone away with it.

The **muster** says which teams are complete: every role, or the whole team's seat, has somebody who acts.
""")
    BINDINGS = [
        Binding("m", "move", "Move seat", tooltip="Put the marked person on a seat"),
        Binding("a", "act(False)", "Let act", tooltip="The marked person acts for the seat, others there read along"),
        Binding("A", "act(True)", "Both act", tooltip="The marked person acts for the seat as well"),
        Binding("x", "remove", "Send out", tooltip="Send the marked person out"),
        Binding("b", "bot", "Bot", tooltip="Let a bot play the marked team"),
        Binding("h", "hand_back", "Hand back", tooltip="Take the bot off the marked team"),
        Binding("p", "pens", "Pens", tooltip="Give the pen of a draft to somebody, or free it"),
    ]

    def page(self) -> ComposeResult:
        yield Static(id="muster", markup=False)
        with Horizontal(id="room"):
            yield Choices(id="people", classes="panel")
            yield ProseView(id="person", classes="panel")

    def on_mount(self) -> None:
        self.query_one("#people").border_title = _("People and seats")
        self.start_at(self.query_one("#people"))

    def refresh_page(self) -> None:
        room, view = self.control.room(), self.control.view()
        self.query_one("#muster", Static).update(self._muster())
        rows = list(room_rows(room, view, self.control.teams))
        self.query_one("#people", Choices).show(rows)
        self._tell()

    def hint(self) -> str:
        if taken_twice(self.control.room(), self.control.view()):
            return _("Mark one of two at a seat. a: this one acts, A: both act, m: another seat.")
        return _("↑ ↓ mark a person, a free seat or a team; m moves, b lets a bot play. esc goes back.")

    # What is marked

    @property
    def _marked(self) -> tuple[str, str]:
        kind, _, id = (self.query_one("#people", Choices).chosen or "").partition(":")
        return kind, id

    @property
    def _person(self) -> Person | None:
        kind, id = self._marked
        return next((p for p in self.control.room().people if p.id == id), None) if kind == "person" else None

    @property
    def _team(self) -> Muster | None:
        kind, id = self._marked
        person = self._person
        team = (person.seat or person.team) if person is not None else id
        team = team.partition("/")[0]
        found = musters(self.control.room(), self.control.view(), self.control.teams)
        return next((muster for muster in found if muster.team == team), None) if kind else None

    @on(OptionList.OptionHighlighted, "#people")
    def _moved(self) -> None:
        self._tell()
        self.refresh_bindings()

    def _tell(self) -> None:
        pane, person, view = self.query_one("#person", ProseView), self._person, self.control.view()
        kind, id = self._marked
        if person is not None:
            text = f"{person_text(person, view)}  \n{self._can(person)}"
        elif kind == "seat":
            text = _("**{seat_name}**  \nFree. Mark somebody and press **m** to seat them here.").format(
                seat_name=plain(seat_name(view, id))
            )
        elif (muster := self._team) is not None:
            text = f"**{plain(muster.short)}**  \n{muster.words}  \n" + (
                _("**h** hands the team back to its people.") if muster.bot else _("**b** lets a bot play it.")
            )
        else:
            text = _("Nobody has come in yet. Read out a code under Tickets.")
        pane.show(text, keep_place=text == pane.text)

    def _can(self, person: Person) -> str:
        if person.kind != "participant":
            return _("**x** sends this person out.")
        if not person.seat:
            return _("**m** puts this person on a seat.")
        if not person.acting:
            return _("**a** lets this one act instead of the other, **A** lets both act, **m** moves.")
        return _("**m** moves this person, **x** sends them out.")

    def _muster(self) -> Content:
        room, view = self.control.room(), self.control.view()
        found = musters(room, view, self.control.teams)
        words = []
        for state, name in (
            ("complete", _("✓ Complete")),
            ("short", _("◐ Short")),
            ("empty", _("○ Empty")),
            ("bot", _("⚙ Bot")),
        ):
            group = [m for m in found if m.state == state]
            if group:
                told = [f"{m.short} {m.here}/{m.roles}" if state == "short" else m.short for m in group]
                words.append(f"{name}: {', '.join(told)}")
        line = safe("   ".join(words), "bold")
        people = [person for person in room.people if person.kind == "participant"]
        placeless, lost = sum(not person.seat for person in people), sum(person.lost for person in people)
        notes = [_("{placeless} without a place").format(placeless=placeless)] if placeless else []
        notes += [_("{lost} lost the connection").format(lost=lost)] if lost else []
        twice = taken_twice(room, view)
        second = (
            safe(f"✕ {'; '.join(twice)}", "bold $text-warning") if twice else safe(_("Nobody shares a seat"), _QUIET)
        )
        return line + safe("\n") + second + safe(f" · {', '.join(notes)}" if notes else "", _QUIET)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action not in ("move", "act", "remove", "bot", "hand_back", "pens") or not self.is_mounted:
            return True
        person = self._person
        match action:
            case "move":
                return person is not None and person.kind == "participant"
            case "act":
                return person is not None and bool(person.seat) and not person.acting
            case "remove":
                return person is not None
            case "pens":
                return bool(self._pens)
        muster = self._team
        return muster is not None and bool(muster.bot) == (action == "hand_back")

    # What can be done

    def action_move(self) -> None:
        person, view = self._person, self.control.view()
        if person is None:
            return
        sitting: dict[str, list[str]] = {}
        for other in self.control.room().people:
            if other.seat and other is not person:
                sitting.setdefault(other.seat, []).append(other.name)
        rows: list[tuple[str, Content | Lines]] = []
        last = ""
        for short, seat in view.seats:
            if not short:
                continue
            if short != last:
                rows.append((f"#{short}", safe(short, "bold $primary")))
                last = short
            role = seat.role if "/" in seat.seat else _("The whole team")
            taken = sitting.get(seat.seat, [])
            here = (
                _("is here now")
                if seat.seat == person.seat
                else _("taken by {taken}").format(taken=", ".join(taken))
                if taken
                else _("free")
            )
            rows.append((seat.seat, Lines(("  ", safe(role) + safe(f" · {here}", _QUIET)))))
        rows.append(("-", safe(_("No seat: chooses anew"))))
        question = PickScreen(_("Where is {name} to sit?").format(name=person.name), rows)

        def chosen(seat: str | None) -> None:
            if seat is not None:
                command = SeatPerson(person=person.id, seat="" if seat == "-" else seat)
                self.run_worker(self.asked(self.control.ask(command)))

        self.app.push_screen(question, chosen)

    def action_act(self, too: bool) -> None:
        if (person := self._person) is not None:
            self.run_worker(self.asked(self.control.ask(LetAct(person=person.id, too=too))))

    def action_remove(self) -> None:
        if (person := self._person) is not None:
            self.sure(
                _("Send {name} out?").format(name=person.name),
                _("Their screen closes. With the code they can come in again, unless you revoke it under Tickets."),
                lambda: self.control.ask(RemovePerson(person=person.id)),
                yes=_("Send out"),
            )

    def action_bot(self) -> None:
        if (muster := self._team) is None:
            return
        text = _("It answers decisions and requests from now on, until you hand the team back.")
        rows = [
            (id, Lines(("• ", safe(_(words), "bold")), ("  ", safe(_(more), _QUIET))))
            for id, words, more in POLICIES
            if id not in (PEOPLE, SEATS)
        ]
        if muster.here:
            text = _("**{here} of {roles} roles are here**; they would play beside it. {text}").format(
                here=muster.here, roles=muster.roles, text=text
            )

        def chosen(policy: str | None) -> None:
            if policy is not None:
                command = SeatBot.model_validate({"team": muster.team, "policy": policy})
                self.run_worker(
                    self.asked(self.control.submit(command), _("A bot plays {short} now.").format(short=muster.short))
                )

        self.app.push_screen(PickScreen(_("Which bot plays {short}?").format(short=muster.short), rows, text), chosen)

    def action_hand_back(self) -> None:
        if (muster := self._team) is not None:
            said = _("{short} is in its people's hands.").format(short=muster.short)
            self.run_worker(self.asked(self.control.submit(UnseatBot(team=muster.team)), said))

    @property
    def _pens(self) -> dict[str, tuple[str, str, str]]:
        """What is written, or may be: by team and subject the team's short name, a title, and who holds the pen."""
        view, ids = self.control.view(), {short: team for team, short in self.control.teams}
        pens = {
            f"{ids[short]}:{shown.id}": (short, shown.title, "")
            for short, shown in view.decisions
            if shown.status == "open" and short in ids
        }
        drafts = {f"{ids[short]}:{it.subject}": (short, it.title, it.who) for short, it in view.drafts if short in ids}
        return pens | {key: pen for key, pen in drafts.items() if key in pens or pen[2]}

    def action_pens(self) -> None:
        rows = [
            (key, Lines(("✎ ", safe(f"{short}: {title}", "bold") + safe(f" · {_holds(who)}", _QUIET))))
            for key, (short, title, who) in self._pens.items()
        ]

        def chosen(key: str | None) -> None:
            if key is not None:
                self._give_pen(*key.split(":", 1))

        text = _("What is written stays. One at a time writes for the team, as long as the pen is in their hand.")
        self.app.push_screen(PickScreen(_("Which pen?"), rows, text), chosen)

    def _give_pen(self, team: str, subject: str) -> None:
        seats = [
            seat for _unused, seat in self.control.view().seats if seat.seat.partition("/")[0] == team and seat.present
        ]
        rows = [(seat.seat, Lines(("  ", safe(f"{seat.role} · {seat.name or _('no name')}")))) for seat in seats]
        rows.append(("-", Lines(("  ", safe(_("Nobody: it lies free, and anybody of the team may take it"))))))

        def chosen(seat: str | None) -> None:
            if seat == "-":
                self.run_worker(self.asked(self._free(team, subject), _("The pen lies free; anybody may take it.")))
            elif seat is not None:
                given = TakePen(subject=subject, team=team, to=seat)
                self.run_worker(self.asked(self.control.submit(given), _("The pen is given.")))

        self.app.push_screen(PickScreen(_("Who is to hold it?"), rows), chosen)

    async def _free(self, team: str, subject: str) -> None:
        await self.control.submit(TakePen(subject=subject, team=team))
        await self.control.submit(PutDownPen(subject=subject, team=team))


def _holds(who: str) -> str:
    return _("{who} holds it").format(who=who) if who else _("it lies free")
