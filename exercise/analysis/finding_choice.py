"""Options without a use as findings: what the declarations prove, and what playing on leads one to suspect."""

from __future__ import annotations

from collections.abc import Iterator

from exercise.analysis.dominance import Compared, Verdict, in_words
from exercise.analysis.explored import Beside, Explored
from exercise.analysis.found import Finding, often
from exercise.analysis.tally import KEPT, UNTESTED
from exercise.authoring.problems import Path
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario

ENOUGH_PAIRS = 8
"""Pairs of playthroughs below which nothing is suspected of a sibling."""

_BADNESS: tuple[Verdict, ...] = ("identical", "dominated", "nearly", "open", "apart")

_RANK = {word: rank for rank, word in enumerate(reversed(KEPT))}
_RANK_OF = {**_RANK, UNTESTED: _RANK["partly"] + 0.5}
"""Clauses from the worst to the best: not tested stands between partly kept and kept."""


def dominated(
    scenario: Scenario, reference: Reference, explored: Explored | None, compared: tuple[Compared, ...]
) -> Iterator[Finding]:
    """Errors where an option is proved to be without a use, warnings where it nearly is or is suspected to be.

    An option is told once, beside the sibling that speaks most against it.
    """
    options: dict[tuple[str, str], list[Compared]] = {}
    for pair in compared:
        options.setdefault((pair.decision, pair.option), []).append(pair)
    told: set[tuple[str, frozenset[str]]] = set()
    for pairs in options.values():
        worst = min(pairs, key=lambda pair: (_BADNESS.index(pair.verdict), len(pair.better)))
        path = _path(scenario, worst)
        rest = [f"'{pair.sibling}'" for pair in pairs if pair is not worst and pair.verdict == worst.verdict]
        more = f"; nor than {' and '.join(rest)}" if rest else ""
        match worst.verdict:
            case "identical":
                here = (worst.decision, frozenset((worst.option, worst.sibling)))
                if here not in told:
                    told.add(here)
                    yield Finding("same-options", "error", path, in_words(worst))
            case "dominated":
                yield Finding("dominated", "error", path, in_words(worst) + more)
            case "nearly":
                yield Finding("nearly-dominated", "warning", path, in_words(worst) + more)
            case _ if explored is not None:
                for pair in pairs:
                    yield from _suspected(scenario, reference, explored, pair, path)


def _path(scenario: Scenario, pair: Compared) -> Path:
    n = next(n for n, decision in enumerate(scenario.decisions) if decision.id == pair.decision)
    options = scenario.decisions[n].options
    return ("decisions", n, "options", next(m for m, option in enumerate(options) if option.id == pair.option))


def _suspected(
    scenario: Scenario, reference: Reference, explored: Explored, pair: Compared, path: Path
) -> Iterator[Finding]:
    """An option that no pair of playthroughs shows to be better in anything.

    Where its declarations say that it is better in something, other conduct may have hidden that, and it is only noted.
    """
    first, beside = _pairs(explored, pair)
    if beside is None or beside.pairs < ENOUGH_PAIRS or _ever_better(scenario, reference, beside, pair, first):
        return
    number = often(beside.pairs, "pair of playthroughs", "pairs of playthroughs")
    text = f"option '{pair.option}' was never better than '{pair.sibling}' in {number} that differ in it alone"
    if pair.verdict == "open":
        yield Finding("suspected", "warning", path, f"{text}: suspected to be without a use")
    else:
        yield Finding("suspected", "note", path, f"{text}, though it is declared to be: {pair.better[0].text}")


def _pairs(explored: Explored, pair: Compared) -> tuple[bool, Beside | None]:
    """The pairs of playthroughs of two options, and whether the option in question is the first of them."""
    beside = explored.figures.beside
    found = beside.get((pair.decision, pair.option, pair.sibling))
    if found is not None:
        return True, found
    return False, beside.get((pair.decision, pair.sibling, pair.option))


def _ever_better(scenario: Scenario, reference: Reference, beside: Beside, pair: Compared, first: bool) -> bool:
    """Whether in any pair the option ended better in a number, or in a clause that is scored for its team."""
    for id, differences in beside.indicators.items():
        indicator = scenario.indicators_by_id[id]
        sign = (1 if indicator.better == "higher" else -1) * (-1 if first else 1)
        if any(sign * difference > 0 for difference, many in differences.items() if many):
            return True
    team = scenario.teams_by_id[scenario.decisions_by_id[pair.decision].team]
    on = scenario.date.date()
    for (whose, commitment), stood in beside.clauses.items():
        if whose != team.id or reference.standing(team.profile, commitment, on) != "applies":
            continue
        for (one, other), many in stood.items():
            mine, theirs = (one, other) if first else (other, one)
            if many and _RANK_OF.get(mine, 0) > _RANK_OF.get(theirs, 0):
                return True
    return False
