"""Conditions as data: and, or, not over flags, facts, indicators, choices, acts, knowledge and times.

The union is closed: whoever reads a scenario can tell every way in which it may branch, and `holds` decides each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Discriminator, Field, Tag, model_validator

from exercise.core.acts import ActKind, Level
from exercise.core.commitments import Model
from exercise.core.requests.kinds import Step
from exercise.core.times import ExerciseTime

if TYPE_CHECKING:
    from exercise.core.state import State

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=60)]
"""A name that other places refer to: small letters, digits, `-`; never shown to participants."""

_KEYS = (
    "all",
    "any",
    "not",
    "flag",
    "fact",
    "indicator",
    "chose",
    "lapsed",
    "released",
    "time",
    "did",
    "knows",
    "asked",
)


class AllOf(Model):
    """Every condition of the list holds."""

    all: tuple[Condition, ...] = Field(min_length=1, description="Every one of these holds.")


class AnyOf(Model):
    """At least one condition of the list holds."""

    any: tuple[Condition, ...] = Field(min_length=1, description="At least one of these holds.")


class Not(Model):
    """The condition does not hold."""

    not_: Condition = Field(alias="not", description="This does not hold.")

    model_config = {"populate_by_name": True, "serialize_by_alias": True}


class FlagIsSet(Model):
    """A flag was set and not cleared since."""

    flag: Id = Field(description="Holds once this flag has been set.")


class FactIs(Model):
    """A hidden fact has one of these values; never usable where marks are decided."""

    fact: Id = Field(description="A hidden fact.")
    is_: str | tuple[str, ...] = Field(alias="is", description="The value it has, or a list of values.")

    model_config = {"populate_by_name": True, "serialize_by_alias": True}


class IndicatorIs(Model):
    """An indicator stands at, above or below a number."""

    indicator: Id = Field(description="An indicator.")
    at_least: float | None = Field(default=None, description="Holds at this number or above.")
    below: float | None = Field(default=None, description="Holds below this number.")

    @model_validator(mode="after")
    def _one_bound(self) -> IndicatorIs:
        if self.at_least is None and self.below is None:
            raise ValueError("an indicator condition needs at_least or below")
        return self


class Chose(Model):
    """A decision was answered, with this option or one of these."""

    chose: Id = Field(description="A decision that was answered.")
    option: Id | tuple[Id, ...] | None = Field(
        default=None, description="The option, or a list of options; leave out for any. 'free' is the team's own."
    )


class Lapsed(Model):
    """A decision's window closed unanswered."""

    lapsed: Id = Field(description="A decision whose window closed unanswered.")


class Released(Model):
    """An inject was released."""

    released: Id = Field(description="An inject that has been released.")


class TimeSpan(Model):
    """A span of exercise time."""

    from_: ExerciseTime | None = Field(default=None, alias="from", description="From this time on.")
    until: ExerciseTime | None = Field(default=None, description="Before this time.")

    model_config = {"populate_by_name": True, "serialize_by_alias": True}


class TimeIs(Model):
    """The story's clock is inside a span."""

    time: TimeSpan = Field(description="Holds while the story's clock is in this span.")


class Did(Model):
    """A team did something, by an option it chose or a step it took."""

    did: ActKind = Field(description="A kind of act, such as warn or consult.")
    by: Id = Field(description="The team that did it.")
    toward: Id | None = Field(default=None, description="A team or actor it was done toward.")
    level: Level | None = Field(default=None, description="At this level.")
    about: Id | None = Field(default=None, description="About this evidence or subject.")


class Requested(Model):
    """A request went from one party to another, and came as far as this step."""

    asked: Id = Field(description="A kind of request, or any.")
    by: Id | None = Field(default=None, description="The team or actor that sent it.")
    to: Id | None = Field(default=None, description="The team or actor it went to.")
    about: Id | None = Field(default=None, description="The matter it is about.")
    came: Step = Field(
        default=Step.SENT,
        description="How far it came: sent, failed, accepted (in part or on agreed terms too), refused, fulfilled …",
    )


class Knows(Model):
    """A team holds a piece of evidence."""

    knows: Id = Field(description="A piece of evidence.")
    team: Id = Field(description="The team that holds it.")


def _which(value: Any) -> str | None:
    if isinstance(value, Model):
        keys = value.model_fields_set | ({"not"} if isinstance(value, Not) else set())
    else:
        keys = set(value) if isinstance(value, dict) else set()
    return next((key for key in _KEYS if key in keys), None)


Condition = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[FlagIsSet, Tag("flag")]
    | Annotated[FactIs, Tag("fact")]
    | Annotated[IndicatorIs, Tag("indicator")]
    | Annotated[Chose, Tag("chose")]
    | Annotated[Lapsed, Tag("lapsed")]
    | Annotated[Released, Tag("released")]
    | Annotated[TimeIs, Tag("time")]
    | Annotated[Did, Tag("did")]
    | Annotated[Knows, Tag("knows")]
    | Annotated[Requested, Tag("asked")],
    Discriminator(
        _which,
        custom_error_type="condition",
        custom_error_message="a condition is one of: " + ", ".join(_KEYS),
    ),
]


def holds(condition: Condition | None, state: State) -> bool:
    """Whether a condition holds in a state; a missing condition always does."""
    return condition is None or _HOLDS[condition.__class__](condition, state)


def _all_of(condition: AllOf, state: State) -> bool:
    for part in condition.all:  # noqa: SIM110 (asked by the ten thousand: a generator costs half as much again)
        if not _HOLDS[part.__class__](part, state):
            return False
    return True


def _any_of(condition: AnyOf, state: State) -> bool:
    for part in condition.any:  # noqa: SIM110
        if _HOLDS[part.__class__](part, state):
            return True
    return False


def _not(condition: Not, state: State) -> bool:
    return not holds(condition.not_, state)


def _flag(condition: FlagIsSet, state: State) -> bool:
    return condition.flag in state.flags


def _fact(condition: FactIs, state: State) -> bool:
    value = state.facts.get(condition.fact)
    return value == condition.is_ if isinstance(condition.is_, str) else value in condition.is_


def _indicator(condition: IndicatorIs, state: State) -> bool:
    number = state.indicators.get(condition.indicator, 0.0)
    return (condition.at_least is None or number >= condition.at_least) and (
        condition.below is None or number < condition.below
    )


def _lapsed(condition: Lapsed, state: State) -> bool:
    decision = state.decisions.get(condition.lapsed)
    return decision is not None and decision.status == "lapsed"


def _released(condition: Released, state: State) -> bool:
    return condition.released in state.released


def _time(condition: TimeIs, state: State) -> bool:
    span, now = condition.time, state.clock.exercise
    return (span.from_ is None or now >= span.from_) and (span.until is None or now < span.until)


def _did(condition: Did, state: State) -> bool:
    return any(
        record.act.act == condition.did
        and (condition.toward is None or condition.toward in record.act.toward)
        and (condition.level is None or condition.level == record.act.level)
        and (condition.about is None or condition.about == record.act.about)
        for record in state.acts.get(condition.by, ())
    )


def _knows(condition: Knows, state: State) -> bool:
    return condition.knows in state.knowledge.get(condition.team, ())


def _requested(condition: Requested, state: State) -> bool:
    kind, by, to, about = condition.asked, condition.by, condition.to, condition.about
    steps = steps_of(condition)
    for request in state.requests.values():
        if (
            (by is None or by == request.by)
            and (to is None or to == request.to)
            and (kind in ("any", request.kind))
            and (about is None or about == request.matter)
            and any(map(request.reached, steps))
        ):
            return True
    return False


def steps_of(condition: Requested) -> tuple[Step, ...]:
    """The steps by any of which a request comes as far as is asked: whatever waits for it waits for each of them."""
    return _AGREED if condition.came is Step.ACCEPTED else (condition.came,)


_AGREED = (Step.ACCEPTED, Step.PART, Step.CONDITIONS_ACCEPTED)
"""Who agrees in part, or on conditions that the other takes, has agreed: a story may not go on as if nobody had."""


def _chose(condition: Chose, state: State) -> bool:
    decision = state.decisions.get(condition.chose)
    if decision is None or decision.choice is None:
        return False
    taken = decision.choice.option or "free"
    wanted = condition.option
    return wanted is None or (taken == wanted if isinstance(wanted, str) else taken in wanted)


_HOLDS: Mapping[type[Model], Callable[[Any, State], bool]] = {
    AllOf: _all_of,
    AnyOf: _any_of,
    Not: _not,
    FlagIsSet: _flag,
    FactIs: _fact,
    IndicatorIs: _indicator,
    Chose: _chose,
    Lapsed: _lapsed,
    Released: _released,
    TimeIs: _time,
    Did: _did,
    Knows: _knows,
    Requested: _requested,
}
"""How each kind of condition is decided: a table, since rules and assessment ask by the ten thousand."""

_READS: Mapping[type[Model], str] = {
    FlagIsSet: "flags",
    FactIs: "facts",
    IndicatorIs: "indicators",
    Chose: "decisions",
    Lapsed: "decisions",
    Released: "released",
    TimeIs: "clock",
    Did: "acts",
    Knows: "knowledge",
    Requested: "requests",
}


def fields_read(condition: Condition | None) -> frozenset[str]:
    """The fields of a state that decide a condition: while they are the same objects, so is the answer."""
    return frozenset(_READS[part.__class__] for part in parts_of(condition) if part.__class__ in _READS)


def parts_of(condition: Condition | None) -> Iterator[Condition]:
    """The condition and everything inside it."""
    if condition is None:
        return
    yield condition
    match condition:
        case AllOf():
            inner: tuple[Condition, ...] = condition.all
        case AnyOf():
            inner = condition.any
        case Not():
            inner = (condition.not_,)
        case _:
            inner = ()
    for part in inner:
        yield from parts_of(part)


def references(condition: Condition | None) -> tuple[tuple[str, str], ...]:
    """All that a condition names, as (kind, id) pairs, so that `check` can find names that do not exist."""
    match condition:
        case None | TimeIs():
            return ()
        case AllOf():
            return tuple(pair for part in condition.all for pair in references(part))
        case AnyOf():
            return tuple(pair for part in condition.any for pair in references(part))
        case Not():
            return references(condition.not_)
        case FlagIsSet():
            return (("flag", condition.flag),)
        case FactIs():
            return (("fact", condition.fact),)
        case IndicatorIs():
            return (("indicator", condition.indicator),)
        case Chose():
            return (("decision", condition.chose),)
        case Lapsed():
            return (("decision", condition.lapsed),)
        case Released():
            return (("inject", condition.released),)
        case Did():
            party = (("party", condition.toward),) if condition.toward else ()
            return (("team", condition.by), *party)
        case Knows():
            return (("evidence", condition.knows), ("team", condition.team))
        case Requested():
            named = (
                ("kind", condition.asked),
                ("party", condition.by),
                ("party", condition.to),
                ("matter", condition.about),
            )
            return (("request", ""), *((what, id) for what, id in named if id is not None and id != "any"))
