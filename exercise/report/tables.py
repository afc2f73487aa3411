"""The report as tables for analysts: one CSV file each, that a spreadsheet opens as it is and reads nothing into.

A cell that begins like a formula gets an apostrophe before it: what a participant typed must not run in a spreadsheet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from exercise.core.times import format_exercise_time
from exercise.report.model import AfterAction

Cell = str | int | float | None
Rows = tuple[tuple[str, ...], Iterable[tuple[Cell, ...]]]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_files(report: AfterAction) -> Mapping[str, bytes]:
    """Every table by its file's name."""
    return {f"{name}.csv": _written(*table) for name, table in tables(report).items()}


def tables(report: AfterAction) -> Mapping[str, Rows]:
    """Columns and rows of every table; times of the story stand as text and as seconds."""
    return {
        "marks": _marks(report),
        "clauses": _clauses(report),
        "ratings": _ratings(report),
        "decisions": _decisions(report),
        "requests": _requests(report),
        "indicators": _indicators(report),
        "timeline": _timeline(report),
        "survey": _survey(report),
        "plan": _plan(report),
    }


def _written(columns: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    # Spreadsheets take UTF-8 for granted only where a byte-order mark says so.
    return text.getvalue().encode("utf-8-sig")


def safe(cell: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _story(seconds: int | None) -> tuple[Cell, Cell]:
    return ("", None) if seconds is None else (format_exercise_time(seconds), seconds)


def _marks(report: AfterAction) -> Rows:
    columns = (
        "number", "id", "team", "commitment", "instrument", "clause", "title", "area", "story", "story_seconds",
        "occasion", "decision", "proposed", "grade", "status", "counts", "observation", "self_proposed", "voided",
        "source", "reason", "adjustments", "entries", "judgments", "settled", "answer",
    )  # fmt: skip

    def rows() -> Iterator[tuple[Cell, ...]]:
        for row in report.marks:
            said = "; ".join(
                f"{one.evaluator}: {one.grade.value if one.grade else 'does not apply'}"
                + (f" ({one.reason})" if one.reason else "")
                for one in row.judgments
            )
            ref = row.reference
            yield (
                row.number, row.id, row.team, ref.commitment, ref.instrument, ref.clause, ref.title, ref.area,
                *_story(row.exercise), row.occasion, row.decision, row.proposed.value,
                row.grade.value if row.grade else "", row.status, int(row.counts), int(row.observation),
                int(row.self_proposed), int(row.voided), row.source, row.reason, "; ".join(row.adjustments),
                " ".join(map(str, row.entries)), said, row.settled, row.answer,
            )  # fmt: skip

    return columns, rows()


def _clauses(report: AfterAction) -> Rows:
    columns = ("team", "commitment", "instrument", "clause", "title", "area", "status", "grade", "marks", "note")
    return columns, (
        (
            team.id,
            row.reference.commitment,
            row.reference.instrument,
            row.reference.clause,
            row.reference.title,
            row.reference.area,
            row.status,
            row.grade.value if row.grade else "",
            " ".join(map(str, row.marks)),
            row.note,
        )
        for team in report.teams
        for row in team.clauses
    )


def _ratings(report: AfterAction) -> Rows:
    columns = ("objective", "task", "by", "rating", "strengths", "improvements")

    def rows() -> Iterator[tuple[Cell, ...]]:
        for row in report.objectives:
            for one in row.ratings:
                yield row.title, "", f"evaluator {one.evaluator}", one.rating, one.strengths, one.improvements
            yield row.title, "", "suggested by the program", row.suggested or "", "", ""
            for task in row.tasks:
                for one in task.ratings:
                    yield (
                        row.title, task.text, f"evaluator {one.evaluator}", one.rating, one.strengths, one.improvements
                    )  # fmt: skip
                yield row.title, task.text, "suggested by the program for the objective", task.suggested or "", "", ""

    return columns, rows()


def _decisions(report: AfterAction) -> Rows:
    columns = (
        "number", "id", "team", "kind", "title", "move", "status", "put_story", "put_seconds", "put_play_seconds",
        "answered_story", "answered_seconds", "answered_play_seconds", "deadline_story", "deadline_seconds", "chosen",
        "own_words", "nearest", "not_taken", "reason", "basis", "set_aside", "safeguards", "told", "returned", "entry",
    )  # fmt: skip

    def rows() -> Iterator[tuple[Cell, ...]]:
        for row in report.decisions:
            aside = (f"{one.reference.commitment}: {one.why} ({one.limits})" for one in row.set_aside)
            yield (
                row.number, row.id, row.team, row.kind, row.title, row.move, row.status, *_story(row.opened),
                row.opened_play, *_story(row.answered), row.answered_play, *_story(row.deadline),
                "; ".join(option.title for option in row.options if option.chosen), row.own_words, row.nearest,
                "; ".join(option.title for option in row.options if not option.chosen), row.reason,
                " ".join(one.commitment for one in row.basis), "; ".join(aside),
                "; ".join(f"{name}: {said}" for name, said in row.safeguards),
                "; ".join(one.text for one in row.follow_ups if one.kind == "told"),
                "; ".join(one.text for one in row.follow_ups if one.kind == "returned"), row.seq,
            )  # fmt: skip

    return columns, rows()


def _requests(report: AfterAction) -> Rows:
    columns = (
        "number", "kind", "from", "to", "from_name", "to_name", "channel", "matter", "asks", "urgent", "sent_story",
        "sent_seconds", "sent_play_seconds", "deadline_story", "deadline_seconds", "answered_story",
        "answered_seconds", "wait_seconds", "done_story", "done_seconds", "status", "outcome", "missing", "ground",
        "conditions", "basis", "entry",
    )  # fmt: skip
    return columns, (
        (
            row.number,
            row.kind,
            row.source,
            row.target,
            row.source_name,
            row.target_name,
            row.channel,
            row.matter,
            int(row.wants_answer),
            int(row.urgent),
            *_story(row.sent),
            row.sent_play,
            *_story(row.deadline),
            *_story(row.answered),
            None if row.answered is None else row.answered - row.sent,
            *_story(row.done),
            row.status,
            row.outcome,
            "; ".join(row.missing),
            row.ground,
            row.conditions,
            " ".join(one.commitment for one in row.basis),
            row.seq,
        )
        for row in report.requests
    )


def _indicators(report: AfterAction) -> Rows:
    columns = ("indicator", "name", "team", "unit", "better", "story", "story_seconds", "play_seconds", "value")
    return columns, (
        (row.id, row.name, row.team, row.unit, row.better, *_story(exercise), play, value)
        for row in report.indicators
        for play, exercise, value in row.points
    )


def _timeline(report: AfterAction) -> Rows:
    columns = ("entry", "play_seconds", "story", "story_seconds", "kind", "decision", "request", "text")
    return columns, (
        (row.seq, row.play, *_story(row.exercise), row.kind, row.decision, row.request or None, row.text)
        for row in report.timeline
    )


def _survey(report: AfterAction) -> Rows:
    columns = ("question", "text", "kind", "team", "given", "1", "2", "3", "4", "5", "median", "answer")

    def rows() -> Iterator[tuple[Cell, ...]]:
        for row in (*report.survey, *(report.control.team_survey if report.control else ())):
            counts = row.counts or (None,) * 5
            yield row.id, row.text, row.kind, row.team, row.given, *counts, row.median, ""
            for said in row.words:
                yield row.id, row.text, row.kind, row.team, None, *(None,) * 5, None, said

    return columns, rows()


def _plan(report: AfterAction) -> Rows:
    columns = (
        "number", "area", "corrective_action", "capability_element", "responsible_organisation", "contact", "start",
        "completion", "teams",
    )  # fmt: skip
    return columns, (
        (
            row.number or None,
            row.area,
            row.action,
            row.element,
            row.owner,
            row.contact,
            row.start,
            row.end,
            ", ".join(map(report.team_name, row.teams)),
        )
        for row in report.plan
    )
