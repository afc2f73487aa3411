"""What is new for a seat between two of its views: as headlines after a step, or in full for a playthrough."""

from __future__ import annotations

from collections.abc import Iterator

from exercise.core.reference import Reference
from exercise.core.views import ParticipantView
from exercise.language import _
from exercise.plain import pages, request_pages, talk
from exercise.plain.request_words import held_under
from exercise.plain.words import INDENT, body, field, heading, say, story, with_unit


def headlines(before: ParticipantView | None, after: ParticipantView, width: int) -> Iterator[str]:
    """What came since `before`, a line each, for someone who then asks for what matters."""
    if _phase_changed(before, after):
        yield from pages.phase(after, width)
    old = len(before.inbox) if before else 0
    for item in after.inbox[old:]:
        yield from say(
            _("New message {number}: {title}; {channel} from {sender}, {story}").format(
                number=item.number,
                title=item.title,
                channel=pages.channel(item.channel),
                sender=item.sender,
                story=story(item.exercise),
            ),
            width,
        )
    for item in after.inbox[:old]:
        if before and item.withdrawn and not before.inbox[item.number - 1].withdrawn:
            yield from say(
                _("Message {number} is withdrawn: {title}").format(number=item.number, title=item.title), width
            )
    known = _known(before)
    for n, decision in enumerate(after.open_decisions, 1):
        if known.get(decision.id) != ("open", decision.revision):
            yield from say(
                _("Decision {n}: {title}; {window}").format(
                    n=n, title=decision.title, window=pages.window(decision, after.clock)
                ),
                width,
            )
    for decision in after.decisions:
        if decision.status == "lapsed" and known.get(decision.id, ("", 0))[0] != "lapsed":
            yield from say(_("Lapsed unanswered: {title}").format(title=decision.title), width)
            yield from body(decision.lapse_text, width)
    if before:
        yield from _indicators(before, after, width)
    for piece in after.evidence[len(before.evidence) if before else 0 :]:
        yield from say(_("New evidence: {title}").format(title=piece.title), width)
        yield from field(_("Conditions"), held_under(piece, after.team_short), width, INDENT)
    yield from _lifted(before, after, width)
    yield from request_pages.news(before, after, width)
    yield from talk.news(before, after, width)


def pressing(before: ParticipantView | None, after: ParticipantView) -> bool:
    """Whether something came that should not wait until it is asked for: a phase, a decision, a request to answer."""
    known = _known(before)
    waited = {item.number for item in before.waiting_requests} if before else set()
    return (
        _phase_changed(before, after)
        or any(known.get(decision.id) != ("open", decision.revision) for decision in after.open_decisions)
        or any(item.number not in waited for item in after.waiting_requests)
    )


def in_full(before: ParticipantView | None, after: ParticipantView, reference: Reference, width: int) -> Iterator[str]:
    """Everything that changed on a seat's screen, whole and without the seat's own numbering."""
    if _phase_changed(before, after):
        yield from pages.phase(after, width)
    old = len(before.inbox) if before else 0
    for item in after.inbox[old:]:
        yield from pages.message(item, width, numbered=False)
    for item in after.inbox[:old]:
        if before and item.withdrawn and not before.inbox[item.number - 1].withdrawn:
            yield from say(_("Withdrawn: {title}").format(title=item.title), width)
    earlier = {decision.id: decision for decision in before.decisions} if before else {}
    for decision in after.decisions:
        was = earlier.get(decision.id)
        if decision.status == "open":
            if was is None or (was.status, was.revision) != ("open", decision.revision):
                yield from pages.decision(decision, after.clock, width)
            elif was.closes != decision.closes:
                yield from say(
                    _("More time for “{title}”: {window}").format(
                        title=decision.title, window=pages.window(decision, after.clock)
                    ),
                    width,
                )
            elif was.options != decision.options:
                yield from say(_("The options of “{title}” are now:").format(title=decision.title), width)
                for option in decision.options:
                    yield from say(f"{option.letter}. {option.title}", width)
        elif was is None or was.status != decision.status or was.revision != decision.revision:
            yield from heading(_("Decision {it}").format(it=_("answered") if decision.answer else _("lapsed")), width)
            yield from pages.outcome(decision, reference, width)
        elif decision.answer is not None and was.answer is not None:
            for kind, _unused, text in decision.answer.followed_up[len(was.answer.followed_up) :]:
                done = _("Told those affected by") if kind == "told" else _("Came back to")
                yield from field(f"{done} “{decision.title}”", text, width)
    if before:
        yield from _indicators(before, after, width)
    for piece in after.evidence[len(before.evidence) if before else 0 :]:
        yield from field(_("New evidence"), piece.title, width)
        yield from field(_("From"), piece.source, width)
        yield from field(_("Given by"), piece.giver, width)
        yield from field(_("Conditions"), held_under(piece, after.team_short) or piece.conditions, width)
        yield from body(piece.text, width)
    yield from _lifted(before, after, width)
    yield from request_pages.news_in_full(before, after, reference, width)
    for line in after.journal[len(before.journal) if before else 0 :]:
        yield from field(_("Journal"), line.text, width)


def _phase_changed(before: ParticipantView | None, after: ParticipantView) -> bool:
    was = (before.clock.phase, before.clock.move) if before else ("briefing", 0)
    return was != (after.clock.phase, after.clock.move)


def _lifted(before: ParticipantView | None, after: ParticipantView, width: int) -> Iterator[str]:
    free = {piece.id for piece in before.evidence if piece.lifted} if before else set()
    for piece in after.evidence:
        if piece.lifted and piece.id not in free:
            yield from say(_("The conditions on “{title}” are lifted.").format(title=piece.title), width)


def _known(view: ParticipantView | None) -> dict[str, tuple[str, int]]:
    return {decision.id: (decision.status, decision.revision) for decision in view.decisions} if view else {}


def _indicators(before: ParticipantView, after: ParticipantView, width: int) -> Iterator[str]:
    for was, now in zip(before.indicators, after.indicators, strict=True):
        if was.value != now.value:
            yield from field(
                now.name,
                _("{with_unit} (was {with_unit2})").format(
                    with_unit=with_unit(now.value, now.unit), with_unit2=with_unit(was.value, was.unit)
                ),
                width,
            )
