"""How a team asks: whether its request is whole, goes the right way, is urgent where it must be, and has a basis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from exercise.core.detectors import BASIS_ROWS, Verdict
from exercise.core.events import LogEntry
from exercise.core.requests.case import Case, at, found
from exercise.core.requests.kinds import Step
from exercise.core.requests.state import OPEN
from exercise.core.script import Grade
from exercise.core.times import tell_exercise_time

_OF_ONE_TEXT = {row.commitment: row.instrument for row in BASIS_ROWS if row.instrument}
"""Commitments that ask for a basis in one instrument; where another carries the request, they say nothing."""


def complete(case: Case) -> Verdict | None:
    """Whether a request had all that its kind demands, when it was sent or at least later."""
    life = case.life
    if case.arrived is None or not life.kind.demanded:
        return None
    opening = f"Sent to {case.to} at {at(life.entry)}"
    if not life.sent.missing:
        return found(Grade.HONOURED, f"{opening} with all that such a request has to say.", life.entry)
    opening += f" without: {life.named(life.sent.missing)}"
    asked, mended = life.came(Step.ASKED_BACK), _made_whole(case)
    back = f"; {case.to} asked back at {at(asked)}" if asked else ""
    if mended is not None:
        if asked is None or asked.seq > mended.seq:
            asked, back = None, ""
        reason = f"{opening}{back}; what was missing followed at {at(mended)}."
        return found(Grade.PARTLY, reason, life.entry, asked, mended)
    for again in case.sent_again():
        if again.sent.to == life.sent.to and not again.sent.missing:
            reason = f"{opening}{back}; it was sent again, whole, at {at(again.entry)}."
            return found(Grade.PARTLY, reason, life.entry, asked, again.entry)
    closed = case.told.ended if life.status in (*OPEN, Step.ASKED_BACK) else life.last
    if closed is None:
        return None
    reason = f"{opening}{back}; what was missing had not come by {at(closed)}."
    return found(Grade.NEGLECTED, reason, life.entry, asked, closed)


def _made_whole(case: Case) -> LogEntry | None:
    """The entry with which nothing was missing any more."""
    whole = {seq for seq, gap in case.life.gaps[1:] if not gap}
    return next((entry for step, entry in case.life.steps if step is Step.MENDED and entry.seq in whole), None)


def fit_channel(case: Case) -> Verdict | None:
    """Whether a request went by a channel that is fit for it, to a desk that may take it."""
    life, arrived = case.life, case.arrived
    if arrived is not None:
        known = case.scenario.channels_by_id.get(life.sent.channel)
        opening = f"It reached {case.to} at {at(arrived)} by “{case.channel}”"
        if known is not None and not known.standing:
            reason = f"{opening}, which did not stand before the crisis."
            return found(Grade.PARTLY, reason, life.entry, arrived)
        return found(Grade.HONOURED, f"{opening}, which is fit for it.", life.entry, arrived)
    failed = life.came(Step.FAILED)
    if failed is None:
        return None
    if life.failure == "stale":
        dead = case.told.known_dead(life)
        if dead is None:
            return None
        reason = (
            f"Sent at {at(life.entry)} to an entry for {case.to} that the team had known since {at(dead)} to be dead."
        )
        return found(Grade.NEGLECTED, reason, life.entry, dead, failed)
    if life.failure == "mandate":
        opening = f"Sent at {at(life.entry)} to {case.to}, which has no mandate for it"
    else:
        opening = f"Sent to {case.to} at {at(life.entry)} by “{case.channel}”, which is not fit for it"
    again = next(case.sent_again(), None)
    if again is not None:
        reason = f"{opening}; sent again at {at(again.entry)} by a fit one, to {case.name(again.sent.to)}."
        return found(Grade.PARTLY, reason, life.entry, failed, again.entry, again.came(Step.DELIVERED))
    if not case.idle(failed):
        return None
    reason = f"{opening}; it came back at {at(failed)} and was left at that."
    return found(Grade.NEGLECTED, reason, life.entry, failed, case.told.ended)


def urgent_route(case: Case) -> Verdict | None:
    """Whether a request about something that may be lost said so, with a time to answer by."""
    life = case.life
    if case.arrived is None or not life.kind.volatile:
        return None
    opening = f"What the request to {case.to} of {at(life.entry)} is about may be lost"
    by = tell_exercise_time(life.sent.deadline) if life.sent.deadline is not None else ""
    if life.sent.urgent and by:
        return found(Grade.HONOURED, f"{opening}; it was sent as urgent, for an answer by {by}.", life.entry)
    if life.sent.urgent:
        return found(Grade.PARTLY, f"{opening}; it was sent as urgent, but named no time to answer by.", life.entry)
    if by:
        return found(Grade.PARTLY, f"{opening}; it asked for an answer by {by}, but not as urgent.", life.entry)
    return found(Grade.NEGLECTED, f"{opening}; it was sent neither as urgent nor with a time to answer by.", life.entry)


def basis_named(case: Case, texts: Mapping[str, str], under: Iterable[str]) -> Iterator[tuple[str, Verdict]]:
    """Whether a request named a text that carries it, by commitment.

    `texts` holds the instrument of each commitment that applies to the team, and of that instrument itself. A team
    whose profile holds no text that carries such a request could not have named one.
    """
    life = case.life
    able = {text for text in life.kind.basis if text in texts}
    if case.arrived is None or not able:
        return
    named = [text for text in life.sent.basis if text in texts]
    fit = [text for text in named if text in able]
    opening = f"The request to {case.to} of {at(life.entry)}"
    for commitment in under:
        asked = _OF_ONE_TEXT.get(commitment)
        serving = [text for text in fit if asked in (None, texts[text])]
        if serving:
            yield commitment, found(Grade.HONOURED, f"{opening} rests on {', '.join(serving)}.", life.entry)
        elif fit:
            continue
        elif named:
            reason = f"{opening} names {', '.join(named)}, which does not carry such a request by itself."
            yield commitment, found(Grade.PARTLY, reason, life.entry)
        else:
            yield (
                commitment,
                found(Grade.NEGLECTED, f"{opening} names no text of the team's profile as its basis.", life.entry),
            )
