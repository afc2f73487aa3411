"""Bots: they sit behind the same interface as people and choose among the options of their own view.

The cooperative and the self-interested policy also get a declared table of the options' tags and effects, as a keen
reader of the scenario might guess them; no policy ever sees hidden facts or what depends on them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from exercise.core.acts import ActKind, Safeguard
from exercise.core.commands import ChooseResponse, Command, FollowUp, SetAside
from exercise.core.commitments import Area
from exercise.core.conditions import Condition, FactIs, parts_of
from exercise.core.records import dataclass
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.script import ChangeIndicator, Effect, Grade, ResponseOption
from exercise.core.views import CorrespondenceView, DecisionsView, DecisionView, OptionView, ParticipantView
from exercise.errors import UsageError
from exercise.session.correspondence import PACE, Holders, Looked, cooperative, drawn, holders_of, self_interested


class Policy(StrEnum):
    """How a bot plays."""

    COOPERATIVE = "cooperative"
    SELF_INTERESTED = "self-interested"
    RANDOM = "random"
    SILENT = "silent"
    SCRIPTED = "scripted"


@dataclass(frozen=True, slots=True)
class Declared:
    """What the table says of one option: its tags under the team's profile, and its effects on numbers."""

    tags: tuple[tuple[str, Area, Grade], ...]
    own: float
    """Summed effect on the team's own indicators, as shares of their range; above 0 is good."""
    shared: float
    acts: tuple[ActKind, ...]


Declarations = Mapping[tuple[str, str], Declared]
"""By decision and option."""


class Bot(Protocol):
    """A player that is a program."""

    decides: bool
    """Whether it answers decisions at all."""
    corresponds: bool
    """Whether it sends and answers requests at all."""
    looked: Looked | None
    """How its correspondence stood when it last looked."""

    def act(self, view: DecisionsView | ParticipantView) -> tuple[Command, ...]:
        """What it asks for, seeing this; an empty row where it has nothing to ask."""

    def correspond(self, view: CorrespondenceView) -> tuple[Command, ...]:
        """What it asks of others and answers them, seeing this."""


class _Quiet:
    """Sends no request and answers none."""

    decides = True
    corresponds = False
    looked: Looked | None = None

    def correspond(self, view: CorrespondenceView) -> tuple[Command, ...]:
        """Nothing, whatever it sees."""
        return ()


def declarations(scenario: Scenario, reference: Reference, team_id: str) -> Declarations:
    """The declared table of one team's options: nothing in it depends on hidden facts.

    Every run of a scenario declares the same, so it is worked out once for a team and the texts that bind it.
    """
    kept: dict[str, tuple[Reference, Declarations]] = scenario.__dict__.setdefault("_declared", {})
    known = kept.get(team_id)
    if known is None or known[0] is not reference:
        known = kept[team_id] = (reference, _declarations(scenario, reference, team_id))
    return known[1]


def _declarations(scenario: Scenario, reference: Reference, team_id: str) -> Declarations:
    team = scenario.teams_by_id[team_id]
    on = scenario.date.date()
    table: dict[tuple[str, str], Declared] = {}
    for decision in scenario.decisions:
        if decision.team != team_id:
            continue
        for option in decision.options:
            tags = tuple(
                (tag.commitment, reference.area(tag.commitment), tag.grade)
                for tag in option.conduct
                if reference.standing(team.profile, tag.commitment, on) in ("applies", "observed")
            )
            own, shared = _numbers(scenario, option, team_id)
            table[decision.id, option.id] = Declared(tags, own, shared, tuple(act.act for act in option.acts))
    return table


def _numbers(scenario: Scenario, option: ResponseOption, team: str) -> tuple[float, float]:
    own = shared = 0.0
    effects: list[Effect] = list(option.effects)
    for consequence in option.consequences:
        if not _reads_facts(consequence.when):
            effects += consequence.effects
    for effect in effects:
        if not isinstance(effect, ChangeIndicator) or effect.by is None or _reads_facts(effect.when):
            continue
        indicator = scenario.indicators_by_id[effect.indicator]
        share = effect.by / (indicator.highest - indicator.lowest) * (1 if indicator.better == "higher" else -1)
        if indicator.team == team:
            own += share
        elif indicator.team is None:
            shared += share
    return own, shared


def _reads_facts(condition: Condition | None) -> bool:
    return any(isinstance(part, FactIs) for part in parts_of(condition))


class Silent(_Quiet):
    """Never answers."""

    decides = False

    def act(self, view: DecisionsView | ParticipantView) -> tuple[Command, ...]:
        """Nothing, whatever it sees."""
        return ()


class Scripted(_Quiet):
    """Answers by a script of decision → option letter or id; leaves out what the script leaves out."""

    def __init__(self, script: Mapping[str, str]) -> None:
        self._script = script

    def act(self, view: DecisionsView | ParticipantView) -> tuple[Command, ...]:
        """The scripted answers to the decisions that are open."""
        commands: list[Command] = []
        for decision in view.open_decisions:
            wanted = self._script.get(decision.id)
            if wanted is None:
                continue
            option = next((o for o in decision.options if wanted in (o.id, o.letter, o.letter.lower())), None)
            if option is None:
                raise UsageError(f"The script answers '{decision.id}' with '{wanted}', which is not offered.")
            commands.append(_plain_answer(view, decision, option, "As scripted."))
        return tuple(commands)


class Random:
    """Answers at random, the same for the same seed."""

    decides = True
    corresponds = True
    looked: Looked | None = None

    def __init__(self, seed: int, holders: Holders | None = None, pace: int = PACE) -> None:
        self._seed = seed
        self._holders = holders or Holders()
        self._pace = pace

    def correspond(self, view: CorrespondenceView) -> tuple[Command, ...]:
        """Drawn requests, and drawn answers."""
        return drawn(view, self._holders, self._seed, self._pace)

    def act(self, view: DecisionsView | ParticipantView) -> tuple[Command, ...]:
        """A drawn option for each open decision."""
        return tuple(
            _plain_answer(view, decision, decision.options[self._draw(view.team, decision)], "")
            for decision in view.open_decisions
        )

    def _draw(self, team: str, decision: DecisionView) -> int:
        text = f"{self._seed}:{team}:{decision.id}:{decision.revision}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % len(decision.options)


_WEIGHT = {Grade.HONOURED: 2.0, Grade.PARTLY: 0.0, Grade.NEGLECTED: -1.0, Grade.BREACHED: -4.0}
_TOGETHER = {Area.COOPERATION, Area.CONFIDENCE, Area.LEGAL_ASSISTANCE, Area.AWARENESS, Area.PUBLIC_PRIVATE}
_OPEN_ACTS = {
    ActKind.WARN,
    ActKind.SHARE,
    ActKind.CONTACT,
    ActKind.CONSULT,
    ActKind.ANSWER,
    ActKind.TELL_PARLIAMENT,
    ActKind.TELL_PUBLIC,
    ActKind.ADVISE_USERS,
    ActKind.INVOLVE_OPERATOR,
    ActKind.REPAIR,
}
_HARSH_ACTS = {ActKind.ESCALATE, ActKind.MISLEAD, ActKind.REFUSE, ActKind.REFUSE_CONTACT}


class Cooperative:
    """Prefers what serves partners and says why; names what it sets aside, and comes back to it."""

    decides = True
    corresponds = True
    looked: Looked | None = None

    def __init__(self, table: Declarations, holders: Holders | None = None) -> None:
        self._table = table
        self._worth = {name: self._worth_of(declared) for name, declared in table.items()}
        self._holders = holders or Holders()

    def correspond(self, view: CorrespondenceView) -> tuple[Command, ...]:
        """Full requests to who can answer, full answers to who asks."""
        return cooperative(view, self._holders)

    def act(self, view: DecisionsView | ParticipantView) -> tuple[Command, ...]:
        """Answers with reasons, and follows up what it set aside."""
        commands: list[Command] = [self._answer(view, decision) for decision in view.open_decisions]
        for decision in view.decisions:
            answer = decision.answer
            if answer is None or not answer.set_aside or view.clock.play <= answer.play:
                continue
            done = {kind for kind, _, _ in answer.followed_up}
            if "told" not in done:
                text = f"Those affected by “{decision.title}” have been told what was set aside and for how long."
                commands.append(_follow_up(view, decision, "told", text))
            if "returned" not in done and view.clock.play > answer.play + 600:
                text = f"The measure taken on “{decision.title}” has been reviewed and kept to what is still needed."
                commands.append(_follow_up(view, decision, "returned", text))
        return tuple(commands)

    def _worth_of(self, declared: Declared) -> float:
        worth = sum(_WEIGHT[grade] * (2 if area in _TOGETHER else 1) for _, area, grade in declared.tags)
        worth += sum((act in _OPEN_ACTS) - 2 * (act in _HARSH_ACTS) for act in declared.acts)
        return worth + 10 * declared.shared + 2 * declared.own

    def _answer(self, view: DecisionsView | ParticipantView, decision: DecisionView) -> Command:
        option = max(decision.options, key=lambda o: self._worth[decision.id, o.id])
        tags = self._table[decision.id, option.id].tags
        honoured = Grade.HONOURED
        kept = tuple([name for name, _, grade in tags if grade is honoured])
        strained = tuple([name for name, _, grade in tags if grade is not honoured])
        return ChooseResponse.unchecked(
            seat=view.seat,
            play=view.clock.play,
            decision=decision.id,
            revision=decision.revision,
            option=option.id,
            reason="We choose what lets our partners act in time and say openly what it costs us.",
            basis=kept[:12],
            set_aside=tuple(map(_gives_way, strained[:12])),
            safeguards=_SAFEGUARDS if option.coercive else {},
        )


def _follow_up(view: DecisionsView | ParticipantView, decision: DecisionView, kind: str, text: str) -> Command:
    return FollowUp.unchecked(seat=view.seat, decision=decision.id, kind=kind, text=text[:400])


@lru_cache(maxsize=256)  # A scenario names the same commitments again and again.
def _gives_way(commitment: str) -> SetAside:
    return SetAside(
        commitment=commitment,
        why="It gives way for now to the more urgent duty.",
        limits="Only as far and as long as this step needs, and by the mildest means.",
    )


_SAFEGUARDS = {
    Safeguard.GROUND: "The offence under investigation and the facts known so far.",
    Safeguard.AUTHORITY: "Ordered by the competent authority and put to the judge.",
    Safeguard.SCOPE: "Only the accounts and addresses named in the order.",
    Safeguard.DURATION: "Ends after twelve hours unless it is renewed.",
    Safeguard.THIRD_PARTIES: "Data of people not involved are set apart and deleted.",
}


class SelfInterested:
    """Prefers what is good for its own numbers, and explains little."""

    decides = True
    corresponds = True
    looked: Looked | None = None

    def __init__(self, table: Declarations, holders: Holders | None = None) -> None:
        self._worth = {name: self._worth_of(declared) for name, declared in table.items()}
        self._holders = holders or Holders()

    def correspond(self, view: CorrespondenceView) -> tuple[Command, ...]:
        """Requests that help itself, and bare refusals."""
        return self_interested(view, self._holders)

    def act(self, view: DecisionsView | ParticipantView) -> tuple[Command, ...]:
        """The answer that serves its own indicators best, with a bare reason."""
        return tuple(
            _plain_answer(
                view,
                decision,
                max(decision.options, key=lambda o: self._worth[decision.id, o.id]),
                "It serves us best.",
            )
            for decision in view.open_decisions
        )

    def _worth_of(self, declared: Declared) -> float:
        breaches = sum(grade is Grade.BREACHED for _, _, grade in declared.tags)
        return 10 * declared.own + declared.shared - 0.1 * breaches


def _plain_answer(
    view: DecisionsView | ParticipantView, decision: DecisionView, option: OptionView, reason: str
) -> Command:
    return ChooseResponse.unchecked(
        seat=view.seat,
        play=view.clock.play,
        decision=decision.id,
        revision=decision.revision,
        option=option.id,
        reason=reason,
    )


def make_bot(
    policy: Policy,
    scenario: Scenario,
    reference: Reference,
    team: str,
    seed: int,
    script: Mapping[str, str] | None = None,
    pace: int = PACE,
) -> Bot:
    """A bot for one team; `script` is needed for the scripted policy and maps decisions to options.

    One that draws raises one matter in each `pace`, in seconds of play.
    """
    match policy:
        case Policy.SILENT:
            return Silent()
        case Policy.RANDOM:
            return Random(seed, holders_of(scenario), pace)
        case Policy.SCRIPTED:
            return Scripted(script or {})
        case Policy.COOPERATIVE:
            return Cooperative(declarations(scenario, reference, team), holders_of(scenario))
        case Policy.SELF_INTERESTED:
            return SelfInterested(declarations(scenario, reference, team), holders_of(scenario))
