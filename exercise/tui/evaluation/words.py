"""What an evaluator reads, as light Markdown, for the screens and for the line mode alike; nothing here draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exercise.core.commitments import CEILINGS, FORCES
from exercise.core.evaluation.views import (
    AddedMark,
    ClauseView,
    DecisionAsked,
    Dossier,
    EvaluationView,
    Judgment,
    MarkToJudge,
    ObjectiveToRate,
    RecordLine,
    Standing,
)
from exercise.core.script import Grade
from exercise.language import N_, Told, _
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.words import plain, sentence

GRADE_SIGNS: Mapping[Grade | None, str] = {
    Grade.HONOURED: "●",
    Grade.PARTLY: "◐",
    Grade.NEGLECTED: "○",
    Grade.BREACHED: "✕",
    None: "–",
}
RATINGS: Mapping[str, str] = Told(
    {
        "P": "performed without challenges",
        "S": "performed with some challenges",
        "M": "performed with major challenges",
        "U": "unable to be performed",
    }
)
"""HSEEP's four, as everybody in the field knows them."""
ELEMENTS: tuple[tuple[str, str], ...] = (
    ("", N_("not said")),
    ("planning", N_("planning")),
    ("organisation", N_("organisation")),
    ("equipment", N_("equipment")),
    ("training", N_("training")),
    ("exercises", N_("exercises")),
)
"""HSEEP's capability elements."""
_SAFEGUARDS: Mapping[str, str] = Told({"third-parties": "third parties"})


def graded(grade: Grade | None) -> str:
    """`● honoured`; `– does not apply` for none."""
    return f"{GRADE_SIGNS[grade]} {_(grade.value) if grade is not None else _('does not apply')}"


def verdict(one: MarkToJudge, judgment: Judgment | None) -> str:
    """What somebody made of a mark, in a word or two."""
    if judgment is None:
        return _("not judged")
    if judgment.grade is one.mark.grade:
        return _("confirmed")
    return (
        _("changed to {value}").format(value=_(judgment.grade.value))
        if judgment.grade is not None
        else _("does not apply")
    )


def plainly_kept(one: MarkToJudge) -> bool:
    """Whether a mark is simply honoured: most are, and what is not deserves the first look."""
    return one.mark.grade is Grade.HONOURED and not one.mark.self_proposed and not one.mark.adjustments


def clause_title(dossier: Dossier, commitment: str) -> str:
    """`Notice to partners (se-p7)`, or the id alone where the log's texts do not hold it."""
    clause = dossier.clauses.get(commitment)
    return f"{clause.title} ({commitment})" if clause is not None else commitment


def who(standing: Standing, seat: str) -> str:
    """An evaluator as the others are told of: name and delegation."""
    one = next((one for one in standing.evaluators if one.seat == seat), None)
    if one is None:
        return seat
    said = f"{one.name}, {one.delegation}" if one.name else one.delegation
    return _("you ({said})").format(said=said) if seat == standing.seat else said


def mark_text(view: EvaluationView, one: MarkToJudge) -> str:
    """All there is to judge a mark by, but for the record."""
    dossier, mark = view.dossier, one.mark
    lines = [
        _("## Proposed: {graded}").format(graded=graded(mark.grade)),
        "",
        _("At {exercise_time}: {reason}").format(exercise_time=exercise_time(mark.exercise), reason=plain(mark.reason)),
        "",
    ]
    if mark.proposed is not mark.grade:
        lines += [_("- First: {graded}.").format(graded=graded(mark.proposed))]
    lines += [f"- {sentence(step)}" for step in mark.adjustments]
    lines += ["", _("Proposed {source}.").format(source=_source(mark.source)), ""]
    if mark.self_proposed:
        lines += [
            _("**Self-proposed:** the team mapped its own proposal to this clause. You decide whether it fits."),
            "",
        ]
    clause = dossier.clauses.get(mark.commitment)
    if clause is not None:
        lines += _clause(clause)
    if one.decision is not None:
        lines += _decision(dossier, one.decision)
    lines += _notes(dossier, one)
    answer = (view.standing.answers or {}).get(one.id)
    if answer:
        lines += [_("## What {team} says to this mark").format(team=plain(one.team)), "", f"> {plain(answer)}", ""]
    return "\n".join(lines)


def clause_text(clause: ClauseView) -> str:
    """A clause with what honours, neglects and breaches it."""
    return "\n".join(_clause(clause))


def _clause(clause: ClauseView) -> Iterator[str]:
    yield _("## What the text asks: {title}").format(title=plain(clause.title))
    yield ""
    yield f"{plain(clause.instrument)}, {plain(clause.clause)} ({clause.id})"
    yield ""
    yield f"> {' '.join(clause.says.split())}"
    yield ""
    for word, text in (
        (_("Honoured"), clause.honours),
        (_("Neglected"), clause.neglects),
        (_("Breached"), clause.breaches),
    ):
        if text:
            yield _("- **{word} by:** {listed}").format(word=word, listed=" ".join(text.split()))
    yield ""
    yield sentence(f"{FORCES[clause.force]}: {CEILINGS[clause.force]}")
    yield ""


def _decision(dossier: Dossier, asked: DecisionAsked) -> Iterator[str]:
    yield _("## The decision: {title}").format(title=plain(asked.title))
    yield ""
    yield asked.text
    yield ""
    for option in asked.options:
        chosen = _(" **← chosen**") if option.chosen else ""
        text = f": {' '.join(option.text.split())}" if option.text else ""
        yield f"- **{option.letter}  {plain(option.title)}**{chosen}{text}"
    yield ""
    if not asked.chosen:
        yield _("**No answer:** the time for it ran out.")
        yield ""
        return
    yield f"**{_('In its own words') if asked.own_words else _('It chose')}:** {plain(asked.chosen)}"
    yield ""
    yield _("**Its reason:** {reason}").format(reason=plain(asked.reason)) if asked.reason else _("It gave no reason.")
    yield ""
    if asked.basis:
        yield _("**It relies on:** {listed}.").format(
            listed=plain(", ".join(clause_title(dossier, id) for id in asked.basis))
        )
        yield ""
    for commitment, why, limits in asked.set_aside:
        yield _("- **Sets aside** {clause_title}: {why} Limits: {limits}").format(
            clause_title=plain(clause_title(dossier, commitment)), why=plain(why), limits=plain(limits)
        )
    for point, words in asked.safeguards:
        yield _("- **Safeguard, {get}:** {words}").format(get=_SAFEGUARDS.get(point, point), words=plain(words))
    yield ""


def _notes(dossier: Dossier, one: MarkToJudge) -> Iterator[str]:
    notes = [note for note in dossier.notes if note.about == one.mark.commitment and note.seq < one.before]
    if notes:
        yield _("## Noted during the exercise")
        yield ""
        for note in notes:
            yield f"- {exercise_time(note.exercise)} {plain(note.who)}: {plain(note.text)}"
        yield ""


def record_line(line: RecordLine) -> str:
    """An entry of the record read in full."""
    head = f"**{exercise_time(line.exercise)}** {plain(line.line)}"
    quoted = line.text if line.kind in ("message", "decision", "evidence") else _own(line.text)
    return (
        _("{head}\n\n{quoted}\n\nEntry {seq} of the log.").format(head=head, quoted=quoted, seq=line.seq)
        if line.text
        else _("{head}\n\nEntry {seq} of the log.").format(head=head, seq=line.seq)
    )


def _own(text: str) -> str:
    return "\n\n".join(plain(part) for part in text.split("\n\n"))


def _lines(text: str) -> str:
    """What stands behind a name in a list: a line of its own for each where there are several."""
    lines = [plain(line) for line in text.splitlines() if line.strip()]
    return "".join(f"\n  - {line.removeprefix('- ')}" for line in lines) if len(lines) > 1 else plain(text)


def added_text(view: EvaluationView, added: AddedMark) -> str:
    """A mark that an evaluator added."""
    dossier, team = view.dossier, dict((id, short) for id, short, _unused in view.dossier.teams)
    lines = [
        _("## Added by {who}: {graded}").format(who=plain(who(view.standing, added.by)), graded=graded(added.grade)),
        "",
    ]
    if added.grade is None:
        lines += [_("It was taken back."), ""]
    lines += [f"**{plain(team.get(added.team, added.team))}**: {plain(added.reason)}", ""]
    lines += [_("**What shows it**"), ""]
    lines += [
        f"- {exercise_time(line.exercise)} {plain(line.line)}"
        for seq in added.entries
        if (line := dossier.lines.get(seq)) is not None
    ]
    lines += ["", *differing(view.standing, added.id, None)]
    clause = dossier.clauses.get(added.commitment)
    return "\n".join([*lines, *(_clause(clause) if clause is not None else ())])


def differing(standing: Standing, mark: str, proposed: Grade | None) -> Iterator[str]:
    """What each evaluator made of a mark, side by side, and what was settled; nothing before all have finished."""
    if not standing.all_finished:
        return
    rows = standing.judgments(mark)
    if rows:
        yield _("## What each evaluator made of it")
        yield ""
        for row in rows:
            said = plain(row.reason) if row.reason else _("confirmed as proposed") if row.grade is proposed else ""
            yield f"- **{plain(who(standing, row.by))}:** {graded(row.grade)}{'. ' + said if said else ''}"
        yield ""
    settled = (standing.settled or {}).get(mark)
    if settled is not None:
        yield _("**Settled together:** {graded}. {reason}").format(
            graded=graded(settled.grade), reason=plain(settled.reason)
        )
        yield ""


def objective_text(view: EvaluationView, row: ObjectiveToRate, task: str = "") -> str:
    """An objective, or one of its critical tasks, with the suggestion kept apart from what people rated."""
    standing, dossier = view.standing, view.dossier
    one = next((item for item in row.tasks if item.id == task), None)
    lines = [f"## {plain(row.title)}", ""]
    if one is not None:
        lines += [
            _("**Critical task{format}:** {text}").format(
                format=_(" of {team}").format(team=plain(one.team)) if one.team else "", text=plain(one.text)
            ),
            "",
        ]
    elif row.text:
        lines += [row.text, ""]
    for given in standing.ratings:
        if (given.objective, given.task) == (row.id, task):
            lines += [f"**{plain(_whose(standing, given.by))}:** {given.rating}, {RATINGS[given.rating]}.", ""]
            if given.strengths:
                lines.append(_("- Strengths: {strengths}").format(strengths=_lines(given.strengths)))
            if given.improvements:
                said = _lines(given.improvements)
                lines.append(_("- Areas for improvement: {improvements}").format(improvements=said))
            lines += [""]
    if standing.rating(row.id, task) is None:
        lines += [_("**You have not rated it yet.**"), ""]
    suggested = standing.suggestion(row.id, task)
    words = f"{suggested}, {RATINGS[suggested]}" if suggested is not None else _("nothing: no mark was given under it")
    lines += [
        "---",
        "",
        _("*Only a suggestion, from all clauses of the objective as you left their marks:* {words}.").format(
            words=words
        ),
        "",
    ]
    if row.commitments and one is None:
        lines += [_("**Clauses that it stands on**"), ""]
        lines += [f"- {plain(clause_title(dossier, id))}" for id in row.commitments] + [""]
    notes = [note for note in dossier.notes if note.about == row.id]
    if notes and one is None:
        lines += [_("**Noted during the exercise**"), ""]
        lines += [f"- {exercise_time(note.exercise)} {plain(note.who)}: {plain(note.text)}" for note in notes] + [""]
    return "\n".join(lines)


def unfinished(view: EvaluationView) -> str:
    """What is still to be done before finishing, in a sentence or two."""
    dossier, standing = view.dossier, view.standing
    marks = len(view.unjudged())
    places = sum(1 + len(row.tasks) for row in dossier.objectives)
    rated = sum(one.by == standing.seat for one in standing.ratings)
    said = []
    if marks:
        said.append(
            _("{marks} of {count} marks are not judged; they stand as proposed.").format(
                marks=marks, count=_to_judge(view)
            )
        )
    if rated < places:
        said.append(
            _("{places} of {places2} objectives and critical tasks are not rated.").format(
                places=places - rated, places2=places
            )
        )
    return " ".join(said) or _("Every mark is judged, and every objective is rated.")


def _to_judge(view: EvaluationView) -> int:
    """How many marks there are to judge: what control set aside waits for nobody, and is neither done nor left."""
    return sum(one.id not in view.standing.voided for one in view.dossier.marks)


def progress(view: EvaluationView) -> str:
    """How far this evaluator is, and whether the others have done."""
    standing = view.standing
    total = _to_judge(view)
    occasions = view.dossier.occasions()
    done = total - len(view.unjudged())
    seen = sum(not view.waiting(occasion) for occasion in occasions)
    others = [
        f"{one.delegation} {_('has finished') if one.finished else _('is at work')}"
        for one in standing.evaluators
        if one.seat != standing.seat
    ]
    counted = _("{done} of {total} marks · {seen} of {count} occasions").format(
        done=done, total=total, seen=seen, count=len(occasions)
    )
    mine = _("You have finished") if standing.finished else counted
    return " · ".join([mine, *(others or [_("no other evaluator yet")])])


def _whose(standing: Standing, seat: str) -> str:
    return _("You") if seat == standing.seat else who(standing, seat)


def _source(source: str) -> str:
    if source == "tag":
        return _("by the program, from what the scenario says about the option taken")
    if source == "self-proposed":
        return _("by the team itself")
    return _("by the program, which looked in the log for: {replace}").format(replace=plain(source.replace("-", " ")))
