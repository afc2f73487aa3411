"""What the entries of exercise control's own hand are in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import assert_never

from exercise.core.control import events as ev
from exercise.core.control.claims import read_claim
from exercise.core.events import LogEntry
from exercise.core.scenario import Scenario
from exercise.core.times import tell_exercise_time

_NAMING = (ev.InjectWritten, ev.InjectEdited)


class InjectWords:
    """Titles of injects and the ways they come, with those that control changed or wrote in a log."""

    def __init__(self, scenario: Scenario, entries: Iterable[LogEntry] = ()) -> None:
        self._known = {inject.id: (inject.title, str(inject.channel)) for inject in scenario.injects}
        for entry in entries:
            event = entry.event
            if event.__class__ not in _NAMING:
                continue
            if isinstance(event, ev.InjectWritten):
                self._known[event.inject] = (event.title, event.channel)
            elif isinstance(event, ev.InjectEdited):
                self._known[event.inject] = (event.title, self.channel(event.inject))

    def title(self, inject: str) -> str:
        """What an inject is called, or its id where the log does not say."""
        return self._known.get(inject, (inject, ""))[0]

    def channel(self, inject: str) -> str:
        """By which means it comes, or ''."""
        return self._known.get(inject, ("", ""))[1]


def tell_control(
    event: ev.ControlEvent,
    scenario: Scenario,
    injects: InjectWords,
    who: Callable[[str], str],
    said: Callable[[str], str],
) -> str:
    """One line on what control did; `who` names a seat or a party, `said` adds words to a sentence, or ends it."""
    match event:
        case ev.InjectSkipped():
            return f"Control skips inject “{injects.title(event.inject)}”; it comes only by hand now{said(event.why)}"
        case ev.InjectEdited():
            due = f"; it is due at {tell_exercise_time(event.at)} now" if event.at is not None else ""
            return f"Control changes inject “{event.title}”{due}."
        case ev.InjectWritten():
            due = f", due at {tell_exercise_time(event.at)}" if event.at is not None else ""
            return f"Control writes inject “{event.title}” from {event.sender} to {_audience(event.to, who)}{due}."
        case ev.RateSet():
            pace = "at the room's own pace" if event.rate == 1 else f"at {event.rate:g} times the room's pace"
            return f"The clock runs {pace} now."
        case ev.Claimed():
            return f"{event.who} answers {_claimed(event.what, who)} from now on, in place of the script."
        case ev.Unclaimed():
            return f"The script answers {_claimed(event.what, who)} again."
        case ev.FactSet():
            return f"Correction: what is true of “{_fact(scenario, event.fact)}” is changed{said(event.why)}"
        case ev.FactRevealed():
            return f"Control reveals to {_audience(event.to, who)} what is true of “{event.title}”."
        case ev.CurtainDrawn() if event.kind == "no-duff":
            return f"NO DUFF: control stops the exercise for something real{said(event.text)}"
        case ev.CurtainDrawn():
            return f"Control covers all screens{said(event.text)}"
        case ev.CurtainLifted():
            return "The screens are open again."
        case ev.BotSeated():
            return f"A bot plays {who(event.team)} now ({event.policy})."
        case ev.BotUnseated():
            return f"{who(event.team)} is handed back to people."
        case ev.PageTurned():
            return (
                f"Control turns the hot wash to “{event.page}”." if event.page else "Control lets go of the hot wash."
            )
        case _:
            assert_never(event)


def _audience(to: tuple[str, ...], who: Callable[[str], str]) -> str:
    return ", ".join("all" if address == "all" else who(address) for address in to)


def _claimed(what: str, who: Callable[[str], str]) -> str:
    kind, name = read_claim(what) or ("", what)
    return f"for {who(name)}" if kind == "actor" else f"request {name}" if kind else name


def _fact(scenario: Scenario, name: str) -> str:
    return next((fact.title for fact in scenario.facts if fact.id == name), name)
