"""Pages of cooperation requests: the board, one request with all it holds, the kinds, the timeline between teams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exercise.core.reference import Reference
from exercise.core.requests.views import KindView, RequestStep, RequestView
from exercise.core.views import HotWashView, ParticipantView
from exercise.language import N_, _
from exercise.plain import pages
from exercise.plain import request_words as words
from exercise.plain.own_numbers import NONE_OWN, Numbers, yours
from exercise.plain.words import INDENT, body, counted, field, heading, one_line, say, story

GROUPS: tuple[tuple[str, str], ...] = (
    ("asks", N_("Ask for help")),
    ("gives", N_("Give or warn")),
    ("calls", N_("Call or test")),
)
"""The shapes of kinds, as the form groups them."""


def board(view: ParticipantView, width: int, acts: bool = True) -> Iterator[str]:
    """All requests of a team: those that wait for it first, then what is open and what is over, newest first.

    `acts` also says how to send one.
    """
    waiting = view.waiting_requests
    rest = [request for request in view.requests if request not in waiting]
    yield from heading(
        _("Requests: {counted}, {count} waiting for you").format(
            counted=counted(len(view.requests), "request"), count=len(waiting)
        ),
        width,
    )
    groups = (
        (_("Waiting for you"), waiting),
        (_("Open"), sorted((request for request in rest if not request.over), key=_newest_first)),
        (_("Over"), sorted((request for request in rest if request.over), key=_newest_first)),
    )
    for title, requests in groups:
        if requests:
            yield from say(f"{title}:", width)
        for request in requests:
            yield from row(request, width)
    if view.requests:
        yield from say(_("Type 'request' and a number to open one."), width)
    if acts and view.kinds:
        yield from say(_("Type 'ask' to send one, 'contacts' for whom you can reach."), width)


def _newest_first(request: RequestView) -> tuple[int, int]:
    return -(request.steps[-1].exercise if request.steps else request.sent), -request.number


def row(request: RequestView, width: int) -> list[str]:
    """A request in a list."""
    way = _("in from") if request.incoming else _("out to")
    urgent = _("urgent, ") if request.urgent and not request.over else ""
    return say(
        f"R{request.number}. {way} {one_line(request.other)}: {urgent}{words.about(request)}; "
        f"{words.status(request)}{words.due(request)}",
        width,
    )


def request(item: RequestView, reference: Reference, width: int, acts: bool = True) -> Iterator[str]:
    """All of a request; `acts` also says what can be done about it."""
    yield from heading(
        _("Request R{number}: {kind_name}").format(number=item.number, kind_name=one_line(item.kind_name)), width
    )
    yield from field(_("From") if item.incoming else _("To"), item.other, width)
    yield from field(_("By the entry"), item.contact, width)
    yield from held(item, reference, width)
    yield from field(_("Status"), words.status(item), width)
    yield from field(_("They say"), item.returned, width)
    yield from _steps(item.steps, width)
    if not acts:
        return
    can = words.actions(item)
    for text in can:
        yield from say(_("You can {text}.").format(text=text), width)
    if not can:
        yield from say(_("There is nothing for you to do about it now."), width)


def between(item: RequestView, reference: Reference, width: int, own: Numbers = NONE_OWN) -> Iterator[str]:
    """A request between any two parties, when all is told; `own` are the numbers on the reader's own board."""
    number = f"{item.number}{yours(item.number, own)}"
    yield from heading(_("Request {number}: {other}").format(number=number, other=one_line(item.other)), width)
    yield from field(_("Kind"), item.kind_name, width)
    yield from held(item, reference, width)
    yield from field(_("Ended"), words.status_between(item), width)
    yield from field(_("They say"), item.returned, width)
    yield from _steps(item.steps, width)


def held(item: RequestView, reference: Reference, width: int) -> Iterator[str]:
    """What a request says: element by element with its gaps, its basis, what goes with it and on which conditions."""
    yield from field(_("Channel"), item.channel, width)
    yield from field(_("About"), item.matter, width)
    yield from field(_("Sent"), story(item.sent), width)
    if item.urgent:
        yield from say(_("It is marked as urgent."), width)
    yield from field(_("Answer wanted by"), "" if item.deadline is None else story(item.deadline), width)
    for name in item.basis:
        yield from field(_("Rests on"), pages.clause_line(reference, name), width)
    for id, name, text, demanded in item.content:
        gap = _("not given; it helps and is not demanded")
        if demanded:
            gap = _("missing")
        if demanded and id in item.missing and text:
            text = _("{text} (too little to count)").format(text=text)
        noted = _(" (the addressee asks for it)") if id in item.named and (id in item.missing or not text) else ""
        yield from field(one_line(name), (text or gap) + noted, width, INDENT)
    if item.missing:
        yield from say(_("Gaps: {element_names}.").format(element_names=words.element_names(item, item.missing)), width)
    for title in item.encloses:
        yield from field(_("With it comes"), title, width)
    yield from field(_("Conditions on it"), words.conditions(item.handling), width)
    yield from field(_("Conditions on the answer"), words.conditions(item.conditions), width)
    yield from field(_("Kept for"), counted(item.days, "day") if item.days else "", width)
    yield from field(_("Ground of the refusal"), item.ground, width)
    for title in item.gave:
        yield from field(_("Handed over"), title, width)


def _steps(steps: Iterable[RequestStep], width: int) -> Iterator[str]:
    for step in steps:
        who = f"{one_line(step.who)} " if step.who else _("it ")
        yield from say(f"- {story(step.exercise)}: {who}{words.step_words(step.step)}{_said(step)}", width)


def _said(step: RequestStep) -> str:
    text = words.FAILED.get(step.text, step.text) if step.step == "failed" else step.text
    return f": {one_line(text)}" if text else ""


def in_groups(kinds: Iterable[KindView]) -> list[KindView]:
    """The kinds in the order in which they are numbered: asking, giving, calling."""
    known = list(kinds)
    return [kind for shape, _ in GROUPS for kind in known if kind.shape == shape]


def kinds(view: ParticipantView, width: int) -> Iterator[str]:
    """The kinds of request a team can send, numbered, in their groups."""
    yield from heading(_("Kinds of request"), width)
    titles, shape = dict(GROUPS), ""
    for n, kind in enumerate(in_groups(view.kinds), 1):
        if kind.shape != shape:
            shape = kind.shape
            yield from say(f"{_(titles[shape])}:", width)
        yield from say(f"{n}. {one_line(kind.name)}: {one_line(kind.use)}", width)


def kind(item: KindView, width: int) -> Iterator[str]:
    """A kind as the form introduces it."""
    yield from heading(one_line(item.name), width)
    yield from body(item.about, width)
    yield from field(_("The moment for it"), item.use, width)
    yield from field(_("Fit channels, the best first"), "; ".join(name for _unused, name in item.channels), width)
    if item.volatile:
        yield from say(_("What it is about may be lost soon: do not wait."), width)
    if item.coercive:
        yield from say(_("Carrying it out uses a power over persons or data."), width)


def news(before: ParticipantView | None, after: ParticipantView, width: int) -> Iterator[str]:
    """What others did about a team's requests since `before`, and what came by itself, a line each."""
    known = {request.number: request for request in before.requests} if before else {}
    for item in after.requests:
        old = known.get(item.number)
        fresh = item.steps[len(old.steps) if old else 0 :]
        if not any(_by_others(step, item, after.team_short) for step in fresh):
            continue
        if item.incoming and old is None and item.waits_for_me:
            what = _("offers you something under conditions") if item.shape == "gives" else _("waits for your answer")
            urgent = _(", urgent") if item.urgent else ""
            line = f"R{item.number} {words.ends(item)} {what}{words.due(item)}{urgent}: {words.about(item)}"
        else:
            said = _said(fresh[-1]) if item.status != "failed" else ""
            line = f"R{item.number} {words.ends(item)} ({one_line(item.kind_name)}): {words.status(item)}{said}"
        yield from say(line, width)
    yield from _directory(before, after, width)


def _by_others(step: RequestStep, item: RequestView, own: str) -> bool:
    return step.who != own and (bool(step.who) or step.step in ("failed", "lapsed") or item.incoming)


def _directory(before: ParticipantView | None, after: ParticipantView, width: int) -> Iterator[str]:
    stood = {entry.number: entry.stands for entry in before.contacts} if before else {}
    for entry in after.contacts:
        if entry.stands and entry.stands != stood.get(entry.number, ""):
            yield from say(
                _("Contact {number}, {name}: {tried}").format(
                    number=entry.number, name=one_line(entry.name), tried=words.tried(entry)
                ),
                width,
            )


def news_in_full(
    before: ParticipantView | None, after: ParticipantView, reference: Reference, width: int
) -> Iterator[str]:
    """Every step of a team's requests since `before`, its own too, and all of a new one, without their numbers."""
    known = {request.number: request for request in before.requests} if before else {}
    for item in after.requests:
        old = known.get(item.number)
        if old is None:
            yield from heading(
                _("Request {ends}: {kind_name}").format(ends=words.ends(item), kind_name=one_line(item.kind_name)),
                width,
            )
            yield from held(item, reference, width)
        for step in item.steps[len(old.steps) if old else 0 :]:
            who = f"{one_line(step.who)} " if step.who else ""
            yield from say(
                _("Request {ends}, {about}: {who}{step_words}{said}").format(
                    ends=words.ends(item),
                    about=words.about(item),
                    who=who,
                    step_words=words.step_words(step.step),
                    said=_said(step),
                ),
                width,
            )
    yield from _directory(before, after, width)


def everyone(wash: HotWashView, width: int, own: Numbers = NONE_OWN) -> Iterator[str]:
    """Every request of the exercise as a board: those that came to nothing before those that were carried out."""
    yield from heading(
        _("Requests between all: {counted}").format(counted=counted(len(wash.requests), "request")), width
    )
    fulfilled = [item for item in wash.requests if item.status == "fulfilled"]
    groups = (
        (_("Left open"), [item for item in wash.requests if not item.over]),
        (_("Came to nothing"), [item for item in wash.requests if item.over and item not in fulfilled]),
        (_("Fulfilled"), fulfilled),
    )
    for title, items in groups:
        if items:
            yield from say(f"{title}:", width)
        for item in items:
            ends = f"{one_line(item.other)}{yours(item.number, own)}"
            yield from say(f"{item.number}. {ends}: {words.about(item)}; {words.status_between(item)}", width)


def timeline(wash: HotWashView, width: int, own: Numbers = NONE_OWN) -> Iterator[str]:
    """Every step of every request in the order in which it was taken: who did what toward whom."""
    yield from heading(_("Requests over time"), width)
    moments = sorted(
        (step.play, step.exercise, item.number, place)
        for item in wash.requests
        for place, step in enumerate(item.steps)
        if step.step != "delivered"
    )
    items = {item.number: item for item in wash.requests}
    for _unused, exercise, number, place in moments:
        item, step = items[number], items[number].steps[place]
        who = f"{one_line(step.who)} " if step.who else _("it ")
        what = f" ({words.about(item)})" if step.step == "sent" else ""
        yield from say(
            _("{story}, request {number}, {other}: {who}{step_words}{what}{said}").format(
                story=story(exercise),
                number=f"{number}{yours(number, own)}",
                other=one_line(item.other),
                who=who,
                step_words=words.step_words(step.step),
                what=what,
                said=_said(step),
            ),
            width,
        )
    if not moments:
        yield from say(_("Nobody sent a request."), width)
