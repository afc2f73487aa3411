"""The pages of the line mode while the exercise runs: each turns a view into lines and decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from exercise.core.commitments import CEILINGS, FORCES, Commitment
from exercise.core.reference import Reference
from exercise.core.script import channel_name
from exercise.core.views import (
    AnswerView,
    ClockView,
    DecisionView,
    InboxItem,
    IndicatorView,
    ParticipantView,
)
from exercise.language import N_, _, folded
from exercise.plain.request_words import held_under, tried
from exercise.plain.words import (
    INDENT,
    body,
    counted,
    field,
    heading,
    joined,
    number,
    one_line,
    say,
    span,
    story,
    with_unit,
    wrapped,
)

_DAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))
_MONTHS = (
    *(N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July")),
    *(N_("August"), N_("September"), N_("October"), N_("November"), N_("December")),
)


def briefing(view: ParticipantView, width: int) -> Iterator[str]:
    """What a team is told before STARTEX, its private part last."""
    yield from briefing_for_all(view, width)
    if view.briefing.others:
        yield from heading(_("The others"), width)
        for name, about in view.briefing.others:
            yield from field(name, about, width)
    yield from briefing_for_team(view, width)


def briefing_for_all(view: ParticipantView, width: int) -> Iterator[str]:
    """What everyone is told."""
    yield from heading(_("Briefing: {title}").format(title=view.briefing.title), width)
    yield from body(view.briefing.summary, width)
    yield from heading(_("For everyone"), width)
    yield from body(view.briefing.briefing, width)


def briefing_for_team(view: ParticipantView, width: int) -> Iterator[str]:
    """What only this team is told."""
    yield from heading(_("For {team_name} only").format(team_name=view.team_name), width)
    yield from body(view.briefing.about, width)
    if view.briefing.brief:
        yield ""
        yield from body(view.briefing.brief, width)
    for name, brief in view.briefing.roles:
        yield from field(_("Role"), name, width)
        yield from body(brief, width, INDENT * 2)


def channel(name: str) -> str:
    """A channel's id as words."""
    return _(channel_name(one_line(name)))


def message_line(item: InboxItem, width: int) -> list[str]:
    """A message in a list: number, whether it is new, title, where from and when."""
    marks = ("" if item.read else _("new, ")) + (_("withdrawn, ") if item.withdrawn else "")
    return say(
        _("{number}. {marks}{title}; {channel} from {sender}, {story}").format(
            number=item.number,
            marks=marks,
            title=one_line(item.title),
            channel=channel(item.channel),
            sender=one_line(item.sender),
            story=story(item.exercise),
        ),
        width,
    )


def inbox(view: ParticipantView, width: int, only: str = "") -> Iterator[str]:
    """The messages as a list, all or those of one channel, with what channels there are."""
    items = [item for item in view.inbox if not only or channel(item.channel) == channel(only)]
    title = _("Inbox") + (_(", {channel} only").format(channel=channel(only)) if only else "")
    yield from heading(
        _("{title}: {counted}, {sum} unread").format(
            title=title, counted=counted(len(items), "message"), sum=sum(not i.read for i in items)
        ),
        width,
    )
    for item in items:
        yield from message_line(item, width)
    if not only and view.inbox:
        tally: dict[str, int] = {}
        for item in view.inbox:
            tally[channel(item.channel)] = tally.get(channel(item.channel), 0) + 1
        yield from field(_("By channel"), ", ".join(f"{name} {count}" for name, count in tally.items()), width)


def message(item: InboxItem, width: int, numbered: bool = True) -> Iterator[str]:
    """A message in full, with its attachments."""
    yield from heading(
        (_("Message {number}: ").format(number=item.number) if numbered else _("Message: ")) + one_line(item.title),
        width,
    )
    yield from field(_("From"), item.sender, width)
    yield from field(_("By"), channel(item.channel), width)
    yield from field(_("To"), item.addressed, width)
    yield from field(_("At"), story(item.exercise), width)
    if item.withdrawn:
        yield from say(_("Withdrawn by exercise control: what was read stays read, and it no longer holds."), width)
    yield from body(item.text, width)
    for title, text in item.attachments:
        yield from field(_("Attachment"), title, width)
        yield from body(text, width, INDENT * 2)


def change(indicator: IndicatorView) -> str:
    """How an indicator has moved since the start, with whether that is good, in words."""
    start = indicator.course[0][2] if indicator.course else indicator.value
    moved = indicator.value - start
    if not moved:
        return _("as at the start")
    good = (moved > 0) == (indicator.better == "higher")
    return _("{it} {number} since the start, {it2}").format(
        it=_("up") if moved > 0 else _("down"), number=number(abs(moved)), it2=_("better") if good else _("worse")
    )


def situation(view: ParticipantView, width: int) -> Iterator[str]:
    """The indicators with their change, shared ones first."""
    yield from heading(_("Situation at {story}").format(story=story(view.clock.exercise)), width)
    for indicator in sorted(view.indicators, key=lambda i: bool(i.owner)):
        whose = f" ({one_line(indicator.owner)})" if indicator.owner else ""
        figure = with_unit(indicator.value, indicator.unit)
        yield from field(indicator.name + whose, f"{figure}, {change(indicator)}", width)
        yield from body(
            _("{about} {better} is better.").format(about=indicator.about, better=indicator.better.capitalize()), width
        )
    if not view.indicators:
        yield from say(_("There are no indicators."), width)


def window(decision: DecisionView, clock: ClockView) -> str:
    """How long an open decision may still be answered, in play and in the story."""
    left = span(decision.closes - clock.play)
    due = (
        _("; an answer is due by {story}").format(story=story(decision.deadline))
        if decision.deadline is not None
        else ""
    )
    return _("closes in {left} of play{due}").format(left=left, due=due)


def decisions(view: ParticipantView, width: int) -> Iterator[str]:
    """The open decisions as a list."""
    opened = view.open_decisions
    yield from heading(_("Open decisions: {count}").format(count=len(opened)), width)
    for n, item in enumerate(opened, 1):
        yield from say(f"{n}. {item.title}; {_(item.kind)}, {window(item, view.clock)}", width)
    done = len(view.decisions) - len(opened)
    if done:
        yield from say(_("Answered or lapsed: {done}. Type 'past' for them.").format(done=done), width)


def decision(item: DecisionView, clock: ClockView, width: int, label: str = "") -> Iterator[str]:
    """An open decision with its options lettered."""
    yield from heading(f"{label or _('Decision')}: {item.title}", width)
    kind = _("dilemma") if item.kind == "dilemma" else _("quick decision")
    yield from field(_("Kind"), f"{kind}, {window(item, clock)}", width)
    yield from field(_("Pen"), item.vote.pen or item.role, width)
    yield from _votes(item, width)
    yield from body(item.text, width)
    for option in item.options:
        yield from say(f"{option.letter}. {option.title}", width)
        yield from body(option.text, width, INDENT * 2)
        if option.coercive:
            yield from wrapped(_("It uses a power: you will be asked for five safeguards."), width, INDENT * 2)
        if option.outward:
            yield from wrapped(_("It has effects abroad: say what it rests on."), width, INDENT * 2)
    if item.free_prompt is not None:
        yield from say(_("Own. {free_prompt}").format(free_prompt=item.free_prompt), width)


def _votes(item: DecisionView, width: int) -> Iterator[str]:
    """How the team's votes stand, where it votes."""
    if not item.vote.voting:
        return
    yield from say(_("Your team votes: 'choose' casts your vote."), width)
    for ballot in item.vote.ballots:
        letter = next((f"{option.letter}. " for option in item.options if option.id == ballot.option), "")
        because = _(" Reason: {reason}").format(reason=ballot.reason) if ballot.reason else ""
        yield from field(
            _("{who} is for").format(who=one_line(ballot.who)), f"{letter}{ballot.title}.{because}", width, INDENT
        )
    missing = joined(map(one_line, item.vote.missing))
    yield from field(_("Still to vote"), missing or _("nobody; your team does not agree yet"), width)


def clause_line(reference: Reference, name: str) -> str:
    """A commitment in a list: id, title, text and clause; an instrument by its title, an unknown id as it is."""
    found = reference.commitments.get(name)
    if found is None:
        whole = reference.instruments.get(name)
        return _("{short} as a whole").format(short=whole.short) if whole else one_line(name)
    text = reference.instruments.get(found.instrument)
    return f"{found.id}: {found.title} ({text.short if text else found.instrument}, {found.clause})"


def answer(given: AnswerView, reference: Reference, width: int) -> Iterator[str]:
    """How a decision was answered, with reason, clauses and what was done later."""
    yield from field(_("Own proposal") if given.own_words else _("Answer"), given.option, width, INDENT)
    yield from field(_("At"), story(given.exercise), width, INDENT)
    yield from field(_("Reason"), given.reason, width, INDENT)
    for name in given.basis:
        yield from field(_("Relies on"), clause_line(reference, name), width, INDENT)
    for aside in given.set_aside:
        yield from field(_("Sets aside"), clause_line(reference, aside.commitment), width, INDENT)
        yield from field(_("because"), aside.why, width, INDENT * 2)
        yield from field(_("kept small by"), aside.limits, width, INDENT * 2)
    for kind, time, text in given.followed_up:
        name = _("Told those affected") if kind == "told" else _("Came back to it")
        yield from field(_("{name} at {story}").format(name=name, story=story(time)), text, width, INDENT)


def past_decisions(view: ParticipantView) -> tuple[DecisionView, ...]:
    """Answered and lapsed decisions; their place in this row is the number that people type."""
    return tuple(item for item in view.decisions if item.status != "open")


def past(view: ParticipantView, reference: Reference, width: int, acts: bool = True) -> Iterator[str]:
    """The decisions that were answered or lapsed; `acts` also says what can be typed about them."""
    items = past_decisions(view)
    yield from heading(_("Past decisions: {count}").format(count=len(items)), width)
    for n, item in enumerate(items, 1):
        yield from outcome(item, reference, width, f"{n}. ")
        for kind in item.answer.owed if acts and item.answer is not None else ():
            words = (
                _("You set something aside: whom you told is not said; 'told {n}' and a sentence say it.")
                if kind == "told"
                else _("You set something aside: you have not come back to it; 'returned {n}' and a sentence do.")
            )
            yield from say(words.format(n=n), width)
    if acts and any(item.answer for item in items):
        yield from say(
            _("To come back to one: 'told N' with whom you told, or 'returned N' with what you changed."), width
        )


def outcome(item: DecisionView, reference: Reference, width: int, label: str = "") -> Iterator[str]:
    """A decision and what came of it: the answer, or what its lapse meant."""
    yield from say(f"{label}{item.title}", width)
    if item.answer is not None:
        yield from answer(item.answer, reference, width)
    elif item.status == "lapsed":
        yield from field(_("Lapsed"), item.lapse_text or _("nobody answered in time"), width, INDENT)
    else:
        yield _("{indent}Still open when the exercise ended.").format(indent=INDENT)


def contacts(view: ParticipantView, width: int, acts: bool = True) -> Iterator[str]:
    """The contact directory; `acts` also says what can be typed about it."""
    yield from heading(_("Contacts: {count}").format(count=len(view.contacts)), width)
    for n, contact in enumerate(view.contacts, 1):
        yield from say(f"{contact.number or n}. {contact.name}", width)
        yield from field(_("Belongs to"), contact.party, width, INDENT)
        yield from field(_("By"), f"{contact.channel}, {contact.address}", width, INDENT)
        yield from field(_("Level"), _(contact.level), width, INDENT)
        yield from field(_("Hours"), contact.hours, width, INDENT)
        yield from field(_("Last checked"), contact.updated, width, INDENT)
        takes = (
            _("taken, by way of: {takes}").format(takes=contact.takes)
            if contact.via
            else _("none are taken")
            if view.kinds
            else ""
        )
        yield from field(_("Requests"), takes, width, INDENT)
        yield from field(_("Tried"), tried(contact), width, INDENT)
    if acts and any(contact.via for contact in view.contacts):
        yield from say(_("Type 'ping' and a number to test an entry, 'ask' to send a request."), width)


def in_profile(view: ParticipantView, reference: Reference) -> list[Commitment]:
    """What a team has accepted and is in force on the day of the story, in the catalogue's order."""
    standings = reference.standings(view.profile, view.clock.story.date())
    held = ("applies", "observed", "context")
    return [reference.commitments[name] for name, standing in standings.items() if standing in held]


def search(view: ParticipantView, reference: Reference, words: str) -> list[Commitment]:
    """The commitments of a team's profile that an id names, or else that hold all the words."""
    known = in_profile(view, reference)
    wanted = folded(one_line(words))
    exact = [item for item in known if item.id.casefold() == wanted]
    if exact or not wanted:
        return exact
    return [item for item in known if all(word in _haystack(item, reference) for word in wanted.split())]


def _haystack(item: Commitment, reference: Reference) -> str:
    text = reference.instruments.get(item.instrument)
    title = f"{text.title} {text.short}" if text else ""
    return folded(
        " ".join((item.id, item.title, item.clause, item.says, item.honours, item.kind, item.instrument, title))
    )


def profile(view: ParticipantView, reference: Reference, width: int) -> Iterator[str]:
    """The texts a team has accepted, with how many of their commitments hold on the day."""
    known = in_profile(view, reference)
    yield from heading(
        _("Profile of {team_name}: {counted}").format(
            team_name=view.team_name, counted=counted(len(known), "commitment")
        ),
        width,
    )
    for entry in view.profile:
        text = reference.instruments.get(entry.instrument)
        count = sum(item.instrument == entry.instrument for item in known)
        notes = [_("{counted} in force").format(counted=counted(count, "commitment"))]
        notes += [_("observed, not scored")] if entry.observed_only else []
        notes += [_("accepted {accepted:%Y-%m-%d}").format(accepted=entry.accepted)] if entry.accepted else []
        notes += [_("left {withdrawn:%Y-%m-%d}").format(withdrawn=entry.withdrawn)] if entry.withdrawn else []
        yield from field(text.short if text else entry.instrument, ", ".join(notes), width)
        if text:
            yield from body(text.title, width)
    yield from say(_("Type 'profile' with words to search, or with an id such as se-p7 to read one."), width)


def clause(item: Commitment, view: ParticipantView, reference: Reference, width: int) -> Iterator[str]:
    """One commitment as a team looks it up while it plays."""
    text = reference.instruments.get(item.instrument)
    standing = reference.standings(view.profile, view.clock.story.date())[item.id]
    yield from heading(f"{item.id}: {item.title}", width)
    yield from field(_("Text"), f"{text.title if text else item.instrument}, {item.clause}", width)
    force = reference.force(item.id)
    yield from field(_("Force"), f"{FORCES[force]}: {CEILINGS[force]}", width)
    if standing != "applies":
        yield from field(_("Note"), _("shown and never scored"), width)
    yield from field(_("Says"), item.says, width)
    yield from field(_("Kept by"), item.honours, width)
    yield from field(_("See also"), ", ".join(item.related), width)


def found(items: list[Commitment], reference: Reference, width: int) -> Iterator[str]:
    """Commitments as a numbered list."""
    for n, item in enumerate(items, 1):
        yield from say(f"{n}. {clause_line(reference, item.id)}", width)


def evidence(view: ParticipantView, width: int, acts: bool = True) -> Iterator[str]:
    """The evidence a team holds; `acts` also says what can be typed about it."""
    yield from heading(_("Evidence: {counted}").format(counted=counted(len(view.evidence), "piece")), width)
    for n, piece in enumerate(view.evidence, 1):
        yield from say(f"{n}. {piece.title}", width)
        yield from field(_("From"), piece.source, width, INDENT)
        yield from field(_("Given by"), piece.giver, width, INDENT)
        yield from field(_("Came"), story(piece.exercise) if piece.giver else "", width, INDENT)
        yield from field(_("Conditions"), held_under(piece, view.team_short) or piece.conditions, width, INDENT)
        yield from body(piece.text, width)
    if acts and view.evidence and view.kinds:
        yield from say(_("Type 'forward' and a number to send a piece on with a request."), width)


def journal(view: ParticipantView, width: int) -> Iterator[str]:
    """The lines a team wrote."""
    yield from heading(_("Journal: {counted}").format(counted=counted(len(view.journal), "line")), width)
    for line in view.journal:
        who = f", {one_line(line.who)}" if line.who else ""
        yield from field(f"{story(line.exercise)}{who}", line.text, width)


def phase(view: ParticipantView, width: int) -> Iterator[str]:
    """The move or plenary that is on, with what is read out when it opens."""
    clock = view.clock
    if clock.phase == "move":
        yield from heading(
            _("Move {move} of {moves}: {move_title}").format(
                move=clock.move, moves=clock.moves, move_title=clock.move_title
            ),
            width,
        )
        yield from body(clock.move_text, width)
    elif clock.phase == "plenary":
        yield from heading(
            _("Plenary after move {move}; the clock of the story stands still").format(move=clock.move), width
        )
        yield from body(view.plenary_text, width)
        for question in view.plenary_questions:
            yield from say(f"- {question}", width)


def time(view: ParticipantView, width: int) -> Iterator[str]:
    """The clocks."""
    clock = view.clock
    now = clock.story + timedelta(seconds=clock.exercise)
    day = f"{_(_DAYS[now.weekday()])} {now.day} {_(_MONTHS[now.month - 1])} {now.year}, {now:%H:%M}"
    yield from field(_("Story"), f"{story(clock.exercise)}, {day}", width)
    yield from field(_("Played"), span(clock.play), width)
    match clock.phase:
        case "briefing":
            yield from say(_("The exercise has not started."), width)
        case "ended":
            yield from say(_("The exercise has ended."), width)
        case _:
            part = (
                _("Move {move} of {moves}").format(move=clock.move, moves=clock.moves)
                if clock.phase == "move"
                else _("Plenary after move {move}").format(move=clock.move)
            )
            left = clock.phase_opened + clock.phase_seconds - clock.play
            yield from field(
                part,
                _("{move_title}, about {span} of {span2} left").format(
                    move_title=clock.move_title, span=span(left), span2=span(clock.phase_seconds)
                ),
                width,
            )
