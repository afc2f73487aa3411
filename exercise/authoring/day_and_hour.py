"""A day with its hour, as people write it where the time of the story is asked for."""

from __future__ import annotations

import re
from datetime import datetime

__all__ = ["begins_with_day", "day_and_hour"]

_FORMS = (
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y. %H:%M",
    "%d.%m.%Y %H:%M:%S",
)
_DAY = re.compile(r"\s*(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4})(?!\d)")


def day_and_hour(text: str) -> datetime | None:
    """The moment that a text says by the calendar; None where it says no such thing."""
    for form in _FORMS:
        try:
            return datetime.strptime(text.strip(), form)
        except ValueError:
            continue
    return None


def begins_with_day(text: str) -> bool:
    """Whether a day of the calendar stands first."""
    return _DAY.match(text) is not None
