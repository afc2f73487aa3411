"""How a team gives, and keeps what it was given: conditions stated with it, and kept to by whoever received it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exercise.core.acts import ActKind
from exercise.core.detectors import Verdict, listed, seqs_of
from exercise.core.events import LogEntry
from exercise.core.requests.case import Case, at, found
from exercise.core.requests.kinds import Handling, Purpose, Step
from exercise.core.script import Grade
from exercise.core.times import tell_exercise_time

HANDLING = "handling"
"""Id of the element of a request by which a team says in its own words how far what it gives may go."""
_PASSING_ON = (ActKind.FORWARD, ActKind.TELL_PUBLIC, ActKind.SHARE)


def stated_by_requester(case: Case) -> Verdict | None:
    """Whether a team that gave something with its request said how it may be handled."""
    life = case.life
    if case.arrived is None:
        return None
    stated = life.sent.handling or _stated(case, life.sent.to, life.sent.encloses)
    if stated is None and life.kind.shape != "gives" and not life.sent.encloses:
        return None
    what = f"What {case.to} was given at {at(life.entry)}"
    if stated is None and HANDLING in life.sent.content and HANDLING not in life.sent.missing:
        return found(Grade.HONOURED, f"{what} came with words on how it may be handled.", life.entry)
    return _verdict(stated, what, life.entry)


def stated_by_addressee(case: Case) -> Verdict | None:
    """Whether a team that handed something over in answer to a request said how it may be handled."""
    life, done = case.life, case.life.came(Step.FULFILLED)
    if done is None or life.fulfilment is None or life.kind.shape == "gives" or not life.fulfilment.gives:
        return None
    stated = life.fulfilment.handling or _stated(case, life.sent.by, life.fulfilment.gives)
    return _verdict(stated, f"What {case.by} was given at {at(done)}", done)


def _stated(case: Case, receiver: str, pieces: Iterable[str]) -> Handling | None:
    """Conditions that went with the evidence itself; also where an actor got it, or a team that held it already."""
    learned = (event.handling for _, event in case.life.learned if event.team == receiver and event.handling)
    known = case.scenario.evidence_by_id
    usual = (known[name].handling for name in pieces if name in known)
    return next((handling for handling in (*learned, *usual) if handling is not None), None)


def _verdict(stated: Handling | None, what: str, entry: LogEntry) -> Verdict:
    if stated is None:
        return found(Grade.NEGLECTED, f"{what} came without a word on how it may be handled.", entry)
    return found(Grade.HONOURED, f"{what} came with its conditions: {_told(stated)}.", entry)


def _told(handling: Handling) -> str:
    use = "any use" if handling.purpose is Purpose.ANY else f"for {handling.purpose.value}"
    return f"TLP {handling.tlp.value}, {use}"


def kept_by_requester(case: Case) -> Verdict | None:
    """Whether the team that asked kept to the conditions of what it got."""
    return _kept(case, case.life.sent.by)


def kept_by_addressee(case: Case) -> Verdict | None:
    """Whether the team that was given something kept to its conditions."""
    return _kept(case, case.life.sent.to)


def _kept(case: Case, team: str) -> Verdict | None:
    if not case.life.learned:
        return None
    held = {
        event.evidence: entry
        for entry, event in case.life.learned
        if event.team == team and event.handling is not None and event.handling.binds
    }
    if not held:
        return None
    taken = case.life.taken[0] if case.life.taken and case.life.taken[1].accepted else None
    first = min(held.values(), key=lambda entry: entry.seq)
    opening = f"Given at {at(first)} under conditions" + (", which were accepted" if taken else "")
    broken = [(*how, name) for name in held if (how := _broken(case, team, name, held[name]))]
    if broken:
        seq, exercise, to, name = min(broken)
        reason = f"{opening}; at {tell_exercise_time(exercise)} “{_title(case, name)}” was passed on{to} against them."
        entries = seqs_of(held[name].seq, seq, *((taken.seq,) if taken else ()))
        return Verdict(Grade.BREACHED, reason, entries, exercise, knowing=True)
    lifted = [case.told.lifted.get((team, name)) for name in held]
    if all(lifted):
        last = max((entry for entry in lifted if entry), key=lambda entry: entry.seq)
        reason = f"{opening}, and kept until they were lifted with the giver's consent at {at(last)}."
        return found(Grade.HONOURED, reason, first, taken, last)
    if case.told.ended is None:
        return None
    return found(Grade.HONOURED, f"{opening}, and kept to them until the end.", first, taken, case.told.ended)


def _broken(case: Case, team: str, name: str, held: LogEntry) -> tuple[int, int, str] | None:
    """Where evidence was passed on against its conditions, when, and to whom in words."""
    free = case.told.lifted.get((team, name))
    ways: list[tuple[int, int, str]] = []
    by_request = case.told.passed_on.get((team, name))
    if by_request is not None:
        entry, to = by_request
        ways.append((entry.seq, entry.exercise, f" to {case.name(to)}"))
    for done in case.course.acts_of(team):
        act = done.act
        if done.request is None and act.against_conditions and act.about == name and act.act in _PASSING_ON:
            to = f" to {listed(act.toward, case.scenario.names)}" if act.toward else ""
            ways.append((done.seq, done.exercise, to))
    after = [way for way in ways if way[0] > held.seq and (free is None or way[0] < free.seq)]
    return min(after, default=None)


def passed_on_otherwise(case: Case) -> Iterator[tuple[str, Verdict]]:
    """The breach by sending on, with this request, what the team got by other ways than a request.

    What it got by a request is marked under that request, for there the conditions were accepted.
    """
    life = case.life
    for name in life.sent.against[:1]:
        held = case.told.unasked.get((life.sent.by, name))
        if held is not None:
            reason = (
                f"At {at(life.entry)} “{_title(case, name)}”, held under conditions since {at(held)}, "
                f"was passed on to {case.to} against them."
            )
            for commitment in life.kind.marks.get("conditions-kept", ()):
                yield commitment, found(Grade.BREACHED, reason, held, life.entry, knowing=True)


def _title(case: Case, name: str) -> str:
    piece = case.scenario.evidence_by_id.get(name)
    return piece.title if piece else name
