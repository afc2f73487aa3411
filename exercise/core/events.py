"""What happened, in the past tense, with everything that `evolve` needs; and the envelope a log keeps it in.

An event never reads the scenario again, so a log replays under later versions of it. Fields that may have to be taken
out of a log later are named in `SENSITIVE`; the log keeps them as salted digests with detachable openings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from exercise.core.acts import Act, Safeguard
from exercise.core.commands import SetAside
from exercise.core.control import events as control
from exercise.core.evaluation import events as evaluation
from exercise.core.happened import Happened
from exercise.core.records import dataclass
from exercise.core.requests.events import SENSITIVE as REQUEST_SENSITIVE
from exercise.core.requests.events import RequestEvent
from exercise.core.requests.kinds import Handling
from exercise.core.teamwork import events as teamwork


class ExerciseStarted(Happened):
    """STARTEX, with the hidden facts of this session."""

    type: Literal["exercise-started"] = "exercise-started"
    facts: Mapping[str, str]
    indicators: Mapping[str, float]


class ClockAdvanced(Happened):
    """The clock came to these seconds of play time and exercise time."""

    type: Literal["clock-advanced"] = "clock-advanced"
    play: int
    exercise: int


class ClockPaused(Happened):
    """The clock was stopped."""

    type: Literal["clock-paused"] = "clock-paused"


class ClockResumed(Happened):
    """The clock was started again."""

    type: Literal["clock-resumed"] = "clock-resumed"


class MoveOpened(Happened):
    """A move began: the story's clock stands at `starts` and runs to `ends` over `seconds` of play."""

    type: Literal["move-opened"] = "move-opened"
    move: str
    index: int
    starts: int
    ends: int
    seconds: int


class MoveClosed(Happened):
    """A move ended."""

    type: Literal["move-closed"] = "move-closed"
    move: str


class PlenaryOpened(Happened):
    """The joint discussion after a move began."""

    type: Literal["plenary-opened"] = "plenary-opened"
    move: str


class PlenaryClosed(Happened):
    """The joint discussion ended."""

    type: Literal["plenary-closed"] = "plenary-closed"
    move: str


class ExerciseEnded(Happened):
    """ENDEX."""

    type: Literal["exercise-ended"] = "exercise-ended"


class InjectReleased(Happened):
    """An inject reached its audience."""

    type: Literal["inject-released"] = "inject-released"
    inject: str
    to: tuple[str, ...]
    by_hand: bool = False


class InjectHeld(Happened):
    """The facilitator keeps an inject back."""

    type: Literal["inject-held"] = "inject-held"
    inject: str


class InjectWithdrawn(Happened):
    """Correction: an inject was taken back."""

    type: Literal["inject-withdrawn"] = "inject-withdrawn"
    inject: str
    why: str = ""


class DecisionOpened(Happened):
    """A decision was put to a team; its window closes at `closes` seconds of play."""

    type: Literal["decision-opened"] = "decision-opened"
    decision: str
    team: str
    revision: int
    closes: int


class WindowExtended(Happened):
    """A decision got more time."""

    type: Literal["window-extended"] = "window-extended"
    decision: str
    revision: int
    closes: int


class ResponseChosen(Happened):
    """A team answered a decision; `option` is empty for its own proposal."""

    type: Literal["response-chosen"] = "response-chosen"
    decision: str
    team: str
    revision: int
    option: str | None
    free_text: str = ""
    nearest: str | None = None
    reason: str = ""
    basis: tuple[str, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    safeguards: Mapping[Safeguard, str] = field(default_factory=dict)


class DecisionLapsed(Happened):
    """A decision's window closed unanswered."""

    type: Literal["decision-lapsed"] = "decision-lapsed"
    decision: str
    team: str


class DecisionReopened(Happened):
    """Correction: a decision was put again."""

    type: Literal["decision-reopened"] = "decision-reopened"
    decision: str
    revision: int
    closes: int
    why: str = ""


class ActDone(Happened):
    """A team did something that detectors read."""

    type: Literal["act-done"] = "act-done"
    team: str
    act: Act
    decision: str | None = None
    request: str | None = None


class IndicatorChanged(Happened):
    """An indicator moved to a value."""

    type: Literal["indicator-changed"] = "indicator-changed"
    indicator: str
    value: float


class IndicatorCorrected(Happened):
    """Correction: an indicator was set by hand."""

    type: Literal["indicator-corrected"] = "indicator-corrected"
    indicator: str
    value: float
    why: str = ""


class FlagRaised(Happened):
    """A flag was set."""

    type: Literal["flag-raised"] = "flag-raised"
    flag: str


class FlagCleared(Happened):
    """A flag was cleared."""

    type: Literal["flag-cleared"] = "flag-cleared"
    flag: str


class EvidenceLearned(Happened):
    """A team came to hold a piece of evidence."""

    type: Literal["evidence-learned"] = "evidence-learned"
    team: str
    evidence: str
    giver: str | None = None
    request: str | None = None
    handling: Handling | None = None


class ConsequenceScheduled(Happened):
    """A consequence of a choice will be due at a time of the story; `source` is an option, or `lapse`."""

    type: Literal["consequence-scheduled"] = "consequence-scheduled"
    decision: str
    source: str
    index: int
    due: int


class ConsequenceCame(Happened):
    """A consequence took effect; `to` is empty where nobody is told."""

    type: Literal["consequence-came"] = "consequence-came"
    decision: str
    source: str
    index: int
    to: tuple[str, ...]


class ConsequenceDropped(Happened):
    """A consequence was due and its condition did not hold."""

    type: Literal["consequence-dropped"] = "consequence-dropped"
    decision: str
    source: str
    index: int


class MessageRead(Happened):
    """A seat opened a message."""

    type: Literal["message-read"] = "message-read"
    seat: str
    message: int


class FollowedUp(Happened):
    """A team told those affected by a decision, or came back to what it had set aside."""

    type: Literal["followed-up"] = "followed-up"
    decision: str
    team: str
    kind: Literal["told", "returned"]
    text: str


class NoteWritten(Happened):
    """A line was written in a journal."""

    type: Literal["note-written"] = "note-written"
    seat: str
    text: str
    about: str = ""
    who: str = ""


class MarksProposed(Happened):
    """The marks proposed by the program at ENDEX, each as plain data with its own id."""

    type: Literal["marks-proposed"] = "marks-proposed"
    rules: str
    marks: tuple[Mapping[str, Any], ...]


class MarkVoided(Happened):
    """Correction: a mark does not count."""

    type: Literal["mark-voided"] = "mark-voided"
    mark: str
    why: str = ""


Event = Annotated[
    ExerciseStarted
    | ClockAdvanced
    | ClockPaused
    | ClockResumed
    | MoveOpened
    | MoveClosed
    | PlenaryOpened
    | PlenaryClosed
    | ExerciseEnded
    | InjectReleased
    | InjectHeld
    | InjectWithdrawn
    | DecisionOpened
    | WindowExtended
    | ResponseChosen
    | DecisionLapsed
    | DecisionReopened
    | ActDone
    | IndicatorChanged
    | IndicatorCorrected
    | FlagRaised
    | FlagCleared
    | EvidenceLearned
    | ConsequenceScheduled
    | ConsequenceCame
    | ConsequenceDropped
    | MessageRead
    | FollowedUp
    | NoteWritten
    | MarksProposed
    | MarkVoided
    | RequestEvent
    | teamwork.TeamPlayEvent
    | control.ControlEvent
    | evaluation.EvaluationEvent,
    Field(discriminator="type"),
]

EVENTS: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads one event from data or JSON."""

SENSITIVE: Mapping[str, tuple[str, ...]] = {
    "exercise-started": ("facts",),
    "response-chosen": ("free_text", "reason", "set_aside", "safeguards"),
    "followed-up": ("text",),
    "note-written": ("text", "who"),
    "inject-withdrawn": ("why",),
    "decision-reopened": ("why",),
    "indicator-corrected": ("why",),
    "mark-voided": ("why",),
    **REQUEST_SENSITIVE,
    **teamwork.SENSITIVE,
    **control.SENSITIVE,
    **evaluation.SENSITIVE,
}
"""Fields by event type that the log keeps as salted digests: taken out, they leave a chain that still checks.

A dot leads into a record: `handling.words` are the words of the conditions, while how narrow they are stays readable.
"""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One event in its place: `seq` from 1, `batch` the seq of the first event of its command, times in seconds.

    `wall` is an ISO time in UTC; `play` and `exercise` are where the clocks stood after the event.
    """

    seq: int
    batch: int
    seat: str
    wall: str
    play: int
    exercise: int
    event: Event
