"""Adding stories of courses to the figures of an exploration."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from exercise.analysis.explored import Beside, Ends, Figures, Followed
from exercise.analysis.story import Story
from exercise.analysis.tally import UNTESTED
from exercise.analysis.things import Thing
from exercise.core.scenario import Scenario


def add(figures: Figures, story: Story, aimed: Iterable[Thing]) -> None:
    """Adds a course."""
    figures.courses += 1
    figures.seen.add(story.digest)
    figures.came.update(story.came.keys())
    figures.aimed.update(aimed)
    figures.edges.update(story.edges)
    figures.moves.update(story.moves.items())
    end(figures.ends, story)
    for name, value in story.lowest.items():
        figures.lowest.setdefault(name, Counter())[value] += 1
        figures.highest.setdefault(name, Counter())[story.highest[name]] += 1
    for place, count in story.load.items():
        figures.load.setdefault(place, Counter())[count] += 1
    for team, seconds in story.waits.items():
        figures.waits.setdefault(team, Counter())[seconds] += 1
    row = sorted((seq, thing) for thing, seq in story.came.items())
    order, names = [seq for seq, _ in row], [thing for _, thing in row]
    for id, (answer, seq, last) in story.answers.items():
        followed = figures.followed.setdefault((id, answer), Followed())
        after = bisect_right(order, last)
        followed.at_once.update(names[bisect_right(order, seq) : after])
        followed.later.update(names[after:])
        end(followed.ends, story)


def end(ends: Ends, story: Story) -> None:
    """Adds how a course ended."""
    ends.courses += 1
    ends.counted.update(story.ended)


def add_policies(figures: Figures, scenario: Scenario, story: Story, policies: Sequence[str]) -> None:
    """Adds how a course ended for each team, by the policy that played it."""
    for team, policy in zip(scenario.teams_by_id, policies, strict=True):
        ends = figures.policies.setdefault((policy, team), Ends())
        ends.courses += 1
        mine = {indicator.id for indicator in scenario.indicators if indicator.team in (None, team)}
        ends.counted.update(key for key in story.ended if key[0] == team or (len(key) == 2 and key[0] in mine))
    if len(set(policies)) == 1:
        end(figures.companies.setdefault(policies[0], Ends()), story)


def add_beside(figures: Figures, decision: str, stories: Mapping[str, Story]) -> None:
    """Adds every pair of answers that were played on from one moment; `stories` are in the order of the file."""
    rows = list(stories.items())
    for place, (first, one) in enumerate(rows):
        for second, other in rows[place + 1 :]:
            beside = figures.beside.setdefault((decision, first, second), Beside())
            _add_pair(beside, decision, one, other)


def _add_pair(beside: Beside, decision: str, one: Story, other: Story) -> None:
    beside.pairs += 1
    first, second = _later(one, decision), _later(other, decision)
    only_first, only_second = first - second, second - first
    beside.only_first.update(only_first)
    beside.only_second.update(only_second)
    moved = False
    for name, value in one.indicators.items():
        gap = round(other.indicators[name] - value, 3)
        beside.indicators.setdefault(name, Counter())[gap] += 1
        then = round(other.at_answer[decision][name] - one.at_answer[decision][name], 3)
        if gap != then:
            beside.moved_later[name] += 1
            moved = True
    for clause in one.clauses.keys() | other.clauses.keys():
        words = one.clauses.get(clause, UNTESTED), other.clauses.get(clause, UNTESTED)
        if words[0] != words[1]:
            beside.clauses.setdefault(clause, Counter())[words] += 1
    others = {mark for mark in one.marks ^ other.marks if mark[2] != decision}
    beside.other_marks += bool(others)
    beside.same += not (only_first or only_second or moved or others)


def _later(story: Story, decision: str) -> set[Thing]:
    last = story.answers[decision][2]
    return {thing for thing, came in story.came.items() if came > last}
