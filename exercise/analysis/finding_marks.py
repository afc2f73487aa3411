"""What is found of marks, numbers and choices: clauses that nothing tests or nothing moves, numbers that stand still,
decisions that change nothing later, a policy that is always best."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, permutations

from exercise.analysis.dominance import Compared
from exercise.analysis.explored import Beside, Ends, Explored
from exercise.analysis.found import Finding, often
from exercise.analysis.tally import KEPT
from exercise.analysis.things import ids_of
from exercise.authoring.problems import Path
from exercise.core.commitments import Testable
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.script import Decision

FEW = 8
"""Fewer courses than this say nothing about what is always so."""

FEW_OF_A_POLICY = 4
"""Fewer courses by a policy say nothing about how it fares."""

PLAYED = ("cooperative", "self-interested", "random")
"""The policies that are compared; one that never answers cannot do well."""

PINNED = 0.9
"""An indicator that ends at a bound in this share of the courses tells those who play little."""


def said_of(explored: Explored) -> str:
    """Of what a figure is said: of every course, or of those that were played."""
    return "in every course" if explored.exact else f"in {often(explored.courses, 'playthrough')}"


# --- clauses ---


def untested(scenario: Scenario, reference: Reference, explored: Explored) -> Iterator[Finding]:
    """Commitments that bind a team and show in conduct, but that no course ever put to it."""
    tested = {clause for clause, words in explored.figures.ends.clauses.items() if sum(words.values())}
    for n, team in enumerate(scenario.teams):
        left = [
            id
            for id, standing in reference.standings(team.profile, scenario.date.date()).items()
            if standing == "applies" and reference.commitment(id).test is Testable.TURN and (team.id, id) not in tested
        ]
        if left:
            text = f"{team.short} is never put to {often(len(left), 'commitment')} of its profile that play could test"
            yield Finding("untested", "note", ("teams", n, "profile"), f"{text}: {', '.join(left)}")
    anyone = {commitment for _, commitment in tested}
    for n, objective in enumerate(scenario.objectives):
        for m, id in enumerate(objective.commitments):
            known = reference.commitments.get(id)
            if (
                id not in anyone
                and known is not None
                and known.test is Testable.TURN
                and _scored(scenario, reference, id)
            ):
                text = f"objective '{objective.id}' is about {id}, which no team is ever tested on {said_of(explored)}"
                yield Finding("objective-untested", "warning", ("objectives", n, "commitments", m), text)


def _scored(scenario: Scenario, reference: Reference, id: str) -> bool:
    on = scenario.date.date()
    return any(reference.standing(team.profile, id, on) == "applies" for team in scenario.teams)


def always_the_same(scenario: Scenario, explored: Explored) -> Iterator[Finding]:
    """Clauses that every course tests and grades alike: they tell nothing about what a team does."""
    if explored.courses < FEW:
        return
    for (team, commitment), words in sorted(explored.figures.ends.clauses.items()):
        found = [word for word in KEPT if words[word]]
        if len(found) == 1 and words[found[0]] == explored.courses:
            short = scenario.teams_by_id[team].short
            text = f"{commitment} is {told(found[0])} for {short} {said_of(explored)}, whatever is done"
            yield Finding("same-grade", "warning", _marked_at(scenario, team, commitment), text)


def told(word: str) -> str:
    """How a clause stands, in words."""
    return "partly kept" if word == "partly" else word


def _marked_at(scenario: Scenario, team: str, commitment: str) -> Path:
    """Where the file first puts a commitment to a team: an occasion, a timely decision, a tag."""
    for n, occasion in enumerate(scenario.occasions):
        if occasion.team == team and commitment in occasion.commitments:
            return ("occasions", n, "commitments", occasion.commitments.index(commitment))
    for n, decision in enumerate(scenario.decisions):
        if decision.team != team:
            continue
        if commitment in decision.timely:
            return ("decisions", n, "timely", decision.timely.index(commitment))
        for m, option in enumerate(decision.options):
            for t, tag in enumerate(option.conduct):
                if tag.commitment == commitment:
                    return ("decisions", n, "options", m, "conduct", t)
    return ("teams", list(scenario.teams_by_id).index(team), "profile")


# --- numbers ---


def indicators(scenario: Scenario, explored: Explored) -> Iterator[Finding]:
    """Indicators that never move, or that end at a bound."""
    if explored.courses < FEW:
        return
    for n, indicator in enumerate(scenario.indicators):
        path: Path = ("indicators", n)
        lowest, highest = explored.range_of(indicator.id)
        if lowest == highest:
            text = f"indicator '{indicator.id}' stands at {lowest:g} {said_of(explored)}: nothing moves it"
            yield Finding("indicator-still", "warning", path, text)
            continue
        ends = explored.figures.ends.indicators[indicator.id]
        for bound, word in ((indicator.lowest, "lowest"), (indicator.highest, "highest")):
            share = ends[bound] / explored.courses
            if share == 1:
                text = f"indicator '{indicator.id}' ends at its {word} value, {bound:g}, {said_of(explored)}"
                yield Finding("indicator-pinned", "warning", path, text)
            elif share >= PINNED:
                text = f"indicator '{indicator.id}' ends at its {word} value, {bound:g}, in {share:.0%} of the courses"
                yield Finding("indicator-pinned", "note", path, text)


# --- choices ---


def changes_nothing(scenario: Scenario, explored: Explored, compared: tuple[Compared, ...]) -> Iterator[Finding]:
    """Decisions whose answers differ in nothing that comes later.

    A few pairs are enough where nothing in the file turns on the answer; else it takes more, and is no more than a
    note: a few pairs may have missed what rarely comes. What a walk through everything has shown counts before them.
    """
    turning = {pair.decision: pair.turns[0] for pair in compared if pair.turns}
    for n, decision in enumerate(scenario.decisions):
        pairs = siblings(explored, decision)
        number = sum(pair.pairs for pair in pairs)
        turns = turning.get(decision.id, "")
        if number < (FEW if turns else 1) or any(pair.same < pair.pairs for pair in pairs):
            continue
        if explored.exact and _walked_apart(explored, decision):
            continue
        how = f"in {often(number, 'pair')} of playthroughs that differ in it alone"
        if turns:
            text = f"what is answered changed nothing later {how}, though {turns} turns on it"
            yield Finding("changes-nothing", "note", ("decisions", n), text)
        else:
            text = f"what is answered changes nothing later, {how}"
            yield Finding("changes-nothing", "warning", ("decisions", n), text)


def _walked_apart(explored: Explored, decision: Decision) -> bool:
    """Whether something comes after one option of a decision in some course, and after another in none."""
    after = [explored.figures.followed.get((decision.id, option.id)) for option in decision.options]
    known = [one for one in after if one is not None]
    # The answers themselves are no news.
    return any(
        decision.id not in ids_of(thing) and thing not in other.later and thing not in other.at_once
        for one, other in permutations(known, 2)
        for thing in one.later
    )


def siblings(explored: Explored, decision: Decision) -> list[Beside]:
    """Every pair of a decision's options beside each other, the lapse left out."""
    beside = explored.figures.beside
    ids = [option.id for option in decision.options]
    return [beside[decision.id, a, b] for a, b in combinations(ids, 2) if (decision.id, a, b) in beside]


# --- policies ---


def wins_everywhere(scenario: Scenario, explored: Explored) -> Iterator[Finding]:
    """A policy that does best by every team's clauses and every number: then there is nothing to weigh."""
    policies = [name for name in PLAYED if any(policy == name for policy, _ in explored.figures.policies)]
    if len(policies) < 2:
        return
    for policy in policies:
        others = [other for other in policies if other != policy]
        if all(_best(scenario, explored, policy, others, team.id) for team in scenario.teams):
            text = (
                f"bots that play {policy} do best for every team, in every indicator and in clauses kept "
                f"({said_of(explored)}): nobody has a reason to play otherwise"
            )
            yield Finding("one-policy-wins", "warning", ("decisions",), text)


def _best(scenario: Scenario, explored: Explored, policy: str, others: list[str], team: str) -> bool:
    """Whether a policy does better for a team than all others, in clauses and in each of its and the shared numbers."""
    table = explored.figures.policies
    mine = table.get((policy, team))
    rest = [table[other, team] for other in others if (other, team) in table]
    if mine is None or not rest or min(mine.courses, *(ends.courses for ends in rest)) < FEW_OF_A_POLICY:
        return False
    marked = sum(mine.counts(team).values()) > 0
    if marked and any(kept_share(ends, team) >= kept_share(mine, team) for ends in rest):
        return False
    for indicator in scenario.indicators:
        if indicator.team not in (None, team):
            continue
        sign = 1 if indicator.better == "higher" else -1
        best = sign * mean(mine.indicators.get(indicator.id, {}))
        if any(sign * mean(ends.indicators.get(indicator.id, {})) > best for ends in rest):
            return False
    return True


def kept_share(ends: Ends, team: str) -> float:
    """Of a team's clauses that were tested, the share that was kept."""
    counts = ends.counts(team)
    return counts["kept"] / (sum(counts.values()) or 1)


def mean(values: Mapping[float, int]) -> float:
    """The mean of counted values; 0 of none."""
    number = sum(values.values())
    return sum(value * many for value, many in values.items()) / number if number else 0.0
