"""Decisions, courses and phases as text: light Markdown for reading panes, one line for lists and banners."""

from __future__ import annotations

from textual.content import Content

from exercise.core.reference import Reference
from exercise.core.views import AnswerView, ClockView, DecisionView, IndicatorView
from exercise.tui.widgets.indicators import number
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.words import plain

MOST_ROWS = 400
"""Values of an indicator that are told one by one."""

STATUS = {"open": "◇ open", "chosen": "◆ answered", "lapsed": "○ lapsed"}


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
        return "Briefing, before STARTEX"
    if clock.phase == "ended":
        return "ENDEX"
    if clock.phase == "plenary":
        return f"Plenary after move {clock.move} of {clock.moves}"
    return f"Move {clock.move} of {clock.moves}: {clock.move_title}"


def decision_text(decision: DecisionView, owner: str = "", reference: Reference | None = None) -> str:
    """A decision with its options and its answer for the reading pane."""
    whose = f"{plain(owner)} · " if owner else ""
    deadline = f" · answer due by {exercise_time(decision.deadline)}" if decision.deadline is not None else ""
    kind = "quick decision" if decision.kind == "quick" else "dilemma"
    lines = [
        f"## {plain(decision.title)}",
        "",
        f"{whose}{kind} · {STATUS[decision.status]} · put at {exercise_time(decision.opened)}{deadline}",
        "",
        decision.text,
    ]
    if decision.status == "lapsed":
        lines += ["", "**Not answered in time.**", "", decision.lapse_text]
    for option in decision.options:
        lines += ["", f"**{option.letter}) {plain(option.title)}**", "", option.text]
    if decision.answer is not None:
        lines += _answer(decision.answer, reference)
    return "\n".join(lines)


def _answer(answer: AnswerView, reference: Reference | None) -> list[str]:
    """The answer with its reasons, its basis and what was set aside."""
    own = "In the team's own words" if answer.own_words else "Answer"
    lines = ["", "---", "", f"**{own}, {exercise_time(answer.exercise)}:** {plain(answer.option)}", ""]
    lines.append(f"**Reason:** {plain(answer.reason)}" if answer.reason else "No reason was written down.")
    if answer.basis:
        lines += ["", f"**Legal basis:** {plain('; '.join(clause_name(id, reference) for id in answer.basis))}"]
    if answer.set_aside:
        lines += ["", "**What was set aside**", ""]
        for item in answer.set_aside:
            lines.append(f"- **{plain(clause_name(item.commitment, reference))}**")
            lines += [f"  Why: {plain(item.why)}"] if item.why else []
            lines += [f"  Kept small: {plain(item.limits)}"] if item.limits else []
    for kind, exercise, text in answer.followed_up:
        did = "Told those affected" if kind == "told" else "Came back to it"
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
    words = f"{'▲' if change > 0 else '▼'} {number(abs(change))} {'better' if good else 'worse'}"
    return words, "$text-success" if good else "$text-error"


def course_text(indicator: IndicatorView) -> str:
    """The numbers behind a chart: what it measures, which way is good, and each value with its time."""
    owner = f"{plain(indicator.owner)} only · " if indicator.owner else ""
    bounds = f"{number(indicator.lowest)} to {number(indicator.highest, indicator.unit)}"
    lines = [f"**{plain(indicator.name)}** · {owner}{bounds} · {indicator.better} is better", ""]
    lines += [indicator.about, ""] if indicator.about else []
    rows = []
    # Of a very long course the start says little, and nobody reads thousands of lines.
    left_out = max(0, len(indicator.course) - MOST_ROWS)
    before: float | None = indicator.course[left_out - 1][2] if left_out else None
    if left_out:
        lines += [f"*{left_out} earlier values are left out here; the chart has them.*", ""]
    for _, exercise, value in indicator.course[left_out:]:
        change = change_text(indicator, before, value)[0] if before is not None else "at the start"
        rows.append((exercise_time(exercise), number(value, indicator.unit), change))
        before = value
    wide = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    # No-break spaces keep the columns: the reading pane folds ordinary ones.
    for time, worth, change in rows:
        lines.append(f"{time:<{wide[0]}}  {worth:>{wide[1]}}  {change}".replace(" ", "\u00a0") + "  ")
    return "\n".join(lines)
