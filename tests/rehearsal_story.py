"""The rehearsal itself: one facilitator, four teams, twelve seats over three doors, from the lobby to the hot wash."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path
from typing import Any

from rehearsal_people import SEATS, Anyone, People
from rehearsing import DOWN, ENTER, ESCAPE, SAVE, TAB, ProgramSeat, SshSeat

from exercise.core.events import ExerciseEnded, ResponseChosen
from exercise.core.requests.commands import AnswerRequest, FulfilRequest, SendRequest
from exercise.core.teamwork.commands import Say
from exercise.session.log import line_hash
from exercise.session.logfile import write_log
from exercise.session.player import LogPlayer
from exercise.session.verify import verify


class Rehearsal(People):
    """The scenes in their order."""

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

    # Between teams

    async def request_by_keys(self, words: str = "Said in the rehearsal") -> None:
        """Petra asks Cadria's police from her terminal over ssh; Pia answers and carries it out in a browser."""
        petra, pia = self.who("Petra"), self.who("Pia")
        await petra.go("r", "w writes a new request")
        await petra.go("w", "1 of 5")
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
        await self.home(petra)
        await pia.press("r")
        await self.step_until(lambda: pia.shows("← Averne"), "the request has reached Cadria")
        self.looked("request-board", pia)
        rows = [line for line in pia.text.splitlines() if re.search(r"\d+ [←→] ", line)]
        at = next(number for number, line in enumerate(rows) if "← Averne" in line)
        await pia.press(*[DOWN] * at, ENTER)
        await pia.sees("What happened", words)
        await pia.go("a", "How do you answer?")
        await pia.press(ENTER)
        await pia.sees("(●) Accept it", "Anything to say with it?")
        self.looked("request-answer", pia)
        await pia.press(SAVE)
        await pia.sees("Accept it?", "cannot be taken back")
        await pia.press(TAB, ENTER)
        await pia.sees("Accepted. Carry it out with f")
        await pia.go("f", "What do you do, and what do you hand over?")
        await pia.press(SAVE)
        await pia.sees("The other side has it")
        await self.home(pia)
        await petra.press("r")
        await self.step_until(lambda: petra.shows("done · "), "the answer has reached Averne")
        self.looked("request-done", petra)
        await self.home(petra)
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
        await self.home(dora)
        await bruno.submit(Say(seat=bruno.seat, play=0, to="belcora", text="Lena, look at the phones first."))
        await lena.go("m", "With whom")
        await lena.sees("look at the phones first")
        self.looked("messages", lena)
        await self.home(lena)
        self.note("Words between teams and inside one, by keys and through the program.")

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
        await self.home(hugo)
        self.note("An ssh connection broke in mid-sentence; its person logged in again and went on writing.")

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
        await self.home(petra)
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

    async def curtain(self) -> None:
        """REAL WORLD on every screen, whatever its person is at, and away again; the clock stands until started."""
        wilma = self.who("Wilma")
        await wilma.press("m")
        await self.ada.press("\x02")
        await self.ada.sees("A curtain over every screen")
        await self.ada.press(DOWN, ENTER)
        await self.ada.sees("Everybody reads this line")
        words = "Stay where you are"
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
        await self.home(wilma)
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
            # Were a page turned first, that would close it, and the key would lead out of the hot wash.
            await self.news.until(lambda: not all(each in seat.flat for each in full), "closed", seat)  # noqa: B023
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

    async def afterwards(self, head: str, path: Path) -> None:
        """The log by itself: whole, legal, the same head, and told again the same story as the hub told live."""
        await self.news.until(lambda: self.ben.hot_wash() is not None, "the hot wash is opened")
        live, marks = self.ben.hot_wash(), await self.ben.assessment()
        loaded = self.hub.stored().log()
        write_log(path, loaded.header_line, loaded.lines, loaded.openings.values())
        last = line_hash(loaded.lines[-1])
        account = verify(path, head=last, rules=True)
        assert account.ok and all(check.holds is not False for check in account.checks), account.lines()
        ended = next(entry.batch for entry in loaded.entries if isinstance(entry.event, ExerciseEnded))
        at = max(entry.seq for entry in loaded.entries if entry.batch == ended)
        assert head == line_hash(loaded.lines[at - 1]), "the screens showed another head than the log has at ENDEX"
        player = LogPlayer(loaded.scenario, loaded.reference, loaded.entries)
        player.seek(player.length)
        assert player.hot_wash() == live and player.assessment().marks == marks.marks
        assert set(marks.scorecards) == {team.id for team in loaded.scenario.teams} and marks.marks
        answers = [entry for entry in loaded.entries if isinstance(entry.event, ResponseChosen)]
        self.figures.accepted = len({entry.batch for entry in loaded.entries})
        self.figures.answers = len(answers)
        self.figures.entries = len(loaded.entries)
        self.figures.seconds = time.monotonic() - self._began
        assert not self.hub.complaints(), self.hub.complaints()
        self.note("The log was exported; it verifies, step by step, and replays to the same hot wash and marks.")
