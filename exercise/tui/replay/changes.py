"""What a step of a log changed for one perspective, in words, from what it saw before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

from exercise.core.times import tell_exercise_time
from exercise.core.views import DecisionView, FacilitatorView, IndicatorView, MselRow, ParticipantView
from exercise.language import _
from exercise.session.perspectives import Sight
from exercise.tui.widgets.indicators import number
from exercise.tui.widgets.request_words import ends_of, step_text

Said = TypeVar("Said")


class Change(NamedTuple):
    """One thing that was otherwise before."""

    kind: str
    """phase, message, decision, answer, lapse, indicator, request, evidence, talk, note, seat, control or other."""
    title: str
    """In one line."""
    key: str = ""
    """Which message, decision, request, indicator, piece or line it is, by number or id."""


def changes(before: Sight, after: Sight) -> tuple[Change, ...]:
    """What is new or otherwise in a perspective's view; the running of its clocks is no change."""
    # Records that a step did not touch are often the very same, and comparing the rest is cheaper than telling it.
    if before.view == after.view or before.stated() == after.stated():
        return ()
    found = [change for tell in _TELLERS for change in tell(before, after)]
    return tuple(found) or (Change("other", _("Something small changed: what may be done now, or how it is shown.")),)


def _phase(before: Sight, after: Sight) -> Iterator[Change]:
    was, now = before.clock, after.clock
    if (was.phase, was.move) != (now.phase, now.move):
        said = {
            "move": _("Move {move} of {moves} begins: {move_title}").format(
                move=now.move, moves=now.moves, move_title=now.move_title
            ),
            "plenary": _("The plenary after move {move} begins").format(move=now.move),
            "ended": _("ENDEX: the exercise is over"),
        }
        yield Change("phase", said.get(now.phase, _("The briefing")))
    elif was.running != now.running:
        yield Change("phase", _("The clock runs again") if now.running else _("The clock is stopped"))
    if was.rate != now.rate:
        yield Change("phase", _("The clock runs at {rate:g} times the room's pace").format(rate=now.rate))
    if before.curtain != after.curtain:
        drawn = after.curtain
        words = (
            _("All screens are covered: {text}").format(text=drawn.text or drawn.kind)
            if drawn
            else _("The screens are open again")
        )
        yield Change("phase", words)
    if before.view.page != after.view.page:
        yield Change(
            "phase",
            _("The hot wash is turned to “{page}”").format(page=after.view.page)
            if after.view.page
            else _("The hot wash"),
        )


def _messages(before: Sight, after: Sight) -> Iterator[Change]:
    old = len(before.inbox)
    for item in after.inbox[old:]:
        yield Change(
            "message",
            _("New message: {title} · from {sender}").format(title=item.title, sender=item.sender),
            str(item.number),
        )
    for was, item in zip(before.inbox, after.inbox, strict=False):
        if was is item or was == item:
            continue
        if item.withdrawn and not was.withdrawn:
            yield Change("message", _("Message withdrawn: {title}").format(title=item.title), str(item.number))
        elif item.read and not was.read:
            yield Change("message", _("Message opened: {title}").format(title=item.title), str(item.number))
        else:
            yield Change("message", _("Message changed: {title}").format(title=item.title), str(item.number))


def _decisions(before: Sight, after: Sight) -> Iterator[Change]:
    known = {decision.id: decision for _, decision in before.decisions}
    for team, decision in after.decisions:
        was = known.get(decision.id)
        if was is not decision and was != decision:
            whose = f"{team}: " if team else ""
            yield from _decision(was, decision, whose)


def _decision(was: DecisionView | None, now: DecisionView, whose: str) -> Iterator[Change]:
    title = f"{whose}{now.title}"
    if now.answer is not None and (was is None or was.answer is None or was.revision != now.revision):
        yield Change("answer", _("Answered: {title} · {option}").format(title=title, option=now.answer.option), now.id)
    elif now.status == "lapsed" and (was is None or was.status != "lapsed"):
        yield Change("lapse", _("Lapsed unanswered: {title}").format(title=title), now.id)
    elif was is None:
        yield Change("decision", _("To be decided: {title}").format(title=title), now.id)
    elif now.status == "open" and was.revision != now.revision:
        yield Change("decision", _("Put again: {title}").format(title=title), now.id)
    elif now.closes != was.closes:
        yield Change("decision", _("More time for: {title}").format(title=title), now.id)
    elif now.options != was.options:
        yield Change("decision", _("Other options now: {title}").format(title=title), now.id)
    elif now.answer is not None and was.answer is not None and now.answer != was.answer:
        for kind, _unused, text in now.answer.followed_up[len(was.answer.followed_up) :]:
            did = _("Told those affected") if kind == "told" else _("Came back to it")
            yield Change("answer", f"{did}: {title} · {text}", now.id)
    for ballot in now.vote.ballots:
        if was is None or ballot not in was.vote.ballots:
            yield Change(
                "decision",
                _("{whose}{who} votes on {title}: {title2}").format(
                    whose=whose, who=ballot.who, title=now.title, title2=ballot.title
                ),
                now.id,
            )
    if was is not None and now.status == "open" and now.vote != was.vote and now.vote.ballots == was.vote.ballots:
        yield Change("decision", _("Who may answer is otherwise now: {title}").format(title=title), now.id)


def _indicators(before: Sight, after: Sight) -> Iterator[Change]:
    for place, (was, now) in enumerate(zip(before.indicators, after.indicators, strict=False)):
        if was.value != now.value:
            yield Change("indicator", _moved(was.value, now), str(place))
        elif len(was.course) != len(now.course):
            yield Change(
                "indicator",
                _("{name} stands at {number}").format(name=now.name, number=number(now.value, now.unit)),
                str(place),
            )


def _moved(was: float, now: IndicatorView) -> str:
    better = (now.value > was) == (now.better == "higher")
    way = _("better") if better else _("worse")
    return f"{now.name}: {number(was)} → {number(now.value, now.unit)}, {way}"


def _requests(before: Sight, after: Sight) -> Iterator[Change]:
    known = {request.number: request for request in before.requests}
    for request in after.requests:
        was = known.get(request.number)
        if was is request or was == request:
            continue
        key = str(request.number)
        by, to = ends_of(request, after.own)
        name = f"{request.kind_name}, {by} → {to}" if to else f"{request.kind_name}, {by}"
        fresh = request.steps[len(was.steps) if was else 0 :]
        for step in fresh:
            who = _(" by {who}").format(who=step.who) if step.who else ""
            yield Change("request", f"{name}: {step_text(step, request)}{who}", key)
        if not fresh:
            yield Change("request", _("{name}: what may be done about it is otherwise").format(name=name), key)


def _evidence(before: Sight, after: Sight) -> Iterator[Change]:
    known = {piece.id: piece for piece in before.evidence}
    for piece in after.evidence:
        was = known.get(piece.id)
        if was is None:
            yield Change("evidence", _("New evidence: {title}").format(title=piece.title), piece.id)
        elif piece.lifted and not was.lifted:
            yield Change("evidence", _("Its conditions are lifted: {title}").format(title=piece.title), piece.id)
        elif piece != was:
            yield Change("evidence", _("Evidence changed: {title}").format(title=piece.title), piece.id)


def _words(before: Sight, after: Sight) -> Iterator[Change]:
    for place, line in enumerate(after.talk[len(before.talk) :], len(before.talk)):
        yield Change(
            "talk", _("{sender} to {to}: {text}").format(sender=line.sender, to=line.to, text=line.text), str(place)
        )
    for place, (whose, note) in enumerate(after.notes[len(before.notes) :], len(before.notes)):
        by = note.who or whose
        yield Change(
            "note",
            _("Note{format}: {text}").format(format=_(" of {by}").format(by=by) if by else "", text=note.text),
            str(place),
        )
    drafts = {(team, draft.subject): draft for team, draft in before.drafts}
    for team, draft in after.drafts:
        was = drafts.pop((team, draft.subject), None)
        if was != draft:
            did = _("has the pen") if was is None or was.text == draft.text else "writes"
            who = draft.who or _("Nobody")
            yield Change(
                "note",
                _("{it}draft for {title}: {who} {did}").format(
                    it=f"{team}, " if team else "", title=draft.title, who=who, did=did
                ),
            )
    for (team, _unused), draft in drafts.items():
        yield Change(
            "note", _("{it}draft for {title} is put away").format(it=f"{team}, " if team else "", title=draft.title)
        )


def _seats(before: Sight, after: Sight) -> Iterator[Change]:
    known = {seat.seat: seat for _unused, seat in before.seats}
    for team, seat in after.seats:
        was = known.get(seat.seat)
        if was == seat:
            continue
        name = (f"{team}: " if team and "/" in seat.seat else "") + seat.role
        if seat.present:
            yield Change(
                "seat", _("{name} is at the table{it}").format(name=name, it=f": {seat.name}" if seat.name else "")
            )
        elif was is not None:
            yield Change("seat", _("{name} leaves the table").format(name=name))


def _for_the_team(before: Sight, after: Sight) -> Iterator[Change]:
    was, now = before.view, after.view
    if not (isinstance(was, ParticipantView) and isinstance(now, ParticipantView)):
        return
    stood = {contact.number: contact.stands for contact in was.contacts}
    told = {"works": "works", "dead": _("is dead"), "renewed": _("is put right")}
    for contact in now.contacts:
        if contact.stands != stood.get(contact.number, ""):
            yield Change(
                "request",
                _("Contact {name}: {get}").format(name=contact.name, get=told.get(contact.stands, contact.stands)),
            )
    raised = {matter.id for matter in was.matters}
    for matter in now.matters:
        if matter.id not in raised:
            yield Change("request", _("Can be raised now: {title}").format(title=matter.title))
    still = {matter.id for matter in now.matters}
    for matter in was.matters:
        if matter.id not in still:
            yield Change("request", _("Is no more to be raised: {title}").format(title=matter.title))


def _behind(before: Sight, after: Sight) -> Iterator[Change]:
    """What only exercise control sees."""
    was, now = before.view, after.view
    if not (isinstance(was, FacilitatorView) and isinstance(now, FacilitatorView)):
        return
    for old, fact in zip(was.facts, now.facts, strict=False):
        if old != fact:
            yield Change("control", _("True behind the story: {fact}: {fact2}").format(fact=fact[0], fact2=fact[2]))
    yield from _told(
        now.flags, was.flags, lambda flag: _("Behind the scenes: {replace}").format(replace=flag.replace("-", " "))
    )
    yield from _told(
        was.flags, now.flags, lambda flag: _("No longer so: {replace}").format(replace=flag.replace("-", " "))
    )
    known = {row.inject: row for row in was.msel}
    for row in now.msel:
        yield from _row(known.get(row.inject), row)
    yield from _told(
        now.claims, was.claims, lambda claim: _("{claim} answers for {claim2}").format(claim=claim[1], claim2=claim[0])
    )
    yield from _told(
        was.claims, now.claims, lambda claim: _("The script answers for {claim} again").format(claim=claim[0])
    )
    yield from _told(now.bots, was.bots, lambda bot: _("A bot plays {bot}: {bot2}").format(bot=bot[0], bot2=bot[1]))
    yield from _told(was.bots, now.bots, lambda bot: _("{bot} is handed back to people").format(bot=bot[0]))


def _told(items: Iterable[Said], others: Iterable[Said], say: Callable[[Said], str]) -> Iterator[Change]:
    """What is in the one and not in the other."""
    known = set(others)
    yield from (Change("control", say(item)) for item in items if item not in known)


def _row(was: MselRow | None, now: MselRow) -> Iterator[Change]:
    key = now.inject
    if was is None:
        due = (
            _(", due at {tell_exercise_time}").format(tell_exercise_time=tell_exercise_time(now.due))
            if now.due is not None
            else ""
        )
        yield Change("message", _("Control writes an inject: {title}{due}").format(title=now.title, due=due), key)
    elif was is not now and was.status != now.status:
        said = {"released": _("Released"), "held": _("Held back"), "skipped": _("Skipped"), "withdrawn": _("Withdrawn")}
        sender = _(" · from {sender}").format(sender=now.sender) if now.status == "released" and now.sender else ""
        yield Change("message", f"{said.get(now.status, _('Waiting again'))}: {now.title}{sender}", key)
    elif was is not now and len(was.read_by) != len(now.read_by):
        yield Change(
            "message",
            _("Opened by {listed}: {title}").format(
                listed=", ".join(set(now.read_by) - set(was.read_by)), title=now.title
            ),
            key,
        )
    elif was is not now and (was.title, was.text, was.due) != (now.title, now.text, now.due):
        yield Change("message", _("Inject changed: {title}").format(title=now.title), key)
    elif was is not now and was.waits != now.waits:
        waits = {
            "time": _("waits for its time"),
            "condition": _("waits for its condition"),
            "hand": _("comes only by hand"),
        }
        yield Change("control", f"{now.title}: {waits.get(now.waits, _('has come'))}", key)
    elif was is not now and was != now:
        yield Change("control", _("Inject changed: {title}").format(title=now.title), key)


_TELLERS = (
    _phase,
    _messages,
    _decisions,
    _indicators,
    _evidence,
    _requests,
    _for_the_team,
    _words,
    _seats,
    _behind,
)
