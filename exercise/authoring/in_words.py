"""What triggers and conditions of a scenario say, in words for a facilitator who has only paper left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from exercise.core import conditions as c
from exercise.core.requests.kinds import Handling
from exercise.core.requests.matters import Outcome
from exercise.core.scenario import Scenario
from exercise.core.script import ChangeIndicator, ClearFlag, Effect, Learn, Scheduled
from exercise.core.times import MONTHS, WEEKDAYS, format_duration, tell_exercise_time
from exercise.language import _


class InWords:
    """Says the parts of one scenario, all of it for the facilitator only unless a method says otherwise."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._numbers = {inject.id: number for number, inject in enumerate(scenario.injects, 1)}
        self._moves = {move.id: number for number, move in enumerate(scenario.moves, 1)}
        self._facts = {fact.id: fact.title for fact in scenario.facts}

    def time(self, exercise: int) -> str:
        """`T+1:30 · Tue 15 Oct, 07:30`; fit for anybody."""
        day = self._scenario.date + timedelta(seconds=exercise)
        said = _("{weekday} {day} {month}, {time}").format(
            weekday=_(WEEKDAYS[day.weekday()]), day=day.day, month=_(MONTHS[day.month - 1]), time=f"{day:%H:%M}"
        )
        return f"{tell_exercise_time(exercise)} · {said}"

    def addressed(self, to: tuple[str, ...]) -> str:
        """Whom a message is for; fit for anybody who gets it."""
        return ", ".join(map(self._address, to))

    def due(self, row: Scheduled) -> str:
        """When a row comes, without what it depends on."""
        if row.at is not None:
            return self.time(row.at)
        if row.move is not None:
            return _("Move {number}, minute {minute}").format(
                number=self._moves.get(row.move, row.move), minute=(row.minute or 0) // 60
            )
        if row.follows is not None:
            return _("with inject {number}").format(number=self._numbers.get(row.follows, row.follows))
        return _("on a condition")

    def condition(self, condition: c.Condition | None) -> str:
        """What has to hold."""
        match condition:
            case None:
                return ""
            case c.AllOf():
                return _("; and ").join(map(self._inside, condition.all))
            case c.AnyOf():
                return _("; or ").join(map(self._inside, condition.any))
            case c.Not():
                return _("not: {condition}").format(condition=self._inside(condition.not_))
            case c.FlagIsSet():
                return self._flag(condition.flag)
            case c.FactIs():
                values = (condition.is_,) if isinstance(condition.is_, str) else condition.is_
                return _("hidden fact “{fact}” is {value}").format(
                    fact=self._facts.get(condition.fact, condition.fact), value=_either(values)
                )
            case c.IndicatorIs():
                found = self._scenario.indicators_by_id.get(condition.indicator)
                bounds = (
                    _("at {value:g} or above").format(value=condition.at_least)
                    if condition.at_least is not None
                    else "",
                    _("below {value:g}").format(value=condition.below) if condition.below is not None else "",
                )
                within = f" {_('and')} ".join(filter(None, bounds))
                return f"{found.name if found else condition.indicator} {within}"
            case c.Chose():
                return self._chose(condition)
            case c.Lapsed():
                return _("{decision} was left unanswered").format(decision=self._decision(condition.lapsed))
            case c.Released():
                return _("inject {number} is out").format(
                    number=self._numbers.get(condition.released, condition.released)
                )
            case c.TimeIs():
                start, end = condition.time.from_, condition.time.until
                parts = (
                    _("from {time}").format(time=tell_exercise_time(start)) if start is not None else "",
                    _("before {time}").format(time=tell_exercise_time(end)) if end is not None else "",
                )
                return " ".join(filter(None, parts)) or _("at any time")
            case c.Did():
                return self._did(condition)
            case c.Knows():
                piece = self._scenario.evidence_by_id.get(condition.knows)
                return _("{party} holds “{evidence}”").format(
                    party=self._party(condition.team), evidence=piece.title if piece else condition.knows
                )
            case c.Requested():
                return self._requested(condition)

    def effects(self, effects: tuple[Effect, ...]) -> tuple[str, ...]:
        """What changes, one line each."""
        return tuple(self._effect(effect) + self._if(effect.when) for effect in effects)

    def outcome(self, outcome: Outcome) -> str:
        """At which step of a request something comes of it."""
        kinds = _either(self._kind(kind) for kind in outcome.kinds)
        by = _("asked by {party}").format(party=_either(map(self._party, outcome.by))) if outcome.by else ""
        return ", ".join(filter(None, (_(outcome.on.value), kinds, by))) + self._if(outcome.when)

    def handling(self, handling: Handling | None) -> str:
        """Under which conditions something is given; fit for whoever gets it."""
        if handling is None:
            return ""
        use = "" if handling.purpose.value == "any" else _("for {purpose}").format(purpose=_(handling.purpose.value))
        return "; ".join(filter(None, (f"TLP:{handling.tlp.value.upper()}", use, handling.words)))

    def after(self, seconds: int) -> str:
        """How long after an answer something comes."""
        return _("after {time}").format(time=format_duration(seconds)) if seconds else _("at once")

    def _inside(self, condition: c.Condition) -> str:
        said = self.condition(condition)
        return f"({said})" if isinstance(condition, c.AllOf | c.AnyOf) else said

    def _if(self, condition: c.Condition | None) -> str:
        return ", " + _("if {condition}").format(condition=self.condition(condition)) if condition is not None else ""

    def _address(self, address: str) -> str:
        if address == "all":
            return _("Everyone")
        team_id, _slash, role_id = address.partition("/")
        team = self._scenario.teams_by_id.get(team_id)
        if team is None:
            return address
        role = next((role.name for role in team.roles if role.id == role_id), role_id)
        return f"{team.short}: {role}" if role_id else team.short

    def _party(self, party: str) -> str:
        return self._scenario.names.get(party, party)

    def _flag(self, flag: str) -> str:
        # Authors write a sentence; here it stands inside another.
        return self._scenario.flags.get(flag, flag).rstrip(".")

    def _kind(self, kind: str) -> str:
        found = self._scenario.kinds_by_id.get(kind)
        return found.name if found else kind

    def _decision(self, id: str) -> str:
        found = self._scenario.decisions_by_id.get(id)
        return f"“{found.title}” ({self._party(found.team)})" if found else id

    def _chose(self, condition: c.Chose) -> str:
        found = self._scenario.decisions_by_id.get(condition.chose)
        wanted = (condition.option,) if isinstance(condition.option, str) else condition.option
        if wanted is None:
            return _("{decision} was answered").format(decision=self._decision(condition.chose))
        letters = {option.id: chr(65 + place) for place, option in enumerate(found.options)} if found else {}
        said = _either(_("an own proposal") if option == "free" else letters.get(option, option) for option in wanted)
        return _("{decision} was answered by {answer}").format(decision=self._decision(condition.chose), answer=said)

    def _did(self, condition: c.Did) -> str:
        parts = (
            _(condition.did.value.replace("-", " ")),
            _("toward {party}").format(party=self._party(condition.toward)) if condition.toward else "",
            _("at {level} level").format(level=_(condition.level.value)) if condition.level else "",
            _("about {matter}").format(matter=condition.about) if condition.about else "",
        )
        return f"{self._party(condition.by)}: {' '.join(filter(None, parts))}"

    def _requested(self, condition: c.Requested) -> str:
        matter = self._scenario.matters_by_id.get(condition.about or "")
        kind = self._kind(condition.asked)
        parts = (
            _("a request") if condition.asked == "any" else _("request “{kind}”").format(kind=kind),
            _("by {party}").format(party=self._party(condition.by)) if condition.by else "",
            _("to {party}").format(party=self._party(condition.to)) if condition.to else "",
            _("about “{matter}”").format(matter=matter.title) if matter else "",
            _("was {step}").format(step=_(condition.came.value.replace("-", " "))),
        )
        return " ".join(filter(None, parts))

    def _effect(self, effect: Effect) -> str:
        match effect:
            case ChangeIndicator():
                found = self._scenario.indicators_by_id.get(effect.indicator)
                name = found.name if found else effect.indicator
                if effect.by is not None:
                    return f"{name} {effect.by:+g}"
                return _("{indicator} becomes {value:g}").format(indicator=name, value=effect.to)
            case ClearFlag():
                return _("no longer: {flag}").format(flag=self._flag(effect.clear))
            case Learn():
                piece = self._scenario.evidence_by_id.get(effect.learn)
                return _("{party} now holds “{evidence}”").format(
                    party=self._party(effect.team), evidence=piece.title if piece else effect.learn
                )
            case _:
                return _("now: {flag}").format(flag=self._flag(effect.flag))


def _either(names: Iterable[str]) -> str:
    return f" {_('or')} ".join(names)
