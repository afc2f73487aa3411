"""Decisions, courses and phases as text: light Markdown for reading panes, one line for lists and banners."""

from __future__ import annotations

from textual.content import Content

from exercise.core.reference import Reference
from exercise.core.views import AnswerView, ClockView, DecisionView, IndicatorView
from exercise.language import N_, Told, _
from exercise.tui.widgets.indicators import number
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.words import plain

MOST_ROWS = 400
"""Values of an indicator that are told one by one."""

STATUS = Told({"open": "◇ open", "chosen": "◆ answered", "lapsed": "○ lapsed"})
_LEFT_OPEN = N_("◇ still open at ENDEX")


def both_ends(left: Content, right: Content, width: int) -> Content:
    """Two pieces at the two ends of a line; the left one gives way."""
    room = max(0, width - right.cell_length - 2)
    left = left.truncate(room, ellipsis=True) if left.cell_length > room else left
    return Content.assemble(left, " " * max(1, width - left.cell_length - right.cell_length), right)


def play_text(seconds: int) -> str:
    """`1:02:30` of play time."""
    hours, rest = divmod(max(0, seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}"


def phase_text(clock: ClockView) -> str:
    """The move or plenary in a few words."""
    if clock.phase == "briefing":
        return _("Briefing, before STARTEX")
    if clock.phase == "ended":
        return "ENDEX"
    if clock.phase == "plenary":
        return _("Plenary after move {move} of {moves}").format(move=clock.move, moves=clock.moves)
    return _("Move {move} of {moves}: {move_title}").format(
        move=clock.move, moves=clock.moves, move_title=clock.move_title
    )


def decision_text(
    decision: DecisionView, owner: str = "", reference: Reference | None = None, *, ended: bool = False
) -> str:
    """A decision with its options and its answer for the reading pane; `ended` once nobody can answer any more."""
    whose = f"{plain(owner)} · " if owner else ""
    deadline = (
        _(" · answer due by {exercise_time}").format(exercise_time=exercise_time(decision.deadline))
        if decision.deadline is not None
        else ""
    )
    kind = _("quick decision") if decision.kind == "quick" else _("dilemma")
    lines = [
        f"## {plain(decision.title)}",
        "",
        _("{whose}{kind} · {status} · put at {exercise_time}{deadline}").format(
            whose=whose,
            kind=kind,
            status=_(_LEFT_OPEN) if ended and decision.status == "open" else STATUS[decision.status],
            exercise_time=exercise_time(decision.opened),
            deadline=deadline,
        ),
        "",
        decision.text,
    ]
    if decision.status == "lapsed":
        lines += ["", _("**Not answered in time.**"), "", decision.lapse_text]
    for option in decision.options:
        lines += ["", f"**{option.letter}) {plain(option.title)}**", "", option.text]
    if decision.answer is not None:
        lines += _answer(decision.answer, reference)
    return "\n".join(lines)


def _answer(answer: AnswerView, reference: Reference | None) -> list[str]:
    """The answer with its reasons, its basis and what was set aside."""
    own = _("In the team's own words") if answer.own_words else _("Answer")
    lines = ["", "---", "", f"**{own}, {exercise_time(answer.exercise)}:** {plain(answer.option)}", ""]
    lines.append(
        _("**Reason:** {reason}").format(reason=plain(answer.reason))
        if answer.reason
        else _("No reason was written down.")
    )
    if answer.basis:
        lines += [
            "",
            _("**Legal basis:** {listed}").format(
                listed=plain("; ".join(clause_name(id, reference) for id in answer.basis))
            ),
        ]
    if answer.set_aside:
        lines += ["", _("**What was set aside**"), ""]
        for item in answer.set_aside:
            lines.append(f"- **{plain(clause_name(item.commitment, reference))}**")
            lines += [_("  Why: {why}").format(why=plain(item.why))] if item.why else []
            lines += [_("  Kept small: {limits}").format(limits=plain(item.limits))] if item.limits else []
    for kind, exercise, text in answer.followed_up:
        did = _("Told those affected") if kind == "told" else _("Came back to it")
        lines += ["", f"**{did}, {exercise_time(exercise)}:** {plain(text)}"]
    return lines


def clause_name(id: str, reference: Reference | None) -> str:
    """A clause by its text, place and title; the bare id where the reference does not know it."""
    found = reference.commitments.get(id) if reference else None
    if reference is None or found is None:
        return id
    text = reference.instruments.get(found.instrument)
    return f"{text.short if text else found.instrument}, {found.clause}: {found.title}"


def change_text(indicator: IndicatorView, before: float, now: float) -> tuple[str, str]:
    """A change in a sign, a number and a word, and the style to draw it in."""
    change = now - before
    if abs(change) < 0.05:
        return "=", "$foreground 65%"
    good = (change > 0) == (indicator.better == "higher")
    words = f"{'▲' if change > 0 else '▼'} {number(abs(change))} {_('better') if good else _('worse')}"
    return words, "$text-success" if good else "$text-error"


def course_text(indicator: IndicatorView) -> str:
    """The numbers behind a chart: what it measures, which way is good, and each value with its time."""
    owner = _("{owner} only · ").format(owner=plain(indicator.owner)) if indicator.owner else ""
    bounds = _("{number} to {number2}").format(
        number=number(indicator.lowest), number2=number(indicator.highest, indicator.unit)
    )
    lines = [
        _("**{name}** · {owner}{bounds} · {better} is better").format(
            name=plain(indicator.name), owner=owner, bounds=bounds, better=_(indicator.better)
        ),
        "",
    ]
    lines += [indicator.about, ""] if indicator.about else []
    rows = []
    # Of a very long course the start says little, and nobody reads thousands of lines.
    left_out = max(0, len(indicator.course) - MOST_ROWS)
    before: float | None = indicator.course[left_out - 1][2] if left_out else None
    if left_out:
        lines += [_("*{left_out} earlier values are left out here; the chart has them.*").format(left_out=left_out), ""]
    for _unused, exercise, value in indicator.course[left_out:]:
        change = change_text(indicator, before, value)[0] if before is not None else _("at the start")
        rows.append((exercise_time(exercise), number(value, indicator.unit), change))
        before = value
    wide = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    # No-break spaces keep the columns: the reading pane folds ordinary ones.
    for time, worth, change in rows:
        lines.append(f"{time:<{wide[0]}}  {worth:>{wide[1]}}  {change}".replace(" ", "\u00a0") + "  ")
    return "\n".join(lines)
