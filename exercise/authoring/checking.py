"""What every part of the check shares: the names that a scenario knows, and how a wrong one is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from exercise.authoring.nearest import did_you_mean, or_known
from exercise.authoring.problems import Path, Problem
from exercise.authoring.yaml_source import Source
from exercise.catalogue import load_catalogue
from exercise.catalogue.requests import load_requests
from exercise.core.conditions import AllOf, AnyOf, Chose, Condition, FactIs, Not, Requested, parts_of, references
from exercise.core.requests.kinds import Channel, RequestKind
from exercise.core.scenario import Scenario
from exercise.core.script import ChangeIndicator, ClearFlag, Effect, Learn, SetFlag

_NAMES = {
    "team": "team",
    "party": "team or actor",
    "actor": "actor",
    "flag": "flag",
    "fact": "fact",
    "indicator": "indicator",
    "decision": "decision",
    "inject": "inject",
    "evidence": "piece of evidence",
    "matter": "matter",
    "kind": "kind of request",
    "channel": "channel of requests",
    "commitment": "commitment of the catalogue",
    "instrument": "instrument of the catalogue",
    "threat": "threat of the catalogue",
    "move": "move",
}
_HINTS = {
    "kind": "; `exercise commitments --kinds` lists those of the catalogue",
    "commitment": "; `exercise commitments` lists them all",
    "threat": "; `exercise commitments --threats` lists them all",
}


def own_kinds(scenario: Scenario) -> list[RequestKind]:
    """The kinds of request that the author wrote, in the order of the file; the rest is the catalogue's."""
    book = load_requests().kinds
    return [kind for kind in scenario.request_kinds if book.get(kind.id) is not kind]


def own_channels(scenario: Scenario) -> list[Channel]:
    """The channels that the author wrote, in the order of the file."""
    book = load_requests().channels
    return [channel for channel in scenario.request_channels if book.get(channel.id) is not channel]


class Checking:
    """A scenario under check with the problems found so far; whoever checks a part of it says them here."""

    def __init__(self, scenario: Scenario, source: Source) -> None:
        self.scenario = scenario
        self.source = source
        self.problems: list[Problem] = []
        catalogue = load_catalogue()
        self.known: Mapping[str, frozenset[str]] = {
            "team": frozenset(team.id for team in scenario.teams),
            "party": frozenset(scenario.names),
            "actor": frozenset(scenario.actors_by_id),
            "flag": frozenset(scenario.flags),
            "fact": frozenset(fact.id for fact in scenario.facts),
            "indicator": frozenset(scenario.indicators_by_id),
            "decision": frozenset(scenario.decisions_by_id),
            "inject": frozenset(scenario.injects_by_id),
            "evidence": frozenset(scenario.evidence_by_id),
            "matter": frozenset(scenario.matters_by_id),
            "kind": frozenset(scenario.kinds_by_id),
            "channel": frozenset(scenario.channels_by_id),
            "commitment": frozenset(catalogue.commitments),
            "instrument": frozenset(catalogue.instruments),
            "threat": frozenset(catalogue.threats),
            "move": frozenset(move.id for move in scenario.moves),
        }

    def say(self, path: Path, text: str) -> None:
        """An error at a place of the file."""
        self.problems.append(self.source.problem(path, text))

    def name(self, what: str, name: str, path: Path) -> None:
        """An error where there is nothing of this name."""
        if name not in self.known[what]:
            near = did_you_mean(name, self.known[what]) or _HINTS.get(what, "")
            if what == "channel" and not near:
                near = f"; known are: {', '.join(self.scenario.channels_by_id)}"
            if what == "instrument" and not near:
                texts = dict.fromkeys(clause.instrument for clause in load_catalogue().commitments.values())
                near = f"; known are: {', '.join(texts)}"
            near = near or or_known(name, self.known[what])
            self.say(path, f"there is no {_NAMES[what]} '{name}'{near}")

    def names(self, what: str, names: Iterable[str], path: Path) -> None:
        """The same for each name of a list."""
        for n, name in enumerate(names):
            self.name(what, name, (*path, n))

    def twice(self, names: list[str], path: Path, key: str = "id") -> None:
        """An error where two items of a list have one name."""
        seen: set[str] = set()
        for n, name in enumerate(names):
            if name in seen:
                self.say((*path, n, key), f"'{name}' is used twice; every {key} in this list must be its own")
            seen.add(name)

    def audience(self, audience: tuple[str, ...], path: Path) -> None:
        """Errors where a message goes to nobody."""
        for n, address in enumerate(audience):
            team_id, _, role = address.partition("/")
            if address == "all":
                continue
            if address in ("everybody", "everyone") and address not in self.known["team"]:
                self.say((*path, n), f"there is no team '{address}'; did you mean 'all'?")
                continue
            team = self.scenario.teams_by_id.get(team_id)
            if team is None and not role and (seats := self._seats(team_id)):
                self.say((*path, n), f"'{address}' is a role and stands behind its team: {' or '.join(seats)}")
                continue
            self.name("team", team_id, (*path, n))
            roles = [r.id for r in team.roles] if team else []
            if role and team and role not in roles:
                self.say((*path, n), f"team '{team_id}' has no role '{role}'{or_known(role, roles)}")

    def _seats(self, role: str) -> list[str]:
        return [f"{team.id}/{role}" for team in self.scenario.teams if role in [own.id for own in team.roles]]

    def condition(self, condition: Condition | None, path: Path) -> None:
        """Errors where a condition names what is not there."""
        if condition is None:
            return  # As with most that may have one.
        for part in parts_of(condition):
            if not isinstance(part, AllOf | AnyOf | Not):
                for what, name in references(part):
                    # An actor asks too, by an inject; and that a condition reads requests at all is no name.
                    if what != "request":
                        self.name("party" if isinstance(part, Requested) and what == "team" else what, name, path)
            if isinstance(part, FactIs):
                self._fact(part, path)
            elif isinstance(part, Chose):
                self._choice(part, path)

    def _fact(self, part: FactIs, path: Path) -> None:
        fact = next((f for f in self.scenario.facts if f.id == part.fact), None)
        values = [v.value for v in fact.values] if fact else []
        for value in (part.is_,) if isinstance(part.is_, str) else part.is_:
            if fact and value not in values:
                self.say(path, f"fact '{part.fact}' has no value '{value}'{or_known(value, values)}")

    def _choice(self, part: Chose, path: Path) -> None:
        decision = self.scenario.decisions_by_id.get(part.chose)
        if decision is None or part.option is None:
            return
        options = [option.id for option in decision.options] + ["free"]
        for name in (part.option,) if isinstance(part.option, str) else part.option:
            if name not in options:
                self.say(path, f"decision '{part.chose}' has no option '{name}'{or_known(name, options)}")

    def effects(self, effects: tuple[Effect, ...], path: Path) -> None:
        """Errors where an effect changes what is not there."""
        for n, effect in enumerate(effects):
            here = (*path, n)
            match effect:
                case ChangeIndicator():
                    self.name("indicator", effect.indicator, (*here, "indicator"))
                case SetFlag():
                    self.name("flag", effect.flag, (*here, "flag"))
                case ClearFlag():
                    self.name("flag", effect.clear, (*here, "clear"))
                case Learn():
                    self.name("evidence", effect.learn, (*here, "learn"))
                    self.name("team", effect.team, (*here, "team"))
            self.condition(effect.when, (*here, "when"))
