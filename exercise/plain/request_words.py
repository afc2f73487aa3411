"""Cooperation requests in plain words: where one stands, what conditions mean, what can be done and how to type it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from exercise.core.requests.handling import against
from exercise.core.requests.kinds import Handling, Purpose, Tlp, missing_of
from exercise.core.requests.views import KindView, RequestView
from exercise.core.views import ContactView, EvidenceView
from exercise.language import Told, _
from exercise.plain.words import one_line, story

LIMITS: Mapping[Tlp, str] = Told(
    {
        Tlp.RED: "red: for the receiving team alone",
        Tlp.AMBER: "amber: inside the receiving team, and to operators who need it to protect themselves",
        Tlp.GREEN: "green: to other teams and services, not to the public",
        Tlp.CLEAR: "clear: to anyone",
    }
)
"""How far information may go, as the form lists it."""

USES: Mapping[Purpose, str] = Told(
    {
        Purpose.ANY: "any: for any use",
        Purpose.DEFENCE: "defence: to protect systems and warn others",
        Purpose.INVESTIGATION: "investigation: inside police and prosecution work",
        Purpose.POLICY: "policy: for what governments and parliaments decide",
    }
)
"""What information may be limited to, as the form lists it."""

FAILED: Mapping[str, str] = Told(
    {
        "stale": "nobody answers there: the entry of your directory is out of date",
        "channel": "this channel does not carry such a request; it was put aside there",
        "mandate": "they have no mandate for this and send it back",
    }
)
"""Why a request did not get through."""

_OUTGOING: Mapping[str, str] = Told(
    {
        "sent": "sent, no answer yet",
        "failed": "did not get through",
        "acknowledged": "they have seen it, no answer yet",
        "asked-back": "waits for you: they ask for what is missing",
        "mended": "completed by you, no answer yet",
        "accepted": "accepted, not carried out yet",
        "part": "accepted in part, not carried out yet",
        "conditional": "waits for you: accepted under conditions that you take or decline",
        "conditions-accepted": "conditions taken, not carried out yet",
        "conditions-declined": "over: the conditions were declined",
        "refused": "refused",
        "lapsed": "lapsed without an answer",
        "withdrawn": "taken back by you",
        "fulfilled": "fulfilled",
    }
)
_INCOMING: Mapping[str, str] = Told(
    {
        "delivered": "new, waits for your answer",
        "acknowledged": "opened, waits for your answer",
        "asked-back": "you asked for what is missing",
        "mended": "completed by them, waits for your answer",
        "accepted": "accepted by you, to be carried out",
        "part": "accepted by you in part, to be carried out",
        "conditional": "accepted by you under conditions that they have yet to take",
        "conditions-accepted": "they took your conditions, to be carried out",
        "conditions-declined": "over: the conditions were declined",
        "refused": "refused by you",
        "lapsed": "lapsed, you gave no answer",
        "withdrawn": "taken back by them",
        "fulfilled": "carried out",
    }
)
_GIVEN: Mapping[str, str] = Told(
    {
        "delivered": "waits for you: take its conditions or decline them",
        "acknowledged": "waits for you: take its conditions or decline them",
        "fulfilled": "received",
    }
)
_CALLED: Mapping[str, str] = Told({"accepted": "taken", "fulfilled": "answered"})
_BETWEEN: Mapping[str, str] = Told(
    {
        "sent": "sent",
        "failed": "did not get through",
        "delivered": "delivered, never opened",
        "acknowledged": "seen, never answered",
        "asked-back": "asked back for what is missing",
        "mended": "completed",
        "accepted": "accepted, never carried out",
        "part": "accepted in part, never carried out",
        "conditional": "accepted under conditions that nobody took",
        "conditions-accepted": "conditions taken, never carried out",
        "conditions-declined": "conditions declined",
        "refused": "refused",
        "lapsed": "lapsed without an answer",
        "withdrawn": "taken back",
        "fulfilled": "fulfilled",
    }
)
_STEPS: Mapping[str, str] = Told(
    {
        "delivered": "arrives",
        "acknowledged": "has seen it",
        "asked-back": "asks back",
        "mended": "completes it",
        "accepted": "accepts",
        "part": "accepts in part",
        "conditional": "accepts under conditions",
        "conditions-accepted": "takes the conditions",
        "conditions-declined": "declines the conditions",
        "refused": "refuses",
        "sent": "sends it",
        "withdrawn": "takes it back",
        "fulfilled": "carries it out",
    }
)

ACTIONS: Mapping[str, str] = Told(
    {
        "answer": "answer it: 'reply {n}'",
        "take-conditions": "take its conditions or decline them: 'conditions {n} yes' or 'conditions {n} no'",
        "mend": "add what is missing: 'mend {n}'",
        "fulfil": "carry it out: 'fulfil {n}'",
        "withdraw": "take it back: 'withdraw {n}'",
    }
)
"""What can be done about a request, with the words to type; opening acknowledges, so that has none of its own."""


def gaps(kind: KindView, content: Mapping[str, str]) -> tuple[str, ...]:
    """Ids of the demanded elements that would be missing, as the rules count them."""
    return missing_of(kind.elements, content)


def about(request: RequestView) -> str:
    """Kind and matter in a few words."""
    matter = one_line(request.matter)[:100]
    return f"{one_line(request.kind_name)}" + (_(", about {matter}").format(matter=matter) if matter else "")


def ends(request: RequestView) -> str:
    """`from Belmark` or `to Belmark`."""
    return f"{_('from') if request.incoming else _('to')} {one_line(request.other)}"


def due(request: RequestView) -> str:
    """Until when an answer is asked for, while it is still worth knowing."""
    waiting = not request.over and request.deadline is not None
    return _(", due {story}").format(story=story(request.deadline)) if waiting and request.deadline is not None else ""


def status(request: RequestView) -> str:
    """Where a request stands, as its own side of the board says it."""
    table = _INCOMING if request.incoming else _OUTGOING
    if request.incoming and request.shape == "gives":
        table = {**_INCOMING, **_GIVEN}
    if request.shape == "calls":
        table = {**table, **_CALLED}
    text = table.get(request.status, request.status.replace("-", " "))
    if request.status == "failed":
        text += f": {why_failed(request)}"
    if request.status == "refused" and request.ground:
        text += f" ({one_line(request.ground)})"
    if request.not_ready:
        # A whole sentence of the author's: whoever says the status ends the line with a full stop of its own.
        text += _("; not yet: {not_ready}").format(not_ready=one_line(request.not_ready).removesuffix("."))
    return text


def status_between(request: RequestView) -> str:
    """Where a request stood in the end, for everybody."""
    text = _BETWEEN.get(request.status, request.status.replace("-", " "))
    return text + (f": {why_failed(request)}" if request.status == "failed" else "")


def why_failed(request: RequestView) -> str:
    """What kept a request from getting through."""
    reason = next((step.text for step in reversed(request.steps) if step.step == "failed"), "")
    return FAILED.get(reason, reason or _("nobody knows why"))


def step_words(step: str) -> str:
    """A step as what somebody does."""
    return _STEPS.get(step) or _BETWEEN.get(step, step.replace("-", " "))


def conditions(handling: Handling | None) -> str:
    """Handling conditions in plain words; '' where none are stated."""
    if handling is None:
        return ""
    parts = [f"TLP {LIMITS[handling.tlp]}"]
    if handling.purpose is not Purpose.ANY:
        parts.append(_("only for {get}").format(get=USES.get(handling.purpose, handling.purpose.value)))
    if handling.words:
        parts.append(one_line(handling.words))
    return "; ".join(parts)


def actions(request: RequestView) -> list[str]:
    """What the team can do about a request now, each with what to type."""
    return [ACTIONS[name].format(n=request.number) for name in request.may if name in ACTIONS]


def held_under(piece: EvidenceView, own: str) -> str:
    """The conditions that bind a team (its `own` short name) for a piece of evidence, in words."""
    if piece.giver == own:
        return ""
    if piece.lifted:
        return _("lifted by the giver")
    return conditions(piece.handling)


def tried(contact: ContactView) -> str:
    """What a team has learned of an entry by using it."""
    return {
        "works": _("it answered"),
        "dead": _("nobody answers; ask them for the right entry by another line"),
        "renewed": _("put right"),
    }.get(contact.stands, "")


def broken_by(piece: EvidenceView, kind: KindView | None, party: str, channel: str, own: str) -> str:
    """What speaks against a team (its `own` short name) passing a piece on by this kind and channel; '' for nothing.

    Whoever passes on what it holds may do so against the conditions, but never without having been told.
    """
    handling = piece.handling
    if handling is None or (kind is not None and kind.lifts) or (piece.giver and piece.giver in (party, own)):
        return ""
    whose = _("{giver} gave").format(giver=one_line(piece.giver)) if piece.giver else _("It was given")
    limits = conditions(handling)
    purpose = Purpose(kind.purpose) if kind else Purpose.ANY
    if against(handling, None, purpose, party, channel):
        return _("“{title}”: {whose} it under conditions that this breaks ({limits}).").format(
            title=one_line(piece.title), whose=whose, limits=limits
        )
    if handling.words:
        return _("“{title}”: {whose} it under conditions in words ({limits}). Do they allow it?").format(
            title=one_line(piece.title), whose=whose, limits=limits
        )
    return ""


def element_names(request: RequestView, ids: Sequence[str]) -> str:
    """Names of a request's elements by their ids, apart by semicolons, for a name may hold a comma."""
    names = {id: name for id, name, _, _ in request.content}
    return "; ".join(one_line(names.get(id, id)) for id in ids)
