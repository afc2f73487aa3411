"""What else in a scenario reads an option: the later injects, decisions, options and marks that turn on it.

Where it can be told that such a difference is good for the team it counts; else it is unclear and rules dominance out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from exercise.analysis.weighing import Weighing, Weight, did, effects_of
from exercise.analysis.worlds import key_of, signed_leaves
from exercise.core.conditions import Chose, Condition, Did, FlagIsSet, Knows
from exercise.core.scenario import Scenario
from exercise.core.script import (
    ClearFlag,
    Conduct,
    Consequence,
    Decision,
    Effect,
    Grade,
    Learn,
    ResponseOption,
    SetFlag,
)


@dataclass(frozen=True)
class Reader:
    """A condition somewhere in the scenario, and what turns on it."""

    what: str
    condition: Condition
    decision: str = ""
    """The decision it stands in."""
    team: str = ""
    """The team whose decision or occasion that is."""
    serves: bool | None = None
    """True where it is good for that team that the condition holds, false where it is bad; else nobody can tell."""
    commitment: str = ""


def readers(scenario: Scenario) -> tuple[Reader, ...]:
    """Every condition on which something turns, but not what only changes the words that people read."""
    return tuple(_readers(scenario))


def _readers(scenario: Scenario) -> Iterator[Reader]:
    for inject in scenario.injects:
        if inject.when is not None:
            yield Reader(f"inject '{inject.id}'", inject.when)
        yield from _effects(f"inject '{inject.id}'", inject.effects)
    for decision in scenario.decisions:
        if decision.when is not None:
            yield Reader(f"decision '{decision.id}'", decision.when)
        for option in decision.options:
            yield from _option(decision, option)
        yield from _marks(decision, f"the lapse of '{decision.id}'", decision.lapse.conduct)
        yield from _outcome(f"the lapse of '{decision.id}'", decision.lapse.effects, decision.lapse.consequences)
    for occasion in scenario.occasions:
        for condition in (occasion.opens, occasion.unable):
            if condition is not None:
                yield Reader(f"occasion '{occasion.id}'", condition)
    for matter in scenario.matters:
        for condition in (matter.known, matter.ready):
            if condition is not None:
                yield Reader(f"matter '{matter.id}'", condition)
        for came in matter.outcomes:
            if came.when is not None and came.effects:
                yield Reader(f"an outcome of matter '{matter.id}'", came.when)
            yield from _effects(f"matter '{matter.id}'", came.effects)
    for actor in scenario.actors:
        for reply in actor.desk.replies if actor.desk else ():
            if reply.when is not None:
                yield Reader(f"an answer of '{actor.id}'", reply.when)
            yield from _effects(f"an answer of '{actor.id}'", reply.effects)


def _option(decision: Decision, option: ResponseOption) -> Iterator[Reader]:
    what = f"option '{option.id}' of '{decision.id}'"
    if option.available is not None:
        yield Reader(what, option.available, decision.id, decision.team, serves=True)
    yield from _marks(decision, what, option.conduct)
    yield from _outcome(what, option.effects, option.consequences, decision.id)


def _marks(decision: Decision, what: str, conduct: tuple[Conduct, ...]) -> Iterator[Reader]:
    for tag in conduct:
        here = f"{tag.commitment} in {what}"
        if tag.when is not None:
            good = tag.grade is Grade.HONOURED
            yield Reader(here, tag.when, decision.id, decision.team, good, tag.commitment)
        for condition in (tag.returned, tag.told):
            if condition is not None:
                yield Reader(f"coming back to {here}", condition, decision.id, decision.team, True, tag.commitment)


def _outcome(
    what: str, effects: tuple[Effect, ...], consequences: tuple[Consequence, ...], decision: str = ""
) -> Iterator[Reader]:
    yield from _effects(what, effects, decision)
    for came in consequences:
        if came.when is not None and came.effects:
            yield Reader(f"a consequence of {what}", came.when, decision)
        yield from _effects(what, came.effects, decision)


def _effects(what: str, effects: tuple[Effect, ...], decision: str = "") -> Iterator[Reader]:
    for effect in effects:
        if effect.when is not None:
            yield Reader(f"an effect of {what}", effect.when, decision)


@dataclass(frozen=True)
class Turns:
    """One way in which two options differ by what reads them: how it stands with the first and the second."""

    what: str
    first: Weight | None
    """How it weighs that the first is better here; nothing where it is not."""
    second: Weight | None


def differences(
    weighing: Weighing, known: tuple[Reader, ...], first: ResponseOption, second: ResponseOption
) -> Iterator[Turns]:
    """Where something later turns on whether the first or the second option is taken."""
    mine = weighing.decision.id
    for reader in known:
        if reader.decision == mine or (reader.commitment and not weighing.held(reader.commitment)):
            continue
        ahead = behind = False
        apart = False
        for leaf, wanted in signed_leaves(reader.condition):
            one, other = _touch(weighing, first, leaf), _touch(weighing, second, leaf)
            if one == other:
                continue
            apart = True
            above = _rank(one) - _rank(other)
            ahead |= above == 0 or (above > 0) is wanted
            behind |= above == 0 or (above > 0) is not wanted
        if not apart:
            continue
        if reader.serves is None or reader.team != weighing.team.id:
            yield Turns(reader.what, "unclear", "unclear")
        else:
            if not reader.serves:
                ahead, behind = behind, ahead
            yield Turns(reader.what, "clear" if ahead else None, "clear" if behind else None)


def _rank(touch: str) -> int:
    return {"no": 0, "": 1, "yes": 3}.get(touch, 2)


def _touch(weighing: Weighing, option: ResponseOption, leaf: Condition) -> str:
    """What an option does to a simple condition: yes, no, nothing, or else a text that says on what that depends."""
    match leaf:
        case Chose(chose=weighing.decision.id):
            wanted = leaf.option
            return "yes" if wanted is None or option.id in ((wanted,) if isinstance(wanted, str) else wanted) else "no"
        case Did(by=weighing.team.id):
            return "yes" if any(did(leaf, act) for act in option.acts) else ""
        case FlagIsSet():
            return _brought(option, lambda e: _changes_flag(e, leaf.flag))
        case Knows():
            return _brought(
                option,
                lambda e: True if isinstance(e, Learn) and (e.learn, e.team) == (leaf.knows, leaf.team) else None,
            )
    return ""


def _changes_flag(effect: Effect, flag: str) -> bool | None:
    if isinstance(effect, SetFlag) and effect.flag == flag:
        return True
    if isinstance(effect, ClearFlag) and effect.clear == flag:
        return False
    return None


def _brought(option: ResponseOption, changes: Callable[[Effect], bool | None]) -> str:
    """What an option's effects do to a flag or a piece of evidence, at once or later."""
    found = ""
    rows: list[tuple[Effect, Condition | None]] = [*effects_of(option)]
    for effect, when in rows:
        brought = changes(effect)
        if brought is None:
            continue
        conditions = [condition for condition in (when, effect.when) if condition is not None]
        if not conditions:
            found = "yes" if brought else "no"
        elif found != ("yes" if brought else "no"):
            found += f"{brought} if " + " and ".join(map(key_of, conditions)) + ";"
    return found
