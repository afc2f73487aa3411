"""A table, a client and services over hand-written views, so that screens are tested without the rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from exercise.catalogue import load_catalogue
from exercise.core.assess import Assessment
from exercise.core.commands import ChooseResponse, Command, FollowUp, ReadMessage, WriteNote
from exercise.core.commitments import Profile
from exercise.core.reference import Reference
from exercise.core.teamwork.commands import PutDownPen
from exercise.core.views import (
    AnswerView,
    BriefingView,
    ClockView,
    ContactView,
    DecisionView,
    EvidenceView,
    HotWashView,
    InboxItem,
    IndicatorView,
    JournalLine,
    OptionView,
    ParticipantView,
)
from exercise.errors import CommandRejected
from exercise.tui.launch import SavedSession, ScenarioCard, TeamCard


@lru_cache(maxsize=1)
def reference() -> Reference:
    """The real texts, for the look-ups."""
    catalogue = load_catalogue()
    return Reference(instruments=catalogue.instruments, commitments=catalogue.commitments)


CLOCK = ClockView(
    phase="move",
    running=True,
    play=600,
    exercise=2700,
    story=datetime(2026, 10, 13, 8, 0),
    move=1,
    moves=3,
    move_title="First reports",
    move_text=(
        "Tuesday morning. Cash machines in three countries pay out far more than they should, always in small "
        "amounts, always with cards that exist twice.\n\nNobody has named a cause yet."
    ),
    phase_opened=0,
    phase_seconds=1800,
)

BRIEFING = BriefingView(
    title="Storm in the Cards",
    summary="A wave of card fraud reaches three neighbouring States within hours.",
    briefing=(
        "The banks of the region share one payment network. **Since this night** doubled cards are in use.\n\n"
        "- Averne has most of the victims.\n- Belcora has the servers.\n- Cadria has the suspects, perhaps."
    ),
    about="A State of four million with a young cyber unit and an old banking law.",
    brief="You want the fraud stopped *before the weekend*, and you do not want to look helpless.",
    roles=(
        ("Head of delegation", "You speak for the team."),
        ("Police liaison", "You know Cadria's duty officer."),
    ),
    others=(("Belcora", "Hosts the region's data centres."), ("Interbank network", "Played by exercise control.")),
)

_TEXTS = {
    1: ("sitrep", "National CERT", "Doubled cards in use since 02:00", True),
    2: ("e-mail", "Bank of Averne, fraud desk", "Losses pass two million; we need a decision on blocking", False),
    3: ("media", "Morning Post", "“Is your card safe?” asks the front page", False),
    4: ("police-message", "Cadria police, duty officer", "Two persons held, phones seized, who wants the data?", False),
}

INBOX = tuple(
    InboxItem(
        number=number,
        channel=channel,
        sender=sender,
        title=title,
        text=(
            f"This is message {number}. It says what it has to say in two short paragraphs.\n\n"
            "> We see the same cards in two places at once.\n\nPlease come back to us **today**."
        ),
        attachments=(("List of card ranges", "- 4000 10 to 4000 19\n- 4000 44"),) if number == 2 else (),
        exercise=300 * number,
        play=60 * number,
        read=read,
        addressed="Averne: Police liaison" if number == 4 else "All",
        withdrawn=number == 3,
    )
    for number, (channel, sender, title, read) in _TEXTS.items()
)

INDICATORS = (
    IndicatorView(
        "Trust in card payments",
        "How many still pay by card.",
        62.0,
        0.0,
        100.0,
        "higher",
        "%",
        "",
        ((0, 0, 80.0), (300, 900, 74.0), (420, 1500, 70.0), (600, 2700, 62.0)),
    ),
    IndicatorView(
        "Losses to banks and their customers",
        "",
        2.4,
        0.0,
        10.0,
        "lower",
        "m",
        "",
        ((0, 0, 1.0), (300, 900, 1.8), (600, 2700, 2.4)),
    ),
    IndicatorView(
        "Goodwill of Cadria", "", 55.0, 0.0, 100.0, "higher", "", "Averne", ((0, 0, 50.0), (600, 2700, 55.0))
    ),
    IndicatorView("Evidence preserved", "", 30.0, 0.0, 100.0, "higher", "%", "", ((0, 0, 30.0),)),
)

DILEMMA = DecisionView(
    id="block-or-watch",
    revision=1,
    kind="dilemma",
    title="Stop the fraud, or follow it to its source?",
    text=(
        "The bank can block all doubled cards within the hour. The police ask for one more day: as long as the cards "
        "work, the withdrawals lead to the people behind them.\n\nWhatever you do, customers pay for it."
    ),
    role="Head of delegation",
    status="open",
    opened=2400,
    closes=1500,
    deadline=None,
    options=(
        OptionView("block", "A", "Block all doubled cards now", "The losses stop. So does the trail.", True, False),
        OptionView("watch", "B", "Watch for one more day", "The trail stays warm. So do the losses.", False, False),
        OptionView("share", "C", "Share the list with Cadria and let its police act", "Fast, and abroad.", False, True),
    ),
    free_prompt="What would you do instead, and who would carry it out?",
    answer=None,
    lapse_text="",
)

QUICK = replace(
    DILEMMA,
    id="press-line",
    kind="quick",
    title="A line for the press",
    text="The Morning Post wants one sentence before noon.",
    role="",
    closes=900,
    options=(
        OptionView("say", "A", "Say what is known, and what to do", "Short and honest.", False, False),
        OptionView("wait", "B", "Say nothing yet", "Nothing wrong is said.", False, False),
    ),
    free_prompt=None,
)

ANSWERED = replace(
    QUICK,
    id="call-bank",
    title="Who calls the bank?",
    status="chosen",
    answer=AnswerView(
        900, 200, "The police liaison does", False, "She knows them.", ("se-p7",), (), (("told", 1500, "The CERT."),)
    ),
)

LAPSED = replace(
    QUICK, id="night-shift", title="Staff for the night", status="lapsed", answer=None, lapse_text="Nobody came."
)

PROFILE = (Profile(instrument="seecp-chisinau-2008"), Profile(instrument="budapest-convention"))


def make_view(team: str = "averne") -> ParticipantView:
    """A team in the middle of the first move."""
    names = {"averne": ("Republic of Averne", "Averne"), "belcora": ("Kingdom of Belcora", "Belcora")}
    name, short = names[team]
    return ParticipantView(
        seat=team,
        team=team,
        team_name=name,
        team_short=short,
        clock=CLOCK,
        briefing=BRIEFING if team == "averne" else replace(BRIEFING, brief="Keep your data at home."),
        plenary_text="",
        plenary_questions=(),
        inbox=INBOX if team == "averne" else (replace(INBOX[0], title="For Belcora only", number=1),),
        indicators=INDICATORS,
        decisions=(QUICK, DILEMMA, ANSWERED, LAPSED) if team == "averne" else (),
        contacts=(
            ContactView(
                "24/7 contact", "Cadria", "police network", "duty@police.cadria", "always", "operational", "2026"
            ),
            ContactView("Legal adviser", "Cadria", "phone", "+00 555 01", "08–17", "political", ""),
            ContactView("Fraud desk", "Bank of Averne", "hotline", "+00 555 22", "always", "technical", "May 2026"),
        ),
        profile=PROFILE,
        evidence=(EvidenceView("Log of withdrawals", "480 lines.", "Bank of Averne", "Not to be passed on."),),
        journal=(JournalLine(1200, 240, "We agreed to meet at noon."),),
    )


class FakeClient:
    """A seat that answers commands by changing its own view, as far as the screens' tests need."""

    def __init__(self, view: ParticipantView, table: FakeTable | None = None) -> None:
        self.now = view
        self.sent: list[Command] = []
        self.refuse: CommandRejected | None = None
        self.table = table
        self._changed: list[Callable[[], None]] = []

    @property
    def seat(self) -> str:
        return self.now.seat

    @property
    def reference(self) -> Reference:
        return reference()

    def view(self) -> ParticipantView:
        return self.now

    def hot_wash(self) -> HotWashView | None:
        if self.now.clock.phase != "ended":
            return None
        return HotWashView(
            facts=(("Who did it", "A crew of five, without a State behind it."),),
            questions=(("", "What would you do again?"),),
            objectives=(("Share early", "Partners are told within the hour."),),
            indicators=self.now.indicators,
            decisions=tuple((self.now.team_short, decision) for decision in self.now.decisions),
        )

    def assessment(self) -> Assessment | None:
        return None

    async def submit(self, command: Command) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.sent.append(command)
        view = self.now
        match command:
            case ReadMessage():
                inbox = tuple(replace(i, read=i.read or i.number == command.number) for i in view.inbox)
                self.change(inbox=inbox)
            case ChooseResponse():
                self.change(decisions=tuple(_answer(d, command) for d in view.decisions))
            case WriteNote():
                line = JournalLine(view.clock.exercise, view.clock.play, command.text)
                self.change(journal=(*view.journal, line))
            case FollowUp():
                self.change(decisions=tuple(_follow(d, command, view.clock.exercise) for d in view.decisions))
            case PutDownPen():
                lying = (replace(d, holder="", who="", mine=False) if d.mine else d for d in view.drafts)
                self.change(drafts=tuple(lying))
            case _:
                raise AssertionError(command)

    def change(self, **parts: object) -> None:
        """Put something else into the view, and tell the screens."""
        self.now = replace(self.now, **parts)
        for changed in (*self._changed, *(self.table.changed if self.table else ())):
            changed()

    def clock(self, **parts: object) -> None:
        """Put the clock elsewhere."""
        self.change(clock=replace(self.now.clock, **parts))

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        self._changed.append(changed)
        return lambda: self._changed.remove(changed)


def _answer(decision: DecisionView, command: ChooseResponse) -> DecisionView:
    if decision.id != command.decision:
        return decision
    title = next((o.title for o in decision.options if o.id == command.option), command.free_text)
    own = command.option is None
    answer = AnswerView(2700, 600, title, own, command.reason, command.basis, command.set_aside, ())
    return replace(decision, status="chosen", answer=answer)


def _follow(decision: DecisionView, command: FollowUp, exercise: int) -> DecisionView:
    if decision.id != command.decision or decision.answer is None:
        return decision
    more = (*decision.answer.followed_up, (command.kind, exercise, command.text))
    return replace(decision, answer=replace(decision.answer, followed_up=more))


class FakeTable:
    """A game of one or two teams of people and a bot; each step brings one message."""

    hosted = None

    def __init__(self, people: tuple[str, ...] = ("averne",), *, live: bool = False, phase: str = "move") -> None:
        self.title = "Storm in the Cards"
        self.session_id = "storm-2026-10-13"
        self.live = live
        self.people = people
        self.changed: list[Callable[[], None]] = []
        self.steps: list[str] = []
        self.refuse: CommandRejected | None = None
        self.clients = {team: FakeClient(make_view(team), self) for team in ("averne", "belcora")}
        for client in self.clients.values():
            if phase == "briefing":
                client.clock(phase=phase, move=0, play=0, exercise=0, move_title="", running=False)
                client.change(inbox=(), decisions=())

    @property
    def teams(self) -> tuple[tuple[str, str, bool], ...]:
        names = {"averne": "Republic of Averne", "belcora": "Kingdom of Belcora"}
        people = tuple((team, name, team in self.people) for team, name in names.items())
        return (*people, ("cadria", "Cadria", False))

    @property
    def seats(self) -> tuple[tuple[str, str], ...]:
        return tuple((team, name) for team, name, here in self.teams if here)

    @property
    def looks_on(self) -> bool:
        return False

    @property
    def addressees(self) -> tuple[tuple[str, str], ...]:
        return (("averne", "Averne"), ("belcora", "Belcora"), ("cadria", "Cadria"))

    def client(self, team: str) -> FakeClient:
        if team not in self.people:
            raise KeyError(team)
        return self.clients[team]

    async def start(self) -> None:
        self.steps.append("start")
        for team, client in self.clients.items():
            client.now = make_view(team)
        self._tell()

    async def step(self) -> str:
        self.steps.append("step")
        if self.refuse is not None:
            refused, self.refuse = self.refuse, None
            raise refused
        phase = self.clients["averne"].now.clock.phase
        for client in self.clients.values():
            view = client.now
            if phase == "plenary":
                clock = replace(view.clock, phase="move", move=view.clock.move + 1, move_title="The second wave")
                client.now = replace(view, clock=clock, plenary_text="", plenary_questions=())
                continue
            number = len(view.inbox) + 1
            new = replace(INBOX[1], number=number, title=f"News number {number}", read=False)
            clock = replace(view.clock, play=view.clock.play + 60, exercise=view.clock.exercise + 600)
            client.now = replace(view, inbox=(*view.inbox, new), clock=clock)
        self._tell()
        return "T+0:55: Republic of Averne has 1 new message."

    async def let_lapse(self) -> str:
        self.steps.append("lapse")
        return await self.step()

    def ahead(self) -> tuple[int, int]:
        return 0, 0

    async def tick(self) -> None:
        self.steps.append("tick")

    async def pause(self) -> None:
        self.steps.append("pause")
        self._run(False)

    async def resume(self) -> None:
        self.steps.append("resume")
        self._run(True)

    async def end(self) -> None:
        self.steps.append("end")
        for client in self.clients.values():
            client.now = replace(client.now, clock=replace(client.now.clock, phase="ended"))
        self._tell()

    def plenary(self) -> None:
        """Open the plenary after the move."""
        for client in self.clients.values():
            clock = replace(client.now.clock, phase="plenary", running=False)
            client.now = replace(
                client.now,
                clock=clock,
                plenary_text="All three States meet for the first time since the night.",
                plenary_questions=("What does each of you know that the others need?", "Who speaks to the banks?"),
            )
        self._tell()

    def _run(self, running: bool) -> None:
        for client in self.clients.values():
            client.now = replace(client.now, clock=replace(client.now.clock, running=running))
        self._tell()

    def _tell(self) -> None:
        for changed in tuple(self.changed):
            changed()

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        self.changed.append(changed)
        return lambda: self.changed.remove(changed)


CARDS = (
    ScenarioCard(
        id="storm",
        title="Storm in the Cards",
        summary="A wave of **card fraud** reaches three neighbouring States within hours.",
        minutes=120,
        moves=3,
        teams=(
            TeamCard("averne", "Republic of Averne", "Most of the victims live here.", ("SEECP Chisinau 2008",)),
            TeamCard("belcora", "Kingdom of Belcora", "Hosts the data centres.", ("Budapest Convention",)),
            TeamCard("cadria", "Cadria", "Holds two suspects."),
        ),
        threats=("False bank cards (SEECP 2008, point 7)",),
        texts=("SEECP Chisinau 2008: 19 commitments", "Budapest Convention: 18 articles"),
    ),
    ScenarioCard(id="cold", title="Lights Out", summary="A grid fails, and everyone knows who did it.", minutes=95),
)
"""A small library."""

SESSIONS = (
    SavedSession("storm-2026-10-13", "Storm in the Cards", "move 2 of 3", "yesterday, 16:40", 2, False, ("Averne",)),
    SavedSession("storm-2026-09-01", "Storm in the Cards", "ended", "1 Sep 2026", 3, True, ("Averne", "Belcora")),
)
"""One exercise to go on with and one to look back at."""


class FakeServices:
    """A library and kept sessions without a disk."""

    def __init__(self, cards: tuple[ScenarioCard, ...] = CARDS, sessions: tuple[SavedSession, ...] = SESSIONS) -> None:
        self.cards, self.kept = cards, sessions
        self.started: tuple[str, dict[str, str], int | None, bool] | None = None
        self.resumed: str | None = None
        self.mode: str | None = None

    def scenarios(self) -> tuple[ScenarioCard, ...]:
        return self.cards

    def sessions(self) -> tuple[SavedSession, ...]:
        return self.kept

    async def start(
        self,
        scenario_id: str,
        teams: Mapping[str, str],
        *,
        seed: int | None = None,
        live: bool = False,
        mode: str | None = None,
    ) -> FakeTable:
        self.mode = mode
        self.started = (scenario_id, dict(teams), seed, live)
        people = dict.fromkeys(seat.partition("/")[0] for seat, player in teams.items() if player == "people")
        here = tuple(team for team in people if team != "observer") or ("averne",)
        return FakeTable(here, live=live, phase="briefing")

    async def resume(self, session_id: str) -> FakeTable:
        self.resumed = session_id
        return FakeTable(("averne",))

    def replay_tools(self, session_id: str) -> None:
        """No log, and so nothing to do with one."""

    def open_log(self, session_id: str) -> object:
        raise CommandRejected("no-log", f"There is no log '{session_id}'.")
