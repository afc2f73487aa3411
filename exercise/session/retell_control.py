"""What the entries of exercise control's own hand are in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import assert_never

from exercise.core.control import events as ev
from exercise.core.control.claims import read_claim
from exercise.core.events import LogEntry
from exercise.core.scenario import Scenario
from exercise.core.times import tell_exercise_time
from exercise.language import Told, _

_NAMING = (ev.InjectWritten, ev.InjectEdited)

_BOTS: Mapping[str, str] = Told(
    {
        "cooperative": "it shares and consults",
        "self-interested": "it looks after its own State first",
        "random": "it draws its answers by chance",
        "silent": "it never answers",
    }
)
_PAGES: Mapping[str, str] = Told(
    {
        "scorecard": "Scorecard",
        "indicators": "Indicators",
        "facts": "What was true",
        "decisions": "Decisions",
        "questions": "Questions",
        "requests": "Requests",
        "survey": "Survey",
    }
)


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
            return _("Control skips inject “{title}”; it comes only by hand now{why}").format(
                title=injects.title(event.inject), why=said(event.why)
            )
        case ev.InjectEdited():
            due = (
                _("; it is due at {time} now").format(time=tell_exercise_time(event.at)) if event.at is not None else ""
            )
            return _("Control changes inject “{title}”{due}.").format(title=event.title, due=due)
        case ev.InjectWritten():
            due = _(", due at {time}").format(time=tell_exercise_time(event.at)) if event.at is not None else ""
            return _("Control writes inject “{title}” from {sender} to {audience}{due}.").format(
                title=event.title, sender=event.sender, audience=_audience(event.to, who), due=due
            )
        case ev.RateSet():
            pace = (
                _("at the room's own pace")
                if event.rate == 1
                else _("at {rate:g} times the room's pace").format(rate=event.rate)
            )
            return _("The clock runs {pace} now.").format(pace=pace)
        case ev.Claimed():
            return _("{who} answers {claimed} from now on, in place of the script.").format(
                who=event.who, claimed=_claimed(event.what, who)
            )
        case ev.Unclaimed():
            return _("The script answers {claimed} again.").format(claimed=_claimed(event.what, who))
        case ev.FactSet():
            return _("Correction: what is true of “{fact}” is changed{why}").format(
                fact=_fact(scenario, event.fact), why=said(event.why)
            )
        case ev.FactRevealed():
            return _("Control reveals to {audience} what is true of “{title}”.").format(
                audience=_audience(event.to, who), title=event.title
            )
        case ev.CurtainDrawn() if event.kind == "no-duff":
            return _("NO DUFF: control stops the exercise for something real{text}").format(text=said(event.text))
        case ev.CurtainDrawn():
            return _("Control covers all screens{text}").format(text=said(event.text))
        case ev.CurtainLifted():
            return _("The screens are open again.")
        case ev.BotSeated():
            return _("A bot plays {team} now: {how}.").format(team=who(event.team), how=_BOTS[event.policy])
        case ev.BotUnseated():
            return _("{team} is handed back to people.").format(team=who(event.team))
        case ev.PageTurned():
            return (
                _("Control turns the hot wash to “{page}”.").format(page=_PAGES.get(event.page, event.page))
                if event.page
                else _("Control lets go of the hot wash.")
            )
        case _:
            assert_never(event)


def _audience(to: tuple[str, ...], who: Callable[[str], str]) -> str:
    return ", ".join(_("all") if address == "all" else who(address) for address in to)


def _claimed(what: str, who: Callable[[str], str]) -> str:
    kind, name = read_claim(what) or ("", what)
    return (
        _("for {name}").format(name=who(name))
        if kind == "actor"
        else _("request {name}").format(name=name)
        if kind
        else name
    )


def _fact(scenario: Scenario, name: str) -> str:
    return next((fact.title for fact in scenario.facts if fact.id == name), name)
