"""An exhaustive exploration: every row of hidden facts, answers and lapses, without requests.

Moments that agree in all that can still matter are walked on from once. What counts "can still matter" for figures too:
where grades hang on what was done long ago, that is part of a moment, so the figures are those of a walk through each
course by itself. Figures of the ways on are added up backwards, those of the ways there forwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, product
from math import prod
from typing import Any

from exercise.analysis import things
from exercise.analysis.course import Course, start
from exercise.analysis.explored import SLICE, Bounds, Figures, Followed
from exercise.analysis.story import Reader, Walk
from exercise.analysis.tally import WORD
from exercise.core.acts import ActKind, Safeguard
from exercise.core.assess import Assessment, assess
from exercise.core.commands import ChooseResponse
from exercise.core.conditions import Chose, Condition, FactIs, Lapsed, Released, parts_of
from exercise.core.decide import available_options
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.script import Decision
from exercise.session.autoplay import play_on
from exercise.session.collector import collector_paused

Item = tuple[Any, ...]
"""Something counted, by what it is counted as: `("came", thing)`, `("load", team, slice, measure, value)`, …"""

_PUT_OFF = {ActKind.ESCALATE, ActKind.REFUSE, ActKind.REPAIR}
"""Acts that are marked by what was done before or after them."""


class TooMany(Exception):
    """More states than are to be walked."""


@dataclass
class _Moment:
    """Where a course stands, with what has been told of it."""

    course: Course
    walk: Walk
    considered: frozenset[tuple[str, str]] = frozenset()
    """Options that the team has let pass."""


@dataclass
class _Step:
    """A way from one moment to the next: what came on it, and what came after each answer given on it."""

    to: Hashable
    items: Counter[Item]
    answers: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...]
    """Decision and answer, and the things that came in its step of the log, and after that."""


@dataclass
class _Place:
    """A moment that has been walked on from."""

    steps: list[_Step] = field(default_factory=list)
    courses: int = 0
    """Ways on from here to ENDEX."""
    items: Counter[Item] = field(default_factory=Counter)
    """What came on all of them, each as often as there are ways on with it."""


class Exhaustive:
    """The walk through one scenario."""

    def __init__(self, scenario: Scenario, reference: Reference, most_states: int) -> None:
        self.scenario, self.reference = scenario, reference
        self._most = most_states
        self._reader = Reader(scenario, reference)
        self._places: dict[Hashable, _Place] = {}
        self._worded = False
        read = [part for condition in _conditions(scenario) for part in parts_of(condition)]
        self._facts = {part.fact for part in read if isinstance(part, FactIs)}
        self._alike = prod(len(fact.values) for fact in scenario.facts if fact.id not in self._facts)
        """Courses that differ only in facts that nothing reads."""
        self._chosen = {part.chose for part in read if isinstance(part, Chose)}
        self._chosen |= {part.lapsed for part in read if isinstance(part, Lapsed)}
        self._released = {part.released for part in read if isinstance(part, Released)}
        rows = (*scenario.injects, *scenario.decisions)
        self._released |= {row.follows for row in rows if row.follows}
        self._released |= {row.id for row in scenario.injects if row.when is not None or row.follows}
        self._causes = set(chain.from_iterable(self._reader.causes.values()))
        self._remembers = _remembers(scenario)

    @property
    def states(self) -> int:
        """Moments walked on from."""
        return len(self._places)

    def explore(self) -> tuple[Figures, int]:
        """All figures, and the number of distinct courses; raises `TooMany`."""
        figures, distinct = Figures(), 0
        manners = (True, False) if asks_for_words(self.scenario) else (True,)
        with collector_paused():
            roots: Counter[Hashable] = Counter()
            for worded, facts in product(manners, self._assignments()):
                self._worded = worded
                course = start(self.scenario, facts)
                moment = _Moment(course, Walk(self._reader))
                before = moment.walk.copy()
                moment.walk.step(course.entries, course.offers)
                key = ("root", worded, *facts.values())
                place = self._places[key] = _Place([self._on(moment, before, 0)])
                self._add_up(place)
                roots[key] = self._alike
                distinct += place.courses * self._alike if worded else 0
        self._forwards(figures, roots)
        return figures, distinct

    def _assignments(self) -> Iterator[dict[str, str]]:
        """Every assignment of the facts that something reads; the others stand as they are written first."""
        values = [
            [value.value for value in fact.values] if fact.id in self._facts else [fact.values[0].value]
            for fact in self.scenario.facts
        ]
        if prod(map(len, values)) > self._most:
            raise TooMany
        for row in product(*values):
            yield dict(zip((fact.id for fact in self.scenario.facts), row, strict=True))

    # --- walking ---

    def _visit(self, moment: _Moment) -> Hashable:
        """Walks on from a moment, unless one that agrees with it has been; returns its name."""
        key = self._key(moment)
        if key in self._places:
            return key
        if len(self._places) >= self._most:
            raise TooMany
        place = self._places[key] = _Place()
        put = self._asked(moment)
        if put is None:
            place.courses = 1
            place.items = Counter(self._end(moment))
            return key
        decision, offered = put
        passed = moment.considered | {(decision.id, option) for option in offered}
        for option in (*offered, None):
            branch = _Moment(moment.course.copy(), moment.walk.copy(), passed)
            before = branch.walk.copy()
            seq = len(branch.course.entries)
            if option is not None:
                self._submit(branch, self._answer(decision, option, branch.course))
            place.steps.append(self._on(branch, before, seq))
        self._add_up(place)
        return key

    def _on(self, moment: _Moment, before: Walk, seq: int) -> _Step:
        """Steps the clock until somebody can choose again, or ENDEX has come; notes what came since `before`."""
        items: Counter[Item] = Counter()
        course = moment.course
        while self._asked(moment) is None:
            if not play_on(self.scenario, lambda: course.state, lambda command: self._submit(moment, command)):
                break
            self._settle_load(moment, items)
        story, known = moment.walk.story, before.story
        fresh = {thing: at for thing, at in story.came.items() if thing not in known.came}
        items.update(("came", thing) for thing in fresh)
        items.update(("move", thing, story.moves[thing]) for thing in fresh)
        items.update(("edge", *edge) for edge in story.edges - known.edges)
        answers = []
        for id, (answer, at, last) in story.answers.items():
            if at > seq:
                at_once = tuple(thing for thing, came in fresh.items() if at < came <= last)
                later = tuple(thing for thing, came in fresh.items() if came > last)
                answers.append((id, answer, at_once, later))
        return _Step(self._visit(moment), items, tuple(answers))

    def _submit(self, moment: _Moment, command: Any) -> None:
        course = moment.course
        seq, offers = len(course.entries), set(course.offers)
        course.submit(command)
        if len(course.entries) > seq:
            moment.walk.step(course.entries[seq:], [thing for thing in course.offers if thing not in offers])

    def _asked(self, moment: _Moment) -> tuple[Decision, tuple[str, ...]] | None:
        """The decision that is to be answered next, with the options that it did not offer when last looked at."""
        state = moment.course.state
        if state.clock.phase != "move":
            return None
        for id, put in state.decisions.items():
            if put.status == "open":
                decision = self.scenario.decisions_by_id[id]
                options = available_options(decision, state)
                fresh = tuple(option.id for option in options if (id, option.id) not in moment.considered)
                if fresh:
                    return decision, fresh
        return None

    def _answer(self, decision: Decision, option: str, course: Course) -> ChooseResponse:
        put = course.state.decisions[decision.id]
        plain = ChooseResponse(
            seat=decision.team,
            play=course.state.clock.play,
            decision=decision.id,
            revision=put.revision,
            option=option,
        )
        return plain.model_copy(update=self._words(decision)) if self._worded else plain

    def _words(self, decision: Decision) -> Mapping[str, Any]:
        team = self.scenario.teams_by_id[decision.team]
        on = self.scenario.date.date()
        basis = [id for id, how in self.reference.standings(team.profile, on).items() if how == "applies"]
        return {
            "reason": "We say openly what we do, why we do it, and what it costs us.",
            "basis": tuple(basis[:12]),
            "safeguards": {point: "As the order of the competent judge has it." for point in Safeguard},
        }

    # --- what a moment is ---

    def _key(self, moment: _Moment) -> Hashable:
        """All that can still matter, for what comes and for what is counted."""
        state, walk = moment.course.state, moment.walk
        story = walk.story
        open_now = {id: put.closes for id, put in state.decisions.items() if put.status == "open"}
        over = frozenset(
            (id, put.choice.followed if put.choice and id in self._chosen else put.status)
            for id, put in state.decisions.items()
            if id not in open_now
        )
        offered = frozenset(thing for thing in moment.course.offers if things.ids_of(thing)[0] in open_now)
        slot = walk.play // SLICE
        return (
            self._worded,
            state.clock,
            frozenset((name, value) for name, value in state.facts.items() if name in self._facts),
            state.flags,
            frozenset(state.indicators.items()),
            frozenset(state.released.keys() & self._released),
            tuple(open_now.items()),
            over,
            frozenset(pair for pair in moment.considered if pair[0] in open_now),
            state.due,
            frozenset((team, id) for team, held in state.knowledge.items() for id in held),
            frozenset(
                (team, act.act.act, act.act.toward, act.act.level, act.act.about)
                for team, row in state.acts.items()
                for act in row
            ),
            self._marks(moment),
            # What the figures still need of the way here.
            frozenset(thing for thing in story.came if things.kind_of(thing) == "flag"),
            offered,
            frozenset((cause, thing) for cause, thing in walk.bringer.items() if cause in self._causes),
            frozenset(story.lowest.items()),
            frozenset(story.highest.items()),
            frozenset(story.waits.items()),
            frozenset(walk.busy.items()),
            frozenset(item for item in story.load.items() if item[0][1] >= slot),
        )

    def _marks(self, moment: _Moment) -> Hashable:
        """How each clause stands so far; or every answer, where marks may hang on what was done long ago."""
        if self._remembers:
            story = moment.walk.story
            entries = moment.course.entries
            return tuple((id, answer, entries[at - 1].exercise) for id, (answer, at, _) in story.answers.items())
        return frozenset(_clauses(assess(self.scenario, self.reference, moment.course.entries)))

    def _settle_load(self, moment: _Moment, items: Counter[Item]) -> None:
        """Counts the load of slices that are over, which nothing can add to."""
        load = moment.walk.story.load
        slot = moment.walk.play // SLICE
        for place in [place for place in load if place[1] < slot]:
            items["load", *place, load.pop(place)] += 1

    def _end(self, moment: _Moment) -> Iterator[Item]:
        """What is counted of a course at ENDEX."""
        story = moment.walk.story
        assessment = assess(self.scenario, self.reference, moment.course.entries)
        for team, commitment, status, word in _clauses(assessment):
            if status == "tested":
                yield "end", team, commitment, word
        for name, value in moment.course.state.indicators.items():
            yield "end", name, round(value, 3)
        for name, value in story.lowest.items():
            yield "lowest", name, value
            yield "highest", name, story.highest[name]
        for team, seconds in story.waits.items():
            yield "wait", team, seconds
        for place, count in story.load.items():
            yield "load", *place, count

    # --- adding up ---

    def _add_up(self, place: _Place) -> None:
        for step in place.steps:
            on = self._places[step.to]
            place.courses += on.courses
            for item, often in step.items.items():
                place.items[item] += often * on.courses
            place.items.update(on.items)

    def _forwards(self, figures: Figures, roots: Counter[Hashable]) -> None:
        """Figures of all courses, and of those that follow each answer."""
        ways: Counter[Hashable] = Counter(roots)
        for key in roots:
            place = self._places[key]
            figures.courses += place.courses * roots[key]
            _count(figures, place.items, roots[key])
        # A moment is entered into the table before those it leads to, but it may be led to from later ones as well.
        for key in self._order(roots):
            for step in self._places[key].steps:
                ways[step.to] += ways[key]
                on = self._places[step.to]
                for decision, answer, at_once, later in step.answers:
                    followed = figures.followed.setdefault((decision, answer), Followed())
                    for row, things_came in ((followed.at_once, at_once), (followed.later, later)):
                        for thing in things_came:
                            row[thing] += ways[key] * on.courses
                    followed.ends.courses += ways[key] * on.courses
                    for item, often in on.items.items():
                        if item[0] == "came":
                            followed.later[item[1]] += ways[key] * often
                        elif item[0] == "end":
                            followed.ends.counted[item[1:]] += ways[key] * often

    def _order(self, roots: Counter[Hashable]) -> list[Hashable]:
        """Every moment before all that it leads to."""
        done: dict[Hashable, None] = {}

        def walk(key: Hashable) -> None:
            if key not in done:
                for step in self._places[key].steps:
                    walk(step.to)
                done[key] = None

        for key in roots:
            walk(key)
        return list(reversed(done))


def _count(figures: Figures, items: Counter[Item], times: int) -> None:
    """Adds what was counted, so many times, to the figures that it belongs to."""
    for (kind, *what), once in items.items():
        often = once * times
        match kind:
            case "came":
                figures.came[what[0]] += often
            case "move":
                figures.moves[what[0], what[1]] += often
            case "edge":
                figures.edges[what[0], what[1]] += often
            case "end":
                figures.ends.counted[tuple(what)] += often
            case "lowest":
                figures.lowest.setdefault(what[0], Counter())[what[1]] += often
            case "highest":
                figures.highest.setdefault(what[0], Counter())[what[1]] += often
            case "wait":
                figures.waits.setdefault(what[0], Counter())[what[1]] += often
            case "load":
                figures.load.setdefault((what[0], what[1], what[2]), Counter())[what[3]] += often
    figures.ends.courses = figures.courses


def _clauses(assessment: Assessment) -> Iterator[tuple[str, str, str, str]]:
    for team, card in assessment.scorecards.items():
        for clause in card.clauses:
            if clause.marks or clause.findings:
                yield team, clause.commitment, clause.status, WORD[clause.grade] if clause.grade else ""


def infeasible(scenario: Scenario) -> str:
    """Why a scenario cannot be walked through exhaustively; empty where it can."""
    if scenario.matters or any(row.request is not None for row in scenario.injects):
        return "it is played with requests, and no walk through all answers could exhaust what may be asked."
    return ""


def asks_for_words(scenario: Scenario) -> bool:
    """Whether some marks depend on whether a team says what an answer rests on."""
    return any(option.coercive or option.outward for put in scenario.decisions for option in put.options)


def _remembers(scenario: Scenario) -> bool:
    """Whether a mark may hang on what was done or shown before or after the answer that it is given for."""
    answers = [answer for put in scenario.decisions for _, answer in things.answers_of(put)]
    return (
        bool(scenario.occasions)
        or asks_for_words(scenario)
        or any(option.repairs for put in scenario.decisions for option in put.options)
        or any(act.act in _PUT_OFF for answer in answers for act in answer.acts)
    )


def _conditions(scenario: Scenario) -> Iterator[Condition | None]:
    """Every condition of a scenario."""
    for row in (*scenario.injects, *scenario.decisions):
        yield row.when
    for inject in scenario.injects:
        yield from (effect.when for effect in inject.effects)
    for put in scenario.decisions:
        yield from (option.available for option in put.options)
        for _, answer in things.answers_of(put):
            yield from (effect.when for effect in answer.effects)
            yield from chain.from_iterable((tag.when, tag.told, tag.returned) for tag in answer.conduct)
            for came in answer.consequences:
                yield came.when
                yield from (effect.when for effect in came.effects)
    for occasion in scenario.occasions:
        yield occasion.opens
        yield occasion.unable


def bounds(scenario: Scenario, states: int) -> Bounds:
    """What such an exploration varied, and what it held fixed."""
    varied = ["every option of every decision, and its lapse"]
    if scenario.facts:
        varied.insert(0, "every assignment of the hidden facts")
    if asks_for_words(scenario):
        varied.append("whether teams give reasons, a legal basis and safeguards, in all answers of a course or in none")
    fixed = [
        "an option is taken as soon as it is offered, or not at all",
        "no team sends a request, proposes an answer of its own, or names what it sets aside",
        "exercise control changes nothing, and every move is played for as long as it is planned",
    ]
    why = "it takes no requests, and all that can happen in it was walked through."
    return Bounds("exhaustive", why, tuple(varied), tuple(fixed), states=states)
