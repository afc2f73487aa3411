"""The two clocks of a story as numbers of seconds, written by authors as `T+1:30` and `90m`.

*Exercise time* is the story's, counted from STARTEX. *Play time* is how long the exercise has run, pauses left out.
Both are whole seconds; wall time never enters the core.
"""

import re
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from exercise.language import N_

WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
MONTHS = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    N_("May"),
    N_("Jun"),
    N_("Jul"),
    N_("Aug"),
    N_("Sep"),
    N_("Oct"),
    N_("Nov"),
    N_("Dec"),
)
"""Short names, as they stand in a date; translated where they are shown."""
_EXERCISE_TIME = re.compile(r"T([+-])(\d{1,4}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_DURATION = re.compile(r"(?:(\d{1,3})d)?\s*(?:(\d{1,4})h)?\s*(?:(\d{1,5})m)?\s*(?:(\d{1,6})s)?", re.ASCII)
_TOO_LONG = 10_000 * 3600
"""Lengths from here on would be printed as hours that cannot be read again."""


def parse_exercise_time(value: Any) -> int:
    """Seconds since STARTEX from `T+1:30` (hours:minutes); a bare `1:30` is refused, since YAML reads it as 90."""
    match = _EXERCISE_TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError("a time of the story is written T+1:30 (hours:minutes since the start)")
    sign = 1 if match[1] == "+" else -1
    return sign * (int(match[2]) * 3600 + int(match[3]) * 60 + int(match[4] or 0))


def format_exercise_time(seconds: int) -> str:
    """`T+1:30` from seconds since STARTEX; seconds are shown only where there are any."""
    sign, rest = ("+", seconds) if seconds >= 0 else ("-", -seconds)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    return f"T{sign}{hours}:{minutes:02}" + (f":{left:02}" if left else "")


@lru_cache(maxsize=4_096)  # Every mark tells the times of its entries, and most stand at the same few.
def tell_exercise_time(seconds: int) -> str:
    """`T+1:30` for people, in whole minutes, since the story is not told in seconds."""
    return format_exercise_time(seconds - seconds % 60)


def shown_until(seconds: int) -> int:
    """The last second that people mean by a time: it is shown to the minute, so a whole minute means all of it."""
    return seconds if seconds % 60 else seconds + 59


def parse_duration(value: Any) -> int:
    """Seconds from `90m`, `1h30m`, `2d` or `45s`; a bare number is refused, since its unit would be a guess."""
    if isinstance(value, int) and not isinstance(value, bool):
        raise ValueError("a length of time needs a unit, such as 90m or 1h30m")
    text = value.strip() if isinstance(value, str) else ""
    match = _DURATION.fullmatch(text)
    if not text or match is None:
        raise ValueError("a length of time is written 90m, 1h30m or 2d")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    length = days * 86400 + hours * 3600 + minutes * 60 + seconds
    if length >= _TOO_LONG:
        raise ValueError("a length of time such as 90m, 1h30m or 2d stays below ten thousand hours")
    return length


def format_duration(seconds: int) -> str:
    """`1h30m` from seconds, `0m` for none; the form that `parse_duration` reads."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    text = (f"{hours}h" if hours else "") + (f"{minutes}m" if minutes else "") + (f"{left}s" if left else "")
    return text or "0m"


ExerciseTime = Annotated[
    int,
    BeforeValidator(parse_exercise_time),
    PlainSerializer(format_exercise_time, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^T[+-]\d{1,4}:[0-5]\d(:[0-5]\d)?$",
            "description": "Time of the story since the start, as T+1:30 (hours:minutes).",
        }
    ),
]
"""Seconds since STARTEX in the story."""

Duration = Annotated[
    int,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^(\d{1,3}d)?\s*(\d{1,4}h)?\s*(\d{1,5}m)?\s*(\d{1,6}s)?$",
            "description": "Length of time, as 90m, 1h30m or 2d.",
        }
    ),
]
"""A length of time in seconds."""
