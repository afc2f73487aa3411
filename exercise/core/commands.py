"""What a seat or the facilitator asks; imperative, refused by `decide` with a code and a text where not allowed.

Every command says at which play time it was given, so that the clock is brought there first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from exercise.core.acts import Safeguard
from exercise.core.asked import Asked, Words
from exercise.core.asked import SetAside as SetAside
from exercise.core.control.commands import ControlCommand
from exercise.core.evaluation.commands import EvaluationCommand
from exercise.core.requests.commands import RequestCommand
from exercise.core.teamwork.commands import TeamPlayCommand


class StartExercise(Asked):
    """STARTEX: fixes the hidden facts and opens the first move."""

    ask: Literal["start-exercise"] = "start-exercise"
    facts: Mapping[str, str]


class AdvanceClock(Asked):
    """Brings the clock to `play` and releases what has become due."""

    ask: Literal["advance-clock"] = "advance-clock"


class PauseClock(Asked):
    """Stops the clock; nothing lapses while it stands."""

    ask: Literal["pause-clock"] = "pause-clock"


class ResumeClock(Asked):
    """Starts the clock again."""

    ask: Literal["resume-clock"] = "resume-clock"


class CloseMove(Asked):
    """Ends the move: a plenary follows where there is one, else the next move, else ENDEX."""

    ask: Literal["close-move"] = "close-move"
    lapse_open: bool = False


class ClosePlenary(Asked):
    """Ends the plenary: the next move opens, or ENDEX."""

    ask: Literal["close-plenary"] = "close-plenary"


class EndExercise(Asked):
    """ENDEX now."""

    ask: Literal["end-exercise"] = "end-exercise"


class ChooseResponse(Asked):
    """A team answers a decision, with the revision of it that was on the screen."""

    ask: Literal["choose-response"] = "choose-response"
    decision: str
    revision: int
    option: str | None = None
    free_text: Words = ""
    nearest: str | None = None
    reason: Words = ""
    basis: tuple[str, ...] = Field(default=(), max_length=12)
    set_aside: tuple[SetAside, ...] = Field(default=(), max_length=12)
    safeguards: Mapping[Safeguard, Words] = Field(default_factory=dict)


class FollowUp(Asked):
    """A team comes back to a decision: tells those affected, or reviews what it set aside."""

    ask: Literal["follow-up"] = "follow-up"
    decision: str
    kind: Literal["told", "returned"]
    text: Words


class ReadMessage(Asked):
    """A seat has opened a message."""

    ask: Literal["read-message"] = "read-message"
    number: int = Field(ge=1, description="Its number in that seat's own inbox, from 1.")


class WriteNote(Asked):
    """A team writes a line in its journal, or the facilitator an observation."""

    ask: Literal["write-note"] = "write-note"
    text: Words
    about: str = Field(default="", max_length=120, description="The objective or commitment it is about, if any.")
    who: str = Field(default="", max_length=60, description="Pseudonym of whoever wrote it, if not the seat's own.")


class ReleaseInject(Asked):
    """The facilitator releases an inject now."""

    ask: Literal["release-inject"] = "release-inject"
    inject: str


class HoldInject(Asked):
    """The facilitator keeps an inject back until it is released by hand."""

    ask: Literal["hold-inject"] = "hold-inject"
    inject: str


class ExtendWindow(Asked):
    """The facilitator gives a decision more play time."""

    ask: Literal["extend-window"] = "extend-window"
    decision: str
    seconds: int = Field(gt=0, le=86_400)


class WithdrawInject(Asked):
    """Correction: an inject is taken back; what was read stays read."""

    ask: Literal["withdraw-inject"] = "withdraw-inject"
    inject: str
    why: Words = ""


class ReopenDecision(Asked):
    """Correction: a decision is put again, under a new revision."""

    ask: Literal["reopen-decision"] = "reopen-decision"
    decision: str
    why: Words = ""


class SetIndicator(Asked):
    """Correction: an indicator is set by hand."""

    ask: Literal["set-indicator"] = "set-indicator"
    indicator: str
    value: float
    why: Words = ""


class VoidMark(Asked):
    """Correction: a mark is not to count."""

    ask: Literal["void-mark"] = "void-mark"
    mark: str
    why: Words = ""


Command = Annotated[
    StartExercise
    | AdvanceClock
    | PauseClock
    | ResumeClock
    | CloseMove
    | ClosePlenary
    | EndExercise
    | ChooseResponse
    | FollowUp
    | ReadMessage
    | WriteNote
    | ReleaseInject
    | HoldInject
    | ExtendWindow
    | WithdrawInject
    | ReopenDecision
    | SetIndicator
    | VoidMark
    | RequestCommand
    | TeamPlayCommand
    | ControlCommand
    | EvaluationCommand,
    Field(discriminator="ask"),
]
