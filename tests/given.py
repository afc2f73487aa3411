"""Given, when, then for the rules: `given(started()).when(choose("tell", "now")).then(response_chosen("tell", "now"))`.

Scenarios are built in code from short rows, so that a test shows the one thing it is about. Everything is fictional.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from exercise.core import commands as cmd
from exercise.core import events as ev
from exercise.core.decide import decide
from exercise.core.evolve import replay
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.errors import CommandRejected

Row = dict[str, Any]

FACTS = {"source": "crew"}

MORNING: Row = {"id": "morning", "title": "Morning", "starts": "T+0:00", "ends": "T+4:00", "minutes": "20m"}
"""Twelve seconds of the story to one of play."""
EVENING: Row = {"id": "evening", "title": "Evening", "starts": "T+10:00", "ends": "T+12:00", "minutes": "15m"}
"""Eight seconds of the story to one of play."""
PLENARY: Row = {"minutes": "5m", "text": "Come together.", "questions": ["What do you know?"]}


def inject(name: str, **more: Any) -> Row:
    """A row of the MSEL; without a trigger of its own it comes at STARTEX."""
    row: Row = {"id": name, "to": ["all"], "channel": "e-mail", "from": "Desk", "title": name, "text": f"{name}."}
    return row | more if {"at", "move", "follows", "when"} & set(more) else row | {"at": "T+0:00"} | more


def option(name: str, **more: Any) -> Row:
    """A response option."""
    return {"id": name, "title": f"Option {name}"} | more


def decision(name: str, *options: Row, lapse: Row | None = None, **more: Any) -> Row:
    """A decision of Averne, open for ten minutes from STARTEX unless said otherwise."""
    row: Row = {
        "id": name,
        "team": "averne",
        "title": f"Decide on {name}",
        "text": "What now?",
        "window": "10m",
        "options": list(options) or [option("yes"), option("no")],
        "lapse": {"text": "Nobody answered."} | (lapse or {}),
    }
    return row | more if {"at", "move", "follows", "when"} & set(more) else row | {"at": "T+0:00"} | more


def scenario(*rows: Row, **more: Any) -> Scenario:
    """Two teams, two moves, and these rows: those with options are decisions, the others injects."""
    injects = [row for row in rows if "options" not in row]
    decisions = [row for row in rows if "options" in row]
    data: Row = {
        "format": 1,
        "id": "small",
        "title": "A small exercise",
        "summary": "Two neighbours and a leak.",
        "threats": ["t1"],
        "date": "2019-03-12T06:00",
        "briefing": "You are on duty.",
        "teams": [
            {
                "id": "averne",
                "name": "Republic of Averne",
                "short": "Averne",
                "about": "A coast.",
                "roles": [{"id": "lead", "name": "Head of delegation"}, {"id": "police", "name": "Police"}],
            },
            {
                "id": "belmark",
                "name": "Kingdom of Belmark",
                "short": "Belmark",
                "about": "A plain.",
                "roles": [{"id": "lead", "name": "Head of mission"}],
            },
        ],
        "facts": [
            {
                "id": "source",
                "title": "Who did it",
                "values": [{"value": "crew", "says": "A crew."}, {"value": "insider", "says": "An insider."}],
            }
        ],
        "flags": {"told": "Belmark knows.", "alarm": "The alarm is raised."},
        "indicators": [{"id": "trust", "name": "Trust", "start": 50}],
        "evidence": [{"id": "sample", "title": "A sample", "text": "Forty records.", "source": "The operator"}],
        "moves": [MORNING, EVENING],
        "injects": injects or [inject("call")],
        "decisions": decisions,
    }
    return Scenario.model_validate(data | more)


def started(**facts: str) -> cmd.Command:
    """STARTEX."""
    return cmd.StartExercise(facts=FACTS | facts)


def tick(play: int) -> cmd.Command:
    """The clock comes to so many seconds of play."""
    return cmd.AdvanceClock(play=play)


def choose(decision: str, option: str | None = None, *, seat: str = "averne", revision: int = 1, **more: Any) -> Any:
    """A team answers; without an option, in its own words."""
    return cmd.ChooseResponse(seat=seat, decision=decision, option=option, revision=revision, **more)


def follow_up(decision: str, text: str, *, seat: str = "averne", play: int = 0) -> cmd.Command:
    """A team comes back to what it decided."""
    return cmd.FollowUp(seat=seat, decision=decision, kind="told", text=text, play=play)


def close_move(*, lapse_open: bool = False, play: int = 0) -> cmd.Command:
    """The facilitator ends the move."""
    return cmd.CloseMove(lapse_open=lapse_open, play=play)


@dataclass(frozen=True)
class Pattern:
    """An event of a kind, with these fields; what is not named may be anything."""

    kind: type[ev.Happened]
    fields: dict[str, Any]

    def fits(self, event: ev.Event) -> bool:
        return isinstance(event, self.kind) and all(getattr(event, k) == v for k, v in self.fields.items())

    def __repr__(self) -> str:
        return f"{self.kind.__name__}({', '.join(f'{k}={v!r}' for k, v in self.fields.items())})"


def happened(kind: type[ev.Happened], /, **fields: Any) -> Pattern:
    """An event of this kind with these fields."""
    return Pattern(kind, fields)


def clock_at(play: int, exercise: int | None = None) -> Pattern:
    """The clock came to this play time, and this time of the story."""
    return Pattern(ev.ClockAdvanced, {"play": play} | ({} if exercise is None else {"exercise": exercise}))


def released(name: str, **more: Any) -> Pattern:
    """An inject reached its audience."""
    return Pattern(ev.InjectReleased, {"inject": name} | more)


def opened(name: str, **more: Any) -> Pattern:
    """A decision was put to its team."""
    return Pattern(ev.DecisionOpened, {"decision": name} | more)


def lapsed(name: str) -> Pattern:
    """A window closed unanswered."""
    return Pattern(ev.DecisionLapsed, {"decision": name})


def response_chosen(name: str, option: str | None, **more: Any) -> Pattern:
    """A team answered."""
    return Pattern(ev.ResponseChosen, {"decision": name, "option": option} | more)


def indicator_changed(name: str, value: float) -> Pattern:
    """An indicator moved to a value."""
    return Pattern(ev.IndicatorChanged, {"indicator": name, "value": value})


def flag_raised(name: str) -> Pattern:
    """A flag was set."""
    return Pattern(ev.FlagRaised, {"flag": name})


def came(decision: str, source: str, index: int = 0, **more: Any) -> Pattern:
    """A consequence took effect."""
    return Pattern(ev.ConsequenceCame, {"decision": decision, "source": source, "index": index} | more)


def dropped(decision: str, source: str, index: int = 0) -> Pattern:
    """A consequence was due and did not come."""
    return Pattern(ev.ConsequenceDropped, {"decision": decision, "source": source, "index": index})


@dataclass(frozen=True)
class Outcome:
    """What the commands under test led to, or why the last was refused."""

    before: State
    state: State
    events: tuple[ev.Event, ...]
    rejected: CommandRejected | None

    def then(self, *expected: Pattern) -> Outcome:
        """These events and no others, in this order."""
        self._accepted()
        fits = len(self.events) == len(expected) and all(p.fits(e) for p, e in zip(expected, self.events, strict=True))
        assert fits, f"expected {_lines(expected)}\nbut got {_lines(self.events)}"
        return self

    def includes(self, *expected: Pattern) -> Outcome:
        """These events in this order, others between them left aside."""
        self._accepted()
        rest = iter(self.events)
        for pattern in expected:
            assert any(pattern.fits(event) for event in rest), f"no {pattern} in its place in {_lines(self.events)}"
        return self

    def never(self, *unwanted: Pattern) -> Outcome:
        """None of these events."""
        self._accepted()
        for pattern in unwanted:
            assert not any(pattern.fits(event) for event in self.events), f"{pattern} in {_lines(self.events)}"
        return self

    def refused(self, code: str, *words: str) -> Outcome:
        """Refused with this code and a text with these words, and nothing changed."""
        assert self.rejected is not None, f"accepted: {_lines(self.events)}"
        assert self.rejected.code == code, f"refused with {self.rejected.code}: {self.rejected.text}"
        for word in words:
            assert word in self.rejected.text, self.rejected.text
        return self

    def leads_to(self, check: Callable[[State], bool]) -> Outcome:
        """The state after them has this property."""
        self._accepted()
        assert check(self.state), self.state
        return self

    def _accepted(self) -> None:
        assert self.rejected is None, f"refused with {self.rejected.code}: {self.rejected.text}"


@dataclass(frozen=True)
class Given:
    """A scenario and where it stands."""

    scenario: Scenario
    state: State

    def when(self, *commands: cmd.Command) -> Outcome:
        """Carries commands out one after another; a refusal ends them."""
        state = self.state
        events: list[ev.Event] = []
        for command in commands:
            try:
                came = decide(self.scenario, state, command)
            except CommandRejected as rejected:
                return Outcome(self.state, state, tuple(events), rejected)
            state = replay(came, state)
            events += came
        return Outcome(self.state, state, tuple(events), None)


def given(played: Scenario, *commands: cmd.Command) -> Given:
    """A scenario after these commands, none of which may be refused."""
    outcome = Given(played, State()).when(*commands)
    assert outcome.rejected is None, f"the given is refused: {outcome.rejected}"
    return Given(played, outcome.state)


def _lines(things: Iterable[object]) -> str:
    return "".join(f"\n  {thing!r}" for thing in things) or " nothing"
