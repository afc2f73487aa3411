"""Nothing of requests leaks: matters not yet known, what would come of them, how desks reply, which entries are dead.

Like `test_secrecy`, with canaries in every string that some seat must not read, and its own account of who was told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from asking import CHANNELS, KINDS, world
from given import FACTS, Row, inject
from hypothesis import example, given, settings
from request_strategies import RequestWish, request_command, request_wishes

from exercise.core import commands as cmd
from exercise.core import events as ev
from exercise.core.conditions import holds
from exercise.core.decide import decide
from exercise.core.evolve import evolve, replay
from exercise.core.observe import participant_view
from exercise.core.requests import commands as rq
from exercise.core.requests import events as re_
from exercise.core.requests.kinds import Handling
from exercise.core.requests.state import AGREED
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.errors import CommandRejected

TEAMS = ("averne", "belmark")
CANARY = re.compile(r"kanari-[a-z0-9-]+-z")
BUSY = [
    RequestWish(kind, 1000 * n + place, 100 * n + place)
    for n in range(9)
    for place, kind in enumerate(
        ("send", "send", "clock", "answer", "take", "fulfil", "send", "order", "mend", "clock")
    )
]


def bird(*words: str) -> str:
    """A canary that says where it sits."""
    return "-".join(("kanari", *words, "z"))


def _matter(name: str, **more: Any) -> Row:
    row = {
        "id": bird("matter", name, "id"),
        "title": bird("matter", name, "title"),
        "text": bird("matter", name, "text"),
        "about": bird("secret", "about", name),
        "not_ready": bird("waits", name),
        "outcomes": [
            {
                "on": step,
                "title": bird("came", name, str(place), "title"),
                "text": bird("came", name, str(place), "text"),
                "from": bird("came", name, str(place), "from"),
                "to": to,
            }
            for place, (step, to) in enumerate(
                (("delivered", ["belmark"]), ("failed", []), ("refused", []), ("lapsed", []), ("fulfilled", ["all"]))
            )
        ],
    }
    return row | more


def _piece(name: str, **more: Any) -> Row:
    parts = {part: bird("piece", name, part) for part in ("id", "title", "text", "source", "conditions")}
    return parts | more


def _entry(team: str, number: int, party: str, via: str, **more: Any) -> Row:
    name, address = bird("entry", team, str(number)), bird("address", team, str(number))
    return {"name": name, "party": party, "channel": "line", "address": address, "via": via} | more


def _reply(number: int, **more: Any) -> Row:
    words = bird("reply", str(number), "words")
    return {"text": bird("reply", str(number)), "conditions": {"tlp": "amber", "words": words}} | more


@cache
def aviary() -> Scenario:
    """The small world of requests with a canary in every string that not all may read."""
    told, order = {"flag": bird("secret", "told")}, {"flag": bird("secret", "order")}
    data = world().model_dump(mode="json", by_alias=True)
    dead = {"stale": True, "instead": bird("instead", "averne", "3")}
    directories: dict[str, list[Row]] = {
        "averne": [
            _entry("averne", 1, "belmark", "contact-24-7"),
            _entry("averne", 2, "belmark", "cert"),
            _entry("averne", 3, "belmark", "police", **dead),
            _entry("averne", 4, "centre", "police"),
        ],
        "belmark": [
            _entry("belmark", 1, "averne", "contact-24-7"),
            _entry("belmark", 2, "averne", "cert", instead=bird("instead", "belmark", "2")),
            _entry("belmark", 3, "centre", "police"),
        ],
    }
    teams = [team | {"directory": directories[team["id"]]} for team in data["teams"]]
    replies = [
        _reply(0, kinds=["preservation"], when=order, gives=[bird("piece", "record", "id")], answer="conditional"),
        _reply(1, kinds=["preservation"], answer="refuse", ground=bird("secret", "ground")),
        _reply(2, kinds=["warning"]),
        _reply(3, kinds=["consent"], gaps=True, answer="part"),
    ]
    desk = {"speed": "10m", "replies": replies, "otherwise": bird("otherwise"), "outside": bird("secret", "outside")}
    asked = {
        "kind": "preservation",
        "by": "centre",
        "to": "belmark",
        "via": "police",
        "subject": bird("incoming", "subject"),
        "content": {"authority": bird("incoming", "authority")},
        "handling": {"words": bird("incoming", "words")},
        "deadline": "T+2:00",
    }
    notes = {"notes": bird("secret", "notes"), "expected": [bird("secret", "expected")]}
    rows = [
        inject("call", effects=[{"learn": bird("piece", "tip", "id"), "team": "averne"}], **notes),
        inject("order", at="T+1:00", to=["averne"], effects=[order]),
        inject("told", at="T+2:30", to=["averne"], effects=[told]),
        inject("ask", at="T+0:30", to=["averne"], request=asked),
    ]
    return Scenario.model_validate(
        data
        | {
            "teams": teams,
            "actors": [{"id": "centre", "name": "Centre", "notes": bird("secret", "actor"), "desk": desk}],
            "flags": {told["flag"]: bird("secret", "means"), order["flag"]: bird("secret", "means", "order")},
            "evidence": [
                _piece("logs"),
                _piece("half"),
                _piece("record", handling={"tlp": "red", "words": bird("piece", "record", "words")}),
                _piece("tip", giver="belmark", handling={"tlp": "red", "words": bird("piece", "tip", "words")}),
            ],
            "matters": [
                _matter(
                    "host",
                    holder="belmark",
                    ready=order,
                    gives=[bird("piece", "logs", "id")],
                    part=[bird("piece", "half", "id")],
                ),
                _matter("later", known=told),
                _matter("own", teams=["averne"], holder="belmark"),
            ],
            "request_kinds": KINDS,
            "request_channels": CHANNELS,
            "injects": rows,
        }
    )


class Ears:
    """What a team has been told so far, worked out from the events alone: the beginnings of canaries it may hear."""

    def __init__(self, team: str) -> None:
        self.team = team
        self.heard = {f"kanari-entry-{team}-", f"kanari-address-{team}-"}

    def listen(self, event: ev.Event, state: State, played: Scenario) -> None:
        """Takes in one event, `state` being the one after it."""
        for matter in played.matters:
            if (not matter.teams or self.team in matter.teams) and holds(matter.known, state):
                self._hear(f"matter-{matter.id.split('-')[2]}")
        request = state.requests.get(getattr(event, "request", None) or "")
        match event:
            case ev.EvidenceLearned() if event.team == self.team:
                self._hear(f"piece-{event.evidence.split('-')[2]}")
                self._words(_words_of(event.handling))
            case re_.OutcomeCame() if self.team in event.to or "all" in event.to:
                self._hear(f"came-{event.matter.split('-')[2]}-{event.index}")
            case re_.ContactRenewed() if event.team == self.team:
                self._hear(f"instead-{event.team}-{event.contact}")
            case re_.RequestDelivered() if request and request.to == self.team:
                self._words(request.subject, *request.content.values(), _words_of(request.handling))
                self._titles(*request.encloses)
                if request.matter:
                    # It reads what it is about, by name; the asking side's own text on it stays there.
                    self._words(request.matter, bird("matter", request.matter.split("-")[2], "title"))
            case _:
                pass
        if request is None or self.team not in (request.by, request.to):
            return
        match event:
            case re_.RequestSent() if request.by == self.team:
                self._words(_words_of(request.handling))
            case re_.RequestAnswered() | re_.ConditionsTaken():
                conditions = request.conditions
                self._words(event.text, _words_of(conditions))
            case re_.RequestFulfilled():
                self._words(event.text, _words_of(event.handling))
                self._titles(*event.gives)
        if request.to == self.team and request.matter and request.status in AGREED:
            self._hear(f"waits-{request.matter.split('-')[2]}")

    def may_hear(self, canary: str) -> bool:
        """Whether this team has been told what this canary guards."""
        return canary in self.heard or any(canary.startswith(heard) for heard in self.heard if heard.endswith("-"))

    def _hear(self, branch: str) -> None:
        self.heard.add(f"kanari-{branch}-")

    def _words(self, *texts: str) -> None:
        for text in texts:
            self.heard.update(CANARY.findall(text))

    def _titles(self, *pieces: str) -> None:
        self.heard.update(bird("piece", name.split("-")[2], "title") for name in pieces if name.startswith("kanari"))


def _words_of(handling: Handling | None) -> str:
    return handling.words if handling else ""


def played_through(wanted: list[RequestWish]) -> Iterator[tuple[State, cmd.Command, Any]]:
    """STARTEX, what people wish, ENDEX: each command with the state before it, and its events or its refusal."""
    state = State()
    first: cmd.Command = cmd.StartExercise(facts=FACTS)
    last: tuple[cmd.Command, ...] = (cmd.AdvanceClock(play=40_000), cmd.EndExercise(play=40_000))
    for wish in (first, *wanted, *last):
        command = request_command(wish, aviary(), state) if isinstance(wish, RequestWish) else wish
        before = state
        try:
            outcome: Any = decide(aviary(), state, command)
            state = replay(outcome, state)
        except CommandRejected as refused:
            outcome = refused
        yield before, command, outcome


@given(request_wishes)
@example([])
@example(BUSY)
@settings(max_examples=80)
def test_no_team_hears_of_requests_what_it_was_not_told(wanted: list[RequestWish]) -> None:
    """Protects every secret around requests, in every view and every refusal, at every moment."""
    played = aviary()
    ears = [Ears(team) for team in TEAMS]
    for before, command, outcome in played_through(wanted):
        if isinstance(outcome, CommandRejected):
            for ear in ears:
                if ear.team == command.seat:
                    _scan(outcome.text, ear)
            continue
        state = before
        for event in outcome:
            state = evolve(state, event)
            for ear in ears:
                ear.listen(event, state, played)
        for ear in ears:
            _scan(repr(participant_view(played, state, ear.team)), ear)


def _scan(text: str, ear: Ears) -> None:
    leaks = sorted({canary for canary in CANARY.findall(text) if not ear.may_hear(canary)})
    assert not leaks, f"{ear.team} hears {leaks}"


@given(request_wishes)
@example(BUSY)
@settings(max_examples=40)
def test_views_do_not_depend_on_how_desks_reply_or_which_entries_are_dead(wanted: list[RequestWish]) -> None:
    """Protects what no search for words can find: the same moment looks the same where all that is put otherwise."""
    played = aviary()
    data = played.model_dump(by_alias=True)
    for team in data["teams"]:
        team["directory"] = [entry | {"stale": not entry["stale"]} for entry in team["directory"]]
    for actor in data["actors"]:
        actor |= {"desk": None, "notes": "Otherwise."}
    for matter in data["matters"]:
        matter |= {"gives": (), "part": (), "about": None}
    twin = Scenario.model_validate(data)
    for before, _, outcome in played_through(wanted):
        if not isinstance(outcome, CommandRejected):
            state = replay(outcome, before)
            for team in TEAMS:
                assert participant_view(played, state, team) == participant_view(twin, state, team)


@given(request_wishes)
@example(BUSY)
@settings(max_examples=20)
def test_no_guess_tells_what_is_to_come(wanted: list[RequestWish]) -> None:
    """Protects against guessing: what a team may not raise or does not hold is refused like what does not exist."""
    played = aviary()
    made_up = rq.SendRequest(seat="averne", kind="warning", contact=2, matter="made-up", encloses=("made-up",))
    for before, _, outcome in played_through(wanted):
        if isinstance(outcome, CommandRejected) or before.clock.phase != "move":
            continue
        for team in TEAMS:
            mine = {matter.id for matter in participant_view(played, before, team).matters}
            held = before.knowledge.get(team, {})
            for matter in played.matters:
                if matter.id not in mine:
                    tried = made_up.model_copy(update={"seat": team, "matter": matter.id})
                    assert _refusal(played, before, tried).startswith("no-matter")
                    assert _refusal(played, before, tried) == _refusal(
                        played, before, made_up.model_copy(update={"seat": team})
                    )
            for piece in played.evidence:
                if piece.id not in held:
                    tried = made_up.model_copy(update={"seat": team, "matter": None, "encloses": (piece.id,)})
                    unheard = tried.model_copy(update={"encloses": ("made-up",)})
                    assert _refusal(played, before, tried) == _refusal(played, before, unheard) != ""
            number = len(before.boards.get(team, ())) + 1
            for far in (number, 400):
                asked = rq.AcknowledgeRequest(seat=team, request=far)
                assert _refusal(played, before, asked) == "no-request: There is no such request on your board."


def _refusal(played: Scenario, state: State, command: cmd.Command) -> str:
    try:
        decide(played, state, command)
    except CommandRejected as refused:
        return f"{refused.code}: {refused.text}"
    return ""


def test_the_canaries_around_requests_do_sing() -> None:
    """Protects the tests above from being deaf: in a busy run nearly every kind of canary is heard by somebody."""
    played = aviary()
    heard: set[str] = set()
    for n in range(6):
        wanted = [RequestWish(wish.kind, wish.seed + n, wish.number) for wish in BUSY]
        for before, _, outcome in played_through(wanted):
            if not isinstance(outcome, CommandRejected):
                state = replay(outcome, before)
                for team in TEAMS:
                    heard.update(CANARY.findall(repr(participant_view(played, state, team))))
    kinds = {canary.split("-")[1] for canary in heard}
    state = replay(decide(played, State(), cmd.StartExercise(facts=FACTS)))
    asked = rq.SendRequest(seat="averne", kind="preservation", contact=1, matter=bird("matter", "host", "id"))
    agreed = rq.AnswerRequest(seat="belmark", request=1, revision=1, answer="accept")
    for step in (asked, agreed):
        state = replay(decide(played, state, step), state)

    assert bird("waits", "host") in repr(participant_view(played, state, "belmark"))
    assert bird("waits", "host") not in repr(participant_view(played, state, "averne"))
    assert {"matter", "came", "reply", "instead", "piece", "incoming", "address", "otherwise"} <= kinds
    with pytest.raises(AssertionError, match="hears"):
        _scan(repr(played), Ears("averne"))
