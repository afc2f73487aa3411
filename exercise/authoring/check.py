"""What `exercise check` finds beyond the form: names that do not exist, times outside the story, weak craft."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from exercise.authoring import craft, craft_requests
from exercise.authoring.check_requests import check_requests
from exercise.authoring.checking import Checking
from exercise.authoring.inside import records
from exercise.authoring.nearest import did_you_mean, or_known
from exercise.authoring.problems import Path, Problem
from exercise.authoring.yaml_source import Source
from exercise.catalogue import load_catalogue, load_reference
from exercise.core.asked import FACILITATOR
from exercise.core.commitments import Model
from exercise.core.conditions import FactIs, parts_of
from exercise.core.scenario import Scenario
from exercise.core.script import Inject, Lapse, ResponseOption
from exercise.core.times import format_duration, format_exercise_time


def check(scenario: Scenario, source: Source) -> list[Problem]:
    """All errors and warnings of a scenario that has the right form; empty where it is sound."""
    checker = _Checker(scenario, source)
    checker.run()
    if not any(problem.severity == "error" for problem in checker.problems):
        every = records(scenario)
        found = [*craft.warnings(scenario, load_reference(), every), *craft_requests.warnings(scenario, every)]
        checker.problems += [source.problem(path, text, "warning") for path, text in found]
    return sorted(set(checker.problems))


class _Checker(Checking):
    def run(self) -> None:
        self._unique()
        self._cast()
        self._moves()
        for n, inject in enumerate(self.scenario.injects):
            path: Path = ("injects", n)
            self._schedule(inject, path)
            self.audience(inject.to, (*path, "to"))
            self.effects(inject.effects, (*path, "effects"))
        for n, decision in enumerate(self.scenario.decisions):
            self._decision(n)
            self._schedule(decision, ("decisions", n))
        for n, occasion in enumerate(self.scenario.occasions):
            path = ("occasions", n)
            self.name("team", occasion.team, (*path, "team"))
            self.condition(occasion.opens, (*path, "opens"))
            self.condition(occasion.unable, (*path, "unable"))
            self.names("party", occasion.toward, (*path, "toward"))
            if occasion.team in occasion.toward:
                self.say((*path, "toward"), f"'{occasion.team}' is the team itself; name those toward whom it acts")
            if occasion.until <= self.scenario.moves[0].starts:
                self.say((*path, "until"), "this time is before the first move begins, so the team could do nothing")
            self.names("commitment", occasion.commitments, (*path, "commitments"))
            if occasion.detector == "kept-condition":
                self.name("evidence", occasion.about or "", (*path, "about"))
        check_requests(self)

    def _unique(self) -> None:
        lists = ("teams", "actors", "facts", "indicators", "evidence", "matters", "moves", "injects", "decisions")
        for name in (*lists, "occasions", "objectives"):
            items: tuple[Model, ...] = getattr(self.scenario, name)
            self.twice([getattr(item, "id", "") for item in items], (name,))
        for n, team in enumerate(self.scenario.teams):
            self.twice([role.id for role in team.roles], ("teams", n, "roles"))
        for n, fact in enumerate(self.scenario.facts):
            self.twice([value.value for value in fact.values], ("facts", n, "values"), "value")
        for n, decision in enumerate(self.scenario.decisions):
            self.twice([option.id for option in decision.options], ("decisions", n, "options"))
        for n, team in enumerate(self.scenario.teams):
            if team.id in ("all", FACILITATOR):
                self.say(("teams", n, "id"), f"'{team.id}' means something else already; call the team otherwise")
        both = {team.id for team in self.scenario.teams}
        for n, actor in enumerate(self.scenario.actors):
            if actor.id in ("all", FACILITATOR):
                self.say(("actors", n, "id"), f"'{actor.id}' means something else already; call the actor otherwise")
            if actor.id in both:
                self.say(("actors", n, "id"), f"'{actor.id}' is the id of a team too")

    def _cast(self) -> None:
        scenario = self.scenario
        self.names("threat", scenario.threats, ("threats",))
        for n, team in enumerate(scenario.teams):
            for m, entry in enumerate(team.profile):
                self.name("instrument", entry.instrument, ("teams", n, "profile", m, "instrument"))
            for m, contact in enumerate(team.directory):
                self.name("party", contact.party, ("teams", n, "directory", m, "party"))
            if sum(role.leads for role in team.roles) > 1:
                self.say(("teams", n, "roles"), "only one role can lead a team")
        actors = load_catalogue().actors
        for n, actor in enumerate(scenario.actors):
            if actor.catalogue is not None and actor.catalogue not in actors:
                near = did_you_mean(actor.catalogue, actors)
                self.say(("actors", n, "catalogue"), f"there is no actor '{actor.catalogue}' in the catalogue{near}")
        for n, indicator in enumerate(scenario.indicators):
            if indicator.team is not None:
                self.name("team", indicator.team, ("indicators", n, "team"))
        for n, objective in enumerate(scenario.objectives):
            self.names("commitment", objective.commitments, ("objectives", n, "commitments"))
            for m, task in enumerate(objective.tasks):
                if task.team is not None:
                    self.name("team", task.team, ("objectives", n, "tasks", m, "team"))
        for n, question in enumerate(scenario.hot_wash):
            if question.team is not None:
                self.name("team", question.team, ("hot_wash", n, "team"))

    def _moves(self) -> None:
        moves = self.scenario.moves
        for n in range(1, len(moves)):
            if moves[n].starts < moves[n - 1].ends:
                ends = format_exercise_time(moves[n - 1].ends)
                self.say(("moves", n, "starts"), f"this move starts before the one before it ends, at {ends}")

    def _schedule(self, row: Model, path: Path) -> None:
        last = self.scenario.moves[-1].ends
        for key in ("at", "deadline"):
            time = getattr(row, key, None)
            if time is not None and time > last:
                after = f"this time is after the end of the last move, {format_exercise_time(last)}, so it never comes"
                self.say((*path, key), after)
        move, minute = getattr(row, "move", None), getattr(row, "minute", None)
        if move is not None:
            self.name("move", move, (*path, "move"))
            for one in self.scenario.moves:
                if one.id == move and minute is not None and minute > one.minutes:
                    ended = f"this is after the move's last minute: '{move}' takes {format_duration(one.minutes)}"
                    self.say((*path, "minute"), ended)
        follows = getattr(row, "follows", None)
        if follows is not None:
            self.name("inject", follows, (*path, "follows"))
            self._in_a_ring(row, follows, path)
        self.condition(getattr(row, "when", None), (*path, "when"))

    def _in_a_ring(self, row: Model, follows: str, path: Path) -> None:
        """An error where an inject waits for itself, at once or round others: none of them can ever be the first."""
        way = [getattr(row, "id", "")]
        while (before := self.scenario.injects_by_id.get(follows)) is not None and follows not in way:
            way.append(follows)
            if before.follows is None:
                return
            follows = before.follows
        first = next((inject.id for inject in self.scenario.injects if inject.id in way), "")
        if isinstance(row, Inject) and follows == row.id == first:
            round = " → ".join([*way, row.id])
            self.say((*path, "follows"), f"an inject cannot follow itself, so this never comes: {round}")

    def _decision(self, n: int) -> None:
        decision = self.scenario.decisions[n]
        path: Path = ("decisions", n)
        self.name("team", decision.team, (*path, "team"))
        team = self.scenario.teams_by_id.get(decision.team)
        if decision.role is not None and team and decision.role not in [role.id for role in team.roles]:
            near = or_known(decision.role, [role.id for role in team.roles])
            self.say((*path, "role"), f"team '{team.id}' has no role '{decision.role}'{near}")
        if decision.window <= 0:
            self.say((*path, "window"), "a window of no minutes can never be answered")
        self.names("commitment", decision.timely, (*path, "timely"))
        for m, option in enumerate(decision.options):
            self._outcome(option, (*path, "options", m))
            self.condition(option.available, (*path, "options", m, "available"))
            self.names("commitment", option.repairs, (*path, "options", m, "repairs"))
        self._outcome(decision.lapse, (*path, "lapse"))

    def _outcome(self, outcome: ResponseOption | Lapse, path: Path) -> None:
        for n, tag in enumerate(outcome.conduct):
            here = (*path, "conduct", n)
            self.name("commitment", tag.commitment, (*here, "commitment"))
            for key in ("when", "returned", "told"):
                if (condition := getattr(tag, key)) is None:
                    continue
                self.condition(condition, (*here, key))
                if any(isinstance(part, FactIs) for part in parts_of(condition)):
                    self.say((*here, key), "a mark never depends on a hidden fact; use what the team knew or did")
        for n, act in enumerate(outcome.acts):
            self.names("party", act.toward, (*path, "acts", n, "toward"))
        self.effects(outcome.effects, (*path, "effects"))
        for n, consequence in enumerate(outcome.consequences):
            here = (*path, "consequences", n)
            self.condition(consequence.when, (*here, "when"))
            self.audience(consequence.to, (*here, "to"))
            self.effects(consequence.effects, (*here, "effects"))


def counts(scenario: Scenario) -> Iterator[tuple[str, int]]:
    """What a scenario holds, for the line that `check` prints when all is well."""
    yield "teams", len(scenario.teams)
    yield "moves", len(scenario.moves)
    yield "injects", len(scenario.injects)
    kinds = Counter(decision.kind for decision in scenario.decisions)
    yield "dilemmas", kinds["dilemma"]
    yield "quick decisions", kinds["quick"]
    yield "occasions", len(scenario.occasions)
    yield "matters", len(scenario.matters)
    yield "minutes of play", scenario.minutes
