"""What the entries of cooperation requests are in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import assert_never

from exercise.core.events import LogEntry
from exercise.core.requests import events as ev
from exercise.core.requests.kinds import Handling, RequestKind
from exercise.core.scenario import Scenario
from exercise.core.times import tell_exercise_time
from exercise.language import Told, _, ngettext

_FAILURES: Mapping[str, str] = Told(
    {
        "stale": "nobody is reached at that entry of the directory",
        "channel": "the channel is not one for this kind of request",
        "mandate": "the desk has no mandate for it",
    }
)

_ANSWERS: Mapping[str, str] = Told(
    {
        "accept": "accepts",
        "part": "accepts in part",
        "conditional": "accepts under conditions",
        "refuse": "refuses",
        "ask-back": "asks back about",
    }
)


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
                return _("{what} does not get through: {reason}.").format(
                    what=self._upper(event.request), reason=_FAILURES[event.reason]
                )
            case ev.RequestDelivered():
                return _("{what} reaches {to}.").format(what=self._upper(event.request), to=self._to(event.request))
            case ev.RequestAcknowledged():
                return _("{to} has seen {request}.").format(
                    to=self._to(event.request), request=self._name(event.request)
                )
            case ev.ReplyPlanned():
                when = tell_exercise_time(event.due)
                return _("Behind the scenes: {to} will reply to {request} at {when}.").format(
                    to=self._to(event.request), request=self._name(event.request), when=when
                )
            case ev.MendPlanned():
                when = tell_exercise_time(event.due)
                return _("Behind the scenes: what is missing in {request} will come at {when}.").format(
                    request=self._name(event.request), when=when
                )
            case ev.RequestAnswered():
                return self._answered(event)
            case ev.RequestMended():
                added = _counted(len(event.content), "element")
                gap = (
                    _("; {counted} still missing").format(counted=_counted(len(event.missing), "element"))
                    if event.missing
                    else ""
                )
                return _("{by} adds {added} to {request}{gap}.").format(
                    by=self._by(event.request), added=added, request=self._name(event.request), gap=gap
                )
            case ev.ConditionsTaken():
                did = _("accepts") if event.accepted else _("declines")
                what = _("the conditions of {request}{said}").format(
                    request=self._name(event.request), said=self._said(event.text)
                )
                return f"{self._taker(event.request)} {did} {what}"
            case ev.RequestFulfilled():
                return self._fulfilled(event)
            case ev.RequestLapsed():
                return _("{what} lapses without an answer of {to}.").format(
                    what=self._upper(event.request), to=self._to(event.request)
                )
            case ev.RequestWithdrawn():
                return _("{by} takes back {request}{said}").format(
                    by=self._by(event.request), request=self._name(event.request), said=self._said(event.text)
                )
            case ev.OutcomeCame():
                matter = self._scenario.matters_by_id.get(event.matter)
                told = (
                    _(" Told: {list}.").format(list=", ".join(map(self._address, event.to)))
                    if event.to
                    else _(" Nobody is told.")
                )
                return _("Something comes of “{more}”.{told}").format(
                    more=matter.title if matter else event.matter, told=told
                )
            case ev.ContactTried():
                how = _("works") if event.works else _("is dead")
                return _("{team} learns that the entry “{entry}” of its directory {how}.").format(
                    team=self._who(event.team), entry=self._entry(event), how=how
                )
            case ev.ContactRenewed():
                return _("The entry “{entry}” in the directory of {team} is put right.").format(
                    entry=self._entry(event), team=self._who(event.team)
                )
            case ev.ConditionsLifted():
                piece = self._scenario.evidence_by_id.get(event.evidence)
                stays = (
                    _(" but for those of its own giver ({conditions})").format(conditions=_conditions(event.handling))
                    if event.handling
                    else ""
                )
                title = piece.title if piece else event.evidence
                return _("{team} is freed of the conditions on “{title}”{stays}.").format(
                    team=self._who(event.team), title=title, stays=stays
                )
            case _:
                assert_never(event)

    def label(self, event: ev.RequestEvent) -> str:
        """What a place in a replay is called, or '' where nobody would want to jump to it."""
        match event:
            case ev.RequestSent():
                return _("{by} to {to}: {kind}").format(
                    by=self._who(event.by), to=self._who(event.to), kind=self._kind(event)
                )
            case ev.RequestAnswered():
                return f"{self._to(event.request)} {_ANSWERS[event.answer]} {self._name(event.request)}"
            case ev.RequestFailed():
                return _("Did not get through: {request}").format(request=self._name(event.request))
            case ev.RequestLapsed():
                return _("Lapsed: {request}").format(request=self._name(event.request))
            case ev.RequestFulfilled():
                return _("Done: {request}").format(request=self._name(event.request))
            case _:
                return ""

    def _leaves(self, event: ev.RequestSent) -> str:
        by, to, kind = self._who(event.by), self._who(event.to), self._known(event)
        does = {"gives": _("sends {to}").format(to=to), "calls": _("calls {to} for").format(to=to)}.get(
            kind.shape if kind else "", _("asks {to} for").format(to=to)
        )
        matter = self._scenario.matters_by_id.get(event.matter or "")
        about = matter.title if matter else event.matter or self._short(self._scenario.said(event.subject)).rstrip(".")
        channel = self._scenario.channels_by_id.get(event.channel)
        parts = [
            _("{by} {does} “{kind}”").format(by=by, does=does, kind=self._kind(event))
            + (f" ({about})" if about else "")
        ]
        parts[0] += _(", by {more}").format(more=channel.name if channel else event.channel)
        if event.missing:
            parts.append(_("{counted} missing").format(counted=_counted(len(event.missing), "element")))
        if event.encloses:
            parts.append(_("{counted} of evidence with it").format(counted=_counted(len(event.encloses), "piece")))
        if event.handling is not None:
            parts.append(_("conditions: {conditions}").format(conditions=_conditions(event.handling)))
        if event.against:
            parts.append(_("against the conditions under which it was given"))
        if event.urgent:
            parts.append(_("urgent"))
        if event.deadline is not None:
            parts.append(_("an answer is asked for by {time}").format(time=tell_exercise_time(event.deadline)))
        return "; ".join(parts) + "."

    def _answered(self, event: ev.RequestAnswered) -> str:
        kind = self._known(self._sent.get(event.request))
        hand = _("; exercise control answers for it") if event.by_control else ""
        names = {ground.id: ground.name for ground in kind.grounds} if kind else {}
        names |= {element.id: element.name for element in kind.elements} if kind else {}
        # A scripted actor's own ground has an id and no name; its words say why, as on the screens of those it answers.
        more = [names[event.ground]] if event.ground in names else []
        if event.missing:
            more.append(_("missing: {list}").format(list=", ".join(names.get(name, name) for name in event.missing)))
        if event.conditions is not None:
            more.append(_conditions(event.conditions))
        if event.days is not None:
            more.append(_("for {counted}").format(counted=_counted(event.days, "day")))
        inside = f" ({'; '.join(more)})" if more else ""
        did = _ANSWERS[event.answer]
        return f"{self._to(event.request)} {did} {self._name(event.request)}{inside}{hand}{self._said(event.text)}"

    def _fulfilled(self, event: ev.RequestFulfilled) -> str:
        kind = self._known(self._sent.get(event.request))
        given = (
            _(" and hands over {counted} of evidence").format(counted=_counted(len(event.gives), "piece"))
            if event.gives
            else ""
        )
        against = _(", against the conditions under which it was given") if event.against else ""
        if kind is not None and kind.shape == "gives":
            did = _("now holds what {request} brings").format(request=self._name(event.request))
        elif kind is not None and kind.shape == "calls":
            did = _("takes {request}").format(request=self._name(event.request))
        else:
            did = _("carries out {request}").format(request=self._name(event.request))
        bound = f" ({_conditions(event.handling)})" if event.handling else ""
        return f"{self._to(event.request)} {did}{given}{bound}{against}{self._said(event.text)}"

    def _name(self, request: str) -> str:
        sent = self._sent.get(request)
        return (
            _("“{kind}” of {by}").format(kind=self._kind(sent), by=self._who(sent.by))
            if sent
            else _("request {request}").format(request=request)
        )

    def _upper(self, request: str) -> str:
        name = self._name(request)
        return name[:1].upper() + name[1:]

    def _by(self, request: str) -> str:
        sent = self._sent.get(request)
        return self._who(sent.by) if sent else _("The requester")

    def _to(self, request: str) -> str:
        sent = self._sent.get(request)
        return self._who(sent.to) if sent else _("The addressee")

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
        return _("all") if address == "all" else self._who(address)

    def _said(self, text: str) -> str:
        return f": {self._short(self._scenario.said(text))}" if text else "."


def _conditions(handling: Handling) -> str:
    use = "" if handling.purpose == "any" else _(", for {purpose} only").format(purpose=_(handling.purpose.value))
    return _("TLP {tlp}{use}{more}").format(
        tlp=handling.tlp, use=use, more=_(", with further words") if handling.words else ""
    )


def _counted(number: int, what: str) -> str:
    return ngettext(f"{{number}} {what}", f"{{number}} {what}s", number).format(number=number)
