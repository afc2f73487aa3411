"""A whole column of times, read as what it most likely is: time since STARTEX, minutes, or hours on the wall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from exercise.authoring.day_and_hour import day_and_hour
from exercise.authoring.msel.sheet import Value, said
from exercise.authoring.msel.values import clock, story_time

__all__ = ["ColumnTimes", "column_times"]

_MORNING = 4 * 3600
"""A column that begins before this counts from STARTEX: no exercise opens at a quarter past midnight."""
_DAY = 86_400


@dataclass(frozen=True)
class ColumnTimes:
    """For each cell the seconds since STARTEX, None where it says none; and how the column was read."""

    seconds: tuple[int | None, ...]
    read_as: str
    started: datetime | None = None
    """STARTEX by the calendar, where the sheet knows it."""


def column_times(cells: Sequence[Value], dates: Sequence[Value], startex: int | None) -> ColumnTimes:
    """Reads a column of times, with that of dates beside it; `startex` is the number of the row that says STARTEX."""
    moments = [_moment(cell, day) for cell, day in zip(cells, dates, strict=True)]
    known = [moment for moment in moments if moment is not None]
    if known and len(known) == sum(bool(said(cell)) for cell in cells):
        named = moments[startex] if startex is not None else None
        start = named or min(known)
        return ColumnTimes(
            tuple(None if moment is None else round((moment - start).total_seconds()) for moment in moments),
            f"date and time; {start:%Y-%m-%d %H:%M} is T+0:00",
            start,
        )
    clocks = _clocks(cells)
    if clocks is not None:
        first = clocks[startex] if startex is not None else None
        start_clock = first if first is not None else next(one for one in clocks if one is not None)
        hours, minutes = divmod(start_clock // 60, 60)
        return ColumnTimes(
            tuple(None if one is None else one - start_clock for one in clocks),
            f"time on the wall; {hours % 24:02}:{minutes:02} is T+0:00",
        )
    numbers = any(isinstance(cell, int) for cell in cells)
    return ColumnTimes(
        tuple(map(story_time, cells)), "minutes since STARTEX" if numbers else "time since STARTEX, hours:minutes"
    )


def _moment(cell: Value, day: Value) -> datetime | None:
    """Date and time of a row, where its cells say both."""
    if isinstance(cell, datetime) and cell.year > 1902:
        return cell
    when = day_and_hour(said(cell)) if isinstance(cell, str) else None
    if when is not None:
        return when
    on = day.date() if isinstance(day, datetime) else day if isinstance(day, date) else _iso_day(day)
    at = clock(cell)
    return datetime.combine(on, time()) + timedelta(seconds=at) if on is not None and at is not None else None


def _iso_day(cell: Value) -> date | None:
    text = said(cell) if isinstance(cell, str) else ""
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def _clocks(cells: Sequence[Value]) -> list[int | None] | None:
    """The cells as hours on the wall, a day on where they pass midnight; None where they are no such thing."""
    found: list[int | None] = []
    whole = [cell for cell in cells if isinstance(cell, int) and not isinstance(cell, bool)]
    military = bool(whole) and all(600 <= number <= 2359 and number % 100 < 60 for number in whole)
    days, last = 0, None
    for cell in cells:
        one = clock(f"{cell:04}") if military and isinstance(cell, int) else clock(cell)
        if one is not None and last is not None and one + days < last - _DAY // 2:
            days += _DAY
        if one is not None:
            last = one + days
        found.append(None if one is None else one + days)
    known = [one for one in found if one is not None]
    filled = sum(bool(said(cell)) for cell in cells)
    # A stray word among them, such as a remark, does not make another thing of the column.
    return found if known and known[0] >= _MORNING and 2 * len(known) > filled else None
