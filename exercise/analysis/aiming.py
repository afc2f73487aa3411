"""What would have to happen for something to come: read backwards from its conditions to facts, answers and requests.

The reading is generous: what a condition asks to be absent, and when things come, is left to the playthroughs. So what
is found here is worth a try and no promise; but where nothing is found, nothing can bring it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from exercise.analysis import things
from exercise.analysis.demands import DONE, MOST, NOTHING, Demand, Ways, both_of, first
from exercise.analysis.letters import Ask
from exercise.analysis.things import Thing
from exercise.core.cast import Contact
from exercise.core.conditions import (
    AllOf,
    AnyOf,
    Chose,
    Condition,
    Did,
    FactIs,
    FlagIsSet,
    IndicatorIs,
    Knows,
    Lapsed,
    Not,
    Released,
    Requested,
    TimeIs,
    parts_of,
)
from exercise.core.requests.kinds import Step
from exercise.core.requests.matters import Matter, Reply
from exercise.core.scenario import Scenario
from exercise.core.script import ChangeIndicator, Decision, Effect, IncomingRequest, Learn, SetFlag
from exercise.core.timetable import exercise_at
from exercise.core.turn import LAPSE, consequences_of

FURTHEST = 2_000
"""Things that are looked at for one; beyond that, what else it takes is left to chance."""


class Aim:
    """Finds ways to things of one scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._looked = 0
        self._raises: dict[str, list[tuple[Thing, Condition | None]]] = {}
        self._teaches: dict[tuple[str, str], list[tuple[Thing, Condition | None]]] = {}
        self._moves: dict[str, list[tuple[Thing, ChangeIndicator]]] = {}
        for thing, effects in _bearers(scenario):
            for effect in effects:
                if isinstance(effect, SetFlag):
                    self._raises.setdefault(effect.flag, []).append((thing, effect.when))
                elif isinstance(effect, Learn):
                    self._teaches.setdefault((effect.team, effect.learn), []).append((thing, effect.when))
                elif isinstance(effect, ChangeIndicator):
                    self._moves.setdefault(effect.indicator, []).append((thing, effect))

    def ways(self, thing: Thing) -> Ways:
        """Up to so many ways by which a thing may come; none where nothing can bring it."""
        self._looked = 0
        return self._thing(thing, frozenset())

    def _thing(self, thing: Thing, on: frozenset[Thing]) -> Ways:
        if thing in on:
            return ()
        self._looked += 1
        if self._looked > FURTHEST:
            return (NOTHING,)
        on |= {thing}
        scenario, ids = self._scenario, things.ids_of(thing)
        match things.kind_of(thing):
            case "inject":
                row = scenario.injects_by_id[ids[0]]
                return self._row(row.when, row.follows, on)
            case "decision":
                put = scenario.decisions_by_id[ids[0]]
                return self._row(put.when, put.follows, on)
            case "offered" | "option":
                put = scenario.decisions_by_id[ids[0]]
                ways = self._thing(things.decision(put.id), on)
                if ids[1] != LAPSE:
                    option = next(one for one in put.options if one.id == ids[1])
                    ways = both_of(ways, self._condition(option.available, on))
                chosen = Demand(answers=((put.id, ids[1]),))
                return both_of(ways, (chosen,))
            case "consequence":
                put, index = scenario.decisions_by_id[ids[0]], int(ids[2])
                when = consequences_of(put, ids[1])[index].when
                return both_of(self._thing(things.option(put.id, ids[1]), on), self._condition(when, on))
            case "outcome":
                return self._outcome(scenario.matters_by_id[ids[0]], int(ids[1]), on)
            case "reply":
                return self._reply(ids[0], int(ids[1]), on)
            case "request":
                return self._asking(Ask(ids[0], ids[1], ids[2], "", Step.DELIVERED.value), on - {thing})
            case "flag":
                return self._brought(self._raises.get(ids[0], ()), on)
            case _:
                return self._knowing(ids[0], ids[1], on)

    def _row(self, when: Condition | None, follows: str | None, on: frozenset[Thing]) -> Ways:
        before = self._thing(things.inject(follows), on) if follows else (NOTHING,)
        return both_of(before, self._condition(when, on))

    def _brought(self, sources: Iterable[tuple[Thing, Condition | None]], on: frozenset[Thing]) -> Ways:
        found = (both_of(self._thing(thing, on), self._condition(when, on)) for thing, when in sources)
        return first(way for ways in found for way in ways)

    # --- requests ---

    def _outcome(self, matter: Matter, index: int, on: frozenset[Thing]) -> Ways:
        made = matter.outcomes[index]
        askers = made.by or matter.teams or tuple(self._scenario.teams_by_id)
        asks = (
            Ask(by, matter.id, kind, "", made.on.value, self._since(made.when))
            for by in askers
            if by != matter.holder
            for kind in made.kinds or matter.kinds
        )
        told = (Demand(),) if self._sent_by_actor(matter.id) else ()
        ways = first(way for ask in asks for way in self._asking(ask, on))
        return both_of(ways + told, self._condition(made.when, on))

    def _sent_by_actor(self, matter: str) -> bool:
        return any(row.request is not None and row.request.matter == matter for row in self._scenario.injects)

    def _reply(self, actor: str, index: int, on: frozenset[Thing]) -> Ways:
        scenario = self._scenario
        desk = scenario.actors_by_id[actor].desk
        assert desk is not None
        reply = desk.replies[index]
        others = [matter.id for matter in scenario.matters]
        since = self._since(reply.when)
        kinds = [id for id in reply.kinds or scenario.kinds_by_id if not desk.mandate or id in desk.mandate]
        asks = (
            Ask(by, about, kind, actor, Step.DELIVERED.value, since)
            for by in reply.by or scenario.teams_by_id
            if any(entry.party == actor and entry.via for entry in scenario.teams_by_id[by].directory)
            for kind in kinds
            for about in reply.about or (*(one.id for one in scenario.matters if kind in one.kinds), "", *others)
            if not any(_takes(earlier, kind, about, by) for earlier in desk.replies[:index])
        )
        ways = first(way for ask in asks for way in self._asking(ask, on))
        return both_of(ways, self._condition(reply.when, on))

    def _since(self, condition: Condition | None) -> int:
        """The time of the story before which a condition cannot hold, as far as times alone tell."""
        scenario, found = self._scenario, 0
        moves = {move.id: move for move in scenario.moves}
        for part in parts_of(condition):
            if isinstance(part, TimeIs):
                found = max(found, part.time.from_ or 0)
            elif isinstance(part, Released):
                row = scenario.injects_by_id[part.released]
                move = moves.get(row.move or "")
                found = max(found, row.at or (exercise_at(move, row.minute or 0) if move else 0))
        return found

    def _asking(self, ask: Ask, on: frozenset[Thing]) -> Ways:
        """Ways to have a request sent, and come as far as it is to come."""
        scenario = self._scenario
        matter, team = scenario.matters_by_id.get(ask.matter), scenario.teams_by_id.get(ask.by)
        kind = scenario.kinds_by_id.get(ask.kind)
        if team is None or kind is None or (matter is not None and matter.teams and ask.by not in matter.teams):
            return ()
        fit_entries = [entry for entry in team.directory if entry.via in kind.channels]
        fit = {entry.party for entry in fit_entries}
        if not fit or (ask.to and ask.to not in fit):
            return ()
        if matter is None:
            return (Demand(asks=(ask,)),)
        this = things.request(ask.by, ask.matter, ask.kind)
        if this in on:
            return ()
        on |= {this}
        if not ask.to and matter.holder in fit and kind.shape == "asks":
            ask = replace(ask, to=matter.holder or "")
        asks = (ask, *self._put_right(ask, fit_entries)) if ask.to else (ask,)
        ways = both_of((Demand(asks=tuple(sorted(asks))),), self._condition(matter.known, on))
        return both_of(ways, self._condition(matter.ready, on)) if ask.came == DONE else ways

    def _put_right(self, ask: Ask, entries: list[Contact]) -> Iterator[Ask]:
        """The request by which a team has an entry put right, where every one that would do is out of date."""
        if all(entry.stale for entry in entries if entry.party == ask.to):
            form = next((kind for kind in self._scenario.request_kinds if kind.renews == "requester"), None)
            if form is not None and form.id != ask.kind:
                yield Ask(ask.by, "", form.id, ask.to)

    def _knowing(self, team: str, id: str, on: frozenset[Thing]) -> Ways:
        by_effect = self._brought(self._teaches.get((team, id), ()), on)
        enclosed = (
            way
            for row in self._scenario.injects
            if row.request is not None and row.request.to == team and id in row.request.encloses
            for way in self._came_with(row.id, row.request, Step.FULFILLED.value, on)
        )
        matters = [matter for matter in self._scenario.matters if id in (*matter.gives, *matter.part, matter.subject)]
        asked = (
            way
            for matter in matters
            for kind in matter.kinds
            for by in ((team,) if id in (*matter.gives, *matter.part) else tuple(self._scenario.teams_by_id))
            for way in self._asking(Ask(by, matter.id, kind), on)
        )
        given = (
            way
            for actor in self._scenario.actors
            for number, reply in enumerate(actor.desk.replies if actor.desk else ())
            if id in reply.gives
            for way in self._thing(things.reply(actor.id, number), on)
        )
        return first(iter((*by_effect, *islice(enclosed, MOST), *islice(asked, MOST), *given)))

    # --- conditions ---

    def _condition(self, condition: Condition | None, on: frozenset[Thing]) -> Ways:
        scenario = self._scenario
        match condition:
            case None | TimeIs():
                return (NOTHING,)
            case AllOf():
                ways: Ways = (NOTHING,)
                for part in condition.all:
                    ways = both_of(ways, self._condition(part, on))
                return ways
            case AnyOf():
                return first(way for part in condition.any for way in self._condition(part, on))
            case Not():
                return self._absent(condition.not_, on)
            case FactIs():
                values = (condition.is_,) if isinstance(condition.is_, str) else condition.is_
                return tuple(Demand(facts=((condition.fact, value),)) for value in values)
            case FlagIsSet():
                return self._thing(things.flag(condition.flag), on)
            case IndicatorIs():
                return self._indicator(condition)
            case Chose():
                put = scenario.decisions_by_id[condition.chose]
                options = _options(put, condition)
                return first(way for one in options for way in self._thing(things.option(put.id, one), on))
            case Lapsed():
                return self._thing(things.option(condition.lapsed), on)
            case Released():
                return self._thing(things.inject(condition.released), on)
            case Did():
                return self._did(condition, on)
            case Knows():
                return self._thing(things.evidence(condition.team, condition.knows), on)
            case Requested():
                return self._requested(condition, on)

    def _absent(self, condition: Condition, on: frozenset[Thing]) -> Ways:
        """What has to be so that a condition does not hold; most of it is left to chance."""
        match condition:
            case AllOf():
                return first(way for part in condition.all for way in self._absent(part, on))
            case AnyOf():
                ways: Ways = (NOTHING,)
                for part in condition.any:
                    ways = both_of(ways, self._absent(part, on))
                return ways
            case Not():
                return self._condition(condition.not_, on)
            case FactIs():
                values = (condition.is_,) if isinstance(condition.is_, str) else condition.is_
                fact = next(fact for fact in self._scenario.facts if fact.id == condition.fact)
                others = (value.value for value in fact.values if value.value not in values)
                return tuple(Demand(facts=((fact.id, value),)) for value in others)
            case Chose():
                put = self._scenario.decisions_by_id[condition.chose]
                not_these = _options(put, condition)
                others = (one for one in (*(option.id for option in put.options), LAPSE) if one not in not_these)
                return (*(Demand(answers=((put.id, one),)) for one in islice(others, MOST - 1)), NOTHING)
            case FlagIsSet():
                setters = [things.ids_of(t) for t, _ in self._raises.get(condition.flag, ())]
                avoid = {ids[0]: ids[1] for ids in setters if len(ids) > 1 and ids[0] in self._scenario.decisions_by_id}
                instead = tuple(
                    (id, next((one.id for one in self._scenario.decisions_by_id[id].options if one.id != bad), LAPSE))
                    for id, bad in avoid.items()
                )
                return (Demand(answers=tuple(sorted(instead))), NOTHING) if instead else (NOTHING,)
            case Released():
                row, this = self._scenario.injects_by_id[condition.released], f"absent:{condition.released}"
                return (NOTHING,) if row.when is None or this in on else self._absent(row.when, on | {this})
            case IndicatorIs():
                bounds = {"at_least": condition.below, "below": condition.at_least}
                return self._indicator(condition.model_copy(update=bounds))
            case _:
                return (NOTHING,)

    def _indicator(self, condition: IndicatorIs) -> Ways:
        """For every decision the answer that moves an indicator furthest the way it should go."""
        sign = 1 if condition.at_least is not None else -1
        gain: dict[str, dict[str, float]] = {}
        for thing, effect in self._moves.get(condition.indicator, ()):
            ids = things.ids_of(thing)
            if ids[0] in self._scenario.decisions_by_id and len(ids) > 1 and effect.by is not None:
                options = gain.setdefault(ids[0], {})
                options[ids[1]] = options.get(ids[1], 0.0) + sign * effect.by
        best = {}
        for id, options in gain.items():
            put = self._scenario.decisions_by_id[id]
            best[id] = max((*(one.id for one in put.options), LAPSE), key=lambda one: options.get(one, 0.0))
        return (Demand(answers=tuple(sorted(best.items()))), NOTHING)

    def _did(self, condition: Did, on: frozenset[Thing]) -> Ways:
        scenario = self._scenario
        bearers = (
            things.option(put.id, source)
            for put in scenario.decisions
            if put.team == condition.by
            for source, bearer in things.answers_of(put)
            for act in bearer.acts
            if act.act == condition.did and (condition.toward is None or condition.toward in act.toward)
        )
        asked = (
            way
            for form in scenario.request_kinds
            for step, acts in form.acts.items()
            if condition.did in acts
            for matter in scenario.matters
            if form.id in matter.kinds and condition.about in (None, matter.subject)
            for by in scenario.teams_by_id
            if condition.by in (by, condition.toward) or by == condition.by or matter.holder == condition.by
            for way in self._asking(Ask(by, matter.id, form.id, "", Step(step).value), on)
        )
        by_answer = (way for thing in bearers for way in self._thing(thing, on))
        return first(iter((*islice(by_answer, MOST), *islice(asked, MOST))))

    def _requested(self, condition: Requested, on: frozenset[Thing]) -> Ways:
        scenario = self._scenario
        by_team = (
            way
            for by in ((condition.by,) if condition.by else tuple(scenario.teams_by_id))
            for matter in scenario.matters
            if condition.about in (None, matter.id)
            for kind in matter.kinds
            if condition.asked in ("any", kind)
            for way in self._asking(Ask(by, matter.id, kind, condition.to or "", condition.came.value), on)
        )
        by_actor = (
            way
            for row in scenario.injects
            if row.request is not None and condition.by in (None, row.request.by)
            if condition.asked in ("any", row.request.kind) and condition.about in (None, row.request.matter)
            for way in self._came_with(row.id, row.request, condition.came.value, on)
        )
        if condition.about is None and condition.asked != "any":
            plain = tuple(
                Demand(asks=(Ask(by, "", condition.asked, condition.to or "", condition.came.value),))
                for by in ((condition.by,) if condition.by else scenario.teams_by_id)
                if by in scenario.teams_by_id
            )
        else:
            plain = ()
        return first(iter((*islice(by_team, MOST - 2), *islice(by_actor, MOST - 2), *plain)))

    def _came_with(self, inject: str, request: IncomingRequest, came: str, on: frozenset[Thing]) -> Ways:
        """Ways to have an actor's request come, and be answered as it should be."""
        asked = Demand(asks=(Ask(request.by, request.matter or "", request.kind, "", came),))
        return both_of(self._thing(things.inject(inject), on), (asked,))


def _bearers(scenario: Scenario) -> Iterator[tuple[Thing, tuple[Effect, ...]]]:
    """Everything that has effects."""
    for row in scenario.injects:
        yield things.inject(row.id), row.effects
    for put in scenario.decisions:
        for source, bearer in things.answers_of(put):
            yield things.option(put.id, source), bearer.effects
            for index, came in enumerate(bearer.consequences):
                yield things.consequence(put.id, source, index), came.effects
    for matter in scenario.matters:
        for index, made in enumerate(matter.outcomes):
            yield things.outcome(matter.id, index), made.effects
    for actor in scenario.actors:
        for index, reply in enumerate(actor.desk.replies if actor.desk else ()):
            yield things.reply(actor.id, index), reply.effects


def _takes(reply: Reply, kind: str, about: str, by: str) -> bool:
    """Whether a reply always takes what is asked so, and leaves nothing of it to those behind it."""
    fits = (not reply.kinds or kind in reply.kinds) and (not reply.about or about in reply.about)
    return fits and (not reply.by or by in reply.by) and reply.when is None


def _options(put: Decision, condition: Chose) -> tuple[str, ...]:
    if condition.option is None:
        return tuple(option.id for option in put.options)
    named = (condition.option,) if isinstance(condition.option, str) else condition.option
    return tuple(option.id for option in put.options if option.id in named)
