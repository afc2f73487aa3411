"""Detectors over the life of requests: which conduct of which side each finds, and under what it is marked.

What a kind's `marks` names is looked at in every request of that kind; only teams are marked, never actors.

| detector         | whom      | honoured                    | partly                      | neglected, or breached    |
| ---------------- | --------- | --------------------------- | --------------------------- | ------------------------- |
| complete         | requester | whole when it was sent      | mended, or sent again whole | never whole               |
| fit-channel      | requester | arrived by a fit, standing  | came back, then sent again  | came back, left at that;  |
|                  |           | channel                     | by a fit one                | sent to a known dead line |
| urgent-route     | requester | urgent and with a deadline  | one of the two              | neither                   |
| basis-named      | requester | a text that carries it      | another text of the profile | none                      |
| handling-stated  | giver     | conditions stated           |                             | not stated                |
| conditions-kept  | receiver  | kept to ENDEX, or to their  |                             | breached: passed on       |
|                  |           | lifting                     |                             |                           |
| answered-in-time | addressee | answered, taken, asked back | asked back, then no answer  | lapsed, or left open      |
| gap-named        | addressee | all that is missing named   | some of it, in other words  | nothing named             |
| reasons-given    | addressee | a part or conditions, with  | one without reasons; no     | no, without ground or     |
|                  |           | reasons                     | with ground and reasons     | reasons                   |
| carried-out      | addressee | what was agreed was done    |                             | left undone at ENDEX      |
| kept-long-enough | addressee | the days that the text asks | no number of days           | fewer days                |
| check-first      | addressee | a judge had agreed before   | asked, not answered yet     | not asked; breached: the  |
|                  |           |                             |                             | judge had refused         |
| specified-only   | addressee | done when whole, sent back  | a part, with the gap named  | breached: done with gaps  |

What never reached anyone is not tested for its content, and neither is what had less than ten minutes of play to be
done. A contact that went stale is not the fault of whoever did not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from exercise.core.acts import ActKind
from exercise.core.course import Course, DoneAct
from exercise.core.detectors import Verdict, seqs_of
from exercise.core.records import dataclass
from exercise.core.reference import Terms
from exercise.core.requests import answering, asking, keeping
from exercise.core.requests.case import Case
from exercise.core.requests.history import AGREEING, History
from exercise.core.requests.kinds import RequestDetector, RequestKind, Step
from exercise.core.scenario import Scenario
from exercise.core.script import Grade
from exercise.core.times import tell_exercise_time


@dataclass(frozen=True, slots=True)
class Found:
    """What a detector found about one team in one request, under one commitment."""

    team: str
    commitment: str
    occasion: str
    title: str
    source: RequestDetector
    verdict: Verdict


Detector = Callable[[Case], Verdict | None]
"""What it saw, or nothing where its conduct was not tested."""

ASKING: Mapping[RequestDetector, Detector] = {
    "complete": asking.complete,
    "fit-channel": asking.fit_channel,
    "urgent-route": asking.urgent_route,
    "handling-stated": keeping.stated_by_requester,
    "conditions-kept": keeping.kept_by_requester,
}
"""Detectors that look at the team that sent it; `basis-named` is one more, which goes by the commitment."""

ANSWERING: Mapping[RequestDetector, Detector] = {
    "answered-in-time": answering.answered_in_time,
    "gap-named": answering.gap_named,
    "reasons-given": answering.reasons_given,
    "carried-out": answering.carried_out,
    "kept-long-enough": answering.kept_long_enough,
    "check-first": answering.check_first,
    "specified-only": answering.specified_only,
    "handling-stated": keeping.stated_by_addressee,
    "conditions-kept": keeping.kept_by_addressee,
}
"""Detectors that look at the team it went to."""


Plan = Sequence[tuple[RequestDetector, Detector | None, tuple[str, ...]]]
"""What is looked at, by which detector, under which commitments; without a detector for `basis-named`."""


def request_marks(scenario: Scenario, terms: Mapping[str, Terms], course: Course, told: History) -> Iterator[Found]:
    """All that is found in the requests of a log; `terms` are what the catalogue asks of each team."""
    plans, names = _plans(scenario, terms), scenario.names
    for id, life in told.lives.items():
        case, occasion = Case(life, told, course, scenario, names), f"request:{id}"
        sent, kind = life.sent, life.kind
        for team, asks in ((sent.by, True), (sent.to, False)):
            asked = terms.get(team)
            if asked is None:
                continue
            title = f"{kind.name} {f'to {case.to}' if asks else f'from {case.by}'}"
            plan = plans.get((sent.kind, team, asks))
            if plan is None:
                plan = plans[sent.kind, team, asks] = _plan(kind, asked, asks)
            for source, find, under in plan:
                if find is None:
                    for name, seen in asking.basis_named(case, asked.texts, under):
                        yield Found(team, name, occasion, title, source, seen)
                elif (verdict := find(case)) is not None:
                    for name in under:
                        yield Found(team, name, occasion, title, source, verdict)
            for name, seen in keeping.passed_on_otherwise(case) if asks else ():
                if name in asked.duties:
                    yield Found(team, name, occasion, title, "conditions-kept", seen)


def _plans(scenario: Scenario, terms: Mapping[str, Terms]) -> dict[tuple[str, str, bool], Plan]:
    """What is looked at in requests, by kind, team and side: the same in every run of a scenario, so it is kept."""
    kept: tuple[Mapping[str, Terms], dict[tuple[str, str, bool], Plan]] | None = scenario.__dict__.get("_plans")
    if kept is None or kept[0] is not terms:
        kept = scenario.__dict__["_plans"] = (terms, {})
    return kept[1]


def _plan(kind: RequestKind, asked: Terms, asks: bool) -> Plan:
    """What is looked at in a team that sends, or gets, a request of a kind."""
    detectors = ASKING if asks else ANSWERING
    return tuple(
        (source, detectors.get(source), under)
        for source, commitments in kind.marks.items()
        if (source in detectors or (asks and source == "basis-named"))
        and (under := tuple(name for name in commitments if name in asked.duties))
    )


def put_by_requests(scenario: Scenario, team: str) -> Mapping[str, frozenset[RequestDetector]]:
    """What requests that a scenario calls for can test in a team, with the detectors that look at it.

    It calls for a request by a matter that the team may raise, or is asked about, and by one that comes with an inject.
    """
    asked: set[str] = set()
    answered: set[str] = set()
    for matter in scenario.matters:
        if not matter.teams or team in matter.teams:
            asked.update(matter.kinds)
        if matter.holder == team:
            answered.update(matter.kinds)
    answered.update(row.request.kind for row in scenario.injects if row.request and row.request.to == team)
    reached: dict[str, set[RequestDetector]] = {}
    sides = ((asked, {*ASKING, "basis-named"}), (answered, {*ANSWERING}))
    for kinds, detectors in sides:
        for kind in (scenario.kinds_by_id[id] for id in kinds if id in scenario.kinds_by_id):
            for source, commitments in kind.marks.items():
                for commitment in commitments if source in detectors else ():
                    reached.setdefault(commitment, set()).add(source)
    return {commitment: frozenset(found) for commitment, found in reached.items()}


def consultation_pending(told: History, step: DoneAct, names: Mapping[str, str]) -> Verdict | None:
    """The breach by an escalating step toward a party with which a consultation was agreed and is still to be held."""
    for life in told.lives.values():
        parties = {life.sent.by, life.sent.to}
        other = parties - {step.team}
        if ActKind.CONSULT not in life.kind.acts.get(Step.ACCEPTED, ()) or step.team not in parties:
            continue
        agreed, held = life.came(*AGREEING), life.came(Step.FULFILLED)
        if agreed is None or agreed.seq > step.seq or (held is not None and held.seq < step.seq):
            continue
        if other & set(step.act.toward):
            whom = ", ".join(names.get(party, party) for party in sorted(other))
            at, since = tell_exercise_time(step.exercise), tell_exercise_time(agreed.exercise)
            reason = (
                f"The escalating step toward {whom} at {at} came while a consultation that had been agreed at {since} "
                "was still to be held."
            )
            return Verdict(Grade.BREACHED, reason, seqs_of(agreed.seq, step.seq), step.exercise, knowing=True)
    return None
