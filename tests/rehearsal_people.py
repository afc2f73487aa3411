"""Who takes part in the rehearsal, and what they do all through it: decide with a reason, go on to the next thing.

All wait for what people can see; nothing is looked up behind the screens but what control may know.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faulting import HubProcess, free_port
from rehearsing import (
    DOWN,
    ENTER,
    ESCAPE,
    PEN,
    RIGHT,
    SAVE,
    TAB,
    Cast,
    News,
    PageSeat,
    ProgramSeat,
    SshSeat,
    Way,
)  # fmt: skip
from rehearsing_browser import BrowserSeat

from exercise.authoring.library import load_scenario
from exercise.core.commands import ChooseResponse, ReadMessage
from exercise.core.control.commands import WriteInject
from exercise.core.views import DecisionView
from exercise.hub.link import Link
from exercise.hub.protocol import Hello
from exercise.hub.remote_control import RemoteControl, come_in
from exercise.session.control import StepOn

SEATS = (
    ("averne", "home-affairs", "Petra", "ssh"), ("averne", "central-bank", "Oskar", "program"),
    ("averne", "prosecutor", "Ines", "page"),
    ("belcora", "police", "Bruno", "program"), ("belcora", "bank-liaison", "Wilma", "browser"),
    ("belcora", "legal", "Lena", "ssh"),
    ("cadria", "police", "Pia", "page"), ("cadria", "hosting", "Hugo", "ssh"), ("cadria", "judge", "Jana", "program"),
    ("sanda", "director", "Dora", "ssh"), ("sanda", "security", "Simon", "page"), ("sanda", "tarn", "Tilda", "program"),
)  # fmt: skip
"""Team, role, pseudonym and way in: four seats by each door, all three doors in each team."""

Terminal = SshSeat | PageSeat | BrowserSeat
Anyone = Terminal | ProgramSeat

REASON = "Said in the rehearsal: what can be undone comes first, and those who are touched by it are told."


@dataclass
class Figures:
    """What was counted and timed."""

    paints: list[float]
    """Seconds from asking for a release to the last screen that showed it."""
    reconnects: dict[str, list[float]]
    """Seconds from a cut, or from the hub's return, to being back at the own screen, by door."""
    timeline: list[tuple[float, str]]
    accepted: int = 0
    answers: int = 0
    entries: int = 0
    seconds: float = 0.0
    hub_back: float = 0.0


class People:
    """All who take part, and the scenes in their order."""

    def __init__(self, folder: Path, *, record: bool = False) -> None:
        self.folder, self.record = folder, record
        self.news = News()
        self.scenario = load_scenario("card-storm")
        self.hub = HubProcess(folder, ssh_port=free_port(), web_port=free_port(), workers=2, seed=1)
        self.figures = Figures([], {"program": [], "ssh": [], "browser": []}, [])
        self.seats: list[Anyone] = []
        self.looked: Callable[[str, Any], None] = lambda name, seat: None
        """Called with a name and a seat where a screen is worth keeping."""
        self._began = time.monotonic()

    def note(self, text: str) -> None:
        self.figures.timeline.append((time.monotonic() - self._began, text))

    # Who is here

    async def open(self) -> None:
        """The hub opens its doors; the facilitator sits down at the console over ssh, a controller beside."""
        await self.hub.start_again()
        config = self.hub._config
        self.ada = SshSeat(Way(config["ssh_port"], self.hub.code("facilitator"), "Ada", size=(120, 40)), self.news)
        if self.record:
            self.ada.cast = Cast(120, 40, "The facilitator's console")
        await self.ada.join()
        await self.ada.sees("BEFORE STARTEX", "c opens the muster")
        link = Link(self.hub.url, Hello(code=self.hub.code("controller"), name="Ben"))
        ben = await come_in(link)
        assert isinstance(ben, RemoteControl)
        self.ben, self._ben_link = ben, link
        link.subscribe(self.news.tell)
        self.note("The hub's doors are open; Ada has the console over ssh, Ben helps her over the program's door.")

    def _make(self, team: str, role: str, name: str, way: str) -> Anyone:
        config, code = self.hub._config, self.hub.code("participant", team)
        if way == "program":
            return ProgramSeat(Way(self.hub.port, code, name, team, role), self.news)
        if way == "ssh":
            seat = SshSeat(Way(config["ssh_port"], code, name, team, role), self.news)
            if self.record and name == "Petra":
                seat.cast = Cast(80, 24, "Averne: Home affairs, over ssh")
            return seat
        web = Way(config["web_port"], code, name, team, role, (120, 40) if name == "Ines" else (80, 24))
        return BrowserSeat(web, self.news, self.folder / "browser") if way == "browser" else PageSeat(web, self.news)

    def who(self, name: str) -> Any:
        return next(seat for seat in self.seats if seat.name == name)

    @property
    def terminals(self) -> list[Terminal]:
        return [seat for seat in self.seats if not isinstance(seat, ProgramSeat)]

    def role_name(self, seat: Anyone) -> str:
        team = self.scenario.teams_by_id[seat.team]
        return next(role.name for role in team.roles if role.id == seat.role)

    async def all_see(self, words: str, seats: Iterable[Anyone] | None = None) -> float:
        found = list(self.seats if seats is None else seats)

        def late() -> list[str]:
            return [seat.name for seat in found if not seat.shows(words)]

        try:
            return await self.news.until(lambda: not late(), f"all see {words}")
        except AssertionError:
            shown = "\n".join(
                f"--- {seat.name} ({seat.door})\n{seat.text[-2500:]}" for seat in found if seat.name in late()
            )
            raise AssertionError(f"{words}: not seen by {late()}\n{shown}") from None

    # The story

    async def step(self) -> None:
        await self.ben.ask(StepOn())

    async def bulletin(self, number: int) -> None:
        """A public message, timed from asking for its release to the last of all screens."""
        title = f"Bulletin {number:02}"
        began = time.monotonic()
        inject = WriteInject(sender="Karst Wire", channel="media", to=("all",), title=title, text="Nothing new.")
        await self.ben.submit(inject)
        await self.all_see(title)
        self.figures.paints.append(time.monotonic() - began)

    async def read(self) -> None:
        """Everybody opens a message: by keys, or as the program does it."""
        for seat in self.seats:
            if isinstance(seat, ProgramSeat):
                await seat.submit(ReadMessage(seat=seat.seat, play=0, number=1))
            else:
                await seat.press("i")
                await seat.sees("Situation report 1: card")
        await self.ada.sees("read 12/12")
        self.note("Everybody has read the first situation report; the console counts 12 of 12.")

    def _answers(self, team: str, decision: DecisionView) -> Anyone:
        """Whoever holds the pen of a decision, or leads where that role is empty."""
        roles = self.scenario.teams_by_id[team].roles
        wanted = next((role.id for role in roles if role.name == decision.role), "")
        mine = [seat for seat in self.seats if seat.team == team]
        lead = next(role.id for role in roles if role.leads)
        return next((s for s in mine if s.role == wanted), next(s for s in mine if s.role == lead))

    def open_decisions(self) -> list[tuple[str, DecisionView]]:
        ids = {short: id for id, short in self.ben.teams}
        return [(ids[team], each) for team, each in self.ben.view().decisions if each.status == "open"]

    async def decide(self, team: str, decision: DecisionView) -> Anyone:
        """Answers a decision with a reason, by keys or by asking."""
        seat = self._answers(team, decision)
        if isinstance(seat, ProgramSeat):
            await self.news.until(
                lambda: any(each.id == decision.id for each in seat.view.open_decisions), f"{decision.id} is put"
            )
            first = decision.options[0]
            await seat.submit(
                ChooseResponse(
                    seat=seat.seat,
                    play=0,
                    decision=decision.id,
                    revision=decision.revision,
                    option=first.id,
                    reason=REASON,
                )
            )
        else:
            await self.write_answer(seat, decision)
            await seat.press(SAVE)
            await seat.sees("ctrl+s sends it")
            await seat.press(SAVE)
        await self.news.until(
            lambda: decision.id not in [each.id for _, each in self.open_decisions()], f"{decision.id} answered", seat
        )
        return seat

    async def write_answer(self, seat: Terminal, decision: DecisionView) -> None:
        """From the play screen to the form with a reason in it."""
        await self.home(seat)
        await seat.sees(" ".join(decision.title.split()[:3]))
        await seat.move(lambda: "d", lambda: seat.shows("← →") or seat.shows("(↑ ↓)"), patience=3.0)
        first = decision.options[0].title[:10]
        await seat.move(lambda: RIGHT if seat.shows("← →") else DOWN,
                        lambda: "┃ A " in seat.text or seat.flat.count(first) > 1)  # fmt: skip
        await seat.move(lambda: ENTER, lambda: seat.shows("Why? Your team's reason"))
        await seat.sees("ctrl+t")
        if not seat.shows("You hold the pen"):
            await seat.press(PEN)
            await seat.sees("You hold the pen")
        if not seat.shows(REASON[:24]):
            await seat.send(REASON)
            await seat.sees(REASON[:24])

    async def play_move(self) -> None:
        """Steps through what is left of the move, each answering what is put to them, to the plenary or to ENDEX."""
        clock = self.ben.view().clock
        for _ in range(400):
            for team, decision in self.open_decisions():
                await self.decide(team, decision)
            if self.ben.view().clock.phase != "move":
                self.note(f"Move {clock.move} is played to its end.")
                return
            await self.step()
        raise AssertionError("the move does not end")

    async def open_move(self, number: int) -> None:
        """The facilitator ends the plenary by keys; everybody sees the next move, and a public message in it."""
        await self.ada.press("c")
        await self.ada.sees("End plenary")
        await self.ada.press("p")
        await self.ada.sees("End the plenary?")
        await self.ada.press(TAB, ENTER)
        await self.all_see(self.scenario.moves[number].title)
        await self.ada.press(ESCAPE)
        await self.ada.sees("MSEL · all teams")
        for _ in range(3):
            await self.bulletin(len(self.figures.paints) + 1)
        self.note(f"The facilitator has opened move {number + 1}.")

    async def home(self, seat: Terminal) -> None:
        """Back to the play screen. Escape and a key after it, in one burst, would be another key."""
        await seat.move(lambda: ESCAPE, lambda: seat.shows("d Decide"))

    async def open_talk(self, seat: Terminal, with_whom: str) -> None:
        await seat.go("m", "With whom")
        await seat.move(lambda: DOWN, lambda: f"╭─ {with_whom} ─" in seat.text)
        await seat.press(ENTER)

    def _person(self, name: str) -> str:
        return next(person.id for person in self.ben.room().people if person.name == name)

    def _kept(self, person: str, text: str) -> bool:
        from exercise.session.database import open_store

        store = open_store(self.hub.store)
        try:
            return any(text in kept for kept in store.kept(self.hub.session, person).values())
        finally:
            store.close()

    def _screens(self, seat: Anyone) -> tuple[Terminal, ...]:
        return () if isinstance(seat, ProgramSeat) else (seat,)

    async def step_until(self, holds: Callable[[], bool], what: str, but: str = "") -> None:
        """Steps on, each answering what is put to them but for one team, until something has come about."""
        for _ in range(60):
            try:
                await self.news.until(holds, what, seconds=1.0)
                return
            except AssertionError:
                for team, decision in self.open_decisions():
                    if team != but:
                        await self.decide(team, decision)
                if not holds():
                    await self.step()
        raise AssertionError(f"{what}: not within sixty steps")

    def _decided(self, team: str) -> int:
        short = dict(self.ben.teams)[team]
        return sum(name == short and each.status == "chosen" for name, each in self.ben.view().decisions)

    async def close(self) -> None:
        for work in (*(seat.close for seat in self.seats), self.ada.close, self._ben_link.drop):
            await _quietly(work)
        self.hub.stop()


async def _quietly(work: Callable[[], Awaitable[Any]]) -> None:
    try:
        await work()
    except Exception as error:  # What is left of a scene that failed must not hide why it failed.
        print(f"closing: {error!r}")
