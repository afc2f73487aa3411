"""What an option weighs, point by point: clauses, numbers, safeguards, what occasions watch for, what is learned.

Each point says for an option and a world how it stands, so that siblings can be compared one point at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from exercise.analysis.worlds import World, holds_in
from exercise.core.acts import Act, ActKind, Level
from exercise.core.conditions import Chose, Condition, Did, FlagIsSet, Lapsed
from exercise.core.detectors import BASIS_ROWS, CONSULTED, REASONED, SAFEGUARDED
from exercise.core.marks import RANK, under_ceiling
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.script import ChangeIndicator, Conduct, Decision, Effect, Learn, Occasion, ResponseOption, SetFlag

Weight = Literal["clear", "trivial", "unclear"]
"""Whether a difference counts, hardly counts, or may count either way."""

SMALL = 0.02
"""A difference of at most this share of an indicator's range hardly counts."""

_UNTESTED = 2.5
_UNABLE = 2.25
_GRADES: Mapping[float, str] = {
    0: "breached",
    1: "neglected",
    2: "partly kept",
    _UNABLE: "a lack of means",
    _UNTESTED: "untouched",
    3: "honoured",
}


@dataclass(frozen=True)
class Point:
    """One thing in which options may differ; a higher value is better."""

    name: str
    reads: tuple[Condition | None, ...]
    value: Callable[[ResponseOption, World], float]
    told: Callable[[float], str]
    """A value in words."""
    better: Callable[[float], Weight] = lambda _: "clear"
    """How much it weighs to be better by so much."""


class Weighing:
    """The points of one decision, for the team that decides it."""

    def __init__(self, scenario: Scenario, reference: Reference, decision: Decision) -> None:
        self.scenario = scenario
        self.reference = reference
        self.decision = decision
        self.team = scenario.teams_by_id[decision.team]
        self.standing = reference.standings(self.team.profile, scenario.date.date())
        # Of a company that has accepted nothing as a State does, the card shows observations alone: they are its marks.
        self.counts = ("applies",) if "applies" in self.standing.values() else ("observed",)

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """Every point on which at least one option says something."""
        return (
            *self._clauses(),
            *self._numbers(),
            *self._asked(),
            *self._detected(),
            *self._watched(),
            *self._learned(),
            *self._repaired(),
        )

    def held(self, id: str) -> bool:
        """Whether a clause counts for the team: scored, or observed where nothing of it is scored."""
        return self.standing.get(id) in self.counts

    def settled(self, option: ResponseOption, after: bool) -> Callable[[Condition], bool | None]:
        """What stands for sure once an option is chosen: the choice itself, and later the flags and acts it brought."""

        def sure(leaf: Condition) -> bool | None:
            match leaf:
                case Chose(chose=self.decision.id):
                    wanted = leaf.option
                    return wanted is None or option.id in ((wanted,) if isinstance(wanted, str) else wanted)
                case Lapsed(lapsed=self.decision.id):
                    return False
                case FlagIsSet() if after:
                    sets = any(
                        isinstance(e, SetFlag) and e.flag == leaf.flag and e.when is None for e in option.effects
                    )
                    return True if sets else None
                case Did() if after and leaf.by == self.team.id:
                    return True if any(did(leaf, act) for act in option.acts) else None
            return None

        return sure

    # --- clauses, by tags ---

    def _clauses(self) -> Iterator[Point]:
        tags: dict[str, list[Conduct]] = {}
        for option in self.decision.options:
            for tag in option.conduct:
                if self.standing.get(tag.commitment) in ("applies", "observed"):
                    tags.setdefault(tag.commitment, []).append(tag)
        for id, found in tags.items():
            yield Point(
                name=id,
                reads=tuple(tag.when for tag in found),
                value=self._grade_of(id),
                told=lambda value: _GRADES[value],
                better=_always("clear" if self.held(id) else "trivial"),
            )

    def _grade_of(self, id: str) -> Callable[[ResponseOption, World], float]:
        def value(option: ResponseOption, world: World) -> float:
            settled = self.settled(option, after=False)
            grades = [
                self._grade(tag)
                for tag in option.conduct
                if tag.commitment == id and holds_in(tag.when, world, settled)
            ]
            return min(grades, default=_UNTESTED)

        return value

    def _grade(self, tag: Conduct) -> float:
        if tag.lacking is not None and RANK[tag.grade] <= 1 and not (tag.knowing or tag.bad_faith):
            return _UNABLE
        grade, _ = under_ceiling(
            tag.grade,
            self.reference.force(tag.commitment),
            observed=self.standing[tag.commitment] == "observed",
            knowing=tag.knowing,
            bad_faith=tag.bad_faith,
        )
        return RANK[grade]

    # --- numbers ---

    def _numbers(self) -> Iterator[Point]:
        changed: dict[str, list[tuple[ChangeIndicator, Condition | None]]] = {}
        for option in self.decision.options:
            for effect, when in effects_of(option):
                if isinstance(effect, ChangeIndicator):
                    changed.setdefault(effect.indicator, []).append((effect, when))
        for id, found in changed.items():
            indicator = self.scenario.indicators_by_id[id]
            sign = 1 if indicator.better == "higher" else -1
            sets = any(effect.to is not None for effect, _ in found)
            small = SMALL * (indicator.highest - indicator.lowest)

            def weight(difference: float, sets: bool = sets, small: float = small) -> Weight:
                return "unclear" if sets else "trivial" if difference <= small else "clear"

            yield Point(
                name=indicator.name,
                reads=tuple(condition for effect, when in found for condition in (effect.when, when)),
                value=self._change_of(id, sign),
                told=_as_change(sign),
                better=weight,
            )

    def _change_of(self, id: str, sign: int) -> Callable[[ResponseOption, World], float]:
        start = self.scenario.indicators_by_id[id].start

        def value(option: ResponseOption, world: World) -> float:
            change = 0.0
            rows: list[tuple[Effect, Condition | None, bool]] = [(effect, None, False) for effect in option.effects]
            rows += [(effect, came.when, True) for came in option.consequences for effect in came.effects]
            for effect, when, after in rows:
                if not isinstance(effect, ChangeIndicator) or effect.indicator != id:
                    continue
                settled = self.settled(option, after)
                if holds_in(when, world, settled) and holds_in(effect.when, world, settled):
                    change += effect.by if effect.by is not None else (effect.to or 0.0) - start
            return sign * change

        return value

    # --- what is asked of the team, and what detectors make of its acts ---

    def _asked(self) -> Iterator[Point]:
        """A power asks for safeguards, a measure abroad for its basis: to be spared that counts, to be asked hardly."""
        marked = any(map(self.held, SAFEGUARDED))
        if any(option.coercive for option in self.decision.options):
            yield _yes_no(
                "the five safeguards", lambda o: not o.coercive, "not asked for", "asked for", weight=_counts(marked)
            )
            yield _yes_no("safeguards to state", lambda o: o.coercive, "asked for", "not asked for", "trivial")
        marked = any(self.held(row.commitment) for row in BASIS_ROWS)
        if any(option.outward for option in self.decision.options):
            yield _yes_no(
                "a basis for a measure abroad", lambda o: not o.outward, "not asked for", "asked for", _counts(marked)
            )
            yield _yes_no("a basis to state", lambda o: o.outward, "asked for", "not asked for", "trivial")

    def _detected(self) -> Iterator[Point]:
        if any(map(self.held, CONSULTED)):
            yield _yes_no(
                f"{CONSULTED[0]} (a step that raises tension)",
                lambda o: not (acts_of(o, ActKind.ESCALATE) and not _consults(o)),
                "not taken alone",
                "without a consultation",
            )
            yield _yes_no(
                f"{CONSULTED[0]} (consulted before the step)",
                lambda o: bool(acts_of(o, ActKind.ESCALATE)) and _consults(o),
                "yes",
                "no",
            )
        under = next((id for id in REASONED if self.held(id)), None)
        if under is not None:

            def refused(option: ResponseOption, _: World) -> float:
                acts = acts_of(option, ActKind.REFUSE)
                return min((3.0 if act.partial else 2.0 for act in acts), default=_UNTESTED)

            yield Point(f"{under} (a refusal)", (), refused, lambda value: _GRADES[value])

    def _watched(self) -> Iterator[Point]:
        """What an occasion of the team looks for, and what it holds against it."""
        for occasion in self.scenario.occasions:
            if occasion.team != self.team.id or not any(map(self.held, occasion.commitments)):
                continue
            for partner in occasion.toward or (None,):
                whom = f" {self.scenario.names.get(partner, partner)}" if partner else ""
                for what, serves in _looked_for(occasion, partner):
                    label = f"occasion '{occasion.id}'{whom}: {what}"
                    yield _yes_no(label, _does(serves), "yes", "no")
            against = _does(_contrary(occasion))
            yield _yes_no(
                f"occasion '{occasion.id}': nothing against it",
                _not(against),
                "yes",
                "no",
            )

    def _learned(self) -> Iterator[Point]:
        names = {
            effect.learn
            for option in self.decision.options
            for effect, _ in effects_of(option)
            if isinstance(effect, Learn) and effect.team == self.team.id
        }
        for name in sorted(names):

            def learns(option: ResponseOption, name: str = name) -> bool:
                return any(
                    isinstance(e, Learn) and (e.learn, e.team) == (name, self.team.id) for e, _ in effects_of(option)
                )

            yield _yes_no(f"evidence '{name}'", learns, "learned", "not learned")

    def _repaired(self) -> Iterator[Point]:
        for id in sorted({id for option in self.decision.options for id in option.repairs if self.held(id)}):
            yield _yes_no(f"{id} made good", _repairs(id), "yes", "no")


def effects_of(option: ResponseOption) -> Iterator[tuple[Effect, Condition | None]]:
    """Every effect of an option, at once or with a consequence, with the consequence's condition."""
    for effect in option.effects:
        yield effect, None
    for came in option.consequences:
        for effect in came.effects:
            yield effect, came.when


def acts_of(option: ResponseOption, *kinds: ActKind) -> list[Act]:
    """The option's acts of these kinds."""
    return [act for act in option.acts if act.act in kinds]


def did(leaf: Did, act: Act) -> bool:
    """Whether an act is one that a condition looks for."""
    return (
        act.act == leaf.did
        and (leaf.toward is None or leaf.toward in act.toward)
        and (leaf.level is None or leaf.level == act.level)
        and (leaf.about is None or leaf.about == act.about)
    )


def signed(number: float) -> str:
    """A change as people write it: +3, −2, 0."""
    size = f"{abs(number):g}"
    return size if number == 0 else f"{'+' if number > 0 else '−'}{size}"


def _always(weight: Weight) -> Callable[[float], Weight]:
    return lambda _: weight


def _as_change(sign: int) -> Callable[[float], str]:
    return lambda value: signed(sign * value)


def _does(looked_for: Callable[[Act], bool]) -> Callable[[ResponseOption], bool]:
    return lambda option: any(map(looked_for, option.acts))


def _not(holds: Callable[[ResponseOption], bool]) -> Callable[[ResponseOption], bool]:
    return lambda option: not holds(option)


def _repairs(id: str) -> Callable[[ResponseOption], bool]:
    return lambda option: id in option.repairs


def _counts(marked: bool) -> Weight:
    return "clear" if marked else "trivial"


def _yes_no(name: str, holds: Callable[[ResponseOption], bool], yes: str, no: str, weight: Weight = "clear") -> Point:
    return Point(
        name=name,
        reads=(),
        value=lambda option, _: float(holds(option)),
        told=lambda value: yes if value else no,
        better=_always(weight),
    )


def _consults(option: ResponseOption) -> bool:
    steps = acts_of(option, ActKind.ESCALATE)
    asked = [
        act
        for act in option.acts
        if act.act is ActKind.CONSULT or (act.act is ActKind.CONTACT and act.level is Level.POLITICAL)
    ]
    return all(any(not step.toward or set(step.toward) & set(act.toward) for act in asked) for step in steps)


def _looked_for(occasion: Occasion, partner: str | None) -> Iterator[tuple[str, Callable[[Act], bool]]]:
    """What serves an occasion toward a partner, in words and as a question to an act."""

    def one(*kinds: ActKind, level: tuple[Level, ...] = (), standing: bool = False) -> Callable[[Act], bool]:
        return lambda act: (
            act.act in kinds
            and (occasion.about is None or act.about == occasion.about)
            and (partner is None or partner in act.toward)
            and (not level or act.level in level)
            and (not standing or act.standing)
        )

    calls = (ActKind.CONTACT, ActKind.CONSULT)
    match occasion.detector:
        case "warned-partners":
            yield "told", one(ActKind.WARN, ActKind.SHARE)
        case "two-levels":
            yield "political contact", one(*calls, level=(Level.POLITICAL,))
            yield "working contact", one(*calls, level=(Level.TECHNICAL, Level.OPERATIONAL))
        case "standing-channel-first":
            kinds = (ActKind.CONTACT, ActKind.SHARE, ActKind.WARN, ActKind.SEEK_HELP)
            yield "standing channel used", one(*kinds, standing=True)
        case "parliament-informed":
            yield "parliament told", one(ActKind.TELL_PARLIAMENT)
        case "public-told":
            kind = ActKind.ADVISE_USERS if set(occasion.commitments) == {"ba-b3c"} else ActKind.TELL_PUBLIC
            advice = "ba-b3c" in occasion.commitments or occasion.about is not None
            yield "public told", one(kind, *([ActKind.ADVISE_USERS] if advice else []))
        case "operator-involved":
            yield "given a part", one(ActKind.INVOLVE_OPERATOR)
        case "help-sought":
            yield "help asked for", one(ActKind.SEEK_HELP)
        case "evidence-kept":
            yield "evidence kept", one(ActKind.PRESERVE)


def _contrary(occasion: Occasion) -> Callable[[Act], bool]:
    """Whether an act counts against an occasion."""
    named = set(occasion.toward)

    def against(act: Act) -> bool:
        concerns = occasion.about is None or act.about == occasion.about
        toward = not named or not act.toward or bool(named & set(act.toward))
        match occasion.detector:
            case "warned-partners" | "parliament-informed" | "public-told":
                return act.act is ActKind.MISLEAD and concerns and toward
            case "two-levels":
                return act.act is ActKind.REFUSE_CONTACT and concerns and toward
            case "standing-channel-first":
                calls = (ActKind.CONTACT, ActKind.SHARE, ActKind.WARN, ActKind.SEEK_HELP)
                return act.act in calls and concerns and toward and not act.standing
            case "kept-condition":
                given = (ActKind.FORWARD, ActKind.TELL_PUBLIC, ActKind.SHARE)
                return act.act in given and concerns and act.against_conditions
            case _:
                return False

    return against
