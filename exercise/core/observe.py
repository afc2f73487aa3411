"""How views are built from a state: the one place that decides what a seat gets to see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from exercise.core.audience import reaches
from exercise.core.cast import Contact, Indicator, Role, Team
from exercise.core.control.msel import in_hand, origin
from exercise.core.control.observe import curtain_view
from exercise.core.requests.matters import Matter
from exercise.core.requests.observe import (
    Letters,
    kinds_of,
    matters_of,
    matters_shown,
    requests_of,
    worded_handling,
)
from exercise.core.requests.state import Holding
from exercise.core.requests.views import KindView
from exercise.core.scenario import Scenario
from exercise.core.script import Channel, Decision
from exercise.core.state import Clock, DecisionState, Message, Note, State
from exercise.core.teamwork import observe as table
from exercise.core.tongues import read_by
from exercise.core.turn import available_options, consequences_of
from exercise.core.views import (
    AnswerView,
    BriefingView,
    ClockView,
    ContactView,
    CorrespondenceView,
    DecisionsView,
    DecisionView,
    EvidenceView,
    InboxItem,
    IndicatorView,
    JournalLine,
    OptionView,
    ParticipantView,
)
from exercise.core.wording import answered
from exercise.language import _, speaking

_MOST_ITEMS = 20_000

Shown = TypeVar("Shown")

_LastNotes = Mapping[tuple[str | None, str], int]
"""Play time of the last note of each kind on each decision."""

_Kept = dict[str, tuple[object, tuple[Shown, ...]]]
"""By team, rows of a view with the part of a state they were built from, which is never changed in place: while a state
has the same part, the rows are the same."""

_Standing = tuple[BriefingView, tuple[ContactView, ...], Mapping[str, KindView]]


def participant_view(scenario: Scenario, state: State, seat: str) -> ParticipantView:
    """What a team's seat (`averne`, or `averne/police`) may see now, in its language; raises KeyError for no team."""
    scenario = read_by(origin(scenario), seat)
    with speaking(scenario.language):
        return _participant_view(scenario, state, seat)


def _participant_view(scenario: Scenario, state: State, seat: str) -> ParticipantView:
    team_id = seat.partition("/")[0]
    team = scenario.teams_by_id[team_id]
    text, questions = plenary_of(scenario, state)
    notes = _notes(state, team_id)
    names = {f"{team_id}/{role.id}": role.name for role in team.roles}
    courses = courses_of(state)
    briefing, contacts, kinds = _standing(scenario, team, seat)
    return ParticipantView(
        seat=seat,
        team=team_id,
        team_name=team.name,
        team_short=team.short,
        clock=clock_view(scenario, state),
        briefing=briefing,
        plenary_text=text,
        plenary_questions=questions,
        inbox=inbox_of(scenario, state, seat),
        indicators=tuple(
            indicator_view(scenario, state, i, courses)
            for i in scenario.indicators
            if not i.hidden and i.team in (None, team_id)
        ),
        decisions=table.with_votes(
            scenario, state, seat, _decisions(scenario, state, team, _put_to(state, team_id), notes)
        ),
        contacts=_tried(scenario, team, contacts, state),
        profile=team.profile,
        evidence=_held(scenario, team_id, state),
        requests=requests_of(scenario, state, team_id),
        matters=matters_of(scenario, state, team_id),
        kinds=tuple(kinds.values()),
        journal=tuple(
            JournalLine(note.exercise, note.play, note.text, names.get(note.seat, ""), note.about)
            for note in notes
            if note.kind == "note"
        ),
        seats=table.seat_views(team, state),
        joined=table.joined(state, seat),
        drafts=table.draft_views(scenario, state, seat),
        talk=table.talk(scenario, state, seat),
        curtain=curtain_view(state),
        page=state.page,
        answered=_answered(state, team_id),
        language=scenario.language,
    )


def _answered(state: State, team: str) -> tuple[tuple[str, str], ...]:
    known = state.evaluation
    return tuple((mark, text) for mark, text in known.answered.items() if known.team_of(mark) == team)


def decisions_view(scenario: Scenario, state: State, team_id: str) -> DecisionsView:
    """The part of a team's view that bots decide by: what waits for an answer, and what is still to be followed up.

    The rest they do not read, and at every step of the clock it would be built anew.
    """
    put = _put_to(state, team_id)
    # Only what was set aside is followed up.
    aside = {name for opened, name in put if opened.choice is not None and opened.choice.set_aside}
    notes = [note for note in state.notes if note.decision in aside] if aside else []
    last: _LastNotes = {(note.decision, note.kind): note.play for note in notes}
    mine = [item for item in put if item[0].status == "open" or _to_follow_up(*item, last)]
    team = scenario.teams_by_id[team_id]
    return DecisionsView(team_id, team_id, clock_view(scenario, state), _decisions(scenario, state, team, mine, notes))


def correspondence_view(
    scenario: Scenario, state: State, team_id: str, known: tuple[Matter, ...], letters: Letters
) -> CorrespondenceView:
    """The part of a team's view that bots ask and answer by: `known` is what it can raise now, `letters` its board."""
    team = scenario.teams_by_id[team_id]
    _, contacts, kinds = _standing(scenario, team, team_id)
    return CorrespondenceView(
        team=team_id,
        clock=clock_view(scenario, state),
        requests=letters.shown,
        matters=matters_shown(scenario, team_id, known),
        kinds=kinds,
        contacts=_tried(scenario, team, contacts, state),
        evidence=_held(scenario, team_id, state),
    )


def _put_to(state: State, team: str) -> list[tuple[DecisionState, str]]:
    """The decisions that have been put to a team, with their names."""
    return [(opened, name) for name, opened in state.decisions.items() if opened.team == team]


def _to_follow_up(opened: DecisionState, name: str, last: _LastNotes) -> bool:
    """Whether an answer set something aside, and its team has not yet both told those affected and come back to it."""
    choice = opened.choice
    if choice is None or not choice.set_aside:
        return False
    return last.get((name, "told"), 0) <= choice.play or last.get((name, "returned"), 0) <= choice.play


def _decisions(
    scenario: Scenario, state: State, team: Team, mine: list[tuple[DecisionState, str]], notes: list[Note]
) -> tuple[DecisionView, ...]:
    """Some of a team's decisions as it sees them: open ones first, in the order they were put."""
    place = scenario.decision_places
    mine.sort(key=lambda item: (item[0].status != "open", item[0].opened, place[item[1]]))
    by_id = scenario.decisions_by_id
    return tuple(answered(decision_view(state, by_id[name], team.roles, notes), scenario) for _, name in mine)


def _notes(state: State, team: str) -> list[Note]:
    """What a team wrote, oldest first."""
    its_seats = f"{team}/"
    return [note for note in state.notes if note.seat == team or note.seat.startswith(its_seats)]


def _standing(scenario: Scenario, team: Team, seat: str) -> _Standing:
    """What a seat is told that never changes, built once a scenario and seat."""
    kept: dict[str, _Standing] = scenario.__dict__.setdefault("_standing", {})
    found = kept.get(seat)
    if found is None:
        role_id = seat.partition("/")[2]
        briefing = BriefingView(
            title=scenario.title,
            summary=scenario.summary,
            briefing=scenario.briefing,
            about=team.about,
            brief=team.brief,
            roles=tuple((role.name, role.brief) for role in team.roles if not role_id or role.id == role_id),
            others=tuple((t.name, t.about) for t in scenario.teams if t.id != team.id)
            + tuple((a.name, a.about) for a in scenario.actors),
        )
        contacts = tuple(_contact(scenario, entry, number) for number, entry in enumerate(team.directory, 1))
        found = kept[seat] = (briefing, contacts, {kind.id: kind for kind in kinds_of(scenario, team.id)})
    return found


def _contact(scenario: Scenario, entry: Contact, number: int) -> ContactView:
    channel = scenario.channels_by_id.get(entry.via or "")
    return ContactView(
        name=entry.name,
        party=scenario.names.get(entry.party, entry.party),
        channel=entry.channel,
        address=entry.address,
        hours=entry.hours,
        level=entry.level,
        updated=entry.updated,
        number=number,
        via=entry.via or "",
        takes=channel.name if channel else "",
        party_id=entry.party,
    )


def _tried(scenario: Scenario, team: Team, contacts: tuple[ContactView, ...], state: State) -> tuple[ContactView, ...]:
    """The directory with what the team has learned of its entries; one put right shows the address that works."""
    stands = state.contacts.get(team.id)
    if not stands:
        return contacts
    kept: _Kept[ContactView] = scenario.__dict__.setdefault("_contacts_tried", {})
    found = kept.get(team.id)
    if found is None or found[0] is not stands:
        shown = list(contacts)
        made: dict[tuple[str, int, str], ContactView] = scenario.__dict__.setdefault("_contact_views", {})
        for number, how in stands.items():
            entry = made.get((team.id, number, how))
            if entry is None:
                usual = contacts[number - 1]
                instead = team.directory[number - 1].instead if how == "renewed" else ""
                entry = replace(usual, stands=how, address=instead or usual.address)
                made[team.id, number, how] = entry
            shown[number - 1] = entry
        found = kept[team.id] = (stands, tuple(shown))
    return found[1]


def courses_of(state: State) -> dict[str, list[tuple[int, int, float]]]:
    """Every indicator's course, oldest first, in one walk over the readings."""
    courses: dict[str, list[tuple[int, int, float]]] = {}
    for reading in state.readings:
        courses.setdefault(reading.indicator, []).append((reading.play, reading.exercise, reading.value))
    return courses


def clock_view(scenario: Scenario, state: State) -> ClockView:
    """Where the clocks stand; all who look at one moment see the same."""
    kept: tuple[Clock, ClockView] | None = scenario.__dict__.get("_clock")
    if kept is None or kept[0] is not state.clock:
        kept = scenario.__dict__["_clock"] = (state.clock, _clock_view(scenario, state.clock))
    return kept[1]


def _clock_view(scenario: Scenario, clock: Clock) -> ClockView:
    move = scenario.moves[clock.move] if clock.move >= 0 else None
    length = 0
    if move is not None:
        length = move.plenary.minutes if clock.phase == "plenary" and move.plenary else move.minutes
    return ClockView(
        phase=clock.phase,
        running=clock.running,
        play=clock.play,
        exercise=clock.exercise,
        story=scenario.date,
        move=clock.move + 1,
        moves=len(scenario.moves),
        move_title=move.title if move else "",
        move_text=move.text if move else "",
        phase_opened=clock.opened,
        phase_seconds=length,
        move_ends=move.ends if move else 0,
        rate=clock.rate,
    )


def plenary_of(scenario: Scenario, state: State) -> tuple[str, tuple[str, ...]]:
    """What is read out in the plenary, and its questions."""
    plenary = scenario.moves[state.clock.move].plenary if state.clock.phase == "plenary" else None
    return (plenary.text, plenary.questions) if plenary else ("", ())


def inbox_of(scenario: Scenario, state: State, seat: str) -> tuple[InboxItem, ...]:
    """The messages that reach a seat, in order; an empty seat gets what is for all."""
    scenario = in_hand(scenario, state)
    seen = state.read.get(seat, frozenset())
    kept: dict[tuple[object, ...], tuple[object, InboxItem]] = origin(scenario).__dict__.setdefault("_items", {})
    if len(kept) > _MOST_ITEMS:
        kept.clear()
    items = []
    number = 0
    for message in state.messages:
        if not (reaches(message.to, seat) if seat else "all" in message.to):
            continue
        number += 1
        read = message.number in seen
        # A view is built at every change, and most of an inbox is what it was: an item is made once.
        key = (seat, number, read, message, message.inject in state.withdrawn)
        row = scenario.injects_by_id.get(message.inject) if message.inject is not None else None
        made = kept.get(key)
        if made is None or made[0] is not row:
            made = kept[key] = (row, _item(scenario, state, message, number, read, seat))
        items.append(made[1])
    return tuple(items)


def _item(scenario: Scenario, state: State, message: Message, number: int, read: bool, seat: str) -> InboxItem:
    attachments: tuple[tuple[str, str], ...] = ()
    if message.fact is not None:
        channel, sender = Channel.SITREP, _("Exercise control")
        title, text = scenario.said(message.title), scenario.said(message.text)
    elif message.inject is not None:
        inject = scenario.injects_by_id[message.inject]
        channel, sender, title, text = inject.channel, inject.sender, inject.title, inject.text
        attachments = tuple((attachment.title, attachment.text) for attachment in inject.attachments)
    elif message.matter is not None:
        outcome = scenario.matters_by_id[message.matter].outcomes[message.index]
        channel, sender, title, text = outcome.channel, outcome.sender, outcome.title, outcome.text
    else:
        decision = scenario.decisions_by_id[message.decision or ""]
        came = consequences_of(decision, message.source)[message.index]
        channel, sender, title, text = came.channel, came.sender, came.title, came.text
    return InboxItem(
        number=number,
        channel=channel,
        sender=sender,
        title=title,
        text=text,
        attachments=attachments,
        exercise=message.exercise,
        play=message.play,
        read=read,
        addressed=_addressed(scenario, message.to, seat),
        withdrawn=message.inject is not None and message.inject in state.withdrawn,
    )


def _addressed(scenario: Scenario, audience: tuple[str, ...], seat: str) -> str:
    """The addresses under which a seat got a message; who else got it, in which roles, is not told."""
    if "all" in audience:
        return _("All")
    names = []
    for address in audience:
        if not reaches((address,), seat):
            continue
        team_id, _slash, role_id = address.partition("/")
        team = scenario.teams_by_id.get(team_id)
        role = next((role.name for role in team.roles if role.id == role_id), "") if team else ""
        if team is not None:
            names.append(f"{team.short}: {role}" if role else team.short)
    return ", ".join(names)


def indicator_view(
    scenario: Scenario, state: State, indicator: Indicator, courses: dict[str, list[tuple[int, int, float]]]
) -> IndicatorView:
    """An indicator with its course."""
    return IndicatorView(
        name=indicator.name,
        about=indicator.about,
        value=state.indicators.get(indicator.id, indicator.start),
        lowest=indicator.lowest,
        highest=indicator.highest,
        better=indicator.better,
        unit=indicator.unit,
        owner=scenario.names[indicator.team] if indicator.team else "",
        course=tuple(courses.get(indicator.id, ())),
    )


def _held(scenario: Scenario, team: str, state: State) -> tuple[EvidenceView, ...]:
    """The evidence that a team holds, in the order in which it came."""
    holdings = state.knowledge.get(team)
    if not holdings:
        return ()
    kept: _Kept[EvidenceView] = scenario.__dict__.setdefault("_evidence_held", {})
    found = kept.get(team)
    if found is None or found[0] is not holdings:
        made: dict[tuple[str, str], tuple[Holding, EvidenceView]] = scenario.__dict__.setdefault("_evidence_views", {})
        for name, held in holdings.items():
            if (team, name) not in made or made[team, name][0] is not held:
                made[team, name] = (held, _evidence(scenario, name, held))
        found = kept[team] = (holdings, tuple([made[team, name][1] for name in holdings]))
    return found[1]


def _evidence(scenario: Scenario, name: str, held: Holding) -> EvidenceView:
    piece = scenario.evidence_by_id[name]
    return EvidenceView(
        title=piece.title,
        text=piece.text,
        source=piece.source,
        conditions=piece.conditions,
        id=name,
        exercise=held.exercise,
        giver=scenario.names.get(held.giver, held.giver) if held.giver else "",
        handling=worded_handling(scenario, held.handling),
        lifted=held.lifted,
    )


def decision_view(state: State, decision: Decision, roles: tuple[Role, ...], notes: list[Note]) -> DecisionView:
    """A decision as its team sees it."""
    opened = state.decisions[decision.id]
    offered = available_options(decision, state) if opened.status == "open" else ()
    return DecisionView(
        id=decision.id,
        revision=opened.revision,
        kind=decision.kind,
        title=decision.title,
        text=decision.text,
        role=next((role.name for role in roles if role.id == decision.role), "") if decision.role else "",
        status=opened.status,
        opened=opened.opened_exercise,
        closes=opened.closes,
        deadline=decision.deadline,
        options=tuple(
            OptionView(o.id, chr(ord("A") + n), o.title, o.text, o.coercive, o.outward) for n, o in enumerate(offered)
        ),
        free_prompt=decision.free.prompt if decision.free and opened.status == "open" else None,
        answer=_answer(decision, opened, notes),
        lapse_text=decision.lapse.text if opened.status == "lapsed" else "",
    )


def _answer(decision: Decision, opened: DecisionState, notes: list[Note]) -> AnswerView | None:
    choice = opened.choice
    if choice is None:
        return None
    title = next((option.title for option in decision.options if option.id == choice.option), choice.free_text)
    id = decision.id
    return AnswerView(
        exercise=choice.exercise,
        play=choice.play,
        option=title,
        own_words=choice.option is None,
        reason=choice.reason,
        basis=choice.basis,
        set_aside=choice.set_aside,
        followed_up=tuple(
            (note.kind, note.exercise, note.text)
            for note in notes
            # What was said to an earlier answer, before the decision was put again, does not belong to this one.
            if note.decision == id and note.play > choice.play
        ),
    )
