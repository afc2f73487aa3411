"""What conditions read, taken as things that may stand one way or another, and every way in which they may stand.

Options are compared in each of these worlds, so that "never better" means never, whatever else happened before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from math import prod

from exercise.core.conditions import (
    AllOf,
    AnyOf,
    Chose,
    Condition,
    FactIs,
    IndicatorIs,
    Lapsed,
    Not,
    parts_of,
)
from exercise.core.scenario import Scenario

MOST_WORLDS = 4096
"""More ways than this are not walked: the comparison then says that it cannot tell."""

World = Mapping[str, object]
"""How each thing that some conditions read stands."""

Settled = Callable[[Condition], bool | None]
"""Says how a simple condition stands for sure, or nothing where it may stand either way."""

_OTHERWISE = "*"
_LAPSED = "#lapsed"
_OPEN = "#open"


def key_of(condition: Condition) -> str:
    """The same text for the same condition, wherever it is written."""
    return condition.model_dump_json(by_alias=True, exclude_defaults=True)


def leaves(condition: Condition | None) -> Iterator[Condition]:
    """The simple conditions in a condition."""
    return (part for part in parts_of(condition) if not isinstance(part, AllOf | AnyOf | Not))


def signed_leaves(condition: Condition | None, wanted: bool = True) -> Iterator[tuple[Condition, bool]]:
    """The simple conditions in a condition, each with whether its holding speaks for the whole or against it."""
    match condition:
        case None:
            return
        case AllOf():
            inner = condition.all
        case AnyOf():
            inner = condition.any
        case Not():
            yield from signed_leaves(condition.not_, not wanted)
            return
        case _:
            yield condition, wanted
            return
    for part in inner:
        yield from signed_leaves(part, wanted)


def worlds(scenario: Scenario, conditions: Iterable[Condition | None], but: str = "") -> Iterator[World] | None:
    """Every way in which what the conditions read may stand; nothing where these are too many.

    The decision `but` is the one under comparison, whose answer is given.
    """
    read: dict[str, dict[object, None]] = {}
    for leaf in (leaf for condition in conditions for leaf in leaves(condition)):
        match leaf:
            case FactIs():
                fact = next((fact for fact in scenario.facts if fact.id == leaf.fact), None)
                values = [value.value for value in fact.values if value.weight] if fact else [""]
                read[f"fact {leaf.fact}"] = dict.fromkeys(values)
            case Chose() | Lapsed():
                name = leaf.chose if isinstance(leaf, Chose) else leaf.lapsed
                if name != but:
                    found = read.setdefault(f"decision {name}", dict.fromkeys((_OTHERWISE, _LAPSED, _OPEN)))
                    option = leaf.option if isinstance(leaf, Chose) else None
                    found |= dict.fromkeys((option,) if isinstance(option, str) else option or ())
            case IndicatorIs():
                found = read.setdefault(f"indicator {leaf.indicator}", {float("-inf"): None})
                found |= {bound: None for bound in (leaf.at_least, leaf.below) if bound is not None}
            case _:
                read[key_of(leaf)] = {False: None, True: None}
    if prod(map(len, read.values())) > MOST_WORLDS:
        return None
    return (dict(zip(read, ways, strict=True)) for ways in product(*read.values()))


def holds_in(condition: Condition | None, world: World, settled: Settled) -> bool:
    """Whether a condition holds in a world; what is settled anyway goes before it."""
    match condition:
        case None:
            return True
        case AllOf():
            return all(holds_in(part, world, settled) for part in condition.all)
        case AnyOf():
            return any(holds_in(part, world, settled) for part in condition.any)
        case Not():
            return not holds_in(condition.not_, world, settled)
    sure = settled(condition)
    if sure is not None:
        return sure
    match condition:
        case FactIs():
            wanted = condition.is_
            value = world[f"fact {condition.fact}"]
            return value == wanted if isinstance(wanted, str) else value in wanted
        case Chose():
            taken, option = world[f"decision {condition.chose}"], condition.option
            if option is None:
                return taken not in (_LAPSED, _OPEN)
            return taken == option if isinstance(option, str) else taken in option
        case Lapsed():
            return world[f"decision {condition.lapsed}"] == _LAPSED
        case IndicatorIs():
            number = world[f"indicator {condition.indicator}"]
            assert isinstance(number, float | int)
            return (condition.at_least is None or number >= condition.at_least) and (
                condition.below is None or number < condition.below
            )
        case _:
            return bool(world[key_of(condition)])
