"""What the entries of team play are in plain words."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from exercise.core.asked import FACILITATOR
from exercise.core.scenario import Scenario
from exercise.core.teamwork import events as tw
from exercise.core.teamwork.commands import REQUEST
from exercise.language import _, quoted


def tell_team_play(
    event: tw.TeamPlayEvent, scenario: Scenario, who: Callable[[str], str], short: Callable[[str], str]
) -> str:
    """One line on who sat down, voted, wrote or spoke; `who` names a seat, `short` shortens a text to a sentence's end.

    Talk is told in full words like notes are: whoever may replay a log may read what was written in it.
    """
    by = who(event.seat)
    match event:
        case tw.SeatTaken():
            return _("{by} is at the table").format(by=by) + (f": {short(event.name)}" if event.name else ".")
        case tw.SeatLeft():
            return _("{by} leaves the table.").format(by=by)
        case tw.VoteCast():
            decision = scenario.decisions_by_id.get(event.decision)
            options = decision.options if decision else ()
            option = next((option.title for option in options if option.id == event.option), event.option)
            reason = f": {short(event.reason)}" if event.reason else "."
            return _("{by} votes for “{option}” in {about}{reason}").format(
                by=by, option=option, about=_about(scenario, event.decision), reason=reason
            )
        case tw.PenTaken():
            whose = "" if event.seat.partition("/")[0] == event.team else _(" of {team}").format(team=who(event.team))
            return _("{by} takes the pen for {about}{whose}.").format(
                by=by, about=_about(scenario, event.subject), whose=whose
            )
        case tw.DraftWritten():
            return _("{by} drafts for {about}: {text}").format(
                by=by, about=_about(scenario, event.subject), text=short(event.text)
            )
        case tw.PenPutDown():
            return _("{by} puts down the pen for {about}.").format(by=by, about=_about(scenario, event.subject))
        case tw.MessageSpoken():
            return f"{_speaks(event, who)}: {short(event.text)}"
        case _:
            assert_never(event)


def _about(scenario: Scenario, subject: str) -> str:
    decision = scenario.decisions_by_id.get(subject)
    if decision is None and subject == REQUEST:
        return _("a request")
    return quoted(decision.title if decision else subject)


def _speaks(event: tw.MessageSpoken, who: Callable[[str], str]) -> str:
    by = who(event.seat)
    to = _("all") if event.to == "all" else who(event.to)
    if event.to == event.seat.partition("/")[0]:
        return _("{by} says to its own team").format(by=by)
    if FACILITATOR in (event.seat, event.to):
        return _("{by} writes to {to}").format(by=by, to=to)
    return (
        _("{by} writes officially to {to}").format(by=by, to=to)
        if event.official
        else _("{by} has a word aside with {to}").format(by=by, to=to)
    )
