"""Who may do what at a hub, as one table: every kind of code, with every message, in every phase, over real sockets."""

from __future__ import annotations

import json
import types
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import aiohttp
import pytest
from hosting import Hosting, hosted

from exercise.core import commands as cmd
from exercise.core.asked import FACILITATOR
from exercise.core.control.commands import DrawCurtain
from exercise.core.evaluation.commands import EvaluationCommand
from exercise.core.requests.commands import RequestCommand
from exercise.core.teamwork.commands import OBSERVER
from exercise.errors import CommandRejected
from exercise.hub.asking import evaluator_seat
from exercise.hub.protocol import Hello
from exercise.hub.room import Room
from exercise.session.control import RoomCommand

KINDS = (
    *("facilitator", "controller", "evaluator", "observer", "spectator"),
    *("participant", "beside", "seatless", "other"),
)
"""Each kind of code; of participants one who acts, one who reads along, one without a seat, one of another team."""

CONTROL = ("facilitator", "controller")
PHASES = ("briefing", "move", "no-duff", "ended")

OF_THE_HUB = {"take-seat", "leave-seat", "close-survey", "seal-log"}
"""What nobody asks for by hand, whoever it is."""

FACILITATORS_OWN = {"new-ticket", "revoke-ticket", "go-back", "close-doors", "remove-person"}

OF_A_SEAT = {
    *("choose-response", "follow-up", "read-message", "write-note"),
    *("cast-vote", "take-pen", "write-draft", "put-down-pen", "say"),
    "answer-mark",
}
"""What the rules take from a seat at a table; requests besides."""


def classes(union: Any) -> Iterator[Any]:
    """Every message class of a union, however it is nested."""
    if get_origin(union) is Annotated:
        yield from classes(get_args(union)[0])
    elif get_origin(union) in (Union, types.UnionType):
        for part in get_args(union):
            yield from classes(part)
    else:
        yield union


def tag(message: Any) -> str:
    """`say` of Say, `startex` of Startex."""
    field = message.model_fields.get("ask") or message.model_fields["room"]
    name: str = field.default
    return name


COMMANDS = {tag(one): one for one in classes(cmd.Command)}
ROOM_COMMANDS = {tag(one): one for one in classes(RoomCommand)}
REQUESTS = {tag(one) for one in classes(RequestCommand)}
AFTER_ENDEX = {tag(one) for one in classes(EvaluationCommand)}
JUDGING = AFTER_ENDEX - OF_THE_HUB - OF_A_SEAT
"""What evaluators do; of exercise control the rules take a row of the improvement plan besides."""


def sample(message: Any, room: Room) -> dict[str, Any]:
    """A message of that class which means something in this exercise."""
    scenario, state = room.session.scenario, room.session.state
    decision = next((scenario.decisions_by_id[id] for id in state.decisions), scenario.decisions[0])
    inject = next(one for one in scenario.injects if one.id not in state.released)
    fact = scenario.facts[0]
    known: dict[str, Any] = {
        **{"decision": decision.id, "option": decision.options[0].id, "subject": decision.id, "revision": 1},
        **{"inject": inject.id, "fact": fact.id, "indicator": scenario.indicators[0].id, "mark": "any", "matter": None},
        **{"seconds": 60, "text": "Words", "title": "Title", "sender": "Desk", "channel": "e-mail", "number": 1},
        **{
            "team": scenario.teams[0].id,
            "to": scenario.teams[0].id,
            "facts": {},
            "rate": 2.0,
            "page": "",
            "who": "Eve",
        },
        **{"what": f"actor:{scenario.actors[0].id}", "contact": 1, "request": 1, "accept": True, "content": {}},
        **{"person": next(iter(room.people.all)), "ticket": room.ticket_cards(codes=False)[0].id, "seq": 1},
        **{"exercise": state.clock.exercise + 60, "seat": f"{scenario.teams[0].id}"},
        **{"delegation": scenario.teams[0].id, "grade": "breached", "reason": "said in three words", "entries": [1]},
        **{"commitment": "se-p7", "objective": scenario.objectives[0].id, "rating": "P", "answers": {}, "upto": 1},
        **{"head": "0" * 64, "key": "0" * 64, "signature": "0" * 128},
    }
    made: dict[str, Any] = {}
    for name, field in message.model_fields.items():
        if get_origin(field.annotation) is Literal:
            made[name] = get_args(field.annotation)[0]
        elif name == "value":
            made[name] = 1.0 if "indicator" in message.model_fields else fact.values[0].value
        elif name == "kind" and tag(message) == "send-request":
            made[name] = scenario.request_kinds[0].id
        elif name == "to" and get_origin(field.annotation) is tuple:
            made[name] = ["all"]
        elif field.is_required() or name == "why":
            made[name] = known.get(name, "x")
        elif name == "seat" and "room" in message.model_fields:
            made[name] = known["seat"]
    message.model_validate(made)
    return made


class Raw:
    """One who speaks the protocol by hand."""

    def __init__(self, kind: str, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.kind, self.ws, self.number = kind, ws, 0
        self.welcome: dict[str, Any] = {}
        self.feeds: dict[str, Any] = {}

    async def ask(self, say: str, **what: Any) -> dict[str, Any]:
        """Says something with a number and returns the answer to it."""
        self.number += 1
        await self.ws.send_str(json.dumps({"say": say, "id": self.number, **what}))
        return await self.hear(self.number)

    async def watch(self, feed: str) -> dict[str, Any] | None:
        """Asks for a feed and returns the refusal, or None where it was given, as `feeds` then shows."""
        self.feeds.pop(feed, None)
        await self.ws.send_str(json.dumps({"say": "watch", "feed": feed}))
        self.number += 1
        # Anything that is answered: what stands in the row before it has come by then.
        await self.ws.send_str(json.dumps({"say": "ask", "id": self.number}))
        refused = await self.hear(self.number, also=0)
        if refused["id"] == 0:
            await self.hear(self.number)
            return refused
        return None

    async def hear(self, number: int, also: int = -1) -> dict[str, Any]:
        while True:
            message = await self.ws.receive(timeout=20)
            assert message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY), (self.kind, message)
            data = message.data if isinstance(message.data, str) else zlib.decompress(message.data)
            said: dict[str, Any] = json.loads(data)
            if said["say"] == "feed":
                self.feeds[said["feed"]] = said.get("whole", self.feeds.get(said["feed"]))
            if said["say"] == "fetched" or said.get("id") in (number, also):
                return said


async def come(hosting: Hosting, http: aiohttp.ClientSession, kind: str) -> Raw:
    """One of that kind, come in by the code for it."""
    scenario = hosting.room.session.scenario
    team = scenario.teams[1 if kind == "other" else 0]
    among = kind in ("participant", "beside", "seatless", "other")
    seat = "" if kind == "seatless" else f"{team.id}/{team.roles[0].id}"
    code = hosting.code("participant" if among else kind, team.id if among else "")
    ws = await http.ws_connect(hosting.url, max_msg_size=2**26)
    await ws.send_str(Hello(code=code, name=kind, seat=seat if among else "").model_dump_json())
    raw = Raw(kind, ws)
    raw.welcome = json.loads((await ws.receive(timeout=20)).data)
    assert raw.welcome["say"] == "welcome"
    return raw


@asynccontextmanager
async def everybody(phase: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Hosting, dict[str, Raw]]]:
    """A hub in a phase, with one of each kind in it."""
    # Asking for all there is in a second is faster than anybody; how that is bounded is tested elsewhere.
    monkeypatch.setattr("exercise.hub.guard.Allowance.take", lambda self, amount=1.0: True)
    async with AsyncExitStack() as stack:
        hosting = await stack.enter_async_context(hosted("card-storm"))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        raws = {kind: await come(hosting, http, kind) for kind in KINDS}
        session = hosting.room.session
        if phase != "briefing":
            session.start({})
            session.submit(cmd.PauseClock())
        if phase == "no-duff":
            session.submit(DrawCurtain(kind="no-duff", text="Fire alarm"))
        if phase == "ended":
            session.submit(cmd.EndExercise())
        yield hosting, raws


def all_there_is(room: Room) -> Any:
    """What a message may change: the log, who is where, the codes, the doors."""
    people = [(one.id, one.seat, one.acting, one.connection is not None) for one in room.people.all.values()]
    sheets = room.store.answered(room.session.id)
    return (room.session.id, room.session.head, people, room.ticket_cards(codes=True), room.closing, sheets)


def seat_of(raw: Raw, room: Room, name: str) -> str:
    """Under which seat the rules may hear this one; '' for none."""
    if raw.kind == "evaluator" and name in AFTER_ENDEX:
        return evaluator_seat(room.people.all[raw.welcome["person"]])
    if raw.kind in CONTROL:
        return FACILITATOR
    if raw.kind in ("observer", "evaluator"):
        return OBSERVER
    return raw.welcome["seat"] if raw.kind in ("participant", "other") else ""


@pytest.mark.parametrize("phase", PHASES)
async def test_nobody_has_an_effect_that_is_not_theirs(phase: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command and every request to the room, from everybody it is not for, changes neither log nor room."""
    async with everybody(phase, monkeypatch) as (hosting, raws):
        before = all_there_is(hosting.room)
        for raw in (raw for kind, raw in raws.items() if kind not in CONTROL):
            mine = OF_A_SEAT | REQUESTS if raw.kind in ("participant", "other") else set()
            mine |= {"write-note"} if raw.kind in ("observer", "evaluator") else set()
            mine |= JUDGING if raw.kind == "evaluator" else set()
            for name, message in COMMANDS.items():
                if name in mine:
                    continue
                # Under control's seat, under the own team's, and under the other team's.
                for claimed in (FACILITATOR, *(team.id for team in hosting.room.session.scenario.teams[:2])):
                    answer = await raw.ask("ask", command={**sample(message, hosting.room), "seat": claimed})
                    silent = name == "read-message"  # Who reads along marks nothing as read, and need not know.
                    assert answer["say"] == "refused" or silent, (raw.kind, name, answer)
                    assert all_there_is(hosting.room) == before, (raw.kind, name, claimed)
            for name, message in ROOM_COMMANDS.items():
                answer = await raw.ask("ask-room", command=sample(message, hosting.room))
                assert (answer["code"], answer["text"]) == ("not-facilitator", "Only exercise control may do this.")
                assert all_there_is(hosting.room) == before, (raw.kind, name)
            if raw.welcome["kind"] != "participant":
                answer = await raw.ask("hand-in", answers={"kept": "Nobody asked me."})
                assert answer["code"] == "not-asked" and all_there_is(hosting.room) == before, raw.kind
            if not raw.welcome["places"]:
                answer = await raw.ask("take-place", seat=hosting.room.session.scenario.teams[0].id)
                assert answer["say"] == "refused" and all_there_is(hosting.room) == before
        for name in FACILITATORS_OWN:
            answer = await raws["controller"].ask("ask-room", command=sample(ROOM_COMMANDS[name], hosting.room))
            assert answer["code"] == "not-facilitator" and all_there_is(hosting.room) == before, name


async def test_whatever_one_claims_the_rules_hear_the_own_seat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every command from everybody, what reaches the rules does so under the seat of the code, and no other."""
    async with everybody("move", monkeypatch) as (hosting, raws):
        heard: list[cmd.Command] = []

        def submit(command: cmd.Command) -> None:
            heard.append(command)
            raise CommandRejected("heard", "The rules have heard it.")

        monkeypatch.setattr(hosting.room.session, "submit", submit)
        for raw in raws.values():
            for name, message in COMMANDS.items():
                for claimed in (FACILITATOR, OBSERVER, *(team.id for team in hosting.room.session.scenario.teams)):
                    heard.clear()
                    answer = await raw.ask("ask", command={**sample(message, hosting.room), "seat": claimed})
                    own = seat_of(raw, hosting.room, name)
                    silent = name == "read-message" and raw.kind not in ("participant", "other")
                    if name in OF_THE_HUB or not own or silent:
                        assert not heard, (raw.kind, name)
                        continue
                    assert answer["code"] == "heard", (raw.kind, name, answer)
                    [one] = heard
                    assert (one.seat, one.play) == (own, 0)
                    if name in ("write-note", "claim"):
                        assert one.who == raw.kind


@pytest.mark.parametrize("phase", PHASES)
async def test_feeds_and_fetches_are_given_by_the_code_alone(phase: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each kind gets just its feeds; one that is not for it is refused in the same words as one that is not there."""
    async with everybody(phase, monkeypatch) as (hosting, raws):
        scenario, ended = hosting.room.session.scenario, phase == "ended"
        teams = [f"seat:{team.id}" for team in scenario.teams]
        roles = [f"seat:{team.id}/{role.id}" for team in scenario.teams for role in team.roles]
        for raw in raws.values():
            allowed = {"public"} | ({"wash"} if ended else set())
            allowed |= {"evaluation"} if ended and raw.kind == "evaluator" else set()
            if raw.kind in CONTROL:
                allowed |= {"control", "room", *teams, *roles}
            elif raw.kind in ("observer", "evaluator"):
                allowed |= set(teams)
            elif raw.welcome["seat"]:
                allowed |= {f"seat:{raw.welcome['seat']}"}
            nonsense = await raw.watch("seat:nowhere/nobody")
            assert nonsense is not None
            for feed in (
                "public",
                "wash",
                "control",
                "room",
                "evaluation",
                "evaluation:x",
                *teams,
                *roles,
                "seat:",
                "seat:@room",
                "x",
                "Control",
            ):
                refused = await raw.watch(feed)
                if feed in allowed:
                    assert refused is None and raw.feeds[feed] is not None, (raw.kind, feed)
                else:
                    assert refused == nonsense and feed not in raw.feeds, (raw.kind, feed)
                await raw.ws.send_str(json.dumps({"say": "unwatch", "feed": feed}))
            assert (await raw.ask("fetch", what="reference"))["say"] == "fetched"
            marks = (await raw.ask("fetch", what="assessment"))["say"]
            assert marks == ("fetched" if ended or raw.kind in CONTROL else "refused"), raw.kind
            moments = (await raw.ask("fetch", what="moments"))["say"]
            assert moments == ("fetched" if raw.kind in CONTROL else "refused"), raw.kind
            survey = (await raw.ask("fetch", what="survey"))["say"]
            asked = ended and raw.welcome["kind"] == "participant"
            assert survey == ("fetched" if asked else "refused"), raw.kind
            dossier = (await raw.ask("fetch", what="dossier"))["say"]
            assert dossier == ("fetched" if ended and raw.kind == "evaluator" else "refused"), raw.kind
        codes = {ticket["code"] for ticket in raws["controller"].feeds["room"]["tickets"]}
        assert codes == {""}, "codes are the facilitator's alone"
        assert all(ticket["code"] for ticket in raws["facilitator"].feeds["room"]["tickets"])


def test_the_table_knows_every_message() -> None:
    """Guards the table itself: a command that is added later is in it, and has to be placed here where a seat's is."""
    assert len(COMMANDS) >= 54 and len(ROOM_COMMANDS) == 11 and len(JUDGING) == 7
    assert COMMANDS.keys() >= OF_A_SEAT | REQUESTS | OF_THE_HUB and ROOM_COMMANDS.keys() >= FACILITATORS_OWN
