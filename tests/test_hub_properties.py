"""Random walks of people and control over real links: whatever they do, all see what the rules build, and no more."""

from __future__ import annotations

import logging
import random

import pytest

from exercise.core.commands import ChooseResponse, Command, PauseClock, ReadMessage, ResumeClock
from exercise.core.control.commands import (
    CloseDecision,
    DrawCurtain,
    LiftCurtain,
    SeatBot,
    SetRate,
    UnseatBot,
    WriteInject,
)
from exercise.core.observe import participant_view
from exercise.core.overview import facilitator_view
from exercise.core.teamwork.commands import CastVote, PutDownPen, Say, TakePen, WriteDraft
from exercise.core.teamwork.seating import seats_of
from exercise.core.views import FacilitatorView, ParticipantView
from exercise.errors import CommandRejected, DoorClosed
from exercise.hub import link as links
from exercise.hub.link import Link
from exercise.hub.remote import RemoteTable
from exercise.hub.remote_control import RemoteControl, come_in
from exercise.session.control import GoBack, JumpTo, LetAct, RemovePerson, RoomCommand, SeatPerson, Startex, StepOn
from exercise.session.verify import verify
from tests.faulting import without_times
from tests.hosting import Hosting, hosted, until

STEPS, MOST_PEOPLE = 70, 9


class Walk:
    """People who come, play and go as the dice fall, and a facilitator with a mind of the same kind."""

    def __init__(self, hosting: Hosting, control: RemoteControl, dice: random.Random) -> None:
        self.hosting, self.control, self.dice = hosting, control, dice
        self.people: list[RemoteTable] = []
        self._number = 0

    async def step(self) -> None:
        """One thing that happens; what is refused is refused in words."""
        people = self.people
        ways = [self.come, self.pace, self.order]
        if people:
            ways += [self.play, self.play, self.play, self.play, self.leave, self.drop, self.sit, self.settle]
        try:
            await self.dice.choice(ways)()
        except (CommandRejected, DoorClosed) as refused:
            assert str(refused)
        for table in tuple(people):
            if table.link.over:
                people.remove(table)
                await table.link.drop()

    async def come(self) -> None:
        if len(self.people) >= MOST_PEOPLE:
            return
        self._number += 1
        team = self.dice.choice(self.hosting.room.session.scenario.teams)
        seat = self.dice.choice(["", *seats_of(team)])
        name = f"P{self.dice.randint(1, 12)}"
        table = await come_in(self.hosting.link(self.hosting.code("participant", team.id), name, seat))
        assert isinstance(table, RemoteTable)
        self.people.append(table)

    async def leave(self) -> None:
        table = self.dice.choice(self.people)
        self.people.remove(table)
        await table.leave()

    async def drop(self) -> None:
        """A connection breaks in the middle of something, and mends itself."""
        link = self.dice.choice(self.people).link
        if link._ws is None or link._ws._response.connection is None:
            return
        transport = link._ws._response.connection.transport
        try:
            await self.play(of=link)
        finally:
            if transport is not None:
                transport.abort()

    async def sit(self) -> None:
        table = self.dice.choice(self.people)
        if table.places:
            await table.take_place(self.dice.choice(table.places)[0])

    async def settle(self) -> None:
        person = self.dice.choice(self.control.room().people).id
        seats = [seat for team in self.hosting.room.session.scenario.teams for seat in seats_of(team)]
        asked: list[RoomCommand] = [
            LetAct(person=person),
            LetAct(person=person, too=True),
            SeatPerson(person=person, seat=self.dice.choice(["", *seats])),
            RemovePerson(person=person),
        ]
        await self.control.ask(self.dice.choice(asked))

    async def play(self, of: Link | None = None) -> None:
        table = next((table for table in self.people if table.link is of), self.dice.choice(self.people))
        if not table.seat:
            return
        client = table.client(table.seat)
        await client.submit(self.wish(client.view()))

    def wish(self, view: ParticipantView) -> Command:
        words = f"Word {self.dice.randint(1, 999)}."
        wishes: list[Command] = [Say(to=view.team, text=words), Say(to="facilitator", text=words)]
        if view.inbox:
            wishes.append(ReadMessage(number=self.dice.randint(1, len(view.inbox))))
        for put in view.open_decisions:
            which = {"decision": put.id, "revision": put.revision, "option": self.dice.choice(put.options).id}
            wishes += [
                ChooseResponse.model_validate({**which, "reason": words}),
                CastVote.model_validate(which),
                TakePen(subject=put.id),
                WriteDraft(subject=put.id, text=words),
                PutDownPen(subject=put.id),
            ]
        return self.dice.choice(wishes)

    async def order(self) -> None:
        view, dice = self.control.view(), self.dice
        teams = [team.id for team in self.hosting.room.session.scenario.teams]
        written = WriteInject(sender="Desk", channel="e-mail", to=("all",), title=f"T{dice.random():.3}", text="Read.")
        opened = [row.id for _, row in view.decisions if row.status == "open"]
        orders: list[Command] = [
            written,
            SetRate(rate=dice.choice([0.5, 1, 5])),
            DrawCurtain(kind="blank", text="Look up."),
            LiftCurtain(),
            SeatBot(team=dice.choice(teams), policy="random"),
            UnseatBot(team=dice.choice(teams)),
            *(CloseDecision(decision=id) for id in opened),
        ]
        await self.control.submit(dice.choice(orders))

    async def pace(self) -> None:
        way = self.dice.choice(["step", "step", "step", "pause", "resume", "jump", "back"])
        if way == "step":
            await self.control.ask(StepOn())
        elif way == "jump":
            await self.control.ask(JumpTo(exercise=self.control.view().clock.exercise + 300))
        elif way == "back":
            moments = await self.control.moments()
            if self.dice.random() < 0.5 and moments:
                await self.control.ask(GoBack(seq=self.dice.choice(moments)[0]))
        else:
            await self.control.submit(PauseClock() if way == "pause" else ResumeClock())

    async def quiet(self) -> None:
        """Waits until all see what the rules build, at the seat that the room has them at."""
        room = self.hosting.room
        for table in self.people:
            await until(lambda table=table: not table.trouble or table.link.over)
        for table in self.people:
            if table.link.over:
                continue
            member = room.people.all[table._welcome.person]
            await until(lambda table=table, member=member: table.seat == member.seat)
            await until(lambda table=table, member=member: table.acting == member.acting)
            if member.seat:
                await until(lambda table=table, member=member: self._right(table, member.seat))
        state = room.session.state
        await until(lambda: without_times(self.control.view()) == without_times(self._all()))
        for seat in (seat for team in room.session.scenario.teams for seat in seats_of(team)):
            acting = {member.name for member in room.people.at(seat) if member.acting}
            held = state.seats.get(seat)
            assert (held is not None and held.present) == bool(acting), (seat, acting, held)
            assert not acting or (held is not None and held.name in acting), (seat, acting, held)

    def _all(self) -> FacilitatorView:
        return facilitator_view(self.hosting.room.session.scenario, self.hosting.room.session.state)

    def _right(self, table: RemoteTable, seat: str) -> bool:
        built = participant_view(self.hosting.room.session.scenario, self.hosting.room.session.state, seat)
        return without_times(table.client(seat).view()) == without_times(built)


@pytest.mark.parametrize(("scenario", "seed"), [("card-storm", 1), ("first-light", 2), ("live-wire", 3)])
async def test_whatever_people_do_all_see_what_the_rules_build(
    scenario: str, seed: int, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At every quiet point each client holds the very view of its seat, seats and log agree, and the log verifies."""
    monkeypatch.setattr(links, "SLOWEST_RETRY", 0.2)
    dice = random.Random(seed)
    with caplog.at_level(logging.WARNING):
        async with hosted(scenario) as hosting:
            control = await hosting.control()
            walk = Walk(hosting, control, dice)
            for _ in range(5):
                await walk.come()
            await control.ask(Startex())
            for number in range(STEPS):
                await walk.step()
                if number % 3 == 0:
                    await walk.quiet()
            await walk.quiet()
            room = hosting.room
            account = verify(room.store.load(room.session.id).file_lines(), rules=True)
            assert account.ok, account.lines()
    bad = [record.getMessage() for record in caplog.records if record.name.startswith(("exercise", "aiohttp"))]
    assert not [line for line in bad if "a bot was refused" not in line], bad
