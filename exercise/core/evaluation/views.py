"""What one evaluator gets to see: plain records without outcomes, and no mark of the others before all have finished.

The `Dossier` is what the log holds from before ENDEX and never changes; the `Standing` is what has been said since, as
far as this evaluator may see it. A door sends the first once and the second at each change.
"""

from __future__ import annotations

from collections.abc import Mapping

from exercise.core.commitments import Force
from exercise.core.evaluation.commands import Element, Rating
from exercise.core.marks import Mark
from exercise.core.records import dataclass
from exercise.core.script import Grade


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A commitment as an evaluator reads it."""

    id: str
    title: str
    instrument: str
    """Title of the text."""
    short: str
    """The same for lists."""
    clause: str
    says: str
    honours: str
    neglects: str
    breaches: str
    force: Force


@dataclass(frozen=True, slots=True)
class RecordLine:
    """An entry of the log as a line, with the full words where there are any."""

    seq: int
    exercise: int
    kind: str
    """phase, message, decision, answer, request, act, evidence, indicator, note, talk, or other."""
    line: str
    text: str = ""
    """Light Markdown where the scenario's author wrote it, else plain words; '' where there is none."""


@dataclass(frozen=True, slots=True)
class OptionShown:
    """An option as it was offered, and whether it was the one chosen."""

    letter: str
    title: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class DecisionAsked:
    """A decision with all that was offered, and how the team answered it, with its reasons."""

    id: str
    entry: int
    """The entry of the answer, or of the window's closing."""
    title: str
    text: str
    options: tuple[OptionShown, ...]
    chosen: str
    """The option's title or the team's own words; '' where the window closed unanswered."""
    own_words: bool
    reason: str
    basis: tuple[str, ...]
    """Commitments that the team named, by id."""
    set_aside: tuple[tuple[str, str, str], ...]
    """Commitment by id, why, and how it was kept small."""
    safeguards: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MarkToJudge:
    """A proposed mark as it is put to an evaluator."""

    mark: Mark
    team: str
    """Short name."""
    decision: DecisionAsked | None
    """The decision that it is about, if any."""
    grades: tuple[Grade, ...]
    """What may be given under this text, the best first."""
    before: int
    """What stands before this entry is what the team had to go by; nothing later is shown."""
    shown: tuple[int, ...]
    """The entries that show the conduct itself."""

    @property
    def id(self) -> str:
        """The mark's id, by which it is judged."""
        return self.mark.id


@dataclass(frozen=True, slots=True)
class Occasion:
    """A decision, a request or another moment of a team, with all marks that stand on it, to be judged at one look."""

    id: str
    team: str
    """Id."""
    name: str
    """The team's short name."""
    title: str
    exercise: int
    marks: tuple[MarkToJudge, ...]


@dataclass(frozen=True, slots=True)
class TaskToRate:
    """A critical task of an objective; `team` is a short name, or '' for all."""

    id: str
    text: str
    team: str


@dataclass(frozen=True, slots=True)
class ObjectiveToRate:
    """An objective with its critical tasks."""

    id: str
    title: str
    text: str
    commitments: tuple[str, ...]
    tasks: tuple[TaskToRate, ...]


@dataclass(frozen=True, slots=True)
class LiveNote:
    """What was noted during the exercise by those who looked on; `about` is an objective or a commitment, or ''."""

    seq: int
    exercise: int
    who: str
    text: str
    about: str


@dataclass(frozen=True)
class Dossier:
    """All that is judged and rated, with the record it rests on; the same for every evaluator, and fixed at ENDEX."""

    title: str
    session: str
    teams: tuple[tuple[str, str, str], ...]
    """Id, short name and name."""
    marks: tuple[MarkToJudge, ...]
    """In the order in which the conduct was done, so that no mark shows what came of one before it is judged."""
    lines: Mapping[int, RecordLine]
    records: Mapping[str, tuple[int, ...]]
    """By team's id, the entries that it saw or made."""
    clauses: Mapping[str, ClauseView]
    applicable: Mapping[str, tuple[str, ...]]
    """By team's id, the commitments that may be marked for it."""
    objectives: tuple[ObjectiveToRate, ...]
    notes: tuple[LiveNote, ...] = ()

    def record(self, mark: MarkToJudge) -> tuple[RecordLine, ...]:
        """What the team knew and did up to this conduct, and the conduct itself; no outcome, nothing later."""
        known = [seq for seq in self.records.get(mark.mark.team, ()) if seq < mark.before]
        return tuple(self.lines[seq] for seq in sorted({*known, *mark.shown}) if seq in self.lines)

    def occasions(self) -> tuple[Occasion, ...]:
        """The marks by team and occasion: the teams as the scenario has them, a team's occasions as it acted."""
        found: dict[tuple[str, str], list[MarkToJudge]] = {}
        for one in self.marks:
            found.setdefault((one.mark.team, one.mark.occasion), []).append(one)
        places = {id: place for place, (id, _, _) in enumerate(self.teams)}
        rows = sorted(found.items(), key=lambda item: places.get(item[0][0], len(places)))
        return tuple(
            Occasion(f"{team}:{at}", team, ones[0].team, ones[0].mark.title, ones[0].mark.exercise, tuple(ones))
            for (team, at), ones in rows
        )

    def whole_record(self, team: str) -> tuple[RecordLine, ...]:
        """All that a team saw or made, to add a mark on."""
        return tuple(self.lines[seq] for seq in self.records.get(team, ()))


@dataclass(frozen=True, slots=True)
class EvaluatorView:
    """Somebody who evaluates: no mark of theirs, only whether they have done."""

    seat: str
    name: str
    delegation: str
    """A team's name, or a body in its own words."""
    finished: bool


@dataclass(frozen=True, slots=True)
class Judgment:
    """What somebody made of a mark; without a grade it does not apply."""

    by: str
    """The evaluator's seat."""
    grade: Grade | None
    reason: str


@dataclass(frozen=True, slots=True)
class AddedMark:
    """A mark that an evaluator added; `grade` is empty once its author has taken it back."""

    id: str
    by: str
    team: str
    """Id."""
    commitment: str
    grade: Grade | None
    reason: str
    entries: tuple[int, ...]
    decision: str


@dataclass(frozen=True, slots=True)
class RatingGiven:
    """What somebody rated an objective, or one of its tasks ('' for the objective itself)."""

    by: str
    objective: str
    task: str
    rating: Rating
    strengths: str
    improvements: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the marks suggest for an objective or a task; people rate."""

    objective: str
    task: str
    rating: Rating


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A row of the improvement plan."""

    number: int
    area: str
    action: str
    element: Element
    owner: str
    contact: str
    start: str
    end: str


@dataclass(frozen=True)
class Standing:
    """What has been said since ENDEX, as far as one evaluator may see it."""

    seat: str
    evaluators: tuple[EvaluatorView, ...]
    """In the order in which they sat down."""
    mine: Mapping[str, Judgment]
    """By mark."""
    added: tuple[AddedMark, ...]
    """The evaluator's own; all of them once all have finished."""
    ratings: tuple[RatingGiven, ...]
    """The same."""
    suggested: tuple[Suggestion, ...]
    """From the proposed marks with the evaluator's own judgments; from those of all once all have finished."""
    plan: tuple[PlanRow, ...]
    voided: frozenset[str] = frozenset()
    """Marks that exercise control has set aside."""
    answers: Mapping[str, str] | None = None
    """What teams say to their marks; None until this evaluator has finished."""
    others: Mapping[str, tuple[Judgment, ...]] | None = None
    """The others' judgments by mark; None until all have finished."""
    settled: Mapping[str, Judgment] | None = None
    """What was settled together by mark; None until all have finished."""

    @property
    def me(self) -> EvaluatorView | None:
        """The evaluator whose view this is; None before sitting down."""
        return next((one for one in self.evaluators if one.seat == self.seat), None)

    @property
    def finished(self) -> bool:
        """Whether this evaluator has done."""
        return self.me is not None and self.me.finished

    @property
    def all_finished(self) -> bool:
        """Whether all have, so that marks lie open and are settled."""
        return self.others is not None

    def judgments(self, mark: str) -> tuple[Judgment, ...]:
        """All judgments of a mark that may be seen, this evaluator's first."""
        own = self.mine.get(mark)
        return (*((own,) if own is not None else ()), *(self.others or {}).get(mark, ()))

    def differs(self, mark: str) -> bool:
        """Whether evaluators came to different grades, settled since or not."""
        return len({one.grade for one in self.judgments(mark)}) > 1

    def rating(self, objective: str, task: str = "") -> RatingGiven | None:
        """This evaluator's own rating."""
        rows = (r for r in self.ratings if (r.by, r.objective, r.task) == (self.seat, objective, task))
        return next(rows, None)

    def suggestion(self, objective: str, task: str = "") -> Rating | None:
        """What the marks suggest."""
        return next((s.rating for s in self.suggested if (s.objective, s.task) == (objective, task)), None)


@dataclass(frozen=True)
class EvaluationView:
    """All that an evaluator's screens show."""

    dossier: Dossier
    standing: Standing

    def unjudged(self) -> tuple[MarkToJudge, ...]:
        """The marks that wait for this evaluator, occasion by occasion."""
        return tuple(one for occasion in self.dossier.occasions() for one in self.waiting(occasion))

    def waiting(self, occasion: Occasion) -> tuple[MarkToJudge, ...]:
        """The marks of an occasion that wait for this evaluator; one that control has set aside waits for nobody."""
        mine, voided = self.standing.mine, self.standing.voided
        return tuple(one for one in occasion.marks if one.id not in mine and one.id not in voided)

    def disagreements(self) -> tuple[MarkToJudge, ...]:
        """The marks on which evaluators came to different grades; empty until all have finished."""
        return tuple(one for one in self.dossier.marks if self.standing.differs(one.id))

    def compared(self) -> tuple[int, int]:
        """How many marks two or more judged, and how many of these the same."""
        together = [one for one in self.dossier.marks if len(self.standing.judgments(one.id)) > 1]
        return len(together), sum(not self.standing.differs(one.id) for one in together)
