"""Nothing leaks: every string that only the facilitator may read is a canary, and no seat ever hears one sing early.

What a seat may see is worked out here a second time, from the events alone, so that a mistake in the views is no
mistake of the test as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from given import PLENARY, Row, scenario
from hypothesis import example, given, settings
from strategies import Wish, commands_for, to_the_end, wishes

from exercise.core import commands as cmd
from exercise.core import events as ev
from exercise.core.asked import FACILITATOR
from exercise.core.conditions import holds
from exercise.core.decide import decide
from exercise.core.evolve import evolve, replay
from exercise.core.observe import participant_view
from exercise.core.overview import hot_wash_view, spectator_view
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.core.views import ParticipantView, SpectatorView
from exercise.errors import CommandRejected

TEAMS = ("averne", "belmark")
SEATS = ("averne", "averne/lead", "averne/police", "belmark", "belmark/lead")
CANARY = re.compile(r"kanari-[a-z0-9-]+-z")
MOVES = ("dawn", "noon")


def bird(*words: str) -> str:
    """A canary that says where it sits; it may be an id too."""
    return "-".join(("kanari", *words, "z"))


def _inject(name: str, to: list[str], **more: Any) -> Row:
    row = {
        "id": bird("inject", name),
        "to": to,
        "channel": "e-mail",
        "from": bird("inject", name, "from"),
        "title": bird("inject", name, "title"),
        "text": bird("inject", name, "text"),
        "attachments": [{"title": bird("inject", name, "slip"), "text": bird("inject", name, "paper")}],
        "notes": bird("secret", "notes", name),
        "expected": [bird("secret", "expected", name)],
        **{key: bird("secret", key, name) for key in ("objective", "responsible", "status")},
    }
    return row | more


def _consequence(decision: str, source: str, **more: Any) -> Row:
    words = ("came", decision, source)
    row = {"from": bird(*words, "from"), "title": bird(*words, "title"), "text": bird(*words, "text")}
    return row | more


def _option(decision: str, name: str, **more: Any) -> Row:
    row = {
        "id": bird("option", decision, name),
        "title": bird("option", decision, name, "title"),
        "text": bird("option", decision, name, "text"),
        "conduct": [{"commitment": "se-p7", "grade": "honoured", "because": bird("secret", "because", decision, name)}],
        "acts": [{"act": "warn", "toward": ["belmark"], "about": bird("secret", "act", decision, name)}],
        "repairs": [bird("secret", "repairs", decision, name)],
    }
    return row | more


def _decision(name: str, team: str, *options: Row, **more: Any) -> Row:
    row = {
        "id": bird("decision", name),
        "team": team,
        "title": bird("decision", name, "title"),
        "text": bird("decision", name, "text"),
        "window": "6m",
        "options": list(options),
        "free": {"prompt": bird("decision", name, "prompt")},
        "timely": [bird("secret", "timely", name)],
        "notes": bird("secret", "notes", "decision", name),
        **{key: bird("secret", key, "decision", name) for key in ("objective", "responsible", "status")},
        "lapse": {
            "text": bird("lapse", name),
            "effects": [{"flag": ALARM}],
            "consequences": [_consequence(name, "lapse", after="30m", to=["belmark", "averne/police"])],
        },
    }
    return row | more


def _indicator(name: str, **more: Any) -> Row:
    return {"id": bird("secret", "indicator", name), "name": bird("number", name), "start": 50} | more


def _team(name: str, *roles: str) -> Row:
    return {
        "id": name,
        "name": f"The {name}",
        "short": name,
        "about": f"About {name}.",
        "brief": bird("brief", name),
        "roles": [{"id": role, "name": bird("role", name, role), "brief": bird("brief", name, role)} for role in roles],
        "profile": [{"instrument": f"instrument-of-{name}"}],
        "directory": [
            {"name": bird("contact", name), "party": "desk", "channel": "phone", "stale": name == "averne"},
        ],
    }


FACT, TOLD, ALARM = bird("secret", "fact"), bird("secret", "flag", "told"), bird("secret", "flag", "alarm")
CREW, INSIDER = bird("secret", "value", "crew"), bird("secret", "value", "insider")


@cache
def aviary() -> Scenario:
    """An exercise in which every string that not all may read is a canary."""
    own = bird("secret", "indicator", "public")
    moves: list[Row] = [
        {
            "id": bird("secret", "move", name),
            "title": bird("move", name, "title"),
            "text": bird("move", name, "text"),
            "starts": f"T+{start}:00",
            "ends": f"T+{start + 4}:00",
            "minutes": "20m",
            "plenary": PLENARY | {"text": bird("plenary", name), "questions": [bird("plenary", name, "ask")]},
        }
        for name, start in zip(MOVES, (0, 10), strict=True)
    ]
    injects = [
        _inject("open", ["all"], at="T+0:00"),
        _inject("police", ["averne/police", "belmark/lead"], at="T+0:00"),
        _inject("lead", ["averne/lead"], at="T+0:30"),
        _inject("belmark", ["belmark"], at="T+0:40", effects=[{"learn": bird("secret", "sample"), "team": "belmark"}]),
        _inject("told", ["averne"], when={"flag": TOLD}, effects=[{"indicator": own, "by": -5}]),
        _inject("alarm", ["belmark", "averne/police"], when={"flag": ALARM}, noise=True, tension=True),
        _inject("night", ["all"], at="T+7:00", effects=[{"indicator": bird("secret", "indicator", "dark"), "by": 9}]),
        _inject("never", ["all"], when={"flag": bird("secret", "flag", "never")}),
        _inject("late", ["averne"], at="T+12:00"),
    ]
    pieces = ("sample", "trace")
    learn = {"learn": bird("secret", "trace"), "team": "averne"}
    crew_came = _consequence("tell", "now", when={"fact": FACT, "is": CREW})
    decisions = [
        _decision(
            "tell",
            "averne",
            _option("tell", "now", effects=[{"flag": TOLD}, learn], consequences=[crew_came]),
            _option("tell", "wait", consequences=[_consequence("tell", "wait", after="8h", to=["all"])]),
            _option("tell", "again", available={"flag": ALARM}),
            at="T+0:00",
            role="police",
        ),
        _decision(
            "ask", "belmark", _option("ask", "yes", effects=[{"flag": ALARM}]), _option("ask", "no"), at="T+0:20"
        ),
        _decision(
            "react", "averne", _option("react", "hard"), _option("react", "soft"), at="T+11:00", when={"flag": ALARM}
        ),
        _decision("final", "belmark", _option("final", "on"), _option("final", "off"), at="T+12:30"),
    ]
    return scenario(
        *injects,
        *decisions,
        summary="About this exercise.",
        facilitator=bird("secret", "facilitator"),
        briefing="The briefing.",
        moves=moves,
        teams=[_team("averne", "lead", "police"), _team("belmark", "lead")],
        actors=[{"id": "desk", "name": "The desk", "about": "A desk.", "notes": bird("secret", "actor")}],
        facts=[
            {
                "id": FACT,
                "title": bird("secret", "fact", "title"),
                "values": [
                    {"value": CREW, "weight": 1, "says": bird("secret", "says", "crew")},
                    {"value": INSIDER, "weight": 3, "says": bird("secret", "says", "insider")},
                ],
            }
        ],
        flags={
            TOLD: bird("secret", "means", "told"),
            ALARM: bird("secret", "means", "alarm"),
            bird("secret", "flag", "never"): "Never.",
        },
        indicators=[
            _indicator("public"),
            _indicator("averne", team="averne"),
            _indicator("belmark", team="belmark"),
            _indicator("dark", hidden=True),
        ],
        evidence=[
            {
                "id": bird("secret", piece),
                "title": bird("evidence", piece, "title"),
                "text": bird("evidence", piece, "text"),
                "source": bird("evidence", piece, "source"),
                "conditions": bird("evidence", piece, "conditions"),
            }
            for piece in pieces
        ],
        occasions=[
            {
                "id": bird("secret", "occasion"),
                "detector": "warned-partners",
                "team": "averne",
                "opens": {"flag": TOLD},
                "until": "T+3:00",
                "about": bird("secret", "occasion", "about"),
                "commitments": [bird("secret", "occasion", "commitment")],
            }
        ],
        objectives=[{"id": bird("secret", "objective"), "title": bird("secret", "objective", "title")}],
        hot_wash=[{"text": bird("secret", "question")}],
    )


class Ears:
    """What a seat has been told so far, by the events: the prefixes of the canaries that it may hear."""

    def __init__(self, seat: str) -> None:
        self.seat = seat
        self.team, _, self.role = seat.partition("/")
        self.heard: set[str] = set()
        if not seat:
            self._hear("number public")
            return
        roles = {"averne": ("lead", "police"), "belmark": ("lead",)}[self.team]
        self._hear("number public", f"number {self.team}", f"contact {self.team}")
        # The names of the team's roles are no secret inside it (a decision says who holds the pen), their briefs are.
        self.heard |= {bird("brief", self.team), *(bird("role", self.team, role) for role in roles)}
        self.heard |= {bird("brief", self.team, role) for role in roles if self.role in ("", role)}

    def listen(self, event: ev.Event, state: State, played: Scenario) -> bool:
        """Takes in one event, `state` being the one after it; returns whether this seat sees anything of it."""
        seen = self._listen(event, played)
        for row in played.decisions:
            put = state.decisions.get(row.id)
            if row.team != self.team or put is None or put.status != "open":
                continue
            for option in row.options:
                if holds(option.available, state) and option.id not in self.heard:
                    seen = True
                    self.heard.add(option.id)
                    self._hear(option.id.removeprefix("kanari-").removesuffix("-z"))
        return seen

    def _listen(self, event: ev.Event, played: Scenario) -> bool:
        match event:
            case ev.ClockAdvanced() | ev.MarksProposed() | ev.MoveClosed() | ev.PlenaryClosed() | ev.MarkVoided():
                return False
            case ev.ExerciseStarted() | ev.ClockPaused() | ev.ClockResumed() | ev.ExerciseEnded():
                return True
            case ev.MoveOpened():
                self._hear(f"move {MOVES[event.index]}")
                return True
            case ev.PlenaryOpened():
                self._hear(f"plenary {event.move.removeprefix('kanari-secret-move-').removesuffix('-z')}")
                return True
            case ev.InjectReleased() if self._reached(event.to):
                self._hear(event.inject.removeprefix("kanari-").removesuffix("-z"))
                return True
            case ev.InjectWithdrawn():
                return self._reached(played.injects_by_id[event.inject].to)
            case ev.ConsequenceCame() if self._reached(event.to):
                name = _short(event.decision)
                self._hear(f"came {name} {'lapse' if event.source == 'lapse' else _short(event.source)}")
                return True
            case ev.DecisionOpened() if event.team == self.team:
                self.heard.add(event.decision)
                self._hear(f"decision {_short(event.decision)}")
                return True
            case ev.DecisionLapsed() if event.team == self.team:
                self._hear(f"lapse {_short(event.decision)}")
                return True
            case ev.ResponseChosen() | ev.FollowedUp():
                return event.team == self.team
            case ev.WindowExtended() | ev.DecisionReopened():
                return played.decisions_by_id[event.decision].team == self.team
            case ev.EvidenceLearned() if event.team == self.team:
                # By its id a seat names what it encloses; of pieces that it does not hold it knows none.
                self.heard.add(event.evidence)
                self._hear(f"evidence {event.evidence.removeprefix('kanari-secret-').removesuffix('-z')}")
                return True
            case ev.IndicatorChanged() | ev.IndicatorCorrected():
                row = played.indicators_by_id[event.indicator]
                return not row.hidden and row.team in (None, self.team or "nobody")
            case ev.NoteWritten():
                return event.seat.partition("/")[0] == self.team
            case ev.MessageRead():
                return event.seat == self.seat
            case _:
                return False

    def may_hear(self, canary: str) -> bool:
        """Whether this seat has been told what this canary guards."""
        if canary in self.heard:
            return True
        branches = (heard for heard in self.heard if heard.endswith("-"))
        return any(canary.startswith(branch) and canary != f"{branch}z" for branch in branches)

    def _hear(self, *branches: str) -> None:
        """All canaries on these branches; the bare one is most often an id, which stays hidden."""
        self.heard |= {"kanari-" + branch.replace(" ", "-") + "-" for branch in branches}
        self.heard |= {bird(*branch.split(" ")) for branch in branches if branch.split(" ")[0] in _BARE}

    def _reached(self, audience: tuple[str, ...]) -> bool:
        for address in audience:
            team, _, role = address.partition("/")
            if address == "all" or (team == self.team and (not role or not self.role or role == self.role)):
                return True
        return False


_BARE = {"number", "contact", "plenary", "lapse"}


def _short(name: str) -> str:
    """`tell` of `kanari-decision-tell-z`, and `now` of `kanari-option-tell-now-z`."""
    return name.removesuffix("-z").rpartition("-")[2]


def sight(played: Scenario, state: State, seat: str) -> ParticipantView | SpectatorView:
    """A seat's view, or the spectators' for no seat."""
    return participant_view(played, state, seat) if seat else spectator_view(played, state)


def standing_still(view: Any) -> Any:
    """A view without the two running clocks, which every seat sees tick."""
    return replace(view, clock=replace(view.clock, play=0, exercise=0))


def played_through(played: Scenario, wanted: list[Wish]) -> Iterator[tuple[State, cmd.Command, Any]]:
    """STARTEX, what people wish, ENDEX: each command with the state before it, and its events or its refusal."""
    state = State()

    def take(command: cmd.Command) -> tuple[State, cmd.Command, Any]:
        nonlocal state
        before = state
        try:
            outcome: Any = decide(played, state, command)
            state = replay(outcome, state)
        except CommandRejected as rejected:
            outcome = rejected
        return before, command, outcome

    yield take(cmd.StartExercise(facts={FACT: CREW}))
    for wish in wanted:
        yield take(commands_for(wish, played, state))
    for _ in range(2 * len(played.moves) + 1):
        for command in to_the_end(state):
            yield take(command)
    assert state.clock.phase == "ended"


BUSY = [Wish(kind, 30, n, "ghost") for n in range(4) for kind in ("answer", "read", "clock", "note", "reopen", "clock")]


@given(wishes)
@example([])
@example(BUSY)
@settings(max_examples=60)
def test_no_seat_hears_a_canary_before_its_time(wanted: list[Wish]) -> None:
    """Protects every secret of a scenario, in every view, at every moment from the briefing to after ENDEX."""
    played = aviary()
    ears = {seat: Ears(seat) for seat in ("", *SEATS)}
    for seat, ear in ears.items():
        _scan(repr(sight(played, State(), seat)), ear)
    for before, _, outcome in played_through(played, wanted):
        if isinstance(outcome, CommandRejected):
            continue
        state = before
        for event in outcome:
            state = evolve(state, event)
            for ear in ears.values():
                ear.listen(event, state, played)
        for seat, ear in ears.items():
            _scan(repr(sight(played, state, seat)), ear)
        assert (hot_wash_view(played, state) is None) == (state.clock.phase != "ended")


def _scan(text: str, ear: Ears) -> None:
    leaks = sorted({canary for canary in CANARY.findall(text) if not ear.may_hear(canary)})
    assert not leaks, f"{ear.seat or 'a spectator'} hears {leaks}"


@given(wishes)
@example(BUSY)
@settings(max_examples=60)
def test_no_view_stirs_when_nothing_happened_for_its_seat(wanted: list[Wish]) -> None:
    """Protects against a side channel: a view that changes tells that something happened, even if not what."""
    played = aviary()
    ears = {seat: Ears(seat) for seat in ("", *SEATS)}
    for before, _, outcome in played_through(played, wanted):
        if isinstance(outcome, CommandRejected):
            continue
        for seat, ear in ears.items():
            state, seen = before, False
            for event in outcome:
                state = evolve(state, event)
                seen = ear.listen(event, state, played) or seen
            old, new = sight(played, before, seat), sight(played, state, seat)
            options = [[o.id for o in d.options] for view in (old, new) for d in getattr(view, "decisions", ())]
            if not seen and options[: len(options) // 2] == options[len(options) // 2 :]:
                assert standing_still(old) == standing_still(new), f"{seat or 'spectator'} saw a change"
            assert [item.number for item in new.inbox] == list(range(1, len(new.inbox) + 1))


@given(wishes)
@example(BUSY)
@settings(max_examples=30)
def test_views_do_not_depend_on_what_only_the_facilitator_knows(wanted: list[Wish]) -> None:
    """Protects what no search for words can find: weights, stale contacts, noise, grades, all facilitator's texts.

    The same exercise is played twice, once with every such field rewritten; no participant sees a difference.
    """
    played = aviary()
    twin = _rewritten(played)
    for before, command, outcome in played_through(played, wanted):
        if isinstance(outcome, CommandRejected):
            if command.seat != FACILITATOR:
                with pytest.raises(CommandRejected) as caught:
                    decide(twin, before, command)
                assert (caught.value.code, caught.value.text) == (outcome.code, outcome.text)
            continue
        state = replay(outcome, before)
        for seat in ("", *SEATS):
            assert sight(played, state, seat) == sight(twin, state, seat)


def _rewritten(played: Scenario) -> Scenario:
    """The same exercise with all that participants must not know put otherwise, as far as the rules let it be."""
    data = played.model_dump()
    data |= {"facilitator": "Otherwise.", "objectives": (), "hot_wash": (), "occasions": ()}
    data["flags"] = dict.fromkeys(data["flags"], "Otherwise.")
    for fact in data["facts"]:
        fact["title"] = "Otherwise."
        fact["values"] = [value | {"weight": 1000 - value["weight"], "says": "Otherwise."} for value in fact["values"]]
    for team in data["teams"]:
        team["directory"] = [contact | {"stale": not contact["stale"]} for contact in team["directory"]]
    for actor in data["actors"]:
        actor["notes"] = "Otherwise."
    for row in data["injects"]:
        row |= {"notes": "", "expected": (), "noise": not row["noise"], "tension": not row["tension"]}
    for row in data["decisions"]:
        row |= {"notes": "", "timely": ()}
        for option in row["options"]:
            option |= {"conduct": (), "acts": (), "repairs": ()}
    return Scenario.model_validate(data)


@given(wishes)
@example(BUSY)
@settings(max_examples=30)
def test_no_refusal_tells_a_participant_anything(wanted: list[Wish]) -> None:
    """Protects against guessing: a name that is not before a team is refused like one that does not exist.

    Every id of the scenario is tried from every seat, and the refusal is compared with that of a made-up one.
    """
    played = aviary()
    ears = {seat: Ears(seat) for seat in SEATS}
    for count, (before, command, outcome) in enumerate(played_through(played, wanted)):
        state = before
        if isinstance(outcome, CommandRejected):
            if command.seat != FACILITATOR and command.seat in ears:
                _scan(outcome.text, ears[command.seat])
            continue
        for event in outcome:
            state = evolve(state, event)
            for ear in ears.values():
                ear.listen(event, state, played)
        if count % 3 == 0:
            _guess(played, state, ears)


def _guess(played: Scenario, state: State, ears: dict[str, Ears]) -> None:
    names = [*played.decisions_by_id, *played.injects_by_id, FACT, TOLD]
    for seat, ear in ears.items():
        for row in names:
            answer = _refusal(played, state, cmd.ChooseResponse(seat=seat, decision=row, revision=1, option="x"))
            follow = _refusal(played, state, cmd.FollowUp(seat=seat, decision=row, kind="told", text="a b c d e f"))
            _scan(answer + follow, ear)
            if row not in ear.heard:
                made_up = cmd.ChooseResponse(seat=seat, decision="made-up", revision=1, option="x")
                assert answer == _refusal(played, state, made_up)
                unheard = cmd.FollowUp(seat=seat, decision="made-up", kind="told", text="a b c d e f")
                assert follow == _refusal(played, state, unheard)
        for decision in played.decisions:
            for option in decision.options:
                if decision.id in ear.heard and option.id not in ear.heard:
                    asked = cmd.ChooseResponse(seat=seat, decision=decision.id, revision=1, option=option.id)
                    made_up = asked.model_copy(update={"option": "made-up"})
                    assert _refusal(played, state, asked) == _refusal(played, state, made_up)
        assert _refusal(played, state, cmd.ReadMessage(seat=seat, number=999)).startswith("no-message")
        for order in _orders(played, seat):
            code = _refusal(played, state, order)
            assert code.startswith("not-facilitator"), f"{order} by {seat}: {code}"


def _orders(played: Scenario, seat: str) -> Iterator[cmd.Command]:
    for name in (played.injects[-1].id, "made-up"):
        yield cmd.ReleaseInject(seat=seat, inject=name)
        yield cmd.WithdrawInject(seat=seat, inject=name)
        yield cmd.HoldInject(seat=seat, inject=name)
    for name in (played.decisions[-1].id, "made-up"):
        yield cmd.ReopenDecision(seat=seat, decision=name)
        yield cmd.ExtendWindow(seat=seat, decision=name, seconds=5)
    yield cmd.SetIndicator(seat=seat, indicator=played.indicators[-1].id, value=1)
    yield cmd.CloseMove(seat=seat)


def _refusal(played: Scenario, state: State, command: cmd.Command) -> str:
    """Code and text of a refusal, or nothing where the command is accepted."""
    try:
        decide(played, state, command)
    except CommandRejected as rejected:
        return f"{rejected.code}: {rejected.text}"
    return ""


def test_the_canaries_do_sing() -> None:
    """Protects the tests above from being deaf: what is told is heard, and a view that told too much would be found."""
    played = aviary()
    state = replay(decide(played, State(), cmd.StartExercise(facts={FACT: CREW})), State())
    heard = set(CANARY.findall(repr(participant_view(played, state, "averne"))))

    assert {bird("inject", "open", "text"), bird("option", "tell", "now"), bird("role", "averne", "police")} <= heard
    with pytest.raises(AssertionError, match="hears"):
        _scan(repr(participant_view(played, state, "averne")), Ears("belmark"))
    with pytest.raises(AssertionError, match="hears"):
        _scan(repr(played), Ears("averne"))
    everything = set(CANARY.findall(played.model_dump_json(by_alias=True)))
    assert len(everything) > 150
