"""Options without a use: a sibling equals or beats them throughout, whatever is true and whatever came before.

The comparison reads what the scenario declares: marks under the team's profile, numbers, what is asked and learned, and
what later turns on the choice. Where the last cannot be weighed the pair is left open; playing on can then tell more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from exercise.analysis.later import Reader, differences, readers
from exercise.analysis.weighing import Point, Weighing, Weight
from exercise.analysis.worlds import World, holds_in, worlds
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.script import ResponseOption

Verdict = Literal["identical", "dominated", "nearly", "open", "apart"]
"""How one option stands to a sibling: the same, never better, hardly ever better, never better but for what cannot be
weighed, or better in something."""


@dataclass(frozen=True)
class Difference:
    """One thing in which an option is better than a sibling, told from the worse one."""

    text: str
    weight: Weight


@dataclass(frozen=True)
class Compared:
    """An option beside a sibling."""

    decision: str
    option: str
    """The option that may be without a use."""
    sibling: str
    better: tuple[Difference, ...]
    """In what the option is better than the sibling."""
    worse: tuple[Difference, ...]
    """In what the sibling is better."""
    turns: tuple[str, ...] = ()
    """What later turns on which of the two is taken."""

    @property
    def verdict(self) -> Verdict:
        """How the option stands to the sibling."""
        weights = {difference.weight for difference in self.better}
        if "clear" in weights:
            return "apart"
        if "unclear" in weights:
            return "open"
        if weights:
            return "nearly"
        return "dominated" if self.worse else "identical"

    @property
    def path(self) -> tuple[str, str]:
        """The two options, the one in question first."""
        return self.option, self.sibling


def compare_siblings(scenario: Scenario, reference: Reference) -> tuple[Compared, ...]:
    """Every option beside each of its siblings, decision by decision."""
    known = readers(scenario)
    return tuple(
        _compared(weighing, known, option, sibling)
        for weighing in (Weighing(scenario, reference, decision) for decision in scenario.decisions)
        for option in weighing.decision.options
        for sibling in weighing.decision.options
        if option is not sibling
    )


def _compared(
    weighing: Weighing, known: tuple[Reader, ...], option: ResponseOption, sibling: ResponseOption
) -> Compared:
    if not _together(weighing, option, sibling):
        # Where nobody can ever choose between the two they are not equal, there is nothing to compare.
        never = Difference(f"never offered together with '{sibling.id}'", "clear")
        return Compared(weighing.decision.id, option.id, sibling.id, (never,), ())
    better: list[Difference] = []
    worse: list[Difference] = []
    offered = _offered(weighing, option, sibling)
    if offered is not None:
        better.append(offered)
    for point in weighing.points:
        found = _on(point, weighing, option, sibling)
        if found is None:
            both = Difference(f"{point.name} (depends on too much to be compared)", "unclear")
            better.append(both)
            worse.append(both)
            continue
        better += found[0]
        worse += found[1]
    turns = tuple(differences(weighing, known, option, sibling))
    for turn in turns:
        if turn.first is not None:
            better.append(Difference(f"{turn.what} turns on it", turn.first))
        if turn.second is not None:
            worse.append(Difference(f"{turn.what} turns on it", turn.second))
    return Compared(
        weighing.decision.id,
        option.id,
        sibling.id,
        tuple(better),
        tuple(worse),
        tuple(turn.what for turn in turns),
    )


def _ways(
    weighing: Weighing, option: ResponseOption, sibling: ResponseOption, point: Point | None
) -> Iterator[World] | None:
    reads = (option.available, sibling.available, *(point.reads if point else ()))
    return worlds(weighing.scenario, reads, but=weighing.decision.id)


def _unsettled(_: object) -> bool | None:
    return None


def _together(weighing: Weighing, option: ResponseOption, sibling: ResponseOption) -> bool:
    """Whether both are ever offered at once, as far as their conditions tell."""
    ways = _ways(weighing, option, sibling, None)
    return ways is None or any(
        holds_in(option.available, world, _unsettled) and holds_in(sibling.available, world, _unsettled)
        for world in ways
    )


def _offered(weighing: Weighing, option: ResponseOption, sibling: ResponseOption) -> Difference | None:
    """Whether the option is ever offered where the sibling is not."""
    if sibling.available is None:
        return None
    ways = _ways(weighing, option, sibling, None)
    alone = ways is None or any(
        holds_in(option.available, world, _unsettled) and not holds_in(sibling.available, world, _unsettled)
        for world in ways
    )
    return Difference(f"offered where '{sibling.id}' is not", "clear") if alone else None


def _on(
    point: Point, weighing: Weighing, option: ResponseOption, sibling: ResponseOption
) -> tuple[list[Difference], list[Difference]] | None:
    """In what the option and the sibling are better on one point, in worlds that offer both; nothing if unknown."""
    ways = _ways(weighing, option, sibling, point)
    if ways is None:
        return None
    up: tuple[float, float, float] | None = None
    down: tuple[float, float, float] | None = None
    for world in ways:
        if not (holds_in(option.available, world, _unsettled) and holds_in(sibling.available, world, _unsettled)):
            continue
        mine, other = point.value(option, world), point.value(sibling, world)
        if mine > other:
            up = max(up or (0, 0, 0), (mine - other, mine, other))
        elif other > mine:
            down = max(down or (0, 0, 0), (other - mine, mine, other))
    better, worse = [], []
    if up is not None:
        text = f"{point.name} {point.told(up[1])} instead of {point.told(up[2])}"
        better.append(Difference(text, point.better(up[0])))
    if down is not None:
        text = f"{point.name} {point.told(down[1])} instead of {point.told(down[2])}"
        worse.append(Difference(text, point.better(down[0])))
    return better, worse


def in_words(compared: Compared) -> str:
    """What is wrong with an option beside a sibling, in one line."""
    option, sibling = f"option '{compared.option}'", f"'{compared.sibling}'"
    match compared.verdict:
        case "identical":
            return f"{option} and {sibling} come to the same: marks, numbers and what follows are equal"
        case "dominated":
            return f"{option} is never better than {sibling}: {listed(compared.worse)}"
        case "nearly":
            return f"{option} is hardly ever better than {sibling}: only {listed(compared.better)}"
        case _:
            return f"{option} beside {sibling}: {listed(compared.better)}"


def listed(found: tuple[Difference, ...], most: int = 3) -> str:
    """The differences that weigh most, in a line."""
    order = {"clear": 0, "unclear": 1, "trivial": 2}
    texts = [difference.text for difference in sorted(found, key=lambda d: order[d.weight])]
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more
