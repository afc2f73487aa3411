"""What only exercise control may read, gathered in one place: notes, journals, talk, names, script and its notes."""

from __future__ import annotations

from exercise.core import events as ev
from exercise.core.asked import FACILITATOR
from exercise.core.control import events as control
from exercise.core.evaluation.outcome import Evaluated
from exercise.core.events import LogEntry
from exercise.core.script import channel_name
from exercise.core.teamwork import events as tw
from exercise.core.teamwork.commands import OBSERVER, REQUEST, SPECTATOR
from exercise.language import N_, _
from exercise.report import parts
from exercise.report.model import Ballot, Control, EvaluatorName, Line, Person, ScriptRow
from exercise.session.log import LoadedLog
from exercise.session.retell import Retelling

_CONTROL = (FACILITATOR, OBSERVER, SPECTATOR)


def control_pages(
    log: LoadedLog,
    outcome: Evaluated,
    entries: tuple[LogEntry, ...],
    behind: tuple[parts.Happening, ...],
    team_survey: tuple[parts.Answers, ...],
) -> Control:
    """All of it, for the facilitator's edition."""
    scenario, words = log.scenario, Retelling(log.scenario)
    notes: list[Line] = []
    journals: list[Line] = []
    talk: list[Line] = []
    people: dict[tuple[str, str], Person] = {}
    for entry in entries:
        event = entry.event
        if isinstance(event, ev.NoteWritten):
            own = event.seat.partition("/")[0] in _CONTROL
            line = _line(entry, event.seat, words, event.text, about=_about(outcome, event.about), name=event.who)
            (notes if own else journals).append(line)
        elif isinstance(event, tw.MessageSpoken):
            to = _("all") if event.to == "all" else words.who(event.to)
            talk.append(_line(entry, event.seat, words, event.text, about=_("to {to}").format(to=to)))
        elif isinstance(event, tw.SeatTaken):
            person = Person(seat=event.seat, role=words.who(event.seat), name=event.name)
            people.setdefault((event.seat, event.name), person)
    state = log.state
    titles = {row.id: row.title for row in scenario.decisions}
    drafts = tuple(
        Line(
            seq=0,
            play=draft.play,
            exercise=draft.exercise,
            seat=team,
            who=words.who(team),
            text=draft.text,
            about=_("a request") if subject == REQUEST else titles.get(subject, subject),
        )
        for (team, subject), draft in state.drafts.items()
        if draft.text
    )
    return Control(
        notes=tuple(notes),
        journals=tuple(journals),
        talk=tuple(talk),
        drafts=drafts,
        script=_script(log, words),
        behind=behind,
        decision_notes=tuple((row.id, row.notes) for row in scenario.decisions if row.notes),
        unput={id: title for id, title in titles.items() if id not in state.decisions},
        guidance=scenario.facilitator,
        ballots=tuple(
            Ballot(
                decision=id,
                who=words.who(seat) + (f" ({vote.name})" if vote.name else ""),
                option=_option(log, id, vote.option),
                reason=vote.grounds.reason,
            )
            for id, votes in state.votes.items()
            for seat, vote in votes.items()
        ),
        people=tuple(people.values()),
        evaluators=tuple(
            EvaluatorName(number=number, name=one.name, delegation=scenario.names.get(one.delegation, one.delegation))
            for number, one in enumerate(outcome.evaluators, 1)
        ),
        team_survey=team_survey,
        seed=log.seed,
    )


def _line(entry: LogEntry, seat: str, words: Retelling, text: str, *, about: str = "", name: str = "") -> Line:
    who = words.who(seat) + (f" ({name})" if name else "")
    return Line(seq=entry.seq, play=entry.play, exercise=entry.exercise, seat=seat, who=who, text=text, about=about)


def _about(outcome: Evaluated, id: str) -> str:
    commitment = outcome.reference.commitments.get(id)
    if commitment is not None:
        return f"{commitment.title} ({id})"
    return next((row.title for row in outcome.scenario.objectives if row.id == id), id)


def _option(log: LoadedLog, decision: str, option: str) -> str:
    asked = log.scenario.decisions_by_id.get(decision)
    return next((row.title for row in asked.options if row.id == option), option) if asked else option


def _script(log: LoadedLog, words: Retelling) -> tuple[ScriptRow, ...]:
    """The MSEL as it went, with what control wrote itself."""
    state, scenario = log.state, log.scenario
    written = {e.event.inject: e.event for e in log.entries if isinstance(e.event, control.InjectWritten)}
    rows = []
    for inject in scenario.injects:
        edit = state.edits.get(inject.id)
        rows.append(
            ScriptRow(
                id=inject.id,
                title=edit.title if edit else inject.title,
                sender=inject.sender,
                channel=_(channel_name(inject.channel)),
                to=_audience(inject.to, words),
                status=_status(log, inject.id),
                exercise=state.released.get(inject.id),
                text=edit.text if edit else inject.text,
                expected=inject.expected,
                notes=inject.notes,
            )
        )
    for id, own in written.items():
        rows.append(
            ScriptRow(
                id=id,
                title=own.title,
                sender=own.sender,
                channel=_(channel_name(own.channel)),
                to=_audience(own.to, words),
                status=_status(log, id),
                exercise=state.released.get(id),
                text=own.text,
                expected=(),
                notes=_("Written by exercise control during the exercise."),
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.exercise is None, row.exercise or 0)))


def _status(log: LoadedLog, inject: str) -> str:
    state = log.state
    if inject in state.withdrawn:
        return N_("withdrawn")
    if inject in state.released:
        return N_("released")
    return N_("held") if inject in state.held else N_("skipped") if inject in state.skipped else N_("not reached")


def _audience(to: tuple[str, ...], words: Retelling) -> str:
    return ", ".join(_("all") if address == "all" else words.who(address) for address in to)
