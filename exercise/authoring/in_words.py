"""What triggers and conditions of a scenario say, in words for a facilitator who has only paper left."""

from __future__ import annotations

from datetime import timedelta

from exercise.core import conditions as c
from exercise.core.requests.kinds import Handling
from exercise.core.requests.matters import Outcome
from exercise.core.scenario import Scenario
from exercise.core.script import ChangeIndicator, ClearFlag, Effect, Learn, Scheduled
from exercise.core.times import format_duration, tell_exercise_time


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
        return f"{tell_exercise_time(exercise)} · {day:%a} {day.day} {day:%b}, {day:%H:%M}"

    def addressed(self, to: tuple[str, ...]) -> str:
        """Whom a message is for; fit for anybody who gets it."""
        return ", ".join(map(self._address, to))

    def due(self, row: Scheduled) -> str:
        """When a row comes, without what it depends on."""
        if row.at is not None:
            return self.time(row.at)
        if row.move is not None:
            return f"Move {self._moves.get(row.move, row.move)}, minute {(row.minute or 0) // 60}"
        if row.follows is not None:
            return f"with inject {self._numbers.get(row.follows, row.follows)}"
        return "on a condition"

    def condition(self, condition: c.Condition | None) -> str:
        """What has to hold."""
        match condition:
            case None:
                return ""
            case c.AllOf():
                return "; and ".join(map(self._inside, condition.all))
            case c.AnyOf():
                return "; or ".join(map(self._inside, condition.any))
            case c.Not():
                return f"not: {self._inside(condition.not_)}"
            case c.FlagIsSet():
                return self._flag(condition.flag)
            case c.FactIs():
                values = (condition.is_,) if isinstance(condition.is_, str) else condition.is_
                return f"hidden fact “{self._facts.get(condition.fact, condition.fact)}” is {' or '.join(values)}"
            case c.IndicatorIs():
                found = self._scenario.indicators_by_id.get(condition.indicator)
                bounds = (
                    f"at {condition.at_least:g} or above" if condition.at_least is not None else "",
                    f"below {condition.below:g}" if condition.below is not None else "",
                )
                return f"{found.name if found else condition.indicator} {' and '.join(filter(None, bounds))}"
            case c.Chose():
                return self._chose(condition)
            case c.Lapsed():
                return f"{self._decision(condition.lapsed)} was left unanswered"
            case c.Released():
                return f"inject {self._numbers.get(condition.released, condition.released)} is out"
            case c.TimeIs():
                start, end = condition.time.from_, condition.time.until
                parts = (
                    f"from {tell_exercise_time(start)}" if start is not None else "",
                    f"before {tell_exercise_time(end)}" if end is not None else "",
                )
                return " ".join(filter(None, parts)) or "at any time"
            case c.Did():
                return self._did(condition)
            case c.Knows():
                piece = self._scenario.evidence_by_id.get(condition.knows)
                return f"{self._party(condition.team)} holds “{piece.title if piece else condition.knows}”"
            case c.Requested():
                return self._requested(condition)

    def effects(self, effects: tuple[Effect, ...]) -> tuple[str, ...]:
        """What changes, one line each."""
        return tuple(self._effect(effect) + self._if(effect.when) for effect in effects)

    def outcome(self, outcome: Outcome) -> str:
        """At which step of a request something comes of it."""
        kinds = " or ".join(self._kind(kind) for kind in outcome.kinds)
        by = " or ".join(map(self._party, outcome.by))
        return f"{outcome.on.value}{f', {kinds}' if kinds else ''}{f', asked by {by}' if by else ''}" + self._if(
            outcome.when
        )

    def handling(self, handling: Handling | None) -> str:
        """Under which conditions something is given; fit for whoever gets it."""
        if handling is None:
            return ""
        use = "" if handling.purpose.value == "any" else f"for {handling.purpose.value}"
        return "; ".join(filter(None, (f"TLP:{handling.tlp.value.upper()}", use, handling.words)))

    def after(self, seconds: int) -> str:
        """How long after an answer something comes."""
        return f"after {format_duration(seconds)}" if seconds else "at once"

    def _inside(self, condition: c.Condition) -> str:
        said = self.condition(condition)
        return f"({said})" if isinstance(condition, c.AllOf | c.AnyOf) else said

    def _if(self, condition: c.Condition | None) -> str:
        return f", if {self.condition(condition)}" if condition is not None else ""

    def _address(self, address: str) -> str:
        if address == "all":
            return "Everyone"
        team_id, _, role_id = address.partition("/")
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
            return f"{self._decision(condition.chose)} was answered"
        letters = {option.id: chr(65 + place) for place, option in enumerate(found.options)} if found else {}
        said = " or ".join("an own proposal" if option == "free" else letters.get(option, option) for option in wanted)
        return f"{self._decision(condition.chose)} was answered by {said}"

    def _did(self, condition: c.Did) -> str:
        toward = f" toward {self._party(condition.toward)}" if condition.toward else ""
        level = f" at {condition.level.value} level" if condition.level else ""
        about = f" about {condition.about}" if condition.about else ""
        return f"{self._party(condition.by)}: {condition.did.value.replace('-', ' ')}{toward}{level}{about}"

    def _requested(self, condition: c.Requested) -> str:
        kind = "a request" if condition.asked == "any" else f"request “{self._kind(condition.asked)}”"
        by = f" by {self._party(condition.by)}" if condition.by else ""
        to = f" to {self._party(condition.to)}" if condition.to else ""
        matter = self._scenario.matters_by_id.get(condition.about or "")
        about = f" about “{matter.title}”" if matter else ""
        return f"{kind}{by}{to}{about} was {condition.came.value.replace('-', ' ')}"

    def _effect(self, effect: Effect) -> str:
        match effect:
            case ChangeIndicator():
                found = self._scenario.indicators_by_id.get(effect.indicator)
                name = found.name if found else effect.indicator
                return f"{name} {effect.by:+g}" if effect.by is not None else f"{name} becomes {effect.to:g}"
            case ClearFlag():
                return f"no longer: {self._flag(effect.clear)}"
            case Learn():
                piece = self._scenario.evidence_by_id.get(effect.learn)
                return f"{self._party(effect.team)} now holds “{piece.title if piece else effect.learn}”"
            case _:
                return f"now: {self._flag(effect.flag)}"
