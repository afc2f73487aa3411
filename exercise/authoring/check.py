"""What `exercise check` finds beyond the form: names that do not exist, times outside the story, weak craft."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from exercise.authoring import craft
from exercise.authoring.nearest import did_you_mean
from exercise.authoring.problems import Path, Problem
from exercise.authoring.yaml_source import Source
from exercise.catalogue import load_catalogue, load_reference
from exercise.core.asked import FACILITATOR
from exercise.core.commitments import Model
from exercise.core.conditions import Condition, FactIs, parts_of, references
from exercise.core.scenario import Scenario
from exercise.core.script import (
    ChangeIndicator,
    ClearFlag,
    Effect,
    Lapse,
    Learn,
    ResponseOption,
    SetFlag,
)

_NAMES = {
    "team": "team",
    "party": "team or actor",
    "flag": "flag",
    "fact": "fact",
    "indicator": "indicator",
    "decision": "decision",
    "inject": "inject",
    "evidence": "piece of evidence",
    "commitment": "commitment of the catalogue",
    "instrument": "instrument of the catalogue",
    "threat": "threat of the catalogue",
    "move": "move",
}


def check(scenario: Scenario, source: Source) -> list[Problem]:
    """All errors and warnings of a scenario that has the right form; empty where it is sound."""
    checker = _Checker(scenario, source)
    checker.run()
    if not any(problem.severity == "error" for problem in checker.problems):
        checker.problems += craft.warnings(scenario, source, load_reference())
    return sorted(set(checker.problems))


class _Checker:
    def __init__(self, scenario: Scenario, source: Source) -> None:
        self.scenario = scenario
        self.source = source
        self.problems: list[Problem] = []
        catalogue = load_catalogue()
        self.known: Mapping[str, frozenset[str]] = {
            "team": frozenset(team.id for team in scenario.teams),
            "party": frozenset(scenario.names),
            "flag": frozenset(scenario.flags),
            "fact": frozenset(fact.id for fact in scenario.facts),
            "indicator": frozenset(scenario.indicators_by_id),
            "decision": frozenset(scenario.decisions_by_id),
            "inject": frozenset(scenario.injects_by_id),
            "evidence": frozenset(scenario.evidence_by_id),
            "commitment": frozenset(catalogue.commitments),
            "instrument": frozenset(catalogue.instruments),
            "threat": frozenset(catalogue.threats),
            "move": frozenset(move.id for move in scenario.moves),
        }
        self.actors = frozenset(catalogue.actors)

    def run(self) -> None:
        self._unique()
        self._cast()
        self._moves()
        for n, inject in enumerate(self.scenario.injects):
            path: Path = ("injects", n)
            self._schedule(inject, path)
            self._audience(inject.to, (*path, "to"))
            self._effects(inject.effects, (*path, "effects"))
        for n, decision in enumerate(self.scenario.decisions):
            self._decision(n)
            self._schedule(decision, ("decisions", n))
        for n, occasion in enumerate(self.scenario.occasions):
            path = ("occasions", n)
            self._name("team", occasion.team, (*path, "team"))
            self._condition(occasion.opens, (*path, "opens"))
            self._condition(occasion.unable, (*path, "unable"))
            self._all("party", occasion.toward, (*path, "toward"))
            self._all("commitment", occasion.commitments, (*path, "commitments"))
            if occasion.detector == "kept-condition":
                self._name("evidence", occasion.about or "", (*path, "about"))

    def _say(self, path: Path, text: str) -> None:
        self.problems.append(self.source.problem(path, text))

    def _name(self, kind: str, name: str, path: Path) -> None:
        if name not in self.known[kind]:
            near = did_you_mean(name, self.known[kind])
            self._say(path, f"there is no {_NAMES[kind]} '{name}'{near}")

    def _all(self, kind: str, names: Iterable[str], path: Path) -> None:
        for n, name in enumerate(names):
            self._name(kind, name, (*path, n))

    def _unique(self) -> None:
        lists = ("teams", "actors", "facts", "indicators", "evidence", "moves", "injects", "decisions", "occasions")
        for name in (*lists, "objectives"):
            items: tuple[Model, ...] = getattr(self.scenario, name)
            self._twice([getattr(item, "id", "") for item in items], (name,))
        for n, team in enumerate(self.scenario.teams):
            self._twice([role.id for role in team.roles], ("teams", n, "roles"))
        for n, fact in enumerate(self.scenario.facts):
            self._twice([value.value for value in fact.values], ("facts", n, "values"), "value")
        for n, decision in enumerate(self.scenario.decisions):
            self._twice([option.id for option in decision.options], ("decisions", n, "options"))
        for n, team in enumerate(self.scenario.teams):
            if team.id in ("all", FACILITATOR):
                self._say(("teams", n, "id"), f"'{team.id}' means something else already; call the team otherwise")
        both = {team.id for team in self.scenario.teams}
        for n, actor in enumerate(self.scenario.actors):
            if actor.id in both:
                self._say(("actors", n, "id"), f"'{actor.id}' is the id of a team too")

    def _twice(self, names: list[str], path: Path, key: str = "id") -> None:
        seen: set[str] = set()
        for n, name in enumerate(names):
            if name in seen:
                self._say((*path, n, key), f"'{name}' is used twice; every {key} in this list must be its own")
            seen.add(name)

    def _cast(self) -> None:
        scenario = self.scenario
        self._all("threat", scenario.threats, ("threats",))
        for n, team in enumerate(scenario.teams):
            for m, entry in enumerate(team.profile):
                self._name("instrument", entry.instrument, ("teams", n, "profile", m, "instrument"))
            for m, contact in enumerate(team.directory):
                self._name("party", contact.party, ("teams", n, "directory", m, "party"))
            if sum(role.leads for role in team.roles) > 1:
                self._say(("teams", n, "roles"), "only one role can lead a team")
        for n, actor in enumerate(scenario.actors):
            if actor.catalogue is not None and actor.catalogue not in self.actors:
                near = did_you_mean(actor.catalogue, self.actors)
                self._say(("actors", n, "catalogue"), f"there is no actor '{actor.catalogue}' in the catalogue{near}")
        for n, indicator in enumerate(scenario.indicators):
            if indicator.team is not None:
                self._name("team", indicator.team, ("indicators", n, "team"))
        for n, objective in enumerate(scenario.objectives):
            self._all("commitment", objective.commitments, ("objectives", n, "commitments"))
            for m, task in enumerate(objective.tasks):
                if task.team is not None:
                    self._name("team", task.team, ("objectives", n, "tasks", m, "team"))
        for n, question in enumerate(scenario.hot_wash):
            if question.team is not None:
                self._name("team", question.team, ("hot_wash", n, "team"))

    def _moves(self) -> None:
        moves = self.scenario.moves
        for n in range(1, len(moves)):
            if moves[n].starts < moves[n - 1].ends:
                self._say(("moves", n, "starts"), "this move starts before the one before it ends")

    def _schedule(self, row: Model, path: Path) -> None:
        last = self.scenario.moves[-1].ends
        for key in ("at", "deadline"):
            time = getattr(row, key, None)
            if time is not None and time > last:
                self._say((*path, key), "this time is after the end of the last move, so it never comes")
        move, minute = getattr(row, "move", None), getattr(row, "minute", None)
        if move is not None:
            self._name("move", move, (*path, "move"))
            for one in self.scenario.moves:
                if one.id == move and minute is not None and minute > one.minutes:
                    self._say((*path, "minute"), "this is after the move's last minute")
        follows = getattr(row, "follows", None)
        if follows is not None:
            self._name("inject", follows, (*path, "follows"))
        self._condition(getattr(row, "when", None), (*path, "when"))

    def _audience(self, audience: tuple[str, ...], path: Path) -> None:
        for n, address in enumerate(audience):
            team_id, _, role = address.partition("/")
            if address == "all":
                continue
            self._name("team", team_id, (*path, n))
            team = self.scenario.teams_by_id.get(team_id)
            roles = [r.id for r in team.roles] if team else []
            if role and team and role not in roles:
                self._say((*path, n), f"team '{team_id}' has no role '{role}'{did_you_mean(role, roles)}")

    def _condition(self, condition: Condition | None, path: Path) -> None:
        for kind, name in references(condition):
            self._name(kind, name, path)
        for part in parts_of(condition):
            if isinstance(part, FactIs):
                fact = next((f for f in self.scenario.facts if f.id == part.fact), None)
                values = [v.value for v in fact.values] if fact else []
                wanted = (part.is_,) if isinstance(part.is_, str) else part.is_
                for value in wanted:
                    if fact and value not in values:
                        self._say(path, f"fact '{part.fact}' has no value '{value}'{did_you_mean(value, values)}")
            chose, option = getattr(part, "chose", None), getattr(part, "option", None)
            decision = self.scenario.decisions_by_id.get(chose) if chose else None
            if decision is not None and option is not None:
                options = [o.id for o in decision.options] + ["free"]
                for name in (option,) if isinstance(option, str) else option:
                    if name not in options:
                        near = did_you_mean(name, options)
                        self._say(path, f"decision '{chose}' has no option '{name}'{near}")

    def _effects(self, effects: tuple[Effect, ...], path: Path) -> None:
        for n, effect in enumerate(effects):
            here = (*path, n)
            match effect:
                case ChangeIndicator():
                    self._name("indicator", effect.indicator, (*here, "indicator"))
                case SetFlag():
                    self._name("flag", effect.flag, (*here, "flag"))
                case ClearFlag():
                    self._name("flag", effect.clear, (*here, "clear"))
                case Learn():
                    self._name("evidence", effect.learn, (*here, "learn"))
                    self._name("team", effect.team, (*here, "team"))
            self._condition(effect.when, (*here, "when"))

    def _decision(self, n: int) -> None:
        decision = self.scenario.decisions[n]
        path: Path = ("decisions", n)
        self._name("team", decision.team, (*path, "team"))
        team = self.scenario.teams_by_id.get(decision.team)
        if decision.role is not None and team and decision.role not in [role.id for role in team.roles]:
            near = did_you_mean(decision.role, [role.id for role in team.roles])
            self._say((*path, "role"), f"team '{team.id}' has no role '{decision.role}'{near}")
        if decision.window <= 0:
            self._say((*path, "window"), "a window of no minutes can never be answered")
        self._all("commitment", decision.timely, (*path, "timely"))
        for m, option in enumerate(decision.options):
            self._outcome(option, (*path, "options", m))
            self._condition(option.available, (*path, "options", m, "available"))
            self._all("commitment", option.repairs, (*path, "options", m, "repairs"))
        self._outcome(decision.lapse, (*path, "lapse"))

    def _outcome(self, outcome: ResponseOption | Lapse, path: Path) -> None:
        for n, tag in enumerate(outcome.conduct):
            here = (*path, "conduct", n)
            self._name("commitment", tag.commitment, (*here, "commitment"))
            for key in ("when", "returned", "told"):
                condition = getattr(tag, key)
                self._condition(condition, (*here, key))
                if any(isinstance(part, FactIs) for part in parts_of(condition)):
                    self._say((*here, key), "a mark never depends on a hidden fact; use what the team knew or did")
        for n, act in enumerate(outcome.acts):
            self._all("party", act.toward, (*path, "acts", n, "toward"))
        self._effects(outcome.effects, (*path, "effects"))
        for n, consequence in enumerate(outcome.consequences):
            here = (*path, "consequences", n)
            self._condition(consequence.when, (*here, "when"))
            self._audience(consequence.to, (*here, "to"))
            self._effects(consequence.effects, (*here, "effects"))


def counts(scenario: Scenario) -> Iterator[tuple[str, int]]:
    """What a scenario holds, for the line that `check` prints when all is well."""
    yield "teams", len(scenario.teams)
    yield "moves", len(scenario.moves)
    yield "injects", len(scenario.injects)
    kinds = Counter(decision.kind for decision in scenario.decisions)
    yield "dilemmas", kinds["dilemma"]
    yield "quick decisions", kinds["quick"]
    yield "occasions", len(scenario.occasions)
    yield "minutes of play", scenario.minutes
