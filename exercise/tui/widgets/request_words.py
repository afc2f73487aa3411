"""Requests in words: how they stand, until when, and under which conditions something may be used.

Nothing here is told by colour or sign alone, and none of it needs a lawyer to be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from exercise.core.requests.handling import against
from exercise.core.requests.kinds import Handling, Purpose, Tlp
from exercise.language import Told, _, ngettext
from exercise.tui.widgets.telling import clause_name
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.reference import Reference
    from exercise.core.requests.views import KindView, RequestStep, RequestView
    from exercise.core.views import EvidenceView

__all__ = [
    "FAILED",
    "PURPOSES",
    "STANDS",
    "TLPS",
    "at_party",
    "due_text",
    "ends_of",
    "handling_text",
    "last_words",
    "lead_text",
    "request_course",
    "request_says",
    "request_text",
    "status_text",
    "step_text",
    "strain",
]

TLPS: Mapping[Tlp, tuple[str, str]] = Told(
    {
        Tlp.RED: ("TLP:RED", "stays with the receiving team alone"),
        Tlp.AMBER: ("TLP:AMBER", "stays inside the receiving team and operators who need it"),
        Tlp.GREEN: ("TLP:GREEN", "may go to other teams and services, not to the public"),
        Tlp.CLEAR: ("TLP:CLEAR", "may go to anyone"),
    }
)
"""How far something may go: its mark, and what the mark means."""

_MINE: Mapping[Tlp, str] = Told(
    {
        Tlp.RED: "stays with your team alone",
        Tlp.AMBER: "stays inside your team and operators who need it",
    }
)

PURPOSES: Mapping[Purpose, str] = Told(
    {
        Purpose.ANY: "for any use",
        Purpose.DEFENCE: "for defence only: to protect systems and warn others",
        Purpose.INVESTIGATION: "for police and prosecution work only",
        Purpose.POLICY: "for what governments and parliaments decide only",
    }
)
"""What something may be used for."""

FAILED: Mapping[str, str] = Told(
    {
        "stale": "nobody at that address",
        "channel": "that channel is not made for it",
        "mandate": "it is outside their mandate",
    }
)
"""Why a request did not get through."""

STANDS: Mapping[str, str] = Told({"works": "✓ works", "dead": "✕ nobody there", "renewed": "↻ put right"})
"""What a team has learned of an entry of its directory."""

_INCOMING: Mapping[str, str] = Told(
    {
        "delivered": "new: waits for your answer",
        "acknowledged": "waits for your answer",
        "mended": "mended: waits for your answer",
        "asked-back": "you asked back: {named}",
        "accepted": "accepted: yours to carry out",
        "part": "accepted in part: yours to carry out",
        "conditional": "your conditions wait to be accepted",
        "conditions-accepted": "your conditions are accepted: yours to carry out",
        "conditions-declined": "they declined your conditions",
        "refused": "you refused{ground}",
        "lapsed": "lapsed: your answer did not come in time",
        "withdrawn": "they took it back",
        "fulfilled": "done",
    }
)
_OUTGOING: Mapping[str, str] = Told(
    {
        "sent": "sent; no answer yet",
        "delivered": "sent; no answer yet",
        "acknowledged": "seen by them; no answer yet",
        "mended": "mended; no answer yet",
        "asked-back": "asked back: {named}",
        "accepted": "accepted; not carried out yet",
        "part": "accepted in part; not carried out yet",
        "conditional": "under conditions, yours to accept",
        "conditions-accepted": "you accepted the conditions; not carried out yet",
        "conditions-declined": "you declined the conditions",
        "refused": "refused{ground}",
        "failed": "did not get through: {failure}",
        "lapsed": "lapsed: no answer in time",
        "withdrawn": "you took it back",
        "fulfilled": "done",
    }
)
_GIVEN_TO_ME: Mapping[str, str] = Told(
    {
        "delivered": "new: conditions, yours to accept",
        "acknowledged": "conditions, yours to accept",
        "mended": "mended: conditions, yours to accept",
        "conditions-accepted": "you accepted the conditions",
        "conditions-declined": "you declined the conditions",
        "fulfilled": "received",
    }
)
_GIVEN_BY_ME: Mapping[str, str] = Told(
    {
        "conditions-accepted": "they accepted your conditions",
        "conditions-declined": "they declined your conditions",
        "fulfilled": "received by them",
    }
)
_FOR_ALL: Mapping[str, str] = Told(
    {
        "sent": "sent",
        "delivered": "arrived, not opened",
        "acknowledged": "seen, not answered",
        "mended": "mended, not answered",
        "asked-back": "asked back: {named}",
        "accepted": "accepted, not carried out",
        "part": "accepted in part, not carried out",
        "conditional": "conditions not accepted yet",
        "conditions-accepted": "conditions accepted, not carried out",
        "conditions-declined": "conditions declined",
        "refused": "refused{ground}",
        "failed": "did not get through: {failure}",
        "lapsed": "lapsed without an answer",
        "withdrawn": "taken back",
        "fulfilled": "done",
    }
)

_GIVEN: Mapping[str, str] = Told(
    {
        "delivered": "arrived, conditions not accepted yet",
        "acknowledged": "seen, conditions not accepted yet",
        "fulfilled": "received",
    }
)

_STEPS: Mapping[str, str] = Told(
    {
        "sent": "sent",
        "failed": "did not get through",
        "delivered": "arrived",
        "acknowledged": "opened",
        "asked-back": "asked back",
        "mended": "mended",
        "accepted": "accepted",
        "part": "accepted in part",
        "conditional": "accepted under conditions",
        "conditions-accepted": "conditions accepted",
        "conditions-declined": "conditions declined",
        "refused": "refused",
        "lapsed": "lapsed: no answer in time",
        "withdrawn": "taken back",
        "fulfilled": "done",
    }
)


def at_party(entry: str, party: str) -> str:
    """An entry of the directory with the party it belongs to, unless its own name says that already."""
    return entry if party.casefold() in entry.casefold() else f"{entry}, {party}"


def status_text(request: RequestView, *, for_all: bool = False) -> str:
    """How a request stands, said to the team whose board it is; with `for_all` to everyone."""
    words = {**_FOR_ALL}
    if not for_all:
        words |= _INCOMING if request.incoming else _OUTGOING
    if request.shape == "gives":
        words |= _GIVEN if for_all else _GIVEN_TO_ME if request.incoming else _GIVEN_BY_ME
    named = len(request.named) or len(request.missing)
    gaps = (
        ngettext("{named} gap named", "{named} gaps named", named).format(named=named) if named else _("more is wanted")
    )
    ground = f": {request.ground}" if request.ground else ""
    said = words.get(request.status, request.status).format(named=gaps, failure=_failure(request), ground=ground)
    if request.not_ready and not for_all:
        return _("{partition}: cannot be done yet").format(partition=said.partition(":")[0])
    return said


def _failure(request: RequestView) -> str:
    reason = request.steps[-1].text if request.steps else ""
    return FAILED.get(reason, reason or _("no reason known"))


def ends_of(request: RequestView, own: str = "") -> tuple[str, str]:
    """Who sent it and to whom, by name: on the board of `own`, or with no name on that of all."""
    if own:
        return (request.other, own) if request.incoming else (own, request.other)
    by = request.steps[0].who if request.steps else request.other.partition(" → ")[0]
    return by, request.other.removeprefix(f"{by} → ")


def due_text(request: RequestView, now: int | None) -> tuple[str, str]:
    """Until when an answer is asked for, and how long that is; both empty where no time was named.

    After ENDEX there is no `now`, and nothing is left or late.
    """
    if request.deadline is None:
        return "", ""
    at = exercise_time(request.deadline)
    return at, "" if request.over or now is None else lead_text(request.deadline - now)


def lead_text(seconds: int) -> str:
    """`1 h 20 left`, or `0 h 45 late`."""
    minutes = abs(seconds) // 60
    length = f"{minutes // 60} h {minutes % 60:02}" if minutes >= 60 else _("{minutes} min").format(minutes=minutes)
    return f"{length} {_('left') if seconds >= 0 else _('late')}"


def handling_text(handling: Handling | None, *, mine: bool = False, none: str | None = None) -> str:
    """Conditions in plain words, to the team that they bind where they are `mine`."""
    if handling is None:
        return none if none is not None else _("not stated")
    mark, meaning = TLPS[handling.tlp]
    said = f"{mark}: {_MINE.get(handling.tlp, meaning) if mine else meaning}"
    if handling.purpose in PURPOSES and handling.purpose is not Purpose.ANY:
        said += f"; {PURPOSES[handling.purpose]}"
    return f"{said}; “{handling.words}”" if handling.words else said


Strain = Literal["", "breaks", "may break"]
"""Whether passing something on goes against its conditions; what they say in words is for the team to judge."""


def strain(piece: EvidenceView, kind: KindView | None, party: str, via: str, own: str) -> Strain:
    """Whether a team (its `own` short name) sends evidence to a party by this kind and channel against its conditions.

    Nobody is bound by what it asks of others about its own.
    """
    handling = piece.handling
    if handling is None or (piece.giver and piece.giver in (party, own)) or (kind is not None and kind.lifts):
        return ""
    purpose = Purpose(kind.purpose) if kind is not None else Purpose.ANY
    if against(handling, None, purpose, party, via):
        return "breaks"
    return "may break" if handling.words else ""


def request_text(request: RequestView, reference: Reference, now: int | None, *, for_all: bool = False) -> str:
    """All that a request says and what became of it, as light Markdown with its gaps to be seen."""
    return f"{request_says(request, reference, now, for_all=for_all)}\n\n{request_course(request, for_all=for_all)}"


def request_says(request: RequestView, reference: Reference, now: int | None, *, for_all: bool = False) -> str:
    """What a request says, with its gaps, and what it rests on."""
    lines = [f"## {plain(request.kind_name)}", "", *_head(request, now, for_all)]
    if "take-conditions" in request.may and not for_all:
        # What binds whoever says yes is read before anything else.
        bound = request.handling if request.shape == "gives" else request.conditions
        text = plain(handling_text(bound, mine=True))
        lines[2:2] = [_("**Yours to accept or decline:** {text}").format(text=text), ""]
    if request.not_ready:
        lines += ["", _("**✕ Not yet.** {not_ready}").format(not_ready=plain(request.not_ready))]
    if request.missing:
        demanded = sum(element[3] for element in request.content)
        lines += [
            "",
            _("**✕ {count} of {demanded}** parts that are demanded are missing.").format(
                count=len(request.missing), demanded=demanded
            ),
        ]
    if request.content:
        lines += ["", _("### What it says"), ""]
        for id, name, words, demanded in request.content:
            if words:
                lines += [f"**{plain(name)}**", *_quote(words), ""]
            elif demanded:
                named = _("; it was asked for") if id in request.named else ""
                lines += [f"**{plain(name)}**  ", _("✕ missing{named}").format(named=named), ""]
            else:
                lines += [f"**{plain(name)}**  ", _("left out; it is not demanded"), ""]
    lines += ["", _("### What it rests on"), ""]
    lines += [f"- {plain(clause_name(id, reference))}" for id in request.basis] or [_("No text was named.")]
    return "\n".join(lines)


def request_course(request: RequestView, *, for_all: bool = False) -> str:
    """What changes hands and under which conditions, then each step with its time."""
    lines = [*_conditions(request, for_all), _("### What happened so far"), ""]
    for step in request.steps:
        lines += _step(step, request)
    return "\n".join(lines)


def _head(request: RequestView, now: int | None, for_all: bool) -> list[str]:
    if for_all:
        who = _("**Between** {other}").format(other=plain(request.other))
    else:
        who = f"**{_('From') if request.incoming else _('To')}** {plain(request.other)}"
    if request.contact and for_all:
        who += f", {plain(request.contact)}"
    elif request.contact:
        who = f"**{_('To')}** {plain(at_party(request.contact, request.other))}"
    head = [
        f"{who}  ",
        _("**By way of** {channel}, {exercise_time}{it}  ").format(
            channel=plain(request.channel),
            exercise_time=exercise_time(request.sent),
            it=_(" · **urgent**") if request.urgent else "",
        ),
        _("**About** {matter}  ").format(matter=plain(request.matter) or _("not said")),
    ]
    at, left = due_text(request, now)
    head += [_("**Answer asked by** {at}{it}  ").format(at=at, it=f" · {left}" if left else "")] if at else []
    head.append(_("**Status** {status_text}").format(status_text=plain(status_text(request, for_all=for_all))))
    if not for_all and (said := last_words(request)):
        # What they want to know or offer, at once and not only at the end of the request's course.
        head[-1] += "  "
        head.append(_("**They say:** {said}").format(said=said))
    return head


def last_words(request: RequestView) -> str:
    """What the other side said last, where the last step was theirs."""
    step = request.steps[-1] if request.steps else None
    return plain(step.text.strip()) if step is not None and step.who == request.other and step.step != "failed" else ""


def _conditions(request: RequestView, for_all: bool) -> list[str]:
    """What changes hands, and under which conditions, for each direction."""
    mine = not for_all
    lines: list[str] = []
    if request.encloses or request.handling is not None:
        lines += [_("### What comes with it"), ""]
        lines += [f"- {plain(title)}" for title in request.encloses] or [_("Nothing is enclosed.")]
        text = handling_text(request.handling, mine=mine and request.incoming)
        lines += ["", _("**Conditions:** {text}").format(text=plain(text)), ""]
    if request.gave or request.conditions is not None or request.days is not None:
        lines += [_("### What the answer gives"), ""]
        lines += [f"- {plain(title)}" for title in request.gave]
        if request.days is not None:
            lines += ["", _("**Kept for** {days} days").format(days=request.days)]
        text = handling_text(request.conditions, mine=mine and not request.incoming)
        lines += ["", _("**Conditions:** {text}").format(text=plain(text)), ""]
    return lines


def step_text(step: RequestStep, request: RequestView) -> str:
    """What was done in a word or two, such as `asked back`."""
    return _("received") if step.step == "fulfilled" and request.shape == "gives" else _STEPS.get(step.step, step.step)


def _step(step: RequestStep, request: RequestView) -> list[str]:
    what = step_text(step, request)
    by = f", {plain(step.who)}" if step.who else ""
    if step.step == "failed":
        said = _(". They say: {returned}").format(returned=plain(request.returned)) if request.returned else ""
        return [f"- **{exercise_time(step.exercise)}** {what}: {plain(FAILED.get(step.text, step.text))}{said}"]
    ground = f" ({plain(request.ground)})" if step.step == "refused" and request.ground else ""
    said = f": {plain(step.text)}" if step.text.strip() else ""
    return [f"- **{exercise_time(step.exercise)}** {what}{ground}{by}{said}"]


def _quote(words: str) -> list[str]:
    return [f"> {plain(line)}" for line in words.splitlines() if line.strip()]
