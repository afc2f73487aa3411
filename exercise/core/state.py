"""Where an exercise stands: everything the rules know, as frozen records that share what did not change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from exercise.core.acts import Act, Safeguard
from exercise.core.commands import SetAside
from exercise.core.control.state import Curtain, Edit, Written
from exercise.core.evaluation.state import Evaluation
from exercise.core.records import dataclass
from exercise.core.requests.state import Errand, Holding, RequestState
from exercise.core.teamwork.state import Draft, SeatState, Spoken, Vote
from exercise.core.trail import Trail

Phase = Literal["briefing", "move", "plenary", "ended"]


@dataclass(frozen=True)
class Clock:
    """The two clocks, in seconds, and the stretch of play they are in."""

    phase: Phase = "briefing"
    running: bool = False
    play: int = 0
    exercise: int = 0
    move: int = -1
    opened: int = 0
    """Play time at which the phase began."""
    starts: int = 0
    ends: int = 0
    seconds: int = 1
    """The move's span in the story, and its length in play."""
    rate: float = 1.0
    """Seconds of play that a second of the room is worth."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How a team answered a decision."""

    option: str | None
    team: str
    play: int
    exercise: int
    reason: str = ""
    free_text: str = ""
    nearest: str | None = None
    basis: tuple[str, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    safeguards: Mapping[Safeguard, str] = field(default_factory=dict)

    @property
    def followed(self) -> str | None:
        """The listed option whose consequences follow: the chosen one, or the nearest to the team's own."""
        return self.option or self.nearest


@dataclass(frozen=True)
class DecisionState:
    """A decision that has been put to its team."""

    team: str
    status: Literal["open", "chosen", "lapsed"]
    revision: int
    opened: int
    """Play time at which it was put, in seconds."""
    opened_exercise: int
    closes: int
    """Play time at which its window closes."""
    choice: Choice | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """Something that reached an audience: an inject, a consequence (`decision`, `source`, `index`), what came of a
    request (`matter`, `index`), or a fact that control revealed, with its words."""

    number: int
    to: tuple[str, ...]
    play: int
    exercise: int
    inject: str | None = None
    decision: str | None = None
    source: str = ""
    index: int = 0
    matter: str | None = None
    fact: str | None = None
    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A consequence on its way."""

    decision: str
    source: str
    index: int
    due: int


@dataclass(frozen=True, slots=True)
class ActRecord:
    """An act with its moment."""

    act: Act
    play: int
    exercise: int
    decision: str | None


@dataclass(frozen=True, slots=True)
class Note:
    """A line of a journal: a seat's own note, or a follow-up to a decision."""

    seat: str
    play: int
    exercise: int
    text: str
    decision: str | None = None
    kind: Literal["note", "told", "returned"] = "note"
    about: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """An indicator's value from a moment on."""

    indicator: str
    play: int
    exercise: int
    value: float


@dataclass(frozen=True)
class State:
    """The whole of an exercise at one moment; built only by `evolve`."""

    clock: Clock = field(default_factory=Clock)
    facts: Mapping[str, str] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    indicators: Mapping[str, float] = field(default_factory=dict)
    released: Mapping[str, int] = field(default_factory=dict)
    """Exercise time at which each inject was released."""
    held: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()
    messages: tuple[Message, ...] = ()
    decisions: Mapping[str, DecisionState] = field(default_factory=dict)
    due: tuple[Due, ...] = ()
    acts: Mapping[str, tuple[ActRecord, ...]] = field(default_factory=dict)
    knowledge: Mapping[str, Mapping[str, Holding]] = field(default_factory=dict)
    """The evidence that each team holds, in the order in which it came."""
    read: Mapping[str, frozenset[int]] = field(default_factory=dict)
    notes: Trail[Note] = field(default_factory=Trail)
    readings: Trail[Reading] = field(default_factory=Trail)
    voided: frozenset[str] = frozenset()
    requests: Mapping[str, RequestState] = field(default_factory=dict)
    live: Mapping[str, RequestState] = field(default_factory=dict)
    """Those of them that are not over: few in a long exercise, and the only ones that the clock can move."""
    boards: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Requests by party in the order in which it came to know of them; the facilitator's board has all."""
    errands: tuple[Errand, ...] = ()
    outcomes: frozenset[tuple[str, int]] = frozenset()
    """What has come of matters: matter and place of the outcome."""
    contacts: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    """What a team has learned of entries of its directory: `works`, `dead` or `renewed`."""
    seats: Mapping[str, SeatState] = field(default_factory=dict)
    votes: Mapping[str, Mapping[str, Vote]] = field(default_factory=dict)
    """By decision and seat; only those of the decision's present revision count."""
    drafts: Mapping[tuple[str, str], Draft] = field(default_factory=dict)
    """By team and subject."""
    talk: Trail[Spoken] = field(default_factory=Trail)
    skipped: frozenset[str] = frozenset()
    edits: Mapping[str, Edit] = field(default_factory=dict)
    """Injects whose words or time control has changed."""
    written: Mapping[str, Written] = field(default_factory=dict)
    """Injects that control wrote during the exercise, in the order in which it did."""
    claims: Mapping[str, str] = field(default_factory=dict)
    """Who answers for an actor (`actor:ID`) or a request (`request:N` on control's board) in place of the script."""
    curtain: Curtain | None = None
    bots: Mapping[str, str] = field(default_factory=dict)
    """Teams that a bot plays, with its policy."""
    page: str = ""
    """The page of the hot wash that control has turned to."""
    evaluation: Evaluation = field(default_factory=Evaluation)
    """What was said after ENDEX."""
