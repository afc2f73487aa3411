"""What the entries of cooperation requests are in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import assert_never

from exercise.core.events import LogEntry
from exercise.core.requests import events as ev
from exercise.core.requests.kinds import Handling, RequestKind
from exercise.core.scenario import Scenario
from exercise.core.times import tell_exercise_time

_FAILURES: Mapping[str, str] = {
    "stale": "nobody is reached at that entry of the directory",
    "channel": "the channel is not one for this kind of request",
    "mandate": "the desk has no mandate for it",
}

_ANSWERS: Mapping[str, str] = {
    "accept": "accepts",
    "part": "accepts in part",
    "conditional": "accepts under conditions",
    "refuse": "refuses",
    "ask-back": "asks back about",
}


class RequestWords:
    """Words for the request events of one log; an event names a request by an id that says nothing, so it looks back.

    `who` names a seat, `short` shortens a text to a sentence's end.
    """

    def __init__(
        self,
        scenario: Scenario,
        entries: Iterable[LogEntry],
        who: Callable[[str], str],
        short: Callable[[str], str],
    ) -> None:
        self._scenario = scenario
        self._who = who
        self._short = short
        # By class and not by instance, which pydantic makes slow: a long log has tens of thousands of entries.
        events = (entry.event for entry in entries if entry.event.__class__ is ev.RequestSent)
        self._sent = {event.request: event for event in events}

    def line(self, event: ev.RequestEvent) -> str:
        """One line on what happened to a request, or what came of it."""
        match event:
            case ev.RequestSent():
                return self._leaves(event)
            case ev.RequestFailed():
                return f"{self._upper(event.request)} does not get through: {_FAILURES[event.reason]}."
            case ev.RequestDelivered():
                return f"{self._upper(event.request)} reaches {self._to(event.request)}."
            case ev.RequestAcknowledged():
                return f"{self._to(event.request)} has seen {self._name(event.request)}."
            case ev.ReplyPlanned():
                when = tell_exercise_time(event.due)
                return (
                    f"Behind the scenes: {self._to(event.request)} will reply to {self._name(event.request)} at {when}."
                )
            case ev.MendPlanned():
                when = tell_exercise_time(event.due)
                return f"Behind the scenes: what is missing in {self._name(event.request)} will come at {when}."
            case ev.RequestAnswered():
                return self._answered(event)
            case ev.RequestMended():
                added = _counted(len(event.content), "element")
                gap = f"; {_counted(len(event.missing), 'element')} still missing" if event.missing else ""
                return f"{self._by(event.request)} adds {added} to {self._name(event.request)}{gap}."
            case ev.ConditionsTaken():
                did = "accepts" if event.accepted else "declines"
                what = f"the conditions of {self._name(event.request)}{self._said(event.text)}"
                return f"{self._taker(event.request)} {did} {what}"
            case ev.RequestFulfilled():
                return self._fulfilled(event)
            case ev.RequestLapsed():
                return f"{self._upper(event.request)} lapses without an answer of {self._to(event.request)}."
            case ev.RequestWithdrawn():
                return f"{self._by(event.request)} takes back {self._name(event.request)}{self._said(event.text)}"
            case ev.OutcomeCame():
                matter = self._scenario.matters_by_id.get(event.matter)
                told = f" {', '.join(map(self._address, event.to))} is told." if event.to else " Nobody is told."
                return f"Something comes of “{matter.title if matter else event.matter}”.{told}"
            case ev.ContactTried():
                how = "works" if event.works else "is dead"
                return f"{self._who(event.team)} learns that the entry “{self._entry(event)}” of its directory {how}."
            case ev.ContactRenewed():
                return f"The entry “{self._entry(event)}” in the directory of {self._who(event.team)} is put right."
            case ev.ConditionsLifted():
                piece = self._scenario.evidence_by_id.get(event.evidence)
                stays = f" but for those of its own giver ({_conditions(event.handling)})" if event.handling else ""
                title = piece.title if piece else event.evidence
                return f"{self._who(event.team)} is freed of the conditions on “{title}”{stays}."
            case _:
                assert_never(event)

    def label(self, event: ev.RequestEvent) -> str:
        """What a place in a replay is called, or '' where nobody would want to jump to it."""
        match event:
            case ev.RequestSent():
                return f"{self._who(event.by)} to {self._who(event.to)}: {self._kind(event)}"
            case ev.RequestAnswered():
                return f"{self._to(event.request)} {_ANSWERS[event.answer]} {self._name(event.request)}"
            case ev.RequestFailed():
                return f"Did not get through: {self._name(event.request)}"
            case ev.RequestLapsed():
                return f"Lapsed: {self._name(event.request)}"
            case ev.RequestFulfilled():
                return f"Done: {self._name(event.request)}"
            case _:
                return ""

    def _leaves(self, event: ev.RequestSent) -> str:
        by, to, kind = self._who(event.by), self._who(event.to), self._known(event)
        does = {"gives": f"sends {to}", "calls": f"calls {to} for"}.get(kind.shape if kind else "", f"asks {to} for")
        matter = self._scenario.matters_by_id.get(event.matter or "")
        about = matter.title if matter else event.matter or self._short(event.subject).rstrip(".")
        channel = self._scenario.channels_by_id.get(event.channel)
        parts = [f"{by} {does} “{self._kind(event)}”" + (f" ({about})" if about else "")]
        parts[0] += f", by {channel.name if channel else event.channel}"
        if event.missing:
            parts.append(f"{_counted(len(event.missing), 'element')} missing")
        if event.encloses:
            parts.append(f"{_counted(len(event.encloses), 'piece')} of evidence with it")
        if event.handling is not None:
            parts.append(f"conditions: {_conditions(event.handling)}")
        if event.against:
            parts.append("against the conditions under which it was given")
        if event.urgent:
            parts.append("urgent")
        if event.deadline is not None:
            parts.append(f"an answer is asked for by {tell_exercise_time(event.deadline)}")
        return "; ".join(parts) + "."

    def _answered(self, event: ev.RequestAnswered) -> str:
        kind = self._known(self._sent.get(event.request))
        hand = "; exercise control answers for it" if event.by_control else ""
        names = {ground.id: ground.name for ground in kind.grounds} if kind else {}
        names |= {element.id: element.name for element in kind.elements} if kind else {}
        more = [names.get(event.ground, event.ground)] if event.ground else []
        if event.missing:
            more.append(f"missing: {', '.join(names.get(name, name) for name in event.missing)}")
        if event.conditions is not None:
            more.append(_conditions(event.conditions))
        if event.days is not None:
            more.append(f"for {_counted(event.days, 'day')}")
        inside = f" ({'; '.join(more)})" if more else ""
        did = _ANSWERS[event.answer]
        return f"{self._to(event.request)} {did} {self._name(event.request)}{inside}{hand}{self._said(event.text)}"

    def _fulfilled(self, event: ev.RequestFulfilled) -> str:
        kind = self._known(self._sent.get(event.request))
        given = f" and hands over {_counted(len(event.gives), 'piece')} of evidence" if event.gives else ""
        against = ", against the conditions under which it was given" if event.against else ""
        if kind is not None and kind.shape == "gives":
            did = f"now holds what {self._name(event.request)} brings"
        elif kind is not None and kind.shape == "calls":
            did = f"takes {self._name(event.request)}"
        else:
            did = f"carries out {self._name(event.request)}"
        bound = f" ({_conditions(event.handling)})" if event.handling else ""
        return f"{self._to(event.request)} {did}{given}{bound}{against}{self._said(event.text)}"

    def _name(self, request: str) -> str:
        sent = self._sent.get(request)
        return f"“{self._kind(sent)}” of {self._who(sent.by)}" if sent else f"request {request}"

    def _upper(self, request: str) -> str:
        name = self._name(request)
        return name[:1].upper() + name[1:]

    def _by(self, request: str) -> str:
        sent = self._sent.get(request)
        return self._who(sent.by) if sent else "The requester"

    def _to(self, request: str) -> str:
        sent = self._sent.get(request)
        return self._who(sent.to) if sent else "The addressee"

    def _taker(self, request: str) -> str:
        """Who takes conditions: whoever something is given to."""
        kind = self._known(self._sent.get(request))
        return self._to(request) if kind and kind.shape == "gives" else self._by(request)

    def _kind(self, sent: ev.RequestSent) -> str:
        kind = self._known(sent)
        return kind.name if kind else sent.kind

    def _known(self, sent: ev.RequestSent | None) -> RequestKind | None:
        return self._scenario.kinds_by_id.get(sent.kind) if sent else None

    def _entry(self, event: ev.ContactTried | ev.ContactRenewed) -> str:
        team = self._scenario.teams_by_id.get(event.team)
        known = team is not None and 1 <= event.contact <= len(team.directory)
        return team.directory[event.contact - 1].name if team and known else str(event.contact)

    def _address(self, address: str) -> str:
        return "all" if address == "all" else self._who(address)

    def _said(self, text: str) -> str:
        return f": {self._short(text)}" if text else "."


def _conditions(handling: Handling) -> str:
    use = "" if handling.purpose == "any" else f", for {handling.purpose} only"
    return f"TLP {handling.tlp}{use}{', with further words' if handling.words else ''}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
