"""The figures of an exploration as tables, the same for the text and for the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from exercise.analysis import things
from exercise.analysis.explored import Beside, Ends, Explored
from exercise.analysis.finding_load import needs
from exercise.analysis.finding_marks import kept_share, mean
from exercise.analysis.tally import KEPT, OUTCOMES, spread_of
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.script import Decision
from exercise.core.turn import LAPSE
from exercise.report.blocks import Table

_KINDS = {
    "inject": "injects released",
    "decision": "decisions put",
    "offered": "options offered",
    "option": "options taken, lapses",
    "consequence": "consequences",
    "outcome": "outcomes of requests",
    "reply": "answers of desks",
    "flag": "flags raised",
}
_RARE = 0.05


def number(value: float) -> str:
    """A figure without needless digits."""
    return f"{value:.1f}".rstrip("0").rstrip(".") if abs(value) < 100 else f"{value:,.0f}"


def reach(explored: Explored) -> Table:
    """How much of what the scenario says may come did come."""
    rows = []
    for kind, name in _KINDS.items():
        every = [thing for thing in explored.things if things.kind_of(thing) == kind]
        if not every:
            continue
        came = [explored.figures.came[thing] for thing in every]
        rare = sum(0 < often < _RARE * explored.courses for often in came)
        rows.append((name, str(len(every)), str(sum(map(bool, came))), str(came.count(0)), str(rare)))
    return Table(
        columns=("What", "in all", "came", "never", f"in under {_RARE:.0%}"),
        rows=tuple(rows),
        caption="What came in any course",
        widths=(4, 1, 1, 1, 1.4),
        numeric=(1, 2, 3, 4),
    )


def indicators(scenario: Scenario, explored: Explored) -> Table:
    """Where each indicator began, how low and high it came, and how it spread at ENDEX."""
    rows = []
    for row in scenario.indicators:
        if not explored.figures.ends.indicators.get(row.id):
            continue
        end, (lowest, highest) = explored.ends_at(row.id), explored.range_of(row.id)
        owner = scenario.teams_by_id[row.team].short if row.team else "all"
        name = f"{row.name} ({owner})"
        values = (row.start, lowest, end.lowest, end.lower, end.middle, end.upper, end.highest, highest)
        rows.append((name, *map(number, values)))
    return Table(
        columns=("Indicator", "start", "least", "ends: low", "quarter", "middle", "quarter", "high", "most"),
        rows=tuple(rows),
        caption="Indicators: at STARTEX, least and most on the way, and their spread at ENDEX",
        widths=(4, 1, 1, 1.3, 1.2, 1.1, 1.2, 1, 1),
        numeric=tuple(range(1, 9)),
    )


def clauses(scenario: Scenario, reference: Reference, explored: Explored, team: str) -> Table:
    """How often each clause of a team stood how."""
    ends = explored.figures.ends
    rows = []
    for whose, commitment in sorted(ends.clauses):
        if whose != team:
            continue
        stood = ends.clause(whose, commitment)
        cells = (share(stood[word], explored.courses) for word in OUTCOMES)
        rows.append((f"{commitment} {reference.commitment(commitment).title}", *cells))
    return Table(
        columns=("Clause", *OUTCOMES),
        rows=tuple(rows),
        caption=f"{scenario.teams_by_id[team].short}: clauses at ENDEX, in how many courses of a hundred",
        widths=(4.6, 1, 1, 1.2, 1.2, 1.2),
        numeric=(1, 2, 3, 4, 5),
    )


def share(often: int, courses: int) -> str:
    """How many of a hundred: `–` for none, and never 0 or 100 where that is only nearly so."""
    if not often:
        return "–"
    if often == courses:
        return "100"
    return str(min(99, max(1, round(100 * often / courses))))


def policies(scenario: Scenario, explored: Explored) -> Table:
    """How each policy of bots fares: clauses by grade for a course, the share kept, own and shared indicators."""
    rows = []
    for team in scenario.teams:
        for policy in ("cooperative", "self-interested", "random", "silent"):
            ends = explored.figures.policies.get((policy, team.id))
            if ends is None or not ends.courses:
                continue
            counts = ends.counts(team.id)
            means = (number(counts[word] / ends.courses) for word in KEPT)
            kept = f"{kept_share(ends, team.id):.0%}" if sum(counts.values()) else "–"
            rows.append((team.short, policy, str(ends.courses), *means, kept))
    return Table(
        columns=("Team", "Policy", "courses", *KEPT, "share"),
        rows=tuple(rows),
        caption="How bots fare by policy: clauses of a course, on average, and the share of those tested that was kept",
        widths=(2, 2.2, 1.1, 1, 1, 1.3, 1.2, 1.3),
        numeric=tuple(range(2, 8)),
    )


def policy_numbers(scenario: Scenario, explored: Explored) -> Table:
    """The mean of each indicator at ENDEX by the policy that played every team."""
    found = explored.figures.companies
    names = [name for name in ("cooperative", "self-interested", "random", "silent") if name in found]
    rows = []
    for row in scenario.indicators:
        owner = scenario.teams_by_id[row.team].short if row.team else "all"
        cells = (_mean_of(found[name], row.id) for name in names)
        rows.append((f"{row.name} ({owner})", row.better, *cells))
    return Table(
        columns=("Indicator", "better", *names),
        rows=tuple(rows),
        caption="Indicators at ENDEX, on average, where one policy played every team",
        widths=(4, 1.1, *(1.5 for _ in names)),
        numeric=tuple(range(2, 2 + len(names))),
    )


def _mean_of(ends: Ends, indicator: str) -> str:
    values = ends.indicators.get(indicator, Counter())
    return number(mean(values)) if values else "–"


def load(scenario: Scenario, explored: Explored) -> Table:
    """What each team has to do in the time that is stated."""
    rows = []
    for need in needs(scenario, explored):
        waits = explored.figures.waits.get(need.team, Counter())
        wait = spread_of(waits) if waits else None
        rows.append(
            (
                scenario.teams_by_id[need.team].short,
                f"{need.words:,.0f}",
                f"{need.reading:.0f}",
                f"{need.windows:.0f}",
                f"{sum(explored.mean_load(need.team, 'sent')):.1f}",
                f"{sum(explored.mean_load(need.team, 'received')):.1f}",
                f"{need.must:.0f}",
                f"{need.may:.0f}",
                f"{need.stated:.0f}",
                f"{wait.middle / 60:.0f}" if wait else "–",
                f"{wait.highest / 60:.0f}" if wait else "–",
            )
        )
    return Table(
        columns=("Team", "words", "read", "windows", "sent", "got", "must", "may", "stated", "waits", "most"),
        rows=tuple(rows),
        caption="Load of a course, on average: words, minutes to read all but decisions, minutes of windows, requests "
        "sent, requests and answers got, minutes of what it must and may do, minutes stated, longest wait in minutes "
        "(middle and most)",
        widths=(2, 1, 1, 1.2, 1, 1, 1, 1, 1, 1, 1),
        numeric=tuple(range(1, 11)),
    )


def changes(scenario: Scenario, explored: Explored) -> Table:
    """What each decision really changes later, by pairs of courses that differ in its answer alone."""
    rows = []
    for decision in scenario.decisions:
        pairs = list(_pairs(explored, decision))
        number_of = sum(pair.pairs for pair in pairs)
        if not number_of:
            continue
        other = sum(pair.pairs - pair.same for pair in pairs)
        came = {thing for pair in pairs for thing in (*pair.only_first, *pair.only_second)}
        kinds = [things.kind_of(thing) for thing in came]
        moved = {name for pair in pairs for name, often in pair.moved_later.items() if often}
        clauses = {clause for pair in pairs for clause in pair.clauses}
        rows.append(
            (
                f"{scenario.teams_by_id[decision.team].short}: {decision.id}",
                f"{number_of:,}",
                f"{other / number_of:.0%}",
                str(kinds.count("inject")),
                str(kinds.count("decision") + kinds.count("offered")),
                str(kinds.count("consequence") + kinds.count("outcome") + kinds.count("reply")),
                str(len(moved)),
                str(len(clauses)),
            )
        )
    return Table(
        columns=("Decision", "pairs", "differ", "injects", "choices", "outcomes", "numbers", "clauses"),
        rows=tuple(rows),
        caption="What a decision changes: of pairs of courses that differ in its answer alone, the share in which "
        "anything later differs, and how many injects, choices, outcomes, numbers and clauses did in any",
        widths=(4, 1, 1.1, 1.1, 1.2, 1.3, 1.3, 1.2),
        numeric=tuple(range(1, 8)),
    )


def _pairs(explored: Explored, decision: Decision) -> Iterator[Beside]:
    ids = [*(option.id for option in decision.options), LAPSE]
    for a, b in combinations(ids, 2):
        pair = explored.figures.beside.get((decision.id, a, b))
        if pair is not None:
            yield pair


def answers(scenario: Scenario, explored: Explored) -> Table:
    """Every decision with how often it was put, and each of its answers with how often it was offered and taken."""
    came = explored.figures.came
    rows: list[tuple[str, ...]] = []
    for decision in scenario.decisions:
        put = came[things.decision(decision.id)]
        rows.append(
            (f"{scenario.teams_by_id[decision.team].short}: {decision.title}", share(put, explored.courses), "")
        )
        for option in decision.options:
            offered, taken = came[things.offered(decision.id, option.id)], came[things.option(decision.id, option.id)]
            rows.append((f"    {option.id}: {option.title}", share(offered, explored.courses), share(taken, put or 1)))
        rows.append(("    no answer", "", share(came[things.option(decision.id)], put or 1)))
    return Table(
        columns=("Decision and answers", "put, offered", "taken"),
        rows=tuple(rows),
        caption="Answers: put or offered in how many courses of a hundred, taken in how many of those that put it",
        widths=(6, 1.3, 1),
        numeric=(1, 2),
    )
