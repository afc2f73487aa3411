"""The assessment: from a log, or a prefix of one, to marks that each trace to a clause and to entries.

Software proposes here; evaluators confirm or change. Marks come from tags on the options that were chosen, from
detectors over acts and requests, and from a team's own mapping of its own proposal. Nothing here reads a hidden fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from exercise.core import detectors as detect
from exercise.core.acts import ActKind
from exercise.core.conditions import Condition, holds
from exercise.core.course import Answer, Cause, Course, follow, movers, reads_facts
from exercise.core.detectors import ENOUGH_FOR_REASON, ENOUGH_FOR_SAFEGUARD, Verdict, says
from exercise.core.events import LogEntry, ResponseChosen
from exercise.core.marks import (
    BREACHED,
    HONOURED,
    NEGLECTED,
    NOT_RAISED,
    RAISED,
    RANK,
    CapacityFinding,
    Mark,
    raised,
    under_ceiling,
)
from exercise.core.occasions import FOR_USERS, OCCASION_DETECTORS, OCCASION_TITLES, Watch
from exercise.core.records import replace
from exercise.core.reference import Reference, Terms, terms
from exercise.core.requests.history import TOLD, History, history
from exercise.core.requests.marks import consultation_pending, request_marks
from exercise.core.scenario import Scenario
from exercise.core.scorecard import Repair, Scorecard, scorecards
from exercise.core.script import Conduct, Decision, Lacking, Occasion, ResponseOption
from exercise.core.state import State


@dataclass(frozen=True, eq=False)
class Assessment:
    """The marks and capacity findings of a log, and the scorecards they make."""

    scenario: Scenario = field(repr=False)
    reference: Reference = field(repr=False)
    marks: tuple[Mark, ...]
    """In the order in which their conduct began."""
    findings: tuple[CapacityFinding, ...]
    repairs: tuple[Repair, ...]

    @cached_property
    def scorecards(self) -> Mapping[str, Scorecard]:
        """Each team's card, in the order of the scenario; made when first asked for."""
        return scorecards(self.scenario, self.reference, self.marks, self.findings, self.repairs)

    def marks_of(self, team: str) -> tuple[Mark, ...]:
        """A team's marks."""
        return tuple(mark for mark in self.marks if mark.team == team)


def assess(
    scenario: Scenario, reference: Reference, entries: Iterable[LogEntry], states: Sequence[State] | None = None
) -> Assessment:
    """Mark the conduct that a log, or any prefix of one, shows.

    `states` are the state before each entry and the last one, where whoever has played it kept them.
    """
    course = follow(entries, states)
    return _Assessor(scenario, reference, course, terms(scenario, reference), course.voided).assessment()


@dataclass(eq=False)
class _Assessor:
    """Collects the marks of one course."""

    scenario: Scenario
    reference: Reference
    course: Course
    terms: Mapping[str, Terms]
    voided: frozenset[str]
    marks: list[Mark] = field(default_factory=list)
    findings: list[CapacityFinding] = field(default_factory=list)

    def assessment(self) -> Assessment:
        for answer in self.course.answers:
            self._answer(answer)
        self._acts()
        for found in request_marks(self.scenario, self.terms, self.course, self._told):
            self._mark(found.verdict, found.team, found.commitment, (found.occasion, found.title), found.source)
        for occasion, moved_by in _opened_by(self.scenario):
            self._occasion(occasion, moved_by)
        return Assessment(
            scenario=self.scenario,
            reference=self.reference,
            marks=tuple(sorted(self.marks, key=lambda mark: (mark.entries[0], mark.id))),
            findings=tuple(sorted(self.findings, key=lambda finding: (finding.entries[0], finding.id))),
            repairs=tuple(self._repairs()),
        )

    # --- answers to decisions ---

    def _answer(self, answer: Answer) -> None:
        decision, asked = self.scenario.decisions_by_id.get(answer.decision), self.terms.get(answer.team)
        if decision is None or asked is None:
            return
        in_time = detect.answered_in_time(decision, answer)
        for id in decision.timely:
            self._mark(in_time, answer.team, id, (answer.key, decision.title), "answered-in-time")
        chosen, where = answer.chosen, (answer.key, _title(decision, answer))
        if chosen is None:
            self._tags(answer, decision.lapse.conduct, where, "lapse")
            return
        followed = _option(decision, chosen.option or chosen.nearest)
        if chosen.option is None:
            self._own_proposal(answer, chosen, where)
        elif followed is not None:
            self._lift(answer, chosen, self._tags(answer, followed.conduct, where, "tag"))
        if followed is None:
            return
        if followed.coercive:
            verdict = detect.safeguards_stated(self.course, answer, chosen)
            for id in detect.SAFEGUARDED:
                self._mark(verdict, answer.team, id, where, "safeguards-stated")
        if followed.outward:
            for id, verdict in detect.basis_stated(self.course, answer, chosen, asked.texts):
                self._mark(verdict, answer.team, id, where, "basis-stated")

    def _tags(
        self, answer: Answer, tags: tuple[Conduct, ...], where: tuple[str, str], source: str
    ) -> list[tuple[int, Conduct | None]]:
        """Marks by the tags that hold; returns where each stands in the row, with its tag."""
        made: list[tuple[int, Conduct | None]] = []
        for number, tag in enumerate(tags, start=1):
            when = tag.when
            if when is not None and not self.course.holds_before(when, answer):
                continue
            placed = self._mark(
                Verdict(tag.grade, tag.because, (answer.seq,), answer.exercise, tag.knowing, tag.bad_faith),
                answer.team,
                tag.commitment,
                where,
                "tag",
                key=f"{source}{number}",
                lacking=tag.lacking,
            )
            if placed is not None:
                made.append((placed, tag))
        return made

    def _own_proposal(self, answer: Answer, chosen: ResponseChosen, where: tuple[str, str]) -> None:
        """Marks by the team's own mapping: what it serves, and what it sets aside; the latter prevails."""
        aside = {item.commitment: item for item in chosen.set_aside}
        made: list[tuple[int, Conduct | None]] = []
        for id in dict.fromkeys((*chosen.basis, *aside)):
            if id not in self.reference.commitments:
                continue
            grade = NEGLECTED if id in aside else HONOURED
            says = "set aside" if id in aside else "served"
            placed = self._mark(
                Verdict(grade, f"The team names this as {says} by its own proposal.", (answer.seq,), answer.exercise),
                answer.team,
                id,
                where,
                "self-proposed",
                self_proposed=True,
            )
            if placed is not None:
                made.append((placed, None))
        self._lift(answer, chosen, made)

    # --- the conflict rule ---

    def _lift(self, answer: Answer, chosen: ResponseChosen, made: list[tuple[int, Conduct | None]]) -> None:
        """Raise by one step what was set aside for another commitment, where all five conditions are met."""
        named = {
            item.commitment
            for item in chosen.set_aside
            if says(item.why, ENOUGH_FOR_SAFEGUARD) and says(item.limits, ENOUGH_FOR_SAFEGUARD)
        }
        if not named:
            return
        served = [mark for place, _ in made if (mark := self.marks[place]).grade is HONOURED and mark.counts]
        if not served:
            return
        told, returned = self._written(answer, "told"), self._written(answer, "returned")
        for place, tag in made:
            mark = self.marks[place]
            if mark.commitment in named and mark.counts and mark.grade is not HONOURED:
                first = told or self._came(answer, tag.told if tag else None)
                then = returned or self._came(answer, tag.returned if tag else None)
                if first and then:
                    self.marks[place] = _lifted(mark, sorted({first, then}))

    def _written(self, answer: Answer, kind: str) -> int | None:
        """The later entry by which a team wrote that it told those affected, or came back to what it had set aside.

        Coming back takes time: a line written in the minute of the choice is a tick in a box.
        """
        for written, event in self.course.follow_ups.get((answer.decision, answer.team, kind), ()):
            if written.seq <= answer.seq or not says(event.text, ENOUGH_FOR_REASON):
                continue
            if kind == "told" or written.play > answer.play or written.exercise > answer.exercise:
                return written.seq
        return None

    def _came(self, answer: Answer, condition: Condition | None) -> int | None:
        """The later entry by which it came about, where the scenario says how, without the team writing of it."""
        entry = self.course.became_true_after(condition, answer)
        return entry.seq if entry else None

    # --- acts, requests and occasions ---

    @cached_property
    def _told(self) -> History:
        """What the log tells of requests; in most steps of a search there are none, and nothing is walked for them."""
        course = self.course
        return history(course.of(TOLD), self.scenario.kinds_by_id) if course.state(-1).requests else History()

    def _acts(self) -> None:
        """Marks by the acts that are judged one by one."""
        names = self.scenario.names
        for team in self.scenario.teams:
            number: dict[tuple[str, str], int] = {}
            standings = self.terms[team.id].standings
            for done in self.course.acts_of(team.id, ActKind.ESCALATE, ActKind.REFUSE):
                kind = done.act.act
                if kind is ActKind.ESCALATE:
                    source, verdict = "consulted-first", detect.consulted_first(self.course, done, names)
                    verdict = consultation_pending(self._told, done, names) or verdict
                    under: tuple[str, ...] = detect.CONSULTED
                elif done.request is None:
                    source, verdict = "reasons-given", detect.reasons_given(done, names)
                    under = tuple(id for id in detect.REASONED if standings.get(id) == "applies")[:1]
                else:
                    continue
                where = self._where(done.answer, done.seq)
                count = number[where[0], source] = number.get((where[0], source), 0) + 1
                key = source if count == 1 else f"{source}{count}"
                for id in under:
                    self._mark(verdict, team.id, id, where, source, key=key)

    def _where(self, answer: Answer | None, seq: int) -> tuple[str, str]:
        decision = self.scenario.decisions_by_id.get(answer.decision) if answer else None
        if answer is None or decision is None:
            return f"entry-{seq}", "A step of its own"
        return answer.key, _title(decision, answer)

    def _occasion(self, occasion: Occasion, moved_by: frozenset[Cause]) -> None:
        """Marks by a watched occasion; one that never opened, or opened too late to be met, is not tested."""
        ids = [id for id in occasion.commitments if self._concerns(occasion.team, id)]
        opened = self.course.first_entry(occasion.opens, moved_by) if ids else None
        if opened is None or opened.exercise > occasion.until:
            return
        detector, names = OCCASION_DETECTORS[occasion.detector], self.scenario.names
        seen: dict[bool, Verdict | None] = {}
        where = (occasion.id, OCCASION_TITLES[occasion.detector])
        for id in ids:
            users = id in FOR_USERS
            if users not in seen:
                seen[users] = detector(Watch(self.course, occasion, opened, users, names, self.scenario))
            verdict = seen[users]
            if verdict is None:
                continue
            if verdict.grade is NEGLECTED and self._unable(occasion):
                self._finding(verdict, occasion.team, id, where, occasion.detector, occasion.detector, occasion.lacking)
            else:
                self._mark(verdict, occasion.team, id, where, occasion.detector)

    def _unable(self, occasion: Occasion) -> bool:
        """Whether the team lacked the means when the time was up, which is when failing is judged."""
        if occasion.unable is None or reads_facts(occasion.unable):
            return False
        index = self.course.passing(occasion.until)
        return index is not None and holds(occasion.unable, self.course.state(index))

    # --- marks ---

    def _mark(
        self,
        verdict: Verdict,
        team: str,
        id: str,
        where: tuple[str, str],
        source: str,
        *,
        key: str = "",
        self_proposed: bool = False,
        lacking: Lacking | None = None,
    ) -> int | None:
        """Write down a mark, if the commitment concerns the team; returns its place in the row.

        A team that lacked the means, and did not act knowingly against the text, gets a capacity finding instead.
        """
        asked = self.terms.get(team)
        duty = asked.duties.get(id) if asked is not None else None
        if duty is None:
            return None
        proposed, knowing = verdict.grade, verdict.knowing or verdict.bad_faith
        if lacking is not None and not knowing and RANK[proposed] <= RANK[NEGLECTED]:
            self._finding(verdict, team, id, where, key or source, source, lacking)
            return None
        grade = proposed
        adjustments: tuple[str, ...] = ()
        if proposed is BREACHED or duty.observed:  # Nothing else has a ceiling, and most marks are neither.
            grade, adjustments = under_ceiling(
                proposed,
                duty.force,
                observed=duty.observed,
                knowing=verdict.knowing,
                bad_faith=verdict.bad_faith,
            )
        occasion, title = where
        name = f"{team}:{id}:{occasion}:{key or source}"
        # By place, in the order of its fields: by name it would take three times as long to make.
        mark = Mark(
            name,
            team,
            id,
            duty.instrument,
            duty.clause,
            occasion,
            title,
            grade,
            proposed,
            verdict.reason,
            verdict.entries,
            max(verdict.entries),
            verdict.exercise,
            source,
            adjustments,
            duty.observed,
            self_proposed,
            duty.rights,
            knowing,
            lacking,
            name in self.voided,
        )
        self.marks.append(mark)
        return len(self.marks) - 1

    def _finding(
        self,
        verdict: Verdict,
        team: str,
        id: str,
        where: tuple[str, str],
        key: str,
        source: str,
        lacking: Lacking | None,
    ) -> None:
        commitment = self.reference.commitment(id)
        name = f"{team}:{id}:{where[0]}:{key}"
        self.findings.append(
            CapacityFinding(
                id=name,
                team=team,
                commitment=id,
                instrument=commitment.instrument,
                clause=commitment.clause,
                occasion=where[0],
                title=where[1],
                lacking=lacking,
                reason=verdict.reason,
                entries=verdict.entries,
                exercise=verdict.exercise,
                source=source,
                voided=name in self.voided,
            )
        )

    def _repairs(self) -> Iterator[Repair]:
        """Options that make good what was done earlier, and acts of repair, which name the commitment they are about.

        A team's own proposal repairs only by an act of its own: what the nearest listed option mends is not its word.
        """
        for answer in self.course.answers:
            decision = self.scenario.decisions_by_id.get(answer.decision)
            option = _option(decision, answer.chosen.option) if decision and answer.chosen else None
            for id in option.repairs if option else ():
                yield Repair(answer.team, id, answer.seq)
        for team in self.scenario.teams:
            for done in self.course.acts_of(team.id, ActKind.REPAIR):
                if done.act.about:
                    # An act stands where its answer stands: no option repairs what it does itself.
                    yield Repair(team.id, done.act.about, done.answer.seq if done.answer else done.seq)

    def _concerns(self, team: str, id: str) -> bool:
        """Whether a commitment may be marked for a team, be it as an observation."""
        asked = self.terms.get(team)
        return asked is not None and id in asked.duties


def _opened_by(scenario: Scenario) -> tuple[tuple[Occasion, frozenset[Cause]], ...]:
    """Each occasion of a scenario with the events that may open it: the same in every run, so it is kept."""
    kept: tuple[tuple[Occasion, frozenset[Cause]], ...] | None = scenario.__dict__.get("_opened_by")
    if kept is None:
        kept = tuple((occasion, movers(occasion.opens)) for occasion in scenario.occasions)
        scenario.__dict__["_opened_by"] = kept
    return kept


def _lifted(mark: Mark, shown: list[int]) -> Mark:
    """What was set aside, one step up, by the entries that show that those affected were told and it was taken up."""
    grade = raised(mark.grade, rights=mark.rights, was_breached=mark.proposed is BREACHED)
    word = "entry" if len(shown) == 1 else "entries"
    note = f"{NOT_RAISED if grade is mark.grade else RAISED} ({word} {', '.join(map(str, shown))})"
    return replace(
        mark,
        grade=grade,
        entries=tuple(sorted({*mark.entries, *shown})),
        adjustments=(*mark.adjustments, note),
    )


def _option(decision: Decision, id: str | None) -> ResponseOption | None:
    for option in decision.options:
        if option.id == id:
            return option
    return None


def _title(decision: Decision, answer: Answer) -> str:
    """A decision and what was answered, in words."""
    if answer.chosen is None:
        return f"{decision.title}: no answer"
    option = _option(decision, answer.chosen.option)
    answered = option.title if option else "the team's own proposal"
    return f"{decision.title}: {answered}"
