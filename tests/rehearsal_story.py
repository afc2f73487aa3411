"""The rehearsal itself: one facilitator, four teams, twelve seats over three doors, from the lobby to the hot wash.

Every scene waits for what people can see; nothing is looked up behind the screens but what control may know.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faulting import HubProcess, free_port
from rehearsing import (
    DOWN, ENTER, ESCAPE, PEN, RIGHT, SAVE, TAB, Cast, News, PageSeat, ProgramSeat, SshSeat, Way, _Reading,
)  # fmt: skip
from rehearsing_browser import BrowserSeat, browser

from exercise.authoring.library import load_scenario
from exercise.core.commands import ChooseResponse, CloseMove, ClosePlenary, ReadMessage
from exercise.core.control.commands import WriteInject
from exercise.core.requests.commands import AnswerRequest, FulfilRequest, SendRequest
from exercise.core.teamwork.commands import Say
from exercise.core.views import DecisionView
from exercise.errors import CommandRejected
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
    seconds: float = 0.0
    hub_back: float = 0.0


class Rehearsal:
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
            shown = "\n".join(f"--- {seat.name} ({seat.door})\n{seat.text[-2500:]}" for seat in found if seat.name in late())
            raise AssertionError(f"{words}: not seen by {late()}\n{shown}") from None

    # The lobby

    async def muster(self) -> None:
        """Twelve come in by three doors and choose their roles; the console sees the muster fill; STARTEX."""
        self.seats = [self._make(*each) for each in SEATS]
        await asyncio.gather(*(self._come_in(seat) for seat in self.seats))
        await self.ada.press("c")
        await self.ada.sees("Muster", *(f"{seat.name} ({self.role_name(seat)})" for seat in self.seats))
        self.looked("muster", self.ada)
        self.note("Twelve have come in, four by each door, and have chosen their roles; the muster shows them all.")
        await self.ada.press("s")
        await self.ada.sees("Every screen leaves the briefing")
        await self.ada.press(TAB, ENTER)
        took = await self.all_see("First hours")
        self.note(f"STARTEX, on all twelve screens within {took:.2f} s.")
        await self.ada.press(ESCAPE)
        await self.ada.sees("MSEL · all teams")

    async def _come_in(self, seat: Anyone) -> None:
        await seat.join()
        if isinstance(seat, ProgramSeat):
            await seat.table.take_place(seat.seat)
            return
        await seat.sees("Which place do you take?")
        roles = [role.id for role in self.scenario.teams_by_id[seat.team].roles]
        await seat.press(*[DOWN] * roles.index(seat.role), ENTER)
        await seat.sees("Waiting for STARTEX", f"You: {self.role_name(seat)}")

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
                    seat=seat.seat, play=0, decision=decision.id, revision=decision.revision, option=first.id,
                    reason=REASON,
                )  # fmt: skip
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
        await seat.move(lambda: ESCAPE, lambda: seat.shows("d Decide"))
        await seat.sees(" ".join(decision.title.split()[:3]))
        await seat.press("d")
        await self.news.until(lambda: seat.shows("← →") or seat.shows("(↑ ↓)"), f"{seat.name} may choose", seat)
        first = decision.options[0].title[:10]
        await seat.move(lambda: RIGHT if seat.shows("← →") else DOWN,
                        lambda: "┃ A " in seat.text or seat.flat.count(first) > 1)  # fmt: skip
        await seat.press(ENTER)
        await seat.sees("Why? Your team's reason", "ctrl+t")
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

    # Between teams

    async def request_by_keys(self, words: str = "Said in the rehearsal") -> None:
        """Petra asks Cadria's police from her terminal over ssh; Pia answers and carries it out in a browser."""
        petra, pia = self.who("Petra"), self.who("Pia")
        await petra.press("r")
        await petra.sees("w writes a new request")
        await petra.press("w")
        await petra.sees("1 of 5")
        await petra.pick("Question to another police")
        await petra.sees("2 of 5")
        await petra.pick("Desk of Cadria")
        await petra.sees("3 of 5")
        await petra.press(ENTER)
        await petra.sees("4 of 5", "1 of 5 · What happened")
        await petra.type(words)
        self.looked("request-form", petra)
        await petra.press(SAVE)
        await petra.sees("5 of 5")
        await petra.press(SAVE)
        await petra.sees("Question to another police", "no answer yet")
        await petra.press(ESCAPE)
        await pia.press("r")
        await self.step_until(lambda: pia.shows("← Averne"), "the request has reached Cadria")
        self.looked("request-board", pia)
        rows = [line for line in pia.text.splitlines() if re.search(r"\d+ [←→] ", line)]
        at = next(number for number, line in enumerate(rows) if "← Averne" in line)
        await pia.press(*[DOWN] * at, ENTER)
        await pia.sees("What happened", words)
        await pia.press("a")
        await pia.sees("How do you answer?")
        await pia.press(DOWN, ENTER)
        await pia.sees("(●) Accept it", "Anything to say with it?")
        self.looked("request-answer", pia)
        await pia.press(SAVE)
        await pia.sees("Accept it?", "cannot be taken back")
        await pia.press(TAB, ENTER)
        await pia.sees("Accepted. Carry it out with f")
        await pia.press("f")
        await pia.sees("What do you do, and what do you hand over?")
        await pia.press(SAVE)
        await pia.sees("The other side has it")
        await pia.press(ESCAPE, ESCAPE)
        await petra.press("r")
        await self.step_until(lambda: petra.shows("done · "), "the answer has reached Averne")
        self.looked("request-done", petra)
        await petra.press(ESCAPE)
        self.note("Averne asked Cadria over ssh, Cadria accepted in a browser and carried it out.")

    async def request_by_program(self) -> None:
        """Cadria's judge asks Averne through the program; Averne's bank answers there, under conditions of none."""
        jana, oskar = self.who("Jana"), self.who("Oskar")
        kind, contact = next(
            (kind, line)
            for kind in jana.view.kinds
            for line in jana.view.contacts
            if kind.shape == "asks" and line.party_id == "averne" and line.via in dict(kind.channels)
        )
        words = {element.id: "Said in the rehearsal." for element in kind.elements}
        matter = next((m.id for m in jana.view.matters if kind.id in m.kinds), None)
        await jana.submit(
            SendRequest(seat=jana.seat, play=0, kind=kind.id, contact=contact.number, matter=matter, content=words,
                        subject="The rehearsal")
        )  # fmt: skip

        def came() -> Any:
            return next((r for r in oskar.view.requests if r.incoming and r.other_id == "cadria"), None)

        await self.step_until(lambda: came() is not None, "the request has reached Averne")
        request = came()
        days = request.form.least_days if request.form is not None else None
        await oskar.submit(
            AnswerRequest(seat=oskar.seat, play=0, request=request.number, revision=request.revision, answer="accept",
                          text="Yes.", days=days)
        )  # fmt: skip
        await self.news.until(lambda: came().status != request.status, "it is accepted", oskar)
        now = came()
        await oskar.submit(FulfilRequest(seat=oskar.seat, play=0, request=now.number, revision=now.revision, text="."))
        await self.step_until(lambda: any(r.over for r in jana.view.requests if not r.incoming), "it is carried out")
        self.note("Cadria asked Averne through the program, and Averne carried it out.")

    async def words_between(self) -> None:
        """A message by keys from Sanda to Averne, and one by the program to Belcora, read on screens."""
        dora, bruno, lena = self.who("Dora"), self.who("Bruno"), self.who("Lena")
        await self.open_talk(dora, "Averne")
        await dora.type("Our machines hold until noon")
        await dora.send(ENTER)
        oskar = self.who("Oskar")
        await self.news.until(lambda: oskar.shows("Our machines hold until noon"), "Averne hears Sanda", oskar)
        await dora.press(ESCAPE)
        await bruno.submit(Say(seat=bruno.seat, play=0, to="belcora", text="Lena, look at the phones first."))
        await lena.press("m")
        await lena.sees("look at the phones first")
        self.looked("messages", lena)
        await lena.press(ESCAPE)
        self.note("Words between teams and inside one, by keys and through the program.")

    async def open_talk(self, seat: Terminal, with_whom: str) -> None:
        await seat.press("m")
        await seat.sees("With whom")
        await seat.move(lambda: DOWN, lambda: f"╭─ {with_whom} ─" in seat.text)
        await seat.press(ENTER)

    # What goes wrong

    async def cut_ssh(self) -> None:
        """Hugo's connection breaks while he writes; he logs in again and finds what he had written."""
        hugo = self.who("Hugo")
        await self.open_talk(hugo, "Belcora")
        begun = "Half a sentence that nobody"
        await hugo.type(begun)
        person = self._person("Hugo")
        await self.news.until(lambda: self._kept(person, begun), "the hub has what he wrote", hugo)
        await hugo.cut()
        began = time.monotonic()
        await self.ada.sees("11/12 here")
        self.looked("one-lost", self.ada)
        await hugo.join()
        await hugo.sees("Move 1")
        self.figures.reconnects["ssh"].append(time.monotonic() - began)
        await self.ada.sees("12/12 here")
        await self.open_talk(hugo, "Belcora")
        await hugo.sees(begun)
        await hugo.press(ESCAPE)
        self.note("An ssh connection broke in mid-sentence; its person logged in again and went on writing.")

    def _person(self, name: str) -> str:
        return next(person.id for person in self.ben.room().people if person.name == name)

    def _kept(self, person: str, text: str) -> bool:
        from exercise.session.database import open_store

        store = open_store(self.hub.store)
        try:
            return any(text in kept for kept in store.kept(self.hub.session, person).values())
        finally:
            store.close()

    async def cut_sockets(self) -> None:
        """A program's and a page's WebSocket break; both come back by themselves, and nothing was lost."""
        oskar, ines = self.who("Oskar"), self.who("Ines")
        oskar.table.keep("words|averne|belcora", '"Half a word"')
        for seat, door in ((oskar, "program"), (ines, "browser")):
            before = seat.came
            began = time.monotonic()
            await seat.cut()
            await self.news.until(lambda: seat.came > before and seat.connected, f"{seat.name} is back", seat)  # noqa: B023
            await self.news.until(lambda: seat.shows("First hours"), f"{seat.name} sees the move", seat)  # noqa: B023
            self.figures.reconnects[door].append(time.monotonic() - began)
        assert "Half a word" in oskar.table.kept("words|averne|belcora")
        self.note("A program's and a page's connection broke; both came back by themselves.")

    async def kill_hub(self) -> None:
        """The hub is killed while Petra writes; started again, it stands paused, and everybody is there again."""
        petra = self.who("Petra")
        await self.open_talk(petra, "Sanda")
        begun = "Before you answer the papers,"
        await petra.type(begun)
        person = self._person("Petra")
        await self.news.until(lambda: self._kept(person, begun), "the hub has what she wrote", petra)
        entries = self.ben.room().seq
        self.hub.kill()
        program = [seat for seat in self.seats if isinstance(seat, ProgramSeat)]
        await self.news.until(lambda: not any(seat.connected for seat in self.seats), "all have lost the hub")
        assert all("trying" in seat.link.trouble or seat.link.trouble for seat in program)
        self.looked("lost", self.who("Wilma"))
        began = time.monotonic()
        await self.hub.start_again()
        back = time.monotonic()
        self.figures.hub_back = back - began
        await asyncio.gather(self.ada.join(), *(self._again(seat, back) for seat in self.seats))
        await self.news.until(lambda: not self.ben.trouble, "Ben is back")
        assert self.ben.room().seq >= entries, "what was accepted is lost"
        assert not self.ben.view().clock.running
        await self.ada.sees("PAUSED", "12/12 here")
        self.looked("paused", self.ada)
        await self.open_talk(petra, "Sanda")
        await petra.sees(begun)
        await petra.press(ESCAPE)
        await self.ada.press(" ")
        await self.ada.sees("RUNNING")
        self.note("The hub was killed and started again: eight came back by themselves, four logged in again; the "
                  "clock stood, and the facilitator started it.")  # fmt: skip

    async def _again(self, seat: Anyone, back: float) -> None:
        if isinstance(seat, SshSeat):
            await seat.close()
            await seat.join()
        await self.news.until(lambda: seat.connected, f"{seat.name} is back", *self._screens(seat))
        await self.news.until(lambda: seat.shows("Move 1") or seat.shows("First hours"), "the own seat", seat)
        self.figures.reconnects[seat.door].append(time.monotonic() - back)

    def _screens(self, seat: Anyone) -> tuple[Terminal, ...]:
        return () if isinstance(seat, ProgramSeat) else (seat,)

    async def bot(self) -> None:
        """Sanda's people leave; a bot takes the team, decides for it, and hands it back to them."""
        gone = [seat for seat in self.seats if seat.team == "sanda"]
        for seat in gone:
            await seat.leave()
        await self.ada.press("p")
        await self.ada.sees("People and seats", "9/12 here")
        await self.ada.pick("Sanda", "b")
        await self.ada.sees("Which bot plays Sanda?")
        await self.ada.press(ENTER)
        await self.ada.sees("A bot plays Sanda now")
        self.looked("people", self.ada)
        self.seats = [seat for seat in self.seats if seat.team != "sanda"]
        decided = self._decided("sanda")
        await self.step_until(lambda: self._decided("sanda") > decided, "the bot has decided", but="sanda")
        await self.ada.pick("Sanda", "h")
        await self.ada.sees("Sanda is in its people's hands")
        await self.ada.press(ESCAPE)
        self.seats += gone
        for seat in gone:
            await seat.join()
            await self.news.until(lambda: seat.shows("Move") or seat.shows("First hours"), "back", seat)  # noqa: B023
        await self.ada.sees("12/12 here")
        self.note("Sanda's people left, a bot decided for them, and they took their seats again.")

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

    async def curtain(self) -> None:
        """REAL WORLD on every screen, whatever its person is at, and away again; the clock stands until started."""
        wilma = self.who("Wilma")
        await wilma.press("m")
        await self.ada.press("\x02")
        await self.ada.sees("A curtain over every screen")
        await self.ada.press(DOWN, ENTER)
        await self.ada.sees("Everybody reads this line")
        words = "Stop what you are doing and wait"
        await self.ada.press(ENTER)
        await self.ada.sees("Stop the exercise for something real?")
        began = time.monotonic()
        await self.ada.press(TAB, ENTER)
        await self.all_see(words)
        took = time.monotonic() - began
        for name in ("Petra", "Ines", "Wilma"):
            self.looked(f"no-duff-{name}", self.who(name))
        self.looked("no-duff-console", self.ada)
        assert not self.ben.view().clock.running
        await self.ada.press("\x02")
        await self.ada.sees("Open the screens")
        await self.ada.press(ENTER)
        await self.news.until(lambda: not any(seat.shows(words) for seat in self.seats), "the screens are open")
        await wilma.press(ESCAPE)
        await self.ada.press(" ")
        await self.ada.sees("RUNNING")
        self.note(f"REAL WORLD – NO DUFF on all twelve screens after {took:.2f} s, lifted again; the clock stood.")

    # The whole

    async def play(self, *, whole: bool) -> str:
        """From the lobby to the hot wash; the whole of it, or the first move with everything in it and ENDEX."""
        await self.open()
        await self.muster()
        await self.read()
        for number in range(1, 4):
            await self.bulletin(number)
        await self.words_between()
        await self.cut_ssh()
        await self.cut_sockets()
        await self.request_by_keys()
        await self.kill_hub()
        await self.request_by_program()
        await self.curtain()
        await self.bot()
        if not whole:
            return await self.end()
        await self.play_move()
        for number in range(1, len(self.scenario.moves)):
            await self.open_move(number)
            await self.play_move()
        await self.news.until(lambda: bool(self.ben.head), "ENDEX")
        return await self.wash()

    async def end(self) -> str:
        """ENDEX by the facilitator's keys; the same head of the log on every screen."""
        await self.ada.press("E")
        await self.ada.sees("End the exercise now?")
        await self.ada.press("ENDEX", ENTER)
        await self.news.until(lambda: bool(self.ben.head), "ENDEX")
        return await self.wash()

    async def wash(self) -> str:
        """The hot wash: the head on every screen, and pages turned for all."""
        head = self.ben.head
        groups = re.sub(r"\W", "", head)
        shown = " ".join(groups[at : at + 4] for at in range(0, 16, 4))
        for seat in self.seats:
            if isinstance(seat, ProgramSeat):
                await self.news.until(lambda: seat.table.head == head, "the head", seat)  # noqa: B023
            else:
                await seat.sees("Hot wash of", shown)
        full = [groups[at : at + 4] for at in range(0, len(groups), 4)]
        for name in ("Petra", "Ines", "Wilma"):
            seat = self.who(name)
            await seat.move(lambda: "h", lambda: all(each in seat.flat for each in full))  # noqa: B023
            self.looked(f"head-{name}", seat)
            await seat.press(ESCAPE)
        self.note("ENDEX: the same head of the log on all twelve screens, read in full by one of each door.")
        await self.ada.press("l")
        await self.ada.sees("On everybody's screen")
        for key, words, page in (("]", "Scorecard", "scorecard"), ("]", "Indicators", "indicators"),
                                 ("]", "What was true", "facts")):  # fmt: skip
            await self.ada.press(key)
            await self.ada.sees(f"▶ {words}")
            for seat in self.seats:
                if isinstance(seat, ProgramSeat):
                    await self.news.until(lambda: seat.view.page == page, page, seat)  # noqa: B023
                else:
                    await seat.sees(f"turned to: {words}")
        self.looked("wash-console", self.ada)
        for name in ("Petra", "Ines", "Wilma"):
            self.looked(f"wash-{name}", self.who(name))
        self.note("The facilitator turned the hot wash's pages on every screen.")
        return head

    async def close(self) -> None:
        for work in (*(seat.close for seat in self.seats), self.ada.close, self._ben_link.drop):
            await _quietly(work)
        self.hub.stop()


async def _quietly(work: Callable[[], Awaitable[Any]]) -> None:
    try:
        await work()
    except Exception as error:  # What is left of a scene that failed must not hide why it failed.
        print(f"closing: {error!r}")
