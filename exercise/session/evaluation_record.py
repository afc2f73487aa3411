"""The dossier that evaluators judge by: each proposed mark, its decision, and what the team knew and did until then.

One walk over the entries up to ENDEX. A line stands in a team's record where the team saw it or made it; what happened
behind the scenes stands in none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from exercise.core import events as ev
from exercise.core.audience import reaches
from exercise.core.control import events as control
from exercise.core.evaluation.views import (
    ClauseView,
    DecisionAsked,
    Dossier,
    LiveNote,
    MarkToJudge,
    ObjectiveToRate,
    OptionShown,
    RecordLine,
    TaskToRate,
)
from exercise.core.events import LogEntry, MarksProposed
from exercise.core.evolve import evolve
from exercise.core.marks import LOWEST_FIRST, Mark
from exercise.core.reference import Reference
from exercise.core.requests import events as rq
from exercise.core.scenario import Scenario
from exercise.core.script import Grade
from exercise.core.state import State
from exercise.core.teamwork import events as table
from exercise.core.turn import available_options, consequences_of
from exercise.session.collector import collector_paused
from exercise.session.retell import Retelling

_PHASES = (
    ev.ExerciseStarted,
    ev.ExerciseEnded,
    ev.MoveOpened,
    ev.MoveClosed,
    ev.PlenaryOpened,
    ev.PlenaryClosed,
)
_DONE = frozenset({"answer", "act", "request", "note", "talk"})
"""What a team does itself: of the moment in which it acts, nothing else is shown."""


def dossier_of(session: str, scenario: Scenario, reference: Reference, entries: Sequence[LogEntry]) -> Dossier:
    """All that is judged and rated of an exercise that came to ENDEX."""
    end = next((n for n, entry in enumerate(entries) if entry.event.__class__ is MarksProposed), len(entries))
    played = entries[:end]
    proposed = entries[end].event if end < len(entries) else None
    marks = tuple(Mark.from_data(mark) for mark in proposed.marks) if isinstance(proposed, MarksProposed) else ()
    with collector_paused():
        walk = _Walk(scenario, played)
    for mark in marks:
        walk.add_evidence(mark)
    clauses = _clauses(reference)
    judged = [walk.mark(mark, clauses) for mark in marks]
    day = scenario.date.date()
    return Dossier(
        title=scenario.title,
        session=session,
        teams=tuple((team.id, team.short, team.name) for team in scenario.teams),
        marks=tuple(sorted(judged, key=lambda one: (one.mark.at, one.mark.team, one.mark.occasion, one.mark.id))),
        lines=walk.lines,
        records={team: tuple(seqs) for team, seqs in walk.records.items()},
        clauses=clauses,
        applicable={team.id: _applicable(reference, scenario, team.id, day) for team in scenario.teams},
        objectives=_objectives(scenario),
        notes=tuple(walk.notes),
    )


def _applicable(reference: Reference, scenario: Scenario, team: str, day: date) -> tuple[str, ...]:
    return reference.applicable(scenario.teams_by_id[team], day)


def _clauses(reference: Reference) -> dict[str, ClauseView]:
    found = {}
    for id, commitment in reference.commitments.items():
        instrument = reference.instruments.get(commitment.instrument)
        found[id] = ClauseView(
            id=id,
            title=commitment.title,
            instrument=instrument.title if instrument is not None else commitment.instrument,
            short=instrument.short if instrument is not None else commitment.instrument,
            clause=commitment.clause,
            says=commitment.says,
            honours=commitment.honours,
            neglects=commitment.neglects,
            breaches=commitment.breaches,
            force=reference.force(id),
        )
    return found


def _objectives(scenario: Scenario) -> tuple[ObjectiveToRate, ...]:
    return tuple(
        ObjectiveToRate(
            id=row.id,
            title=row.title,
            text=row.text,
            commitments=row.commitments,
            tasks=tuple(
                TaskToRate(t.id, t.text, scenario.names.get(t.team, t.team) if t.team else "") for t in row.tasks
            ),
        )
        for row in scenario.objectives
    )


class _Walk:
    """Goes through the entries once and keeps, line by line, who saw or made what."""

    def __init__(self, scenario: Scenario, entries: Sequence[LogEntry]) -> None:
        self._scenario = scenario
        self._by_seq = {entry.seq: entry for entry in entries}
        self._words = Retelling(scenario, entries)
        self._teams = tuple(team.id for team in scenario.teams)
        self._injects = {inject.id: (inject.title, inject.text) for inject in scenario.injects}
        self._sent: dict[str, rq.RequestSent] = {}
        self._delivered: set[str] = set()
        self._reached: dict[str, tuple[str, ...]] = {}
        self._rounds: dict[str, int] = {}
        self.asked: dict[str, DecisionAsked] = {}
        """By the occasion of a mark: the decision's id, and the round where it was put again."""
        self.lines: dict[int, RecordLine] = {}
        self.records: dict[str, list[int]] = {team: [] for team in self._teams}
        self.notes: list[LiveNote] = []
        state = State()
        for entry in entries:
            self._before(entry, state)
            kind, text, teams = self._told(entry)
            if teams:
                self._keep(entry, kind, text)
                for team in teams:
                    self.records[team].append(entry.seq)
            state = evolve(state, entry.event)

    def add_evidence(self, mark: Mark) -> None:
        """Keeps the entries that a mark names also where the team did not see them."""
        for seq in mark.entries:
            if seq not in self.lines and seq in self._by_seq:
                self._keep(self._by_seq[seq], "other", "")

    def mark(self, mark: Mark, clauses: Mapping[str, ClauseView]) -> MarkToJudge:
        """A mark as it is put to an evaluator."""
        clause = clauses.get(mark.commitment)
        no_breach = clause is not None and not clause.breaches and mark.grade is not Grade.BREACHED
        stands = self._by_seq.get(mark.at)
        before = stands.batch if stands is not None else mark.at
        own = [seq for seq in self.records[mark.team] if before <= seq <= mark.at] if mark.team in self.records else []
        done = [seq for seq in own if self.lines[seq].kind in _DONE]
        return MarkToJudge(
            mark=mark,
            team=self._scenario.names.get(mark.team, mark.team),
            decision=self.asked.get(mark.occasion),
            grades=tuple(g for g in reversed(LOWEST_FIRST) if not (no_breach and g is Grade.BREACHED)),
            before=before,
            shown=tuple(sorted({*done, *mark.entries})),
        )

    def _keep(self, entry: LogEntry, kind: str, text: str) -> None:
        self.lines[entry.seq] = RecordLine(entry.seq, entry.exercise, kind, self._words.line(entry), text)

    def _before(self, entry: LogEntry, state: State) -> None:
        """What later lines need to know of this one."""
        event = entry.event
        match event:
            case control.InjectWritten() | control.InjectEdited():
                self._injects[event.inject] = (event.title, event.text)
            case ev.DecisionReopened():
                self._rounds[event.decision] = self._rounds.get(event.decision, 1) + 1
                self.asked.pop(event.decision, None)
            case ev.ResponseChosen() | ev.DecisionLapsed():
                round = self._rounds.get(event.decision, 1)
                key = event.decision if round == 1 else f"{event.decision}#{round}"
                asked = self._asked(entry.seq, event, state)
                if asked is not None:
                    self.asked[key] = asked
            case rq.RequestSent():
                self._sent[event.request] = event
            case rq.RequestDelivered():
                self._delivered.add(event.request)
            case ev.InjectReleased():
                self._reached[event.inject] = event.to
            case ev.NoteWritten() if event.seat.partition("/")[0] not in self._scenario.teams_by_id:
                who = event.who or self._words.who(event.seat)
                self.notes.append(LiveNote(entry.seq, entry.exercise, who, event.text, event.about))
            case _:
                pass

    def _asked(self, seq: int, event: ev.ResponseChosen | ev.DecisionLapsed, state: State) -> DecisionAsked | None:
        decision = self._scenario.decisions_by_id.get(event.decision)
        if decision is None:
            return None
        offered = available_options(decision, state)
        chosen = event if isinstance(event, ev.ResponseChosen) else None
        title = "" if chosen is None else chosen.free_text
        if chosen is not None and chosen.option is not None:
            title = next((option.title for option in decision.options if option.id == chosen.option), chosen.option)
        return DecisionAsked(
            id=decision.id,
            entry=seq,
            title=decision.title,
            text=decision.text,
            options=tuple(
                OptionShown(chr(ord("A") + n), o.title, o.text, chosen is not None and o.id == chosen.option)
                for n, o in enumerate(offered)
            ),
            chosen=title,
            own_words=chosen is not None and chosen.option is None,
            reason=chosen.reason if chosen is not None else "",
            basis=chosen.basis if chosen is not None else (),
            set_aside=tuple((s.commitment, s.why, s.limits) for s in chosen.set_aside) if chosen is not None else (),
            safeguards=tuple((point, words) for point, words in chosen.safeguards.items())
            if chosen is not None
            else (),
        )

    def _told(self, entry: LogEntry) -> tuple[str, str, tuple[str, ...]]:
        """The kind of an entry, its full words, and the teams in whose record it stands."""
        event = entry.event
        match event:
            case ev.InjectReleased():
                return "message", self._injects.get(event.inject, ("", ""))[1], self._all_of(event.to)
            case ev.InjectWithdrawn():
                return "message", event.why, self._all_of(self._reached.get(event.inject, ()))
            case control.FactRevealed():
                return "message", event.text, self._all_of(event.to)
            case ev.ConsequenceCame():
                return "message", self._consequence(event), self._all_of(event.to)
            case rq.OutcomeCame():
                matter = self._scenario.matters_by_id.get(event.matter)
                known = matter is not None and event.index < len(matter.outcomes)
                return "message", matter.outcomes[event.index].text if matter and known else "", self._all_of(event.to)
            case ev.DecisionOpened() | ev.DecisionReopened() | ev.WindowExtended():
                decision = self._scenario.decisions_by_id.get(event.decision)
                text = decision.text if decision is not None and not isinstance(event, ev.WindowExtended) else ""
                return "decision", text, self._team(decision.team if decision is not None else "")
            case ev.ResponseChosen():
                return "answer", _paragraphs(event.free_text, event.reason), self._team(event.team)
            case ev.DecisionLapsed():
                return "answer", "", self._team(event.team)
            case ev.FollowedUp():
                return "answer", event.text, self._team(event.team)
            case ev.ActDone():
                return "act", "", self._team(event.team)
            case ev.EvidenceLearned():
                piece = self._scenario.evidence_by_id.get(event.evidence)
                return "evidence", piece.text if piece is not None else "", self._team(event.team)
            case ev.IndicatorChanged() | ev.IndicatorCorrected():
                return "indicator", "", self._seen_indicator(event.indicator)
            case ev.NoteWritten():
                return "note", event.text, self._team(event.seat)
            case table.MessageSpoken():
                heard = {*self._team(event.seat), *self._all_of((event.to,))}
                return "talk", event.text, tuple(team for team in self._teams if team in heard)
            case table.VoteCast():
                return "talk", event.reason, self._team(event.seat)
            case _ if isinstance(event, _PHASES):
                return "phase", "", self._teams
            case _:
                return self._request(event)

    def _request(self, event: ev.Event) -> tuple[str, str, tuple[str, ...]]:
        match event:
            case rq.RequestSent():
                return "request", self._letter(event), self._team(event.by)
            case rq.RequestDelivered():
                sent = self._sent.get(event.request)
                return "request", self._letter(sent) if sent else "", self._team(sent.to if sent else "")
            case rq.RequestFailed():
                sent = self._sent.get(event.request)
                return "request", "", self._team(sent.by if sent else "")
            case rq.RequestMended():
                sent = self._sent.get(event.request)
                return "request", self._elements(sent, event.content) if sent else "", self._both(event.request)
            case rq.RequestAnswered() | rq.RequestFulfilled() | rq.RequestWithdrawn() | rq.ConditionsTaken():
                return "request", event.text, self._both(event.request)
            case rq.RequestAcknowledged() | rq.RequestLapsed():
                return "request", "", self._both(event.request)
            case rq.ContactTried() | rq.ContactRenewed() | rq.ConditionsLifted():
                return "request", "", self._team(event.team)
            case _:
                return "other", "", ()

    def _letter(self, sent: rq.RequestSent) -> str:
        words = self._elements(sent, sent.content)
        return _paragraphs(sent.subject, words)

    def _elements(self, sent: rq.RequestSent, content: Mapping[str, str]) -> str:
        kind = self._scenario.kinds_by_id.get(sent.kind)
        names = {element.id: element.name for element in kind.elements} if kind is not None else {}
        return _paragraphs(*(f"{names.get(id, id)}: {text}" for id, text in content.items() if text))

    def _consequence(self, event: ev.ConsequenceCame) -> str:
        decision = self._scenario.decisions_by_id.get(event.decision)
        came = consequences_of(decision, event.source) if decision is not None else ()
        return came[event.index].text if event.index < len(came) else ""

    def _team(self, seat: str) -> tuple[str, ...]:
        team = seat.partition("/")[0]
        return (team,) if team in self.records else ()

    def _all_of(self, to: Iterable[str]) -> tuple[str, ...]:
        audience = tuple(to)
        return tuple(team for team in self._teams if audience and reaches(audience, team))

    def _both(self, request: str) -> tuple[str, ...]:
        """Requester and addressee, who has heard of it only once it arrived."""
        sent = self._sent.get(request)
        if sent is None:
            return ()
        there = (sent.to,) if request in self._delivered else ()
        return tuple(team for party in (sent.by, *there) for team in self._team(party))

    def _seen_indicator(self, id: str) -> tuple[str, ...]:
        indicator = self._scenario.indicators_by_id.get(id)
        if indicator is None or indicator.hidden:
            return ()
        return self._teams if indicator.team is None else self._team(indicator.team)


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)
