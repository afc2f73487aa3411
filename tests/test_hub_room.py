"""A hosted exercise end to end over its own protocol: coming in, seats, feeds, pacing, and being refused."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import aiohttp
import pytest
from hosting import Hosting, hosted, until

from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.core.commands import ChooseResponse, EndExercise, PauseClock, ReadMessage
from exercise.core.control.commands import WriteInject
from exercise.core.observe import participant_view
from exercise.core.teamwork.commands import Say, TakeSeat
from exercise.core.views import ParticipantView
from exercise.errors import CommandRejected, DoorClosed
from exercise.hub.people import GRACE
from exercise.hub.protocol import Hello
from exercise.hub.remote import RemoteTable
from exercise.hub.remote_control import come_in
from exercise.hub.room import Room
from exercise.hub.steering import make_ticket
from exercise.session.control import GoBack, JumpTo, LetAct, RemovePerson, RevokeTicket, SeatPerson, Startex, StepOn
from exercise.session.session import Session
from exercise.session.store import MemoryStore


def _team(hosting: Hosting, number: int = 0) -> str:
    return hosting.room.session.scenario.teams[number].id


def _roles(hosting: Hosting, number: int = 0) -> list[str]:
    return [role.id for role in hosting.room.session.scenario.teams[number].roles]


def _built(hosting: Hosting, seat: str) -> ParticipantView:
    return participant_view(hosting.room.session.scenario, hosting.room.session.state, seat)


def _without_times(view: ParticipantView) -> ParticipantView:
    return replace(view, clock=replace(view.clock, play=0, exercise=0))


async def test_a_seat_sees_over_the_wire_what_it_would_see_at_one_terminal() -> None:
    """What travels as patches adds up to the very view that the rules build, at every step of a whole exercise."""
    async with hosted("first-light") as hosting:
        control = await hosting.control()
        team = _team(hosting)
        table = await hosting.person(team, "Ines")
        client = table.client(team)
        await control.ask(Startex())
        for _ in range(60):
            await until(lambda: _without_times(client.view()) == _without_times(_built(hosting, team)))
            seen = client.view()
            if seen.clock.phase == "ended":
                break
            for decision in seen.open_decisions:
                await client.submit(
                    ChooseResponse(
                        decision=decision.id, revision=decision.revision, option=decision.options[0].id, reason="So."
                    )
                )
                # Who asked sees what came of it when the answer is there.
                assert all(shown.id != decision.id for shown in client.view().open_decisions)
            await control.ask(StepOn())
        assert client.view().clock.phase == "ended"
        await until(lambda: client.hot_wash() is not None and client.assessment() is not None)
        assert table.head == hosting.room.session.head
        assert client.assessment() is not None


async def test_a_wrong_code_opens_nothing_and_says_nothing() -> None:
    """Wrong, revoked and empty codes get the same words, and after twenty in a row one has to wait."""
    async with hosted() as hosting:
        revoked = hosting.code("participant", _team(hosting))
        card = next(card for card in hosting.room.ticket_cards(codes=True) if card.code == revoked)
        control = await hosting.control()
        await control.ask(RevokeTicket(ticket=card.id))
        words = set()
        for code in (revoked, "", "abcdefgh"):
            with pytest.raises(DoorClosed) as closed:
                await hosting.link(code, "X").open()
            words.add((closed.value.code, closed.value.text))
        assert len(words) == 1
        codes = []
        for _ in range(25):
            with pytest.raises(DoorClosed) as closed:
                await hosting.link("wrongone", "X").open()
            codes.append(closed.value.code)
        assert codes[0] == "no-code" and codes[-1] == "slow-down"
        # A right code waits as well from there, but those who are in go on.
        assert control.view().clock.phase == "briefing"


async def test_the_second_at_a_seat_reads_along_until_control_settles_it() -> None:
    """Two people at one seat are seen by control; only one acts, and the other says so in words."""
    async with hosted("card-storm") as hosting:
        control = await hosting.control()
        team, role = _team(hosting), _roles(hosting)[0]
        first = await hosting.person(team, "Ines", role)
        second = await hosting.person(team, "Joel", role)
        assert first.acting and not second.acting
        seat = f"{team}/{role}"
        with pytest.raises(CommandRejected, match="Ines acts for this seat"):
            await second.client(seat).submit(Say(to=team, text="Hello"))
        await until(lambda: sum(person.seat == seat for person in control.room().people) == 2)
        joel = next(person for person in control.room().people if person.name == "Joel")
        await control.ask(LetAct(person=joel.id))
        await until(lambda: second.acting and not first.acting)
        await second.client(seat).submit(Say(to=team, text="Hello"))
        assert hosting.room.session.state.seats[seat].name == "Joel"


async def test_control_moves_people_and_sends_them_out() -> None:
    """A person put on another seat gets that seat's view, and one sent out is told so and gone."""
    async with hosted("card-storm") as hosting:
        control = await hosting.control()
        team, roles = _team(hosting), _roles(hosting)
        table = await hosting.person(team, "Ines", roles[0])
        await until(lambda: any(person.name == "Ines" for person in control.room().people))
        ines = next(person for person in control.room().people if person.name == "Ines")
        await control.ask(SeatPerson(person=ines.id, seat=f"{team}/{roles[1]}"))
        await until(lambda: table.seat == f"{team}/{roles[1]}")
        await table.ready(table.seat)
        assert table.client(table.seat).view().seat == f"{team}/{roles[1]}"
        seats = hosting.room.session.state.seats
        assert not seats[f"{team}/{roles[0]}"].present and seats[f"{team}/{roles[1]}"].present
        await control.ask(RemovePerson(person=ines.id))
        await until(lambda: table.link.over)
        assert "sent you out" in table.trouble


async def test_a_lost_connection_comes_back_as_the_same_person() -> None:
    """After a cut the link finds its seat, its feed and its half-written text again by itself."""
    async with hosted("card-storm") as hosting:
        control = await hosting.control()
        team = _team(hosting)
        table = await hosting.person(team, "Ines")
        table.keep("draft", "half a reason")
        await control.ask(Startex())
        person = hosting.room.people.all[table.link.welcome.person]  # type: ignore[union-attr]
        before = person.connection
        transport = next(c for c in hosting.server.connections if c.member is person)._ws._req.transport  # type: ignore[union-attr]
        transport.abort()
        await until(lambda: table.trouble)
        with pytest.raises(CommandRejected):
            await table.client(team).submit(ReadMessage(number=1))
        await until(lambda: not table.trouble)
        assert person.connection is not None and person.connection is not before
        await control.submit(
            WriteInject(sender="Desk", channel="e-mail", to=("all",), title="After the cut", text="Still there?")
        )
        await until(lambda: any(item.title == "After the cut" for item in table.client(team).view().inbox))
        # Another terminal, with no memory of its own, finds the text by code and name.
        again = await hosting.person(team, "Ines")
        assert again.kept("draft") == "half a reason"
        await until(lambda: table.link.over)


async def test_back_to_that_moment_takes_everybody_along() -> None:
    """The room goes on in a fork: the same people at the same seats, the clock paused, what came after gone."""
    async with hosted("first-light") as hosting:
        control = await hosting.control()
        team = _team(hosting)
        table = await hosting.person(team, "Ines")
        await control.ask(Startex())
        await control.ask(StepOn())
        moments = await control.moments()
        later = await control.ask(StepOn())
        assert later
        seq, exercise, _, _ = moments[-1]
        before = control.session_id
        await control.ask(GoBack(seq=seq))
        await until(lambda: control.session_id != before and table.session_id == control.session_id)
        await until(lambda: control.view().clock.exercise == exercise and not control.view().clock.running)
        await table.ready(team)
        assert table.client(team).view().clock.exercise == exercise
        assert hosting.room.session.state.seats[team].present
        assert hosting.room.store.load(before).log().entries, "the log that was left is kept"


async def test_who_may_watch_what() -> None:
    """Another seat's feed, control's and the room's are refused in one and the same way to those they are not for."""
    async with hosted("card-storm") as hosting:
        table = await hosting.person(_team(hosting), "Ines", _roles(hosting)[0])
        observer = await hosting.onlooker()
        member = hosting.room.people.all[table.link.welcome.person]  # type: ignore[union-attr]
        looking = hosting.room.people.all[observer.link.welcome.person]  # type: ignore[union-attr]
        other = _team(hosting, 1)
        for name in (
            "control",
            "room",
            "wash",
            f"seat:{other}",
            f"seat:{_team(hosting)}",
            "seat:nowhere",
            "x",
            "seat:",
        ):
            with pytest.raises(CommandRejected) as refused:
                hosting.room.feeds.watch(member, name)
            assert refused.value.code == "no-feed"
        assert hosting.room.feeds.watch(looking, f"seat:{other}").view.seat == "observer"
        with pytest.raises(CommandRejected):
            hosting.room.feeds.watch(looking, f"seat:{other}/{_roles(hosting, 1)[0]}")
        with pytest.raises(CommandRejected):
            await table.client(table.seat).submit(PauseClock())
        with pytest.raises(CommandRejected):
            await table.link.fetch("assessment")
        with pytest.raises(CommandRejected):
            await table.link.fetch("moments")


async def test_bad_messages_harm_nobody_else() -> None:
    """Garbage, floods, huge messages and a page of another site are turned away; the others notice nothing."""
    async with hosted() as hosting:
        table = await hosting.person(_team(hosting), "Ines")
        async with aiohttp.ClientSession() as http:
            for garbage in ("", "{", "[]", '{"say":"ask"}', '{"say":"hello","version":99,"code":"x"}', "\x00" * 50):
                async with http.ws_connect(hosting.url) as ws:
                    await ws.send_str(garbage)
                    answer = await ws.receive_json()
                    assert answer["say"] == "turned" and "Traceback" not in answer["text"]
            async with http.ws_connect(hosting.url) as ws:
                await ws.send_str("x" * 200_000)
                assert (await ws.receive()).type is aiohttp.WSMsgType.CLOSE
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await http.ws_connect(hosting.url, headers={"Origin": "http://elsewhere.example"})
        flooder = await hosting.person(_team(hosting), "Flo")
        for _ in range(300):
            flooder.doing("x")
        await until(lambda: "Too many" in flooder.trouble)
        assert not table.trouble
        await table.client(_team(hosting)).submit(Say(to=_team(hosting), text="Still here"))


async def test_control_jumps_within_a_move_only() -> None:
    """A jump brings what is due by then; one out of the move is refused with the times that are possible."""
    async with hosted("first-light") as hosting:
        control = await hosting.control()
        await control.ask(Startex())
        ends = hosting.room.session.state.clock.ends
        with pytest.raises(CommandRejected, match="Name a time"):
            await control.ask(JumpTo(exercise=ends + 1))
        await control.ask(JumpTo(exercise=ends))
        assert control.view().clock.exercise == ends


async def test_an_onlooker_reads_for_itself_alone() -> None:
    """What an observer has read is no event, and nothing else is done from there but notes."""
    async with hosted("first-light") as hosting:
        control = await hosting.control()
        observer = await hosting.onlooker()
        await control.ask(Startex())
        team = _team(hosting)
        await observer.ready(team)
        client = observer.client(team)
        await until(lambda: client.view().inbox)
        length = len(hosting.room.session.entries)
        await client.submit(ReadMessage(number=1))
        assert client.view().inbox[0].read
        assert len(hosting.room.session.entries) == length
        with pytest.raises(CommandRejected):
            await client.submit(Say(to=team, text="Hello"))


async def test_an_update_that_tells_nothing_is_not_sent() -> None:
    """Another team's doings that a seat cannot see bring it no message at all."""
    async with hosted("card-storm") as hosting:
        control = await hosting.control()
        mine = await hosting.person(_team(hosting), "Ines")
        other = await hosting.person(_team(hosting, 1), "Joel")
        await control.ask(Startex())
        await control.submit(PauseClock())
        await asyncio.sleep(0.3)
        feed = mine.link.received[f"seat:{_team(hosting)}"]
        for number in range(5):
            await other.client(_team(hosting, 1)).submit(Say(to=_team(hosting, 1), text=f"Among us {number}"))
        await until(lambda: len(control.view().talk) == 5)
        await asyncio.sleep(0.2)
        assert mine.link.received[f"seat:{_team(hosting)}"] is feed
        assert isinstance(mine, RemoteTable)


async def test_whoever_chooses_a_place_sees_it_at_once_and_never_half() -> None:
    """A seat is taken only once its first view is here: no screen is asked for a view that has not come."""
    async with hosted("card-storm") as hosting:
        team, role = _team(hosting), _roles(hosting)[0]
        table = await come_in(hosting.link(hosting.code("participant", team), "Ines"))
        assert isinstance(table, RemoteTable)
        assert table.seat == "" and table.seats == () and len(table.places) == len(_roles(hosting)) + 1
        seen = []
        table.subscribe(lambda: seen.append(table.client(table.seat).view().seat if table.seat else ""))
        await table.take_place(f"{team}/{role}")
        assert table.seat == f"{team}/{role}" and table.acting
        assert set(seen) <= {"", f"{team}/{role}"}
        with pytest.raises(CommandRejected):
            await table.take_place(f"{_team(hosting, 1)}")


async def test_a_code_typed_where_a_name_was_asked_stays_out_of_sight() -> None:
    """The name everybody reads is never the code."""
    async with hosted("card-storm") as hosting:
        code = hosting.code("participant", _team(hosting))
        table = await come_in(hosting.link(code, f"{code[:4]}-{code[4:].upper()}"))
        assert isinstance(table, RemoteTable)
        assert table.name and code[:4] not in table.name.lower()


async def test_a_hub_started_anew_frees_the_seats_nobody_comes_back_to() -> None:
    """Whoever sat there before a crash finds the seat within the grace, with the same name; after it others may."""
    store, clock = MemoryStore(), [0.0]
    session = Session.start_new(load_scenario("card-storm"), load_reference(), store, seed=1)
    team = session.scenario.teams[0]
    seats = [f"{team.id}/{role.id}" for role in team.roles[:2]]
    for seat, name in zip(seats, ("Ines", "Joel"), strict=True):
        session.submit(TakeSeat(seat=seat, name=name))
    room = Room(session, store, now=lambda: clock[0])
    ticket = make_ticket(room, "participant", team.id)
    back = room.knock(Hello(code=ticket.code, name="Ines", seat=seats[0]), "10.0.0.1")
    room.enter(back, object())
    clock[0] = GRACE - 1
    room.tick()
    assert all(session.state.seats[seat].present for seat in seats)
    clock[0] = GRACE + 1
    room.tick()
    assert [session.state.seats[seat].present for seat in seats] == [True, False]


async def test_after_going_back_behind_endex_the_hot_wash_is_the_new_one() -> None:
    """What was opened of an ending that no longer happened is closed, and the next ENDEX opens its own."""
    async with hosted("first-light") as hosting:
        control = await hosting.control()
        team = _team(hosting)
        table = await hosting.person(team, "Ines")
        client = table.client(team)
        await control.ask(Startex())
        await control.ask(StepOn())
        moment = len(hosting.room.session.entries)
        await control.submit(EndExercise())
        await until(lambda: client.assessment() is not None and client.hot_wash() is not None)
        first = table.head
        await control.ask(GoBack(seq=moment))
        await until(lambda: table.session_id == control.session_id and not table.head)
        await until(lambda: client.assessment() is None and client.hot_wash() is None)
        await control.ask(StepOn())
        await control.submit(EndExercise())
        await until(lambda: table.head and client.assessment() is not None and client.hot_wash() is not None)
        assert table.head == hosting.room.head != first


async def test_two_of_one_name_are_told_how_both_can_be_there() -> None:
    """Protects two people of a team called Anna: who loses the place to the other reads why, and what to do."""
    async with hosted() as hosting:
        code = hosting.code("participant", _team(hosting))
        first, second = hosting.link(code, "Anna"), hosting.link(code, "anna")
        await come_in(first)
        await come_in(second)
        await until(lambda: first.over)
        assert "the same code and name" in first.trouble and "under another name" in first.trouble
