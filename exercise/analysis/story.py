"""What came in one course and what brought it, read from its log in one walk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import groupby
from operator import attrgetter

from exercise.analysis import things
from exercise.analysis.course import Course
from exercise.analysis.explored import SLICE, Clause
from exercise.analysis.reading import Texts, words
from exercise.analysis.tally import outcome_of
from exercise.analysis.things import Thing
from exercise.core import events as ev
from exercise.core.assess import assess
from exercise.core.conditions import (
    AllOf,
    AnyOf,
    Chose,
    Condition,
    Did,
    FlagIsSet,
    IndicatorIs,
    Knows,
    Lapsed,
    Released,
    Requested,
    steps_of,
)
from exercise.core.reference import Reference
from exercise.core.requests import events as req
from exercise.core.requests.commands import ANSWERS
from exercise.core.scenario import Scenario
from exercise.core.turn import LAPSE

Letter = (
    req.RequestSent
    | req.RequestDelivered
    | req.RequestFailed
    | req.RequestAcknowledged
    | req.ReplyPlanned
    | req.RequestAnswered
    | req.RequestMended
    | req.ConditionsTaken
    | req.RequestFulfilled
    | req.RequestLapsed
    | req.RequestWithdrawn
)
"""A step in the life of a request."""

Cause = tuple[str, str]
"""What a condition asks for: a kind of cause, and which."""


@dataclass
class Story:
    """One course, as far as figures are taken of it."""

    came: dict[Thing, int] = field(default_factory=dict)
    """Everything that came, with the entry with which it first did."""
    answers: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    """By decision: the option or `lapse`, its entry, and the last entry of the same step."""
    edges: set[tuple[Thing, Thing]] = field(default_factory=set)
    moves: dict[Thing, int] = field(default_factory=dict)
    indicators: dict[str, float] = field(default_factory=dict)
    at_answer: dict[str, dict[str, float]] = field(default_factory=dict)
    """The indicators right after the step of an answer."""
    lowest: dict[str, float] = field(default_factory=dict)
    highest: dict[str, float] = field(default_factory=dict)
    clauses: dict[Clause, str] = field(default_factory=dict)
    ended: list[tuple[str, str, str] | tuple[str, float]] = field(default_factory=list)
    """Clauses and indicators as they stood at ENDEX, in one row."""
    marks: set[tuple[str, str, str, str, str]] = field(default_factory=set)
    """Team, commitment, occasion, source and grade of every mark."""
    load: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    waits: dict[str, int] = field(default_factory=dict)
    digest: int = 0


def causes(condition: Condition | None) -> Iterator[Cause]:
    """What a condition asks to have come about; what it asks to be absent, and hidden facts, are left out."""
    match condition:
        case AllOf():
            for part in condition.all:
                yield from causes(part)
        case AnyOf():
            for part in condition.any:
                yield from causes(part)
        case FlagIsSet():
            yield "flag", condition.flag
        case IndicatorIs():
            yield "indicator", condition.indicator
        case Chose():
            yield "decision", condition.chose
        case Lapsed():
            yield "decision", condition.lapsed
        case Released():
            yield "inject", condition.released
        case Did():
            yield "act", f"{condition.by}/{condition.did}"
        case Knows():
            yield "evidence", f"{condition.team}/{condition.knows}"
        case Requested():
            yield from (("request", step) for step in steps_of(condition))
        case _:
            return


class Reader:
    """Reads stories from courses of one scenario."""

    def __init__(self, scenario: Scenario, reference: Reference) -> None:
        self.scenario = scenario
        self.reference = reference
        self.texts = Texts(scenario)
        rows: dict[Thing, Condition | None] = {things.inject(row.id): row.when for row in scenario.injects}
        rows |= {things.decision(row.id): row.when for row in scenario.decisions}
        for put in scenario.decisions:
            rows |= {things.offered(put.id, one.id): one.available for one in put.options}
            for source, answer in things.answers_of(put):
                for index, came in enumerate(answer.consequences):
                    rows[things.consequence(put.id, source, index)] = came.when
        for matter in scenario.matters:
            rows |= {things.outcome(matter.id, n): made.when for n, made in enumerate(matter.outcomes)}
        self.causes: Mapping[Thing, tuple[Cause, ...]] = {thing: tuple(causes(when)) for thing, when in rows.items()}

    def read(self, course: Course) -> Story:
        """The story of a course that has ended, with its marks."""
        walk = Walk(self)
        offers: dict[int, list[Thing]] = {}
        for thing, seq in course.offers.items():
            offers.setdefault(seq, []).append(thing)
        for _, step in groupby(course.entries, attrgetter("batch")):
            entries = list(step)
            walk.step(entries, offers.get(entries[-1].seq, ()))
        story = walk.told()
        assessment = assess(self.scenario, self.reference, course.entries)
        outcome = outcome_of(assessment, course.state)
        story.clauses = {(team, commitment): word for team, commitment, word in outcome.clauses}
        story.indicators = dict(outcome.indicators)
        story.ended = [*outcome.clauses, *outcome.indicators]
        story.marks = {(m.team, m.commitment, m.occasion, m.source, m.grade.value) for m in assessment.marks}
        return story


class Walk:
    """One walk through a log, step by step; it can be copied wherever courses part."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.scenario, self.texts = reader.scenario, reader.texts
        self.story = Story()
        self.source: Thing | None = None
        """What the events that follow were brought by."""
        self.bringer: dict[Cause, Thing] = {}
        self.move = self.seq = self.play = 0
        self.move_ends = 0
        self.busy: dict[str, int] = {}
        """By team, until when it has something to do in the present move; empty between moves."""
        self.values: dict[str, float] = {}
        self.ticket: list[object] = []
        self._teams = tuple(reader.scenario.teams_by_id)
        self._requests: dict[str, req.RequestSent] = {}
        self._planned: dict[str, int] = {}
        self._unanswered: dict[str, int] = {}
        self._answered_now: list[str] = []
        self.story.waits = dict.fromkeys(self._teams, 0)

    def copy(self) -> Walk:
        """The same walk, to go on differently; of requests nothing is copied."""
        other = copy(self)
        other.story = replace(
            self.story,
            came=dict(self.story.came),
            answers=dict(self.story.answers),
            edges=set(self.story.edges),
            moves=dict(self.story.moves),
            lowest=dict(self.story.lowest),
            highest=dict(self.story.highest),
            load=Counter(self.story.load),
            waits=dict(self.story.waits),
        )
        other.bringer, other.busy, other.values = dict(self.bringer), dict(self.busy), dict(self.values)
        other.ticket = list(self.ticket)
        return other

    def step(self, entries: Sequence[ev.LogEntry], offers: Iterable[Thing] = ()) -> None:
        """What one command led to, and the options that could be chosen after it for the first time."""
        last = entries[-1].seq
        self._answered_now = []
        for entry in entries:
            self.seq, self.play = entry.seq, entry.play
            self._event(entry.event, last)
        for id in self._answered_now:
            self.story.at_answer[id] = dict(self.values)
        for thing in offers:
            if thing not in self.story.came:
                self.story.came[thing], self.story.moves[thing] = last, self.move
                self._because(thing)

    def told(self) -> Story:
        """The story, once the exercise has ended."""
        self._silences()
        self.story.digest = int.from_bytes(sha256(repr(self.ticket).encode()).digest()[:8], "big")
        return self.story

    def _came(self, thing: Thing, *before: Thing | None) -> None:
        story = self.story
        if thing not in story.came:
            story.came[thing] = self.seq
            story.moves[thing] = self.move
        story.edges.update((one, thing) for one in before if one is not None and one != thing)
        self._because(thing)
        self.source = thing

    def _because(self, thing: Thing) -> None:
        for cause in self.reader.causes.get(thing, ()):
            bringer = self.bringer.get(cause)
            if bringer is not None and bringer != thing:
                self.story.edges.add((bringer, thing))

    def _event(self, event: ev.Event, last: int) -> None:
        match event:
            case ev.ClockAdvanced():
                self.source = None
            case ev.IndicatorChanged():
                self._brought("indicator", event.indicator)
                self.values[event.indicator] = value = round(event.value, 3)
                story = self.story
                story.lowest[event.indicator] = min(value, story.lowest[event.indicator])
                story.highest[event.indicator] = max(value, story.highest[event.indicator])
            case ev.ActDone():
                self._brought("act", f"{event.team}/{event.act.act}")
            case ev.InjectReleased():
                row = self.scenario.injects_by_id[event.inject]
                self._came(things.inject(row.id), things.inject(row.follows) if row.follows else None)
                self._brought("inject", row.id)
                self._told(self.texts.reached(event.to), self.texts.of[things.inject(row.id)])
            case ev.DecisionOpened():
                self._opened(event)
            case ev.ResponseChosen():
                self._answered(event.decision, event.option or event.nearest or "", last)
            case ev.DecisionLapsed():
                self._answered(event.decision, LAPSE, last)
                self._told((event.team,), self.texts.of[things.option(event.decision)])
            case ev.ConsequenceCame():
                thing = things.consequence(event.decision, event.source, event.index)
                self._came(thing, things.option(event.decision, event.source))
                self._told(self.texts.reached(event.to), self.texts.of[thing])
            case ev.FlagRaised():
                source = self.source
                self._brought("flag", event.flag)
                self._came(things.flag(event.flag), source)
                self.source = source
            case ev.EvidenceLearned():
                source = self.source
                self._brought("evidence", f"{event.team}/{event.evidence}")
                self._came(things.evidence(event.team, event.evidence), source)
                self.source = source
                self._told((event.team,), self.texts.evidence.get(event.evidence, 0))
            case ev.ExerciseStarted():
                self.ticket.append(sorted(event.facts.items()))
                self.values = {name: round(value, 3) for name, value in event.indicators.items()}
                self.story.lowest, self.story.highest = dict(self.values), dict(self.values)
            case ev.MoveOpened():
                self.move, self.source = event.index, None
                self.move_ends = self.play + event.seconds
                self.busy = dict.fromkeys(self._teams, self.play)
                self._told(self._teams, self.texts.moves[event.index])
            case ev.MoveClosed():
                for team in self._teams:
                    self._hears(team, self.play)
                self.busy = {}
                self.move += 1
            case ev.PlenaryOpened():
                self._told(self._teams, self.texts.plenaries[self.move - 1])
            case _ if isinstance(event, Letter):
                self._request(event)
            case req.OutcomeCame():
                thing = things.outcome(event.matter, event.index)
                self._came(thing, self.source)
                self._told(self.texts.reached(event.to), self.texts.of[thing])
            case _:
                pass

    def _brought(self, kind: str, name: str) -> None:
        if self.source is not None:
            self.bringer[kind, name] = self.source

    def _told(self, teams: tuple[str, ...], count: int) -> None:
        """Words that reach teams now."""
        if count:
            for team in teams:
                self._load(team, "words", count)
                self._hears(team, self.play)

    def _hears(self, team: str, until: int) -> None:
        """Something reaches a team now, and gives it something to do until then."""
        if team in self.busy:
            self.story.waits[team] = max(self.story.waits[team], self.play - self.busy[team])
            self.busy[team] = max(self.busy[team], until)

    def _load(self, team: str, measure: str, count: int = 1) -> None:
        self.story.load[team, self.play // SLICE, measure] += count

    def _opened(self, event: ev.DecisionOpened) -> None:
        row, team = self.scenario.decisions_by_id[event.decision], event.team
        thing = things.decision(row.id)
        self._came(thing, things.inject(row.follows) if row.follows else None)
        self._told((team,), self.texts.of[thing])
        self._load(team, "opened")
        until = min(event.closes, self.move_ends)
        for slot in range(self.play // SLICE, max(self.play, until - 1) // SLICE + 1):
            self.story.load[team, slot, "open"] += 1
        self._hears(team, until)

    def _answered(self, decision: str, option: str, last: int) -> None:
        self.ticket.append((decision, option))
        self.story.answers[decision] = (option, self.seq, last)
        self._answered_now.append(decision)
        self._came(things.option(decision, option), things.decision(decision))
        self._brought("decision", decision)

    def _request(self, event: Letter) -> None:
        if isinstance(event, req.RequestSent):
            self._requests[event.request] = event
            if event.by in self._teams:
                self._load(event.by, "sent")
                self.source = None
        sent = self._requests[event.request]
        self.ticket.append((event.type, sent.kind, sent.by, sent.to, sent.matter, getattr(event, "answer", "")))
        asked = self._asked(sent)
        source = self.source if sent.inject and isinstance(event, req.RequestSent) else asked
        self.source = source
        match event:
            case req.RequestDelivered():
                if asked is not None and asked.startswith("request:"):
                    self._came(asked)
                if sent.to in self._teams:
                    self._told((sent.to,), words(sent.subject, *sent.content.values()))
                    self._load(sent.to, "received")
                else:
                    self._unanswered[event.request] = self.seq
            case req.ReplyPlanned():
                self._planned[event.request] = event.reply
                self._unanswered.pop(event.request, None)
            case req.RequestAnswered() | req.ConditionsTaken() | req.RequestFulfilled():
                self._reply(event, sent, asked)
            case _:
                pass
        for step in _STEPS.get(event.__class__, ()):
            self._brought("request", step)
        if isinstance(event, req.RequestAnswered):
            self._brought("request", ANSWERS[event.answer].value)

    def _asked(self, sent: req.RequestSent) -> Thing | None:
        """The name of a request; of one that an actor sent, the inject it came with."""
        if sent.inject is not None:
            return things.inject(sent.inject)
        matter = self.scenario.matters_by_id.get(sent.matter or "")
        fits = matter is not None and (not matter.kinds or sent.kind in matter.kinds)
        return things.request(sent.by, matter.id, sent.kind) if fits and matter is not None else None

    def _reply(
        self,
        event: req.RequestAnswered | req.ConditionsTaken | req.RequestFulfilled,
        sent: req.RequestSent,
        asked: Thing | None,
    ) -> None:
        number = self._planned.get(event.request, -1)
        if number >= 0 and getattr(event, "answer", "") != "ask-back" and sent.to not in self._teams:
            self._came(things.reply(sent.to, number), asked)
        if isinstance(event, req.ConditionsTaken):
            return
        if sent.by in self._teams:
            self._told((sent.by,), words(event.text))
            self._load(sent.by, "received")

    def _silences(self) -> None:
        """Replies by which an actor says nothing leave no entry of their own."""
        for id, seq in self._unanswered.items():
            sent = self._requests[id]
            actor = self.scenario.actors_by_id.get(sent.to)
            for number, reply in enumerate(actor.desk.replies if actor and actor.desk else ()):
                fits = not reply.kinds or sent.kind in reply.kinds
                fits = (
                    fits and (not reply.about or sent.matter in reply.about) and (not reply.by or sent.by in reply.by)
                )
                if fits and reply.answer == "silent":
                    self.story.came.setdefault(things.reply(sent.to, number), seq)
                    break


_STEPS: Mapping[type, tuple[str, ...]] = {
    req.RequestSent: ("sent",),
    req.RequestDelivered: ("delivered",),
    req.RequestFailed: ("failed",),
    req.RequestAcknowledged: ("acknowledged",),
    req.RequestMended: ("mended",),
    req.ConditionsTaken: ("conditions-accepted", "conditions-declined"),
    req.RequestFulfilled: ("fulfilled",),
    req.RequestLapsed: ("lapsed",),
    req.RequestWithdrawn: ("withdrawn",),
}
