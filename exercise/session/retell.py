"""A log told in plain words: one line for each entry, and the places a replay can jump to.

The log names ids; people know titles. What a log names and the scenario does not know is shown as its id, so that a
log of another version of the scenario can still be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from exercise.core import events as ev
from exercise.core.acts import ActKind
from exercise.core.asked import FACILITATOR
from exercise.core.control.events import Controlled, FactRevealed
from exercise.core.evaluation.commands import EVALUATOR
from exercise.core.evaluation.events import AfterEndex
from exercise.core.events import LogEntry
from exercise.core.happened import Happened
from exercise.core.reasons import told
from exercise.core.requests import events as rq
from exercise.core.scenario import Scenario
from exercise.core.script import channel_name
from exercise.core.teamwork.commands import OBSERVER, SPECTATOR
from exercise.core.teamwork.events import TeamPlayed
from exercise.core.times import tell_exercise_time
from exercise.core.turn import LAPSE
from exercise.core.wording import words_of
from exercise.language import Told, _, quoted
from exercise.session.retell_control import InjectWords, tell_control
from exercise.session.retell_evaluation import tell_evaluation
from exercise.session.retell_requests import RequestWords
from exercise.session.retell_team import tell_team_play

ACTS: Mapping[ActKind, str] = Told(
    {
        ActKind.WARN: "warns",
        ActKind.SHARE: "shares information with",
        ActKind.FORWARD: "passes on what it was given to",
        ActKind.CONTACT: "makes contact with",
        ActKind.CONSULT: "consults",
        ActKind.ESCALATE: "raises tension with",
        ActKind.REFUSE_CONTACT: "refuses contact with",
        ActKind.REFUSE: "turns down a request of",
        ActKind.ANSWER: "answers a request of",
        ActKind.COERCE: "uses a power over",
        ActKind.OUTWARD: "takes a measure with effects on",
        ActKind.PRESERVE: "keeps evidence, with",
        ActKind.TELL_PARLIAMENT: "informs parliament",
        ActKind.TELL_PUBLIC: "explains the incident to the public",
        ActKind.ADVISE_USERS: "advises the people affected",
        ActKind.MISLEAD: "misleads",
        ActKind.CONDEMN: "condemns the act without naming a State",
        ActKind.INVOLVE_OPERATOR: "gives a part in the response to",
        ActKind.SEEK_CHECK: "seeks a check before acting, from",
        ActKind.SEEK_HELP: "asks for help from",
        ActKind.REPAIR: "makes good an earlier step toward",
    }
)
"""What each act is called in a sentence; with nobody named, the last word that waits for a name is left off."""

_ALONE: Mapping[ActKind, str] = Told(
    {
        ActKind.WARN: "gives a warning",
        ActKind.SHARE: "shares information",
        ActKind.FORWARD: "passes on what it was given",
        ActKind.CONTACT: "makes contact",
        ActKind.CONSULT: "consults",
        ActKind.ESCALATE: "takes a step that raises tension",
        ActKind.REFUSE_CONTACT: "refuses contact",
        ActKind.REFUSE: "turns down a request",
        ActKind.ANSWER: "answers a request",
        ActKind.COERCE: "uses a power",
        ActKind.OUTWARD: "takes a measure with effects abroad",
        ActKind.PRESERVE: "keeps evidence",
        ActKind.MISLEAD: "says what it knows to be untrue",
        ActKind.INVOLVE_OPERATOR: "gives an operator a part in the response",
        ActKind.SEEK_CHECK: "seeks a check before acting",
        ActKind.SEEK_HELP: "asks for help",
        ActKind.REPAIR: "makes good an earlier step",
    }
)

MARKING: frozenset[type[Happened]] = frozenset(
    {
        ev.MoveOpened,
        ev.PlenaryOpened,
        ev.InjectReleased,
        FactRevealed,
        ev.DecisionOpened,
        ev.DecisionReopened,
        ev.ResponseChosen,
        ev.DecisionLapsed,
        ev.ExerciseEnded,
        rq.RequestSent,
        rq.RequestAnswered,
        rq.RequestFailed,
        rq.RequestLapsed,
        rq.RequestFulfilled,
    }
)
"""The events that mark a place; a long log holds mostly others, so this is asked first."""


class Marker(NamedTuple):
    """A place in a log worth going to."""

    position: int
    exercise: int
    kind: str
    label: str


class Retelling:
    """Words for the entries of one log, with the scenario it was played with."""

    def __init__(self, scenario: Scenario, entries: Iterable[LogEntry] = ()) -> None:
        self._scenario = scenario
        entries = tuple(entries)
        self._requests = RequestWords(scenario, entries, self.who, _short)
        self._injects = InjectWords(scenario, entries)
        self._moves = {move.id: (number, move.title) for number, move in enumerate(scenario.moves, 1)}

    def line(self, entry: LogEntry) -> str:
        """One line on what an entry did."""
        return " ".join(self._line(entry).split())

    def _line(self, entry: LogEntry) -> str:
        event = entry.event
        match event:
            case ev.ExerciseStarted():
                return _("STARTEX: the hidden facts are fixed and every indicator stands at its first value.")
            case ev.ClockAdvanced():
                return _("The clock moves on to {time}.").format(time=tell_exercise_time(event.exercise))
            case ev.ClockPaused():
                return _("The clock is stopped.")
            case ev.ClockResumed():
                return _("The clock runs again.")
            case ev.MoveOpened() | ev.MoveClosed() | ev.PlenaryOpened() | ev.PlenaryClosed():
                return self._phase(event)
            case ev.ExerciseEnded():
                return _("ENDEX: the exercise is over and the hot wash may begin.")
            case ev.InjectReleased() | ev.InjectHeld() | ev.InjectWithdrawn():
                return self._inject(event)
            case (
                ev.DecisionOpened()
                | ev.WindowExtended()
                | ev.ResponseChosen()
                | ev.DecisionLapsed()
                | ev.DecisionReopened()
                | ev.FollowedUp()
            ):
                return self._decision(event)
            case ev.ActDone():
                return self._act(event)
            case ev.IndicatorChanged() | ev.IndicatorCorrected():
                return self._indicator(event)
            case ev.FlagRaised():
                return _("Behind the scenes: {flag}").format(flag=self._flag(event.flag))
            case ev.FlagCleared():
                return _("Behind the scenes, no longer so: {flag}").format(flag=self._flag(event.flag))
            case ev.EvidenceLearned():
                piece = self._scenario.evidence_by_id.get(event.evidence)
                return _("{team} now holds evidence: “{more}”.").format(
                    team=self.who(event.team), more=piece.title if piece else event.evidence
                )
            case ev.ConsequenceScheduled() | ev.ConsequenceCame() | ev.ConsequenceDropped():
                return self._consequence(event)
            case ev.MessageRead():
                return _("{seat} opens a message.").format(seat=self.who(event.seat))
            case ev.NoteWritten():
                kind = _("notes an observation") if event.seat == FACILITATOR else _("writes in its journal")
                about = _(" on {about}").format(about=self._about(event.about)) if event.about else ""
                by = f"{self.who(event.seat)} ({event.who})" if event.who else self.who(event.seat)
                return f"{by} {kind}{about}: {_short(event.text)}"
            case ev.MarksProposed():
                number = len(event.marks)
                what = _("1 mark is") if number == 1 else _("{number} marks are").format(number=number)
                return _("{what} proposed for the evaluators to look at.").format(what=what)
            case Controlled():
                return tell_control(event, self._scenario, self._injects, self.who, _why)
            case AfterEndex():
                return tell_evaluation(event, self._scenario, self.who, _short)
            case TeamPlayed():
                return tell_team_play(event, self._scenario, self.who, _short)
            case ev.MarkVoided():
                return _("A mark is set aside and no longer counts{why}").format(why=_why(event.why))
            case _:
                return self._requests.line(event)

    def marker(self, entry: LogEntry) -> Marker | None:
        """The place an entry marks, or None where nobody would want to jump to it."""
        event = entry.event
        if event.__class__ not in MARKING:
            return None

        def place(kind: str, label: str) -> Marker:
            return Marker(entry.seq, entry.exercise, kind, " ".join(label.split()))

        match event:
            case ev.MoveOpened():
                number, title = self._move(event.move)
                return place("move", _("Move {number}: {title}").format(number=number, title=title))
            case ev.PlenaryOpened():
                return place("plenary", _("Plenary after move {value}").format(value=self._move(event.move)[0]))
            case ev.InjectReleased():
                return place("inject", self._injects.title(event.inject))
            case FactRevealed():
                return place("inject", event.title)
            case ev.DecisionOpened() | ev.DecisionReopened():
                return place("decision", f"{self._asked(event.decision)}: {self._title(event.decision)}")
            case ev.ResponseChosen():
                return place("answer", f"{self.who(event.team)}: {self._answer(event)}")
            case ev.DecisionLapsed():
                return place("lapse", f"{self.who(event.team)}: {self._title(event.decision)}")
            case ev.ExerciseEnded():
                return place("end", "ENDEX")
            case (
                rq.RequestSent()
                | rq.RequestAnswered()
                | rq.RequestFailed()
                | rq.RequestLapsed()
                | rq.RequestFulfilled()
            ):
                return place("request", self._requests.label(event))
            case _:
                return None

    def who(self, seat: str) -> str:
        """A seat's name: the team's short name with the role, or exercise control."""
        if seat == FACILITATOR:
            return _("Exercise control")
        if seat in (OBSERVER, SPECTATOR):
            return _("Observer") if seat == OBSERVER else _("Spectator")
        team_id, _slash, role_id = seat.partition("/")
        if team_id == EVALUATOR:
            return _("Evaluator {role_id}").format(role_id=role_id).strip()
        name = self._scenario.names.get(team_id, team_id)
        team = self._scenario.teams_by_id.get(team_id)
        role = next((role.name for role in team.roles if role.id == role_id), role_id) if team else role_id
        return f"{name} ({role})" if role else name

    def _phase(self, event: ev.MoveOpened | ev.MoveClosed | ev.PlenaryOpened | ev.PlenaryClosed) -> str:
        number, title = self._move(event.move)
        match event:
            case ev.MoveOpened():
                return _("Move {number} opens: {title}.").format(number=number, title=title)
            case ev.MoveClosed():
                return _("Move {number} closes: {title}.").format(number=number, title=title)
            case ev.PlenaryOpened():
                return _("The plenary after move {number} opens.").format(number=number)
            case ev.PlenaryClosed():
                return _("The plenary after move {number} closes.").format(number=number)

    def _inject(self, event: ev.InjectReleased | ev.InjectHeld | ev.InjectWithdrawn) -> str:
        title, channel = self._injects.title(event.inject), self._injects.channel(event.inject)
        match event:
            case ev.InjectReleased():
                to, hand = self._audience(event.to), _(" Control released it by hand.") if event.by_hand else ""
                if not channel:
                    return _("Inject “{title}” reaches {to}.{hand}").format(title=title, to=to, hand=hand)
                # A sentence of its own: where names of channels bend, the translator puts this one elsewhere.
                return _("Inject “{title}” reaches {to} by {channel}.{hand}").format(
                    title=title, to=to, channel=_(channel_name(channel)), hand=hand
                )
            case ev.InjectHeld():
                return _("Control holds inject “{title}” back.").format(title=title)
            case ev.InjectWithdrawn():
                return _("Correction: inject “{title}” is withdrawn{why}").format(title=title, why=_why(event.why))

    def _decision(
        self,
        event: ev.DecisionOpened
        | ev.WindowExtended
        | ev.ResponseChosen
        | ev.DecisionLapsed
        | ev.DecisionReopened
        | ev.FollowedUp,
    ) -> str:
        title = self._title(event.decision)
        match event:
            case ev.DecisionOpened():
                return _("{team} is asked to decide: “{title}”.").format(team=self.who(event.team), title=title)
            case ev.WindowExtended():
                return _("{asked} gets more time for “{title}”.").format(asked=self._asked(event.decision), title=title)
            case ev.ResponseChosen():
                return _("{team} answers “{title}”: {answer}.").format(
                    team=self.who(event.team), title=title, answer=self._answer(event)
                )
            case ev.DecisionLapsed():
                return _("{team} lets “{title}” lapse unanswered.").format(team=self.who(event.team), title=title)
            case ev.DecisionReopened():
                return _("Correction: “{title}” is put to {asked} again{why}").format(
                    title=title, asked=self._asked(event.decision), why=_why(event.why)
                )
            case ev.FollowedUp():
                did = _("tells those affected by") if event.kind == "told" else _("comes back to what it set aside in")
                return _("{team} {did} “{title}”: {text}").format(
                    team=self.who(event.team),
                    did=did,
                    title=title,
                    text=_short(told(event.text, words_of(self._scenario))),
                )

    def _act(self, event: ev.ActDone) -> str:
        act = event.act
        if act.toward:
            doing = f"{ACTS[act.act]} {', '.join(map(self.who, act.toward))}"
        else:
            doing = _ALONE.get(act.act, ACTS[act.act])
        extra = [word for word, so in ((_("unasked"), act.unasked), (_("in part"), act.partial)) if so]
        if act.level is not None:
            extra.append(_("{level} level").format(level=_(act.level)))
        if act.standing:
            extra.append(_("by the standing channel"))
        if act.against_conditions:
            extra.append(_("against the giver's conditions"))
        return f"{self.who(event.team)} {doing}" + (f" ({', '.join(extra)})." if extra else ".")

    def _indicator(self, event: ev.IndicatorChanged | ev.IndicatorCorrected) -> str:
        indicator = self._scenario.indicators_by_id.get(event.indicator)
        name, unit = (indicator.name, indicator.unit) if indicator else (event.indicator, "")
        value = f"{event.value:,.10g} {unit}".strip()
        if isinstance(event, ev.IndicatorCorrected):
            return _("Correction: {name} is set to {value}{why}").format(name=name, value=value, why=_why(event.why))
        return _("{name} now stands at {value}.").format(name=name, value=value)

    def _consequence(self, event: ev.ConsequenceScheduled | ev.ConsequenceCame | ev.ConsequenceDropped) -> str:
        title = self._title(event.decision)
        cause = (
            _("“{title}” lapsing").format(title=title)
            if event.source == LAPSE
            else _("the answer to “{title}”").format(title=title)
        )
        match event:
            case ev.ConsequenceScheduled():
                return _("A consequence of {cause} is due at {time}.").format(
                    cause=cause, time=tell_exercise_time(event.due)
                )
            case ev.ConsequenceCame():
                heard = (
                    _(" Told: {audience}.").format(audience=self._audience(event.to))
                    if event.to
                    else _(" Nobody is told.")
                )
                return _("A consequence of {cause} takes effect.{told}").format(cause=cause, told=heard)
            case ev.ConsequenceDropped():
                return _("A possible consequence of {cause} does not come about.").format(cause=cause)

    def _answer(self, event: ev.ResponseChosen) -> str:
        decision = self._scenario.decisions_by_id.get(event.decision)
        if event.option is None:
            return _("in its own words, {free_text}").format(free_text=_short(event.free_text, "")).rstrip(", ")
        options = decision.options if decision else ()
        return next((option.title for option in options if option.id == event.option), event.option)

    def _title(self, decision_id: str) -> str:
        decision = self._scenario.decisions_by_id.get(decision_id)
        return decision.title if decision else decision_id

    def _asked(self, decision_id: str) -> str:
        decision = self._scenario.decisions_by_id.get(decision_id)
        return self.who(decision.team) if decision else _("The team")

    def _move(self, move_id: str) -> tuple[int | str, str]:
        return self._moves.get(move_id, ("?", move_id))

    def _audience(self, to: tuple[str, ...]) -> str:
        return ", ".join(_("all") if address == "all" else self.who(address) for address in to)

    def _about(self, name: str) -> str:
        """An objective by its title, a commitment by its id."""
        aim = next((row.title for row in self._scenario.objectives if row.id == name), "")
        return quoted(aim) if aim else name

    def _flag(self, flag: str) -> str:
        meaning = self._scenario.flags.get(flag, "")
        return (meaning or flag).rstrip(".") + "."


def _why(why: str) -> str:
    return f": {_short(why)}" if why else "."


def _short(text: str, end: str = ".") -> str:
    """The first words of a text that may be a page long, as a sentence's end."""
    line = " ".join(text.split())
    if len(line) > 120:
        line = line[:119].rstrip() + "…"
        return line
    return line if not end or line.endswith((".", "!", "?", "…")) else line + end
