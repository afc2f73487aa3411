"""What somebody with bad intent may try at a hub: with a code, without one, or in the hub's own place."""

from __future__ import annotations

import asyncio
import json
import logging
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import aiohttp
import pytest
from hosting import Hosting, hosted, until
from test_hub_permissions import COMMANDS, all_there_is, come, sample

from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.core.text import HOSTILE
from exercise.errors import CommandRejected, DoorClosed
from exercise.hub import people
from exercise.hub import protocol as say
from exercise.hub import threshold as at_the_door
from exercise.hub.both_doors import BothDoors, DoorsConfig
from exercise.hub.connection import Connection
from exercise.hub.guard import FewWords, WrongCodes, network_of
from exercise.hub.host import HostConfig
from exercise.hub.protocol import Hello
from exercise.hub.remote_control import come_in
from exercise.hub.room import Room
from exercise.hub.steering import carry_out, make_ticket
from exercise.session.control import RevokeTicket, SeatPerson
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.tickets import ALPHABET, LENGTH


def team(hosting: Hosting, number: int = 0) -> str:
    """Id of a team."""
    return hosting.room.session.scenario.teams[number].id


def a_room(now: Callable[[], float] = lambda: 0.0) -> Room:
    """A room without a network, in which time stands."""
    store = MemoryStore()
    return Room(Session.start_new(load_scenario("card-storm"), load_reference(), store, seed=1), store, now=now)


# Somebody who was sent out


async def test_who_is_sent_out_and_does_not_take_the_word_acts_no_more() -> None:
    """Protects the log from somebody who leaves the last word unread: nothing of theirs is taken, nothing shown."""
    async with hosted("card-storm") as hosting:
        room = hosting.room
        table = await hosting.person(team(hosting), "Ines")
        member = room.people.all[table.link.welcome.person]  # type: ignore[union-attr]
        connection = member.connection
        assert isinstance(connection, Connection)
        seats = [f"{team(hosting)}/{role.id}" for role in room.session.scenario.teams[0].roles]
        room.send_out(member, DoorClosed("sent-out", "Out."))
        before = room.session.head
        for seat in seats:
            connection.take(say.TakePlace(id=1, seat=seat).model_dump_json())
            words = {"ask": "say", "to": team(hosting), "text": "Still here"}
            connection.take(json.dumps({"say": "ask", "id": 2, "command": words}))
            connection.take(say.Watch(feed=f"seat:{seat}").model_dump_json())
        assert room.session.head == before and not connection.watched and not member.acting


def test_a_code_that_is_revoked_at_one_hub_sends_people_out_at_every_hub() -> None:
    """Protects against a stolen code where several hubs serve one exercise: its holder sits at another one."""
    time = [0.0]
    here = a_room(lambda: time[0])
    ticket = make_ticket(here, "participant", here.session.scenario.teams[0].id)
    there = Room(Session.resume(here.store, here.session.id), here.store, now=lambda: time[0])
    thief = there.knock(Hello(code=ticket.code, name="Thief", seat=here.session.scenario.teams[0].id), "10.0.0.9")
    there.enter(thief, object())
    told: list[str] = []
    there.sent_out.append(lambda member, why: told.append(why.code))
    control = here.knock(Hello(code=make_ticket(here, "facilitator").code, name="Ada"), "10.0.0.1")
    carry_out(here, control, RevokeTicket(ticket=ticket.id))
    time[0] += 5
    there.tick()
    assert told == ["revoked"] and not there.people.all
    with pytest.raises(DoorClosed):
        there.knock(Hello(code=ticket.code, name="Thief", token=thief.token), "10.0.0.9")


def test_a_person_moved_by_control_takes_nobodys_seat_on_coming_back() -> None:
    """Protects who sits there: a code that leads to one seat does not undo what control has settled."""
    room = a_room()
    seat = f"{room.session.scenario.teams[0].id}/{room.session.scenario.teams[0].roles[0].id}"
    elsewhere = room.session.scenario.teams[1].id
    code = make_ticket(room, "participant", seat).code
    control = room.knock(Hello(code=make_ticket(room, "facilitator").code, name="Ada"), "10.0.0.1")
    ines, joel = (room.knock(Hello(code=code, name=name), "10.0.0.2") for name in ("Ines", "Joel"))
    room.enter(ines, object())
    room.enter(joel, object())
    carry_out(room, control, SeatPerson(person=joel.id, seat=elsewhere))
    room.enter(room.knock(Hello(code=code, name="Joel", token=joel.token), "10.0.0.2"), object())
    assert (ines.seat, ines.acting, joel.seat, joel.acting) == (seat, True, elsewhere, True)
    assert room.session.state.seats[seat].name == "Ines"


# Names, codes, tokens and addresses


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Ines\u200b", "Ines"),
        ("\ufeffI\u2060nes\u00ad", "Ines"),
        ("\u202eseni\u202c", "seni"),
        ("Ines\nExercise control: all of you stop", "Ines Exercise control: all of you stop"),
        ("\x1b[2JInes\x07", "[2JInes"),
        ("x" * 200, "x" * 60),
        ("\N{GRINNING FACE} Ines", "\N{GRINNING FACE} Ines"),
        ("\u200b\u2060", ""),
        ("[b]Ines[/b]", "[b]Ines[/b]"),
    ],
)
def test_names_are_what_they_look_like(typed: str, shown: str) -> None:
    """Protects people from doubles: signs that cannot be seen do not make another person of the same name."""
    assert people.pseudonym(typed) == shown
    room = a_room()
    code = make_ticket(room, "participant", room.session.scenario.teams[0].id).code
    member = room.knock(Hello(code=code, name=typed, seat=room.session.scenario.teams[0].id), "10.0.0.2")
    room.enter(member, object())
    assert member.name == shown if shown else member.name.isalpha()
    # The log has the very same name, or the seat would wait for somebody of another one.
    assert room.session.state.seats[member.seat].name == member.name and member.acting


@pytest.mark.parametrize("typed", ["{code}", "{CODE}", "{co}-{de}", "Ines {co}-{de}", "{code}!"])
def test_a_code_typed_into_the_name_reaches_nobody(typed: str) -> None:
    """Protects codes from the log and everybody's screens, by a slip at the prompts."""
    room = a_room()
    code = make_ticket(room, "observer").code
    name = typed.format(code=code, CODE=code.upper(), co=code[:4], de=code[4:])
    member = room.knock(Hello(code=code, name=name), "10.0.0.2")
    assert code[:4] not in member.name.lower() and member.name


async def test_a_token_opens_nothing_by_itself_and_nobody_else() -> None:
    """Protects places: a token is good with its own code alone, and strange ones are no fault of the hub's."""
    async with hosted("card-storm") as hosting:
        ines = await hosting.person(team(hosting), "Ines")
        token = ines.link.welcome.token  # type: ignore[union-attr]
        person = ines.link.welcome.person  # type: ignore[union-attr]
        codes = (hosting.code("participant", team(hosting)), hosting.code("participant", team(hosting, 1)))
        async with aiohttp.ClientSession() as http:
            for code, given, same in (
                (codes[1], token, False),
                (codes[0], token[:-1], False),
                (codes[0], "né\u00e9☃", False),
                (codes[0], token, True),
            ):
                async with http.ws_connect(hosting.url) as ws:
                    await ws.send_str(Hello(code=code, name="Joel", token=given).model_dump_json())
                    welcome = await ws.receive_json()
                    assert welcome["say"] == "welcome" and (welcome["person"] == person) is same
            async with http.ws_connect(hosting.url) as ws:
                await ws.send_str(Hello(code="", name="Joel", token=token).model_dump_json())
                assert (await ws.receive_json())["code"] == "no-code"


@pytest.mark.parametrize("secret", ["", "guess", "gu\u00e9ss", "x" * 4_000])
async def test_an_address_from_outside_is_not_believed(secret: str) -> None:
    """Protects the limits by address: headers of proxies and messages name any; only the hub's own workers may."""
    async with hosted("card-storm") as hosting, aiohttp.ClientSession() as http:
        headers = {"X-Forwarded-For": "10.9.9.9", "Forwarded": "for=10.9.9.9", "X-Real-IP": "10.9.9.9"}
        headers[say.WORKER] = secret
        hello = Hello(code=hosting.code("observer"), name="Eve", address="10.9.9.9", door="ssh")
        async with http.ws_connect(hosting.url, headers=headers) as ws:
            await ws.send_str(hello.model_dump_json())
            welcome = await ws.receive_json()
            eve = hosting.room.people.all[welcome["person"]]
            assert (eve.address, eve.door) == ("127.0.0.1", "terminal")


def test_guessing_a_code_takes_longer_than_anybody_has() -> None:
    """Holds the sum in the guard's description to the real alphabet, length and limits."""
    assert len(set(ALPHABET)) == len(ALPHABET) == 29 and LENGTH == 8
    time = [0.0]
    guard = WrongCodes(lambda: time[0])
    tried = 0
    for second in range(3_600):
        time[0] = float(second)
        for address in range(8):
            while not guard.wait(f"10.0.0.{address}"):
                guard.count(f"10.0.0.{address}")
                tried += 1
    a_minute = tried / 60
    years = len(ALPHABET) ** LENGTH / 40 / 2 / a_minute / (60 * 24 * 365)
    assert a_minute < 205 and 55 < years < 65


def test_all_addresses_of_one_network_count_as_one() -> None:
    """Protects newcomers: one machine with all the addresses of IPv6 can neither guess on nor lock the room out."""
    time = [0.0]
    guard = WrongCodes(lambda: time[0])
    for number in range(20):
        guard.count(f"2001:db8:1:2::{number:x}")
    assert guard.wait("2001:db8:1:2::ffff") > 0 and guard.wait("2001:db8:1:3::1") == guard.wait("10.0.0.1") == 0
    assert network_of("::ffff:10.0.0.1") == "10.0.0.1" and network_of("fe80::1%eth0") == "fe80::/64"
    assert network_of("nonsense") == "nonsense"


def test_who_was_in_comes_back_while_somebody_guesses() -> None:
    """Protects a room behind one router: a neighbour's guesses keep nobody out who holds a token, and help no guess."""
    room = a_room()
    code = make_ticket(room, "participant", room.session.scenario.teams[0].id).code
    ines = room.knock(Hello(code=code, name="Ines"), "10.0.0.1")
    for _ in range(30):
        with suppress(DoorClosed):
            room.knock(Hello(code="wrongone"), "10.0.0.1")
    said = set()
    for hello in (Hello(code=code, name="New"), Hello(code="wrongone"), Hello(code="wrongone", token=ines.token)):
        with pytest.raises(DoorClosed) as closed:
            room.knock(hello, "10.0.0.1")
        said.add((closed.value.code, closed.value.text))
    assert [code for code, _ in said] == ["slow-down"]
    assert room.knock(Hello(code=code, token=ines.token), "10.0.0.1") is ines


def test_no_representation_shows_a_code_a_token_or_a_secret() -> None:
    """Protects logs and tracebacks: whatever is printed of a message or a record by accident opens nothing."""
    room = a_room()
    ticket = make_ticket(room, "facilitator")
    member = room.knock(Hello(code=ticket.code, name="Ada"), "10.0.0.1")
    texts = [
        repr(Hello(code=ticket.code, token="tok-secret")),
        repr((ticket, member, room.welcome_message(member, first=True))),
        repr(DoorsConfig(url="ws://x", secret="tok-secret", host_key="k")),
        repr(HostConfig(store="postgresql://ann:tok-secret@h/x")),
    ]
    for text in texts:
        assert ticket.code not in text and "tok-secret" not in text and member.token not in text


def test_names_that_are_typed_at_the_ssh_door_stand_in_no_log_without_workers_either(tmp_path: Any) -> None:
    """Protects a code typed as user name, where the hub serves the doors in its own process."""
    logging.getLogger("asyncssh").setLevel(logging.NOTSET)
    config = DoorsConfig(url="ws://127.0.0.1:1", secret="x", host_key=str(tmp_path / "key"))

    async def made() -> None:
        BothDoors(config, object())  # type: ignore[arg-type]

    asyncio.run(made())
    assert not logging.getLogger("asyncssh").isEnabledFor(logging.INFO)


# Too much of everything


async def test_half_written_texts_are_bounded() -> None:
    """Protects disk and memory: one person keeps so much and no more, may empty it, and finds the rest again."""
    room = a_room()
    code = make_ticket(room, "observer").code
    member = room.knock(Hello(code=code, name="Eve"), "10.0.0.1")
    for number in range(say.MOST_KEPT):
        room.asking.keep(member, f"k{number}", "x")
    with pytest.raises(CommandRejected):
        room.asking.keep(member, "one-more", "x")
    room.asking.keep(member, "k0", "changed")
    room.asking.keep(member, "k1", "")
    room.asking.keep(member, "one-more", "x")
    for number in range(2, 2 + say.LONGEST_KEPT_IN_ALL // say.LONGEST_KEPT):
        with suppress(CommandRejected):
            room.asking.keep(member, f"k{number}", "x" * say.LONGEST_KEPT)
    kept = room.store.kept(room.session.id, member.key)
    assert len(kept) <= say.MOST_KEPT and sum(map(len, kept.values())) <= say.LONGEST_KEPT_IN_ALL
    # Also after the hub was started anew, and for who comes back by another connection.
    again = Room(Session.resume(room.store, room.session.id), room.store, now=lambda: 0.0)
    with pytest.raises(CommandRejected):
        again.asking.keep(again.knock(Hello(code=code, name="Eve"), "10.0.0.1"), "k-new", "x" * say.LONGEST_KEPT)


async def test_one_person_does_not_flood_the_log_nor_the_marks() -> None:
    """Protects log and processor: so many entries and so many large answers, then a clear word; control goes on."""
    async with hosted("card-storm") as hosting, aiohttp.ClientSession() as http:
        loud = await come(hosting, http, "participant")
        room = hosting.room
        words = {"ask": "say", "to": team(hosting), "text": "Noise"}
        asked = 0
        before, refused = len(room.session.entries), {"say": ""}
        while refused["say"] != "refused":
            asked += 1
            assert asked < 200
            # At a pace at which no message is refused for being one too many.
            await asyncio.sleep(0.03)
            refused = await loud.ask("ask", command=words)
        assert refused["code"] == "too-fast" and len(room.session.entries) - before <= 130
        control = await come(hosting, http, "facilitator")
        answers = [(await control.ask("fetch", what="assessment")) for _ in range(25)]
        assert answers[0]["say"] == "fetched" and answers[-1]["code"] == "too-fast"
        assert (await control.ask("ask", command={"ask": "draw-curtain", "kind": "blank"}))["say"] == "done"


def test_one_code_does_not_fill_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects everybody else: ever new names by one code find its own room full, and who has gone makes room."""
    monkeypatch.setattr(people, "MOST_OF_ONE_CODE", 5)
    monkeypatch.setattr(people, "MOST_PEOPLE", 8)
    room = a_room()
    loud, other = (make_ticket(room, "participant", each.id).code for each in room.session.scenario.teams[:2])
    came = [room.knock(Hello(code=loud, name=f"N{number}"), "10.0.0.1") for number in range(5)]
    for member in came:
        room.enter(member, object())
    with pytest.raises(DoorClosed, match="full"):
        room.knock(Hello(code=loud, name="One more"), "10.0.0.1")
    room.leave(came[0])
    room.enter(room.knock(Hello(code=loud, name="One more"), "10.0.0.1"), object())
    assert len(room.people.all) == 5 and came[0].id not in room.people.all
    for number in range(3):
        room.enter(room.knock(Hello(code=other, name=f"M{number}"), "10.0.0.2"), object())
    assert room.knock(Hello(code=make_ticket(room, "facilitator").code, name="Ada"), "10.0.0.3").kind == "facilitator"


def test_coming_and_going_without_end_is_slowed() -> None:
    """Protects the log, in which each coming stands: who comes sixty times in a moment waits, and nobody else does."""
    room = a_room()
    code = make_ticket(room, "participant", room.session.scenario.teams[0].id).code
    with pytest.raises(DoorClosed) as closed:
        for _ in range(100):
            room.leave(room.knock(Hello(code=code, name="Jo"), "10.0.0.1"))
    assert closed.value.code == "slow-down" and closed.value.wait > 0
    assert room.knock(Hello(code=code, name="Ines"), "10.0.0.1").name == "Ines"


async def test_connections_that_say_nothing_are_cut_and_those_inside_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects the door: silence, half a request and a crowd from one address end; people inside notice nothing."""
    monkeypatch.setattr(at_the_door, "MOST_KNOCKING_FROM_ONE", 5)
    async with hosted("card-storm") as hosting:
        table = await hosting.person(team(hosting), "Ines")
        crowd = [await asyncio.open_connection("127.0.0.1", hosting.port) for _ in range(12)]
        for _, writer in crowd[:3]:
            writer.write(b"GET /join HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        await until(lambda: sum(reader.at_eof() for reader, _ in crowd) >= 7)
        assert (await hosting.person(team(hosting, 1), "Joel")).acting
        hosting.server._threshold._within = 0.0
        await until(lambda: all(reader.at_eof() or reader.exception() for reader, _ in crowd))
        assert not table.trouble and len(hosting.server.connections) == 2
        for _, writer in crowd:
            writer.close()


def test_a_flood_of_faults_does_not_fill_the_disk() -> None:
    """Protects the exercise from its own log: garbage at the door is noted some hundred times and then seldom."""
    time = [0.0]
    few = FewWords(lambda: time[0])
    record = logging.LogRecord("x", logging.ERROR, "", 0, "garbage", None, None)
    assert sum(bool(few.filter(record)) for _ in range(10_000)) == 300
    time[0] += 10
    assert sum(bool(few.filter(record)) for _ in range(10_000)) == 10


BAD = (
    '{"say":"ask","id":1,"command":' + '{"a":' * 5_000 + "1" + "}" * 5_000 + "}",
    "[" * 30_000,
    '{"say":"fetch","id":' + "9" * 5_000 + ',"what":"reference"}',
    '{"say":"fetch","id":-1,"what":"reference"}',
    '{"say":"ask","id":1,"command":{"ask":"set-rate","rate":NaN}}',
    '{"say":"ask","id":1,"command":{"ask":"set-rate","rate":1e999}}',
    '{"say":"ask","id":1,"command":{"ask":"set-indicator","indicator":"x","value":NaN}}',
    '{"say":"doing","text":"\\ud800"}',
    '{"say":"ask","id":1,"id":2,"command":{"ask":"say","ask":"end-exercise","to":"x","text":""}}',
    '{"say":"keep","key":"' + "k" * 201 + '","text":""}',
    '{"say":"keep","key":"k","text":"' + "k" * 40_000 + '"}',
    '{"say":"watch","feed":"' + "k" * 141 + '"}',
    '{"say":"ask","id":1,"command":{"ask":"say","to":"x","text":"' + "y" * 4_001 + '"}}',
    '{"say":"ask","id":1,"command":{"ask":"say","to":"x","text":"y","more":1}}',
    '{"say":"nonsense"}',
    "\x00",
    "null",
)


async def test_each_malformed_message_is_refused_in_words_and_changes_nothing() -> None:
    """Protects the room from depth, huge numbers, numbers that are none, doubled keys and long fields of anybody."""
    async with hosted("card-storm") as hosting, aiohttp.ClientSession() as http:
        hosting.room.session.start({})
        for kind in ("facilitator", "participant"):
            raw = await come(hosting, http, kind)
            before = all_there_is(hosting.room)
            for text in BAD:
                await raw.ws.send_str(text)
                answer = json.loads((await raw.ws.receive(timeout=10)).data)
                assert answer["say"] == "refused" and len(answer["text"]) < 200, (kind, text[:60], answer)
                assert all_there_is(hosting.room) == before, text[:60]
            await raw.ws.send_bytes(zlib.compress(b"x" * 10_000_000))
            assert json.loads((await raw.ws.receive(timeout=10)).data)["say"] == "turned"
        assert (await hosting.person(team(hosting), "Ines")).acting


async def test_no_text_from_anybody_reaches_a_screen_with_escapes_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects terminals: hostile words in every field of every command, even control's, are clean in log and feeds."""
    monkeypatch.setattr("exercise.hub.guard.Allowance.take", lambda self, amount=1.0: True)
    hostile = "\x1b]0;owned\x07\x9b31m\u202ea"
    async with hosted("card-storm") as hosting, aiohttp.ClientSession() as http:
        room = hosting.room
        control, raw = await come(hosting, http, "facilitator"), await come(hosting, http, "participant")
        room.session.start({})
        for feed in ("control", "room", f"seat:{raw.welcome['seat']}"):
            await control.watch(feed)
        await raw.ws.send_str(say.Doing(text=hostile).model_dump_json())
        for name, message in COMMANDS.items():
            if name in ("end-exercise", "close-move"):
                continue
            given = sample(message, room)
            for field in given:
                if field in ("text", "title", "sender", "why", "reason", "free_text", "who", "mark"):
                    given[field] = hostile
            for each in (raw, control):
                answer = await each.ask("ask", command=given)
                assert not HOSTILE.search(str(answer.get("text", ""))), (name, answer)
        assert any(member.doing for member in room.people.all.values())
        for entry in room.session.entries:
            assert not HOSTILE.search(str(vars(entry.event) if hasattr(entry.event, "__dict__") else entry.event))
        for feed in ("control", "room", f"seat:{raw.welcome['seat']}"):
            await control.watch(feed)
            assert not HOSTILE.search(flat(control.feeds[feed])), feed


def flat(data: Any) -> str:
    """All texts of some data."""
    if isinstance(data, dict):
        return " ".join(f"{key} {flat(value)}" for key, value in data.items())
    return " ".join(flat(one) for one in data) if isinstance(data, list) else str(data)


# What was asked before the present moment


async def test_an_old_connection_of_somebody_who_came_in_anew_is_deaf() -> None:
    """Protects a seat: what an old connection still says does not count."""
    async with hosted("first-light") as hosting:
        table = await hosting.person(team(hosting), "Ines")
        room = hosting.room
        member = room.people.all[table.link.welcome.person]  # type: ignore[union-attr]
        old = member.connection
        assert isinstance(old, Connection)
        await come_in(hosting.link(hosting.code("participant", team(hosting)), "Ines"))
        assert member.connection is not old
        length = len(room.session.entries)
        words = {"ask": "say", "to": team(hosting), "text": "From before"}
        old.take(json.dumps({"say": "ask", "id": 9, "command": words}))
        assert len(room.session.entries) == length
