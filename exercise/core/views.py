"""What a seat may see, built field by field: nothing is shown because nobody thought of hiding it.

Every screen, bot and transport gets these records and no state. Ids of decisions and options appear only once they
have been put to the team; inbox numbers are the seat's own, so that no gap tells of messages to others.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from exercise.core.commands import SetAside
from exercise.core.commitments import Profile
from exercise.core.control.commands import CurtainKind
from exercise.core.records import dataclass
from exercise.core.requests.kinds import Handling
from exercise.core.requests.views import KindView, LetterView, MatterView, RequestView
from exercise.core.state import Phase
from exercise.core.teamwork.views import LED, DraftView, SeatView, TalkLine, VoteView


@dataclass(frozen=True, slots=True)
class ClockView:
    """Where the clocks stand; times in seconds."""

    phase: Phase
    running: bool
    play: int
    exercise: int
    story: datetime
    """Date and time of the story's start."""
    move: int
    """Number of the move from 1; 0 before STARTEX."""
    moves: int
    move_title: str
    move_text: str
    phase_opened: int
    """Play time at which the move or plenary began."""
    phase_seconds: int
    """How long it is meant to take."""
    move_ends: int = 0
    """Time of the story at which the move's clock stops."""
    rate: float = 1.0
    """Seconds of play that a second of the room is worth."""


@dataclass(frozen=True, slots=True)
class CurtainView:
    """What covers every screen."""

    kind: CurtainKind
    text: str


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A message as a seat reads it."""

    number: int
    channel: str
    sender: str
    title: str
    text: str
    attachments: tuple[tuple[str, str], ...]
    """Title and text of each."""
    exercise: int
    play: int
    read: bool
    addressed: str
    """'All', the team, or the names of the roles it is for."""
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """An indicator with its course so far."""

    name: str
    about: str
    value: float
    lowest: float
    highest: float
    better: Literal["higher", "lower"]
    unit: str
    owner: str
    """Short name of the team, or '' where it is shared."""
    course: tuple[tuple[int, int, float], ...]
    """(play, exercise, value), oldest first."""
    id: str = ""
    """By which control sets it; '' for everybody else."""


@dataclass(frozen=True, slots=True)
class OptionView:
    """An option as the team reads it."""

    id: str
    letter: str
    title: str
    text: str
    coercive: bool
    outward: bool


@dataclass(frozen=True, slots=True)
class AnswerView:
    """How a decision was answered."""

    exercise: int
    play: int
    option: str
    """Title of the option, or the team's own words."""
    own_words: bool
    reason: str
    basis: tuple[str, ...]
    set_aside: tuple[SetAside, ...]
    followed_up: tuple[tuple[str, int, str], ...]
    """('told' or 'returned', exercise time, text)."""

    @property
    def owed(self) -> tuple[Literal["told", "returned"], ...]:
        """What a team that set something aside has not said of it so far: whom it told, and that it came back to it."""
        said = {kind for kind, *_ in self.followed_up}
        both: tuple[Literal["told", "returned"], ...] = ("told", "returned")
        return tuple(kind for kind in both if self.set_aside and kind not in said)


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision as its team sees it."""

    id: str
    revision: int
    kind: Literal["dilemma", "quick"]
    title: str
    text: str
    role: str
    """Name of the role that holds the pen, or ''."""
    status: Literal["open", "chosen", "lapsed"]
    opened: int
    """Time of the story at which it was put."""
    closes: int
    """Play time at which the window closes."""
    deadline: int | None
    options: tuple[OptionView, ...]
    free_prompt: str | None
    answer: AnswerView | None
    lapse_text: str
    vote: VoteView = LED
    """How the team comes to it."""


@dataclass(frozen=True, slots=True)
class ContactView:
    """A line of the contact directory."""

    name: str
    party: str
    channel: str
    address: str
    hours: str
    level: str
    updated: str
    number: int = 0
    """Its line in the directory, from 1, by which a request names it."""
    via: str = ""
    """Id of the channel that requests to it go by; '' where it takes none."""
    takes: str = ""
    """The same by name."""
    stands: str = ""
    """What the team has learned of it: 'works', 'dead', 'renewed', or '' where it was never tried."""
    party_id: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """Evidence the team holds."""

    title: str
    text: str
    source: str
    conditions: str
    id: str = ""
    """By which a request encloses it."""
    exercise: int = 0
    """Time of the story at which it came."""
    giver: str = ""
    """Name of the party that gave it by a request, or ''."""
    handling: Handling | None = None
    """Conditions that bind the team still."""
    lifted: bool = False


@dataclass(frozen=True, slots=True)
class JournalLine:
    """A line the team wrote itself."""

    exercise: int
    play: int
    text: str
    who: str = ""
    """Name of the role that wrote it, or '' for the whole team's seat; for control, of the person."""
    about: str = ""
    """Id of the objective or commitment it is about, or ''."""


@dataclass(frozen=True, slots=True)
class BriefingView:
    """What a team is told before STARTEX."""

    title: str
    summary: str
    briefing: str
    about: str
    brief: str
    roles: tuple[tuple[str, str], ...]
    """Name and private brief of each role of the seat."""
    others: tuple[tuple[str, str], ...]
    """Name and description of the other teams and of the bodies played by control."""


@dataclass(frozen=True, slots=True)
class DecisionsView:
    """The part of a team's view that bots decide by."""

    seat: str
    team: str
    clock: ClockView
    decisions: tuple[DecisionView, ...]

    @property
    def open_decisions(self) -> tuple[DecisionView, ...]:
        """The decisions that wait for an answer."""
        return tuple(decision for decision in self.decisions if decision.status == "open")


@dataclass(frozen=True, slots=True)
class CorrespondenceView:
    """The part of a team's view that bots ask and answer by."""

    team: str
    clock: ClockView
    requests: tuple[LetterView, ...]
    matters: tuple[MatterView, ...]
    kinds: Mapping[str, KindView]
    """What the team's lines can carry, by id."""
    contacts: tuple[ContactView, ...]
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class ParticipantView:
    """All that one team's seat may see."""

    seat: str
    team: str
    team_name: str
    team_short: str
    clock: ClockView
    briefing: BriefingView
    plenary_text: str
    plenary_questions: tuple[str, ...]
    inbox: tuple[InboxItem, ...]
    indicators: tuple[IndicatorView, ...]
    decisions: tuple[DecisionView, ...]
    """Open ones first, in the order they were put; then answered and lapsed ones."""
    contacts: tuple[ContactView, ...]
    profile: tuple[Profile, ...]
    evidence: tuple[EvidenceView, ...]
    journal: tuple[JournalLine, ...]
    requests: tuple[RequestView, ...] = ()
    """The team's board: what it asked and what was asked of it, in the order in which it came to know of each."""
    matters: tuple[MatterView, ...] = ()
    """What it can raise now."""
    kinds: tuple[KindView, ...] = ()
    """The kinds of request it can send."""
    seats: tuple[SeatView, ...] = ()
    """The team's own, the whole team's first."""
    joined: int | None = None
    """Time of the story at which whoever sits here sat down; None where the seat was never taken."""
    drafts: tuple[DraftView, ...] = ()
    talk: tuple[TalkLine, ...] = ()
    """What was said in the team, to it and by it, oldest first."""
    curtain: CurtainView | None = None
    page: str = ""
    """The page of the hot wash that control has turned to, or ''."""
    answered: tuple[tuple[str, str], ...] = ()
    """After ENDEX, what the team says to marks on its own conduct: the mark's id, and its words."""
    language: str = "en"
    """The language in which its texts are, as far as the scenario has them in it."""

    @property
    def open_decisions(self) -> tuple[DecisionView, ...]:
        """The decisions that wait for an answer; after ENDEX none does, though some were never answered."""
        if self.clock.phase == "ended":
            return ()
        return tuple(decision for decision in self.decisions if decision.status == "open")

    @property
    def to_come_back_to(self) -> tuple[DecisionView, ...]:
        """The answers that set something aside, and of which the team has still to say something by now."""
        given = [decision for decision in self.decisions if decision.answer is not None and decision.answer.owed]
        return tuple(decision for decision in given if decision.answer and decision.answer.play < self.clock.play)

    @property
    def waiting_requests(self) -> tuple[RequestView, ...]:
        """The requests about which the team has something to do."""
        return tuple(request for request in self.requests if request.waits_for_me)

    def asked_with(self, decision: str) -> RequestView | None:
        """The request that came in as a decision was opened, while it takes an answer of its own beside that."""
        opened = {shown.opened for shown in self.decisions if shown.id == decision}
        open_ones = (request for request in self.requests if request.incoming and "answer" in request.may)
        return next((request for request in open_ones if request.sent in opened), None)

    @property
    def unread(self) -> int:
        """How many messages have not been opened."""
        return sum(not item.read for item in self.inbox)


@dataclass(frozen=True, slots=True)
class MselRow:
    """A row of the MSEL as the facilitator sees it."""

    inject: str
    number: int
    title: str
    channel: str
    to: tuple[str, ...]
    status: Literal["released", "held", "skipped", "withdrawn", "waiting"]
    exercise: int | None
    """Time of the story at which it came, or is due; None where it has no time."""
    noise: bool
    notes: str
    expected: tuple[str, ...]
    read_by: tuple[str, ...]
    sender: str = ""
    text: str = ""
    due: int | None = None
    """Time of the story at which it is to come by itself, as control has set it; None where it has no time."""
    waits: Literal["", "time", "condition", "hand"] = ""
    """What it waits for still; '' once it has come."""
    written: bool = False
    """Whether control wrote it during the exercise."""
    edited: bool = False
    """Whether control has changed its words or its time."""
    condition: str = ""
    """What has to hold before it comes by itself, in words; '' where nothing has to, or it has come."""


@dataclass(frozen=True, slots=True)
class ComingDecision:
    """A decision that has not been put to its team yet, as the facilitator sees it."""

    id: str
    team: str
    """Short name."""
    title: str
    text: str
    due: int | None
    """Time of the story at which it is to be put; None where it has no time."""
    condition: str
    """What has to hold before that, in words, or ''."""


FactChoices = tuple[str, str, str, tuple[tuple[str, str], ...]]
"""A fact's id, its title, its value now ('' before STARTEX), and each value it may have with what is true then."""


@dataclass(frozen=True, slots=True)
class FacilitatorView:
    """All there is, for exercise control only."""

    clock: ClockView
    facts: tuple[tuple[str, str, str], ...]
    """Title, value and what is true."""
    flags: tuple[str, ...]
    indicators: tuple[IndicatorView, ...]
    msel: tuple[MselRow, ...]
    decisions: tuple[tuple[str, DecisionView], ...]
    """Team and decision."""
    notes: tuple[tuple[str, JournalLine], ...]
    requests: tuple[RequestView, ...] = ()
    """Every request, in the order they were sent."""
    seats: tuple[tuple[str, SeatView], ...] = ()
    """Team's short name, or '' for those who belong to none, and seat."""
    drafts: tuple[tuple[str, DraftView], ...] = ()
    talk: tuple[TalkLine, ...] = ()
    curtain: CurtainView | None = None
    page: str = ""
    claims: tuple[tuple[str, str], ...] = ()
    """What is claimed (`actor:ID`, `request:N`), and by whom."""
    bots: tuple[tuple[str, str], ...] = ()
    """Id of the team and policy of the bot that plays it."""
    fact_choices: tuple[FactChoices, ...] = ()
    coming: tuple[ComingDecision, ...] = ()
    """Decisions that have not been put yet, in the order of the scenario."""


@dataclass(frozen=True, slots=True)
class SpectatorView:
    """What is public: messages to all, and shared indicators."""

    clock: ClockView
    title: str
    summary: str
    inbox: tuple[InboxItem, ...]
    indicators: tuple[IndicatorView, ...]
    plenary_text: str
    plenary_questions: tuple[str, ...]
    talk: tuple[TalkLine, ...] = ()
    """What control has said to everybody."""
    curtain: CurtainView | None = None
    page: str = ""


@dataclass(frozen=True, slots=True)
class HotWashView:
    """What is opened to all after ENDEX."""

    facts: tuple[tuple[str, str], ...]
    """Title, and what was true."""
    questions: tuple[tuple[str, str], ...]
    """Team's short name or '' for all, and question."""
    objectives: tuple[tuple[str, str], ...]
    indicators: tuple[IndicatorView, ...]
    decisions: tuple[tuple[str, DecisionView], ...]
    """Team's short name and decision, in the order they were put."""
    requests: tuple[RequestView, ...] = ()
    """Every request, in the order they were sent."""
    evaluated: bool = False
    """Whether the scorecards beside it are as the evaluators left them."""
