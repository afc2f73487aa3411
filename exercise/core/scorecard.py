"""A team's scorecard: what its marks come to by clause, by area and by instrument, as counts and never as a total.

A clause takes the lowest of its marks, lifted one step where the low act was repaired later; no good mark anywhere
pays for a bad one. What the run did not put to the team, and what does not apply to it, is shown as such.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import Any, Literal

from exercise.core.acts import ActKind
from exercise.core.commitments import Area
from exercise.core.detectors import BASIS_ROWS, CONSULTED, REASONED, SAFEGUARDED
from exercise.core.marks import BREACHED, HONOURED, NEGLECTED, PARTLY, CapacityFinding, Mark, lowest, raised
from exercise.core.records import dataclass
from exercise.core.reference import Reference, Standing, Terms, terms
from exercise.core.requests.marks import put_by_requests
from exercise.core.scenario import Scenario
from exercise.core.script import Grade, Lapse, ResponseOption
from exercise.language import N_, _

Status = Literal["tested", "unable", "not-tested", "not-applicable", "observed", "context"]
"""How a clause stands on a card; only `tested` is counted, `unable` is a capacity finding without a mark beside it."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A later act by which a team made good what it had done or left undone under a commitment."""

    team: str
    commitment: str
    seq: int


@dataclass(frozen=True, slots=True)
class ClauseResult:
    """One clause on one team's card."""

    commitment: str
    instrument: str
    clause: str
    title: str
    area: Area
    status: Status
    grade: Grade | None = None
    marks: tuple[str, ...] = ()
    """Ids of all its marks, voided ones included."""
    findings: tuple[str, ...] = ()
    """Ids of its capacity findings."""
    note: str = ""
    """Why the result is not the lowest mark, or why there is none."""
    self_proposed: bool = False
    """True where only the team's own mapping stands behind it."""

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "commitment": self.commitment,
            "instrument": self.instrument,
            "clause": self.clause,
            "title": self.title,
            "area": self.area.value,
            "status": self.status,
            "grade": self.grade.value if self.grade else None,
            "marks": list(self.marks),
            "findings": list(self.findings),
            "note": self.note,
            "self_proposed": self.self_proposed,
        }


@dataclass(frozen=True, slots=True)
class Counts:
    """How many clauses were kept, partly kept, neglected and breached."""

    kept: int = 0
    partly: int = 0
    neglected: int = 0
    breached: int = 0
    self_proposed: int = 0
    """How many of these rest on the team's own mapping alone."""

    @property
    def tested(self) -> int:
        """How many clauses were tested."""
        return self.kept + self.partly + self.neglected + self.breached

    @property
    def text(self) -> str:
        """The counts in words, all four always, so that none can be overlooked."""
        if not self.tested:
            return _("nothing tested")
        line = _("{kept} kept, {partly} partly, {neglected} neglected, {breached} breached, of {tested} tested").format(
            kept=self.kept,
            partly=self.partly,
            neglected=self.neglected,
            breached=self.breached,
            tested=self.tested,
        )
        own = _(" ({number} self-proposed)").format(number=self.self_proposed)
        return line + (own if self.self_proposed else "")

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types, with the text."""
        return {
            "kept": self.kept,
            "partly": self.partly,
            "neglected": self.neglected,
            "breached": self.breached,
            "tested": self.tested,
            "self_proposed": self.self_proposed,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """An area or an instrument on a card."""

    key: str
    title: str
    counts: Counts
    not_tested: int
    observed: int

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "key": self.key,
            "title": self.title,
            "counts": self.counts.as_data(),
            "not_tested": self.not_tested,
            "observed": self.observed,
        }


@dataclass(frozen=True)
class Scorecard:
    """A team's card; what it comes to by area and by instrument is counted where somebody asks for it."""

    team: str
    clauses: tuple[ClauseResult, ...]
    """What the scenario can put to the team, and what it was marked under, in the catalogue's order."""
    reference: Reference = field(repr=False, compare=False)
    terms: Terms = field(repr=False, compare=False)

    @cached_property
    def counts(self) -> Counts:
        """Of all clauses; counts, not a score."""
        return _counts(self.clauses)

    @cached_property
    def areas(self) -> tuple[Row, ...]:
        """What its clauses come to by area."""
        return _rows(self.clauses, _AREAS, by_area=True)

    @cached_property
    def instruments(self) -> tuple[Row, ...]:
        """What they come to by instrument, in the catalogue's order."""
        titles = {id: text.short for id, text in self.reference.instruments.items()}
        return _rows(self.clauses, titles, by_area=False)

    @cached_property
    def untested(self) -> tuple[str, ...]:
        """Applicable and testable in this scenario, but without a mark."""
        return tuple(clause.commitment for clause in self.clauses if clause.status == "not-tested")

    @cached_property
    def beyond(self) -> tuple[str, ...]:
        """Applicable to the team, but never put to it by this scenario."""
        here = {clause.commitment for clause in self.clauses}
        return tuple(id for id, how in self.terms.standings.items() if how == "applies" and id not in here)

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "team": self.team,
            "counts": self.counts.as_data(),
            "areas": [row.as_data() for row in self.areas],
            "instruments": [row.as_data() for row in self.instruments],
            "clauses": [clause.as_data() for clause in self.clauses],
            "not_tested": list(self.untested),
            "not_testable_here": list(self.beyond),
        }


def testable(scenario: Scenario, team: str, standings: Mapping[str, Standing]) -> frozenset[str]:
    """Every commitment that a scenario can put to a team, by a tag, an occasion, a deadline, a detector, a request."""
    found: set[str] = set()
    for decision in scenario.decisions:
        if decision.team != team:
            continue
        found.update(decision.timely)
        outcomes: tuple[ResponseOption | Lapse, ...] = (*decision.options, decision.lapse)
        for outcome in outcomes:
            found.update(tag.commitment for tag in outcome.conduct)
            for act in outcome.acts:
                if act.act is ActKind.ESCALATE:
                    found.update(CONSULTED)
                elif act.act is ActKind.REFUSE:
                    found.update([id for id in REASONED if standings.get(id) == "applies"][:1])
        if any(option.coercive for option in decision.options):
            found.update(SAFEGUARDED)
        if any(option.outward for option in decision.options):
            found.update(row.commitment for row in BASIS_ROWS)
    for occasion in scenario.occasions:
        if occasion.team == team:
            found.update(occasion.commitments)
    found.update(put_by_requests(scenario, team))
    return frozenset(found)


def scorecard(
    scenario: Scenario,
    reference: Reference,
    team: str,
    marks: Iterable[Mark],
    findings: Iterable[CapacityFinding] = (),
    repairs: Iterable[Repair] = (),
) -> Scorecard:
    """The card of a team from its marks, as the program proposed them or as evaluators left them."""
    mine = [mark for mark in marks if mark.team == team]
    return _card(scenario, reference, team, _by_clause(mine).get(team, {}), findings, repairs)


def scorecards(
    scenario: Scenario,
    reference: Reference,
    marks: Iterable[Mark],
    findings: Iterable[CapacityFinding],
    repairs: Iterable[Repair],
) -> dict[str, Scorecard]:
    """Each team's card, in the order of the scenario."""
    mine = _by_clause(marks)
    return {
        team.id: _card(scenario, reference, team.id, mine.get(team.id, {}), findings, repairs)
        for team in scenario.teams
    }


def _by_clause(marks: Iterable[Mark]) -> Mapping[str, Mapping[str, list[Mark]]]:
    """Marks by team and commitment."""
    found: dict[str, dict[str, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    for mark in marks:
        found[mark.team][mark.commitment].append(mark)
    return found


def _card(
    scenario: Scenario,
    reference: Reference,
    team: str,
    mine: Mapping[str, list[Mark]],
    findings: Iterable[CapacityFinding],
    repairs: Iterable[Repair],
) -> Scorecard:
    unable: dict[str, list[CapacityFinding]] = {}
    for finding in findings:
        if finding.team == team:
            unable.setdefault(finding.commitment, []).append(finding)
    mended: dict[str, list[int]] = {}
    for repair in repairs:
        if repair.team == team:
            mended.setdefault(repair.commitment, []).append(repair.seq)
    blank = _blank(scenario, reference, team)
    known, marked = blank.here | mine.keys(), mine.keys() | unable.keys()
    clauses = [
        _clause(clause, mine.get(id, ()), unable.get(id, ()), mended.get(id, ())) if id in marked else clause
        for id, clause in blank.clauses.items()
        if id in known
    ]
    return Scorecard(team, tuple(clauses), reference, blank.terms)


@dataclass(frozen=True, slots=True)
class _Blank:
    """A team's card before anything is marked."""

    terms: Terms
    here: frozenset[str]
    """What the scenario can put to the team."""
    clauses: Mapping[str, ClauseResult]
    """Of the whole catalogue, in its order."""


def _blank(scenario: Scenario, reference: Reference, team: str) -> _Blank:
    """The card with which every run of a scenario begins, worked out once for a team and what is asked of it."""
    asked = terms(scenario, reference)[team]
    kept: dict[str, _Blank] = scenario.__dict__.setdefault("_blank_cards", {})
    known = kept.get(team)
    if known is None or known.terms is not asked:
        clauses: dict[str, ClauseResult] = {}
        for id, standing in asked.standings.items():
            text, (status, note) = reference.commitment(id), _STATUS[standing]
            area = reference.area(id)
            clauses[id] = ClauseResult(id, text.instrument, text.clause, text.title, area, status, note=note)
        known = kept[team] = _Blank(asked, testable(scenario, team, asked.standings), clauses)
    return known


_STATUS: Mapping[Standing, tuple[Status, str]] = {
    "applies": ("not-tested", ""),
    "observed": ("observed", ""),
    "outside-profile": ("not-applicable", N_("the team has not accepted this text")),
    "outside-period": ("not-applicable", N_("the text did not hold for the team on the scenario's date")),
    "context": ("context", N_("context: shown, never scored")),
}
"""How a clause stands, and why, before anything is marked."""


def _clause(
    blank: ClauseResult, marks: Sequence[Mark], findings: Sequence[CapacityFinding], repairs: Sequence[int]
) -> ClauseResult:
    """What the marks under a clause come to."""
    ids: list[str] = []
    valid: list[Mark] = []
    own = True
    for mark in marks:
        ids.append(mark.id)
        if not mark.voided:
            valid.append(mark)
            own = own and mark.self_proposed
    status = blank.status
    if status in ("not-tested", "observed"):
        grade, note = _result(valid, repairs)
    else:
        grade, note = None, blank.note
    if status == "not-tested":
        lacked = [finding for finding in findings if not finding.voided]
        if valid:
            status = "tested"
        elif lacked:
            means = ", ".join(sorted({finding.lacking.value for finding in lacked if finding.lacking}))
            status, note = "unable", f"unable: it lacked {means}" if means else "unable"
        elif marks:
            note = N_("its marks were voided")
    return ClauseResult(
        blank.commitment,
        blank.instrument,
        blank.clause,
        blank.title,
        blank.area,
        status,
        grade,
        tuple(ids),
        tuple([finding.id for finding in findings]) if findings else (),
        note,
        bool(valid) and own,
    )


def _result(marks: list[Mark], repairs: Sequence[int]) -> tuple[Grade | None, str]:
    """The lowest grade, each mark counted one step up where a later entry repaired it, and what was lifted by which."""
    if not marks:
        return None, ""
    plain = lowest([mark.grade for mark in marks])
    if not repairs:
        return plain, ""
    after: list[Grade] = []
    by: set[int] = set()
    for mark in marks:
        repair = next((seq for seq in repairs if seq > mark.at), None)
        if repair is None:
            after.append(mark.grade)
            continue
        after.append(raised(mark.grade, rights=mark.rights, was_breached=mark.proposed is BREACHED))
        if mark.grade is plain:
            by.add(repair)
    result = lowest(after)
    if result is plain:
        return result, ""
    word = "entry" if len(by) == 1 else "entries"
    return result, f"lifted one step from {plain.value}: repaired later ({word} {', '.join(map(str, sorted(by)))})"


def _counts(clauses: Iterable[ClauseResult]) -> Counts:
    tested = [clause for clause in clauses if clause.status == "tested"]
    if not tested:
        return Counts()
    grades = [clause.grade for clause in tested]
    kept, partly = grades.count(HONOURED), grades.count(PARTLY)
    own = [clause.self_proposed for clause in tested].count(True)
    return Counts(kept, partly, grades.count(NEGLECTED), grades.count(BREACHED), own)


_AREAS: Mapping[str, str] = {area.value: area.value for area in Area}


def _rows(clauses: tuple[ClauseResult, ...], titles: Mapping[str, str], *, by_area: bool) -> tuple[Row, ...]:
    """Rows in the order of `titles`, leaving out those to which nothing on the card belongs."""
    groups: dict[str, list[ClauseResult]] = defaultdict(list)
    for clause in clauses:
        if clause.status not in ("not-applicable", "context"):
            groups[clause.area if by_area else clause.instrument].append(clause)
    rows: list[Row] = []
    for key, title in titles.items():
        if key in groups:
            how = [clause.status for clause in groups[key]]
            untested = how.count("not-tested") + how.count("unable")
            rows.append(Row(key, title, _counts(groups[key]), untested, how.count("observed")))
    return tuple(rows)
