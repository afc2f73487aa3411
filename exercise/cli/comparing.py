"""`exercise compare`: sessions side by side, in the order given, with nothing added up and nobody ranked."""

from __future__ import annotations

import json as json_module
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import typer
from rich.cells import cell_len, set_cell_size

from exercise.cli.logs import find_log
from exercise.cli.what_if import page_file, write_page
from exercise.core.times import tell_exercise_time
from exercise.plain.words import one_line, story, wrapped

if TYPE_CHECKING:
    from exercise.analysis.parting import DecisionRow, Taken
    from exercise.analysis.profiles import ClauseRow, TeamProfile
    from exercise.analysis.side_by_side import Comparison, RequestCounts, SessionRow

WIDTH = 79
_FIRST = 27
_CELL = 13
_ACROSS = (WIDTH - _FIRST) // _CELL
"""Sessions that stand beside each other; more go below."""


def compare(
    names: tuple[str, ...], team: str | None, reasons: bool, out: str | None, as_json: bool, force: bool = False
) -> None:
    """Lays the logs side by side; prints text or data, or writes a page."""
    from exercise.analysis.side_by_side import compare as lay_out

    path = None if out is None else page_file(out, force, names)
    found = lay_out([find_log(name) for name in names], team)
    if path is not None:
        from exercise.analysis.compare_page import page

        write_page(path, page(found, reasons=reasons))
    if as_json:
        typer.echo(json_module.dumps(found.as_data(), indent=2, ensure_ascii=False))
    elif path is None:
        for line in _lines(found, reasons):
            typer.echo(line)
    if path is not None:
        typer.echo(f"Written to {path}.", err=as_json)


def _lines(found: Comparison, reasons: bool) -> Iterator[str]:
    yield from _sessions(found)
    if found.decisions:
        yield from _decisions(found, reasons)
    yield from _requests(found)
    yield from _indicators(found)
    for profile in found.profiles:
        yield from _profile(found, profile)
    yield ""
    yield "A training record; no finding about any State."


def _sessions(found: Comparison) -> Iterator[str]:
    title = one_line(found.sessions[0].title) if found.one_scenario else "Several scenarios"
    about = f"{title}: {len(found.sessions)} sessions side by side"
    yield from wrapped(f"{about}, for {one_line(found.team)}" if found.team else about, WIDTH)
    for number, row in enumerate(found.sessions, 1):
        yield from _session(found, number, row)
    yield ""
    for note in found.notes:
        yield from wrapped(f"- {one_line(note)}", WIDTH, "  ", "  ")
    for past in found.pasts:
        yield from wrapped(
            f"- Sessions {past.earlier + 1} and {past.later + 1} have their first {past.entries} entries in common, "
            f"to {story(past.exercise)}.",
            WIDTH,
            "  ",
            "  ",
        )
    if found.facts:
        yield from ("", "Hidden facts that were not the same")
        for fact in found.facts:
            yield from wrapped(one_line(fact.title), WIDTH, "  ", "  ")
            for number, value in enumerate(fact.values, 1):
                yield from wrapped(f"{number:<4}{one_line(value)}", WIDTH, "    ", "    ")


def _session(found: Comparison, number: int, row: SessionRow) -> Iterator[str]:
    yield ""
    yield from wrapped(f"{number:<3}{one_line(row.session)}   ({one_line(row.log)})", WIDTH, "  ", "   ")
    if not found.one_scenario:
        yield from wrapped(one_line(row.title), WIDTH, "     ")
    reached = "ENDEX" if row.ended else "it stops"
    yield f"     {row.created[:16].replace('T', ' ')} UTC, {row.play // 60} minutes of play; {reached} at " + story(
        row.exercise
    )
    if row.played_by:
        who = ", ".join(
            f"{one_line(found.names.get(team, team))}: {one_line(played)}" for team, played in row.played_by.items()
        )
        yield from wrapped(f"played by {who}", WIDTH, "     ")
    yield f"     marks {row.marks}"


def _blocks(found: Comparison) -> Iterator[range]:
    """The sessions in groups that fit beside each other."""
    number = len(found.sessions)
    for first in range(0, number, _ACROSS):
        yield range(first, min(first + _ACROSS, number))


def _head(title: str, block: range) -> str:
    return f"{set_cell_size(title, _FIRST)}" + "".join(f"{f'session {place + 1}':>{_CELL}}" for place in block)


def _cells(title: str, cells: Sequence[str], block: range) -> str:
    return f"{set_cell_size(title, _FIRST)}" + "".join(f"{cells[place]:>{_CELL}}" for place in block)


def _decisions(found: Comparison, reasons: bool) -> Iterator[str]:
    parted = found.parted
    yield ""
    if parted is None:
        yield "No decision was answered differently."
    else:
        who = one_line(found.names.get(parted.team, parted.team))
        yield from wrapped(
            f"Courses parted first at {story(parted.first)}: “{one_line(parted.title)}” ({who}, {parted.decision}).",
            WIDTH,
        )
    for block in _blocks(found):
        yield ""
        yield _head("Decisions", block)
        for row in found.decisions:
            sign = "≠" if row.differs else " "
            yield _cells(f" {sign} {one_line(row.decision)}", [taken.short for taken in row.taken], block)
    yield "  ≠ answered differently; letters by the scenario's order; not put: never met"
    differing = [row for row in found.decisions if row.differs]
    if differing:
        yield from ("", "Decisions that were answered differently")
    for row in differing:
        yield from _decision(found, row, reasons)


def _decision(found: Comparison, row: DecisionRow, reasons: bool) -> Iterator[str]:
    who = one_line(found.names.get(row.team, row.team))
    yield from wrapped(f"{who}: “{one_line(row.title)}” ({row.decision})", WIDTH, "  ", "  ")
    for number, taken in enumerate(row.taken, 1):
        yield from wrapped(f"{number:<3}{answered(taken)}", WIDTH, "     ", "   ")
        if reasons and taken.reason:
            yield from wrapped(f"said: “{one_line(taken.reason)}”", WIDTH, "        ", "  ")


def answered(taken: Taken) -> str:
    """How a session answered a decision, in words."""
    when = f", {tell_exercise_time(taken.exercise)}" if taken.exercise is not None else ""
    again = f", put {taken.rounds} times" if taken.rounds > 1 else ""
    match taken.ending:
        case "chosen":
            return f"{taken.letter}  {one_line(taken.title)}{when}{again}"
        case "own":
            return f"in its own words: “{one_line(taken.title)}”{when}{again}"
        case "lapsed":
            return f"no answer: it lapsed{when}{again}"
        case "open":
            return f"not answered when the log ends{again}"
        case "not put":
            return "not put"


def _requests(found: Comparison) -> Iterator[str]:
    sent = {team: rows for team, rows in found.requests.items() if any(row.sent or row.told for row in rows)}
    if not sent:
        return
    for block in _blocks(found):
        yield ""
        yield _head("Requests sent", block)
        for team, rows in sent.items():
            yield f"  {one_line(found.names.get(team, team))}"
            for title, cells in request_rows(rows):
                yield _cells(f"    {title}", cells, block)


def request_rows(rows: Sequence[RequestCounts]) -> Iterator[tuple[str, list[str]]]:
    """What became of a team's requests, a line each, session by session; lines of nothing but zeros are left out."""
    yield "sent", [str(row.sent) for row in rows]
    for title, counts in (
        ("answered in time", [row.in_time for row in rows]),
        ("answered late", [row.late for row in rows]),
        ("not answered", [row.unanswered for row in rows]),
        ("did not get through", [row.failed for row in rows]),
        ("withdrawn", [row.withdrawn for row in rows]),
        ("told unasked", [row.told for row in rows]),
    ):
        if any(counts):
            yield title, [str(count) for count in counts]


def _indicators(found: Comparison) -> Iterator[str]:
    if not found.indicators:
        return
    last = max(session.exercise for session in found.sessions)
    for block in _blocks(found):
        yield ""
        yield _head("Indicators at the end", block)
        for row in found.indicators:
            ends = ["–" if end is None else f"{end:g}" for end in row.ends]
            yield _cells("  " + _cut(one_line(row.name)), ends, block)
            moves = [
                course_in_characters(course, session.exercise, last, row.lowest, row.highest)
                for course, session in zip(row.courses, found.sessions, strict=True)
            ]
            if any(move.strip("▁ ") for move in moves):
                yield _cells("", moves, block)
    yield "  below each its course, between the lowest and the highest value it can have"


def _cut(text: str) -> str:
    room = _FIRST - 3
    return text if cell_len(text) <= room else set_cell_size(text, room - 1).rstrip() + "…"


_HEIGHTS = "▁▂▃▄▅▆▇█"


def course_in_characters(
    course: Sequence[tuple[int, float]], stop: int, last: int, lowest: float, highest: float
) -> str:
    """An indicator's course in a few characters, evenly over the story's time up to `last`, blank after `stop`."""
    if not course or highest <= lowest:
        return ""
    width = _CELL - 2
    first = course[0][0]
    found = ""
    for step in range(width):
        now = first + (last - first) * step / (width - 1)
        value = next((value for when, value in reversed(course) if when <= now), course[0][1])
        share = (value - lowest) / (highest - lowest)
        found += " " if now > stop else _HEIGHTS[round(min(1.0, max(0.0, share)) * (len(_HEIGHTS) - 1))]
    return found


def _profile(found: Comparison, profile: TeamProfile) -> Iterator[str]:
    for block in _blocks(found):
        yield ""
        yield _head(f"{one_line(profile.name)}: clauses", block)
        yield "  kept/partly/neglected/breached" + ("" if len(profile.areas) else "; nothing was tested")
        if not profile.areas:
            break
        if found.one_scenario:
            yield _cells("  all", [_four(counts) for counts in profile.counts], block)
        for area in profile.areas:
            yield _cells(f"  {area.area}", [_four(counts) for counts in area.counts], block)
    differing = profile.differing
    if differing:
        yield f"  Clauses graded differently: {len(differing)}"
    for row in differing:
        yield from _clause(row)
    if not found.one_scenario and profile.clauses:
        same = [row for row in profile.clauses if not row.differs]
        if same:
            yield from wrapped(
                "Graded alike: " + ", ".join(f"{row.commitment} ({_outcome(row)})" for row in same), WIDTH, "  ", "  "
            )
        yield "  Only clauses that two sessions or more tested are shown."


def _four(counts: object) -> str:
    values = [getattr(counts, word) for word in ("kept", "partly", "neglected", "breached")]
    return "/".join(map(str, values)) if any(values) else "not tested"


def _outcome(row: ClauseRow) -> str:
    return next(stood.outcome for stood in row.stood if stood.seq is not None or stood.outcome != "not tested")


def _clause(row: ClauseRow) -> Iterator[str]:
    yield from wrapped(f"{row.commitment} ({one_line(row.clause)}): {one_line(row.title)}", WIDTH, "    ", "  ")
    for number, stood in enumerate(row.stood, 1):
        where = ""
        if stood.exercise is not None:
            where = f"{tell_exercise_time(stood.exercise)}, entry {stood.seq}: {one_line(stood.occasion)}"
        yield from wrapped(f"{number:<3}{stood.outcome:<12}{where}", WIDTH, "      ", " " * 15)
