"""The numbers that a team knows its requests by, once the hot wash counts the requests of all."""

from __future__ import annotations

from collections.abc import Mapping

from exercise.core.requests.views import RequestView
from exercise.core.views import HotWashView, ParticipantView
from exercise.language import _

Numbers = Mapping[int, int]
"""Number of a request among all, and its number on the reader's own board."""
NONE_OWN: Numbers = {}


def own_numbers(wash: HotWashView, view: ParticipantView) -> Numbers:
    """For the requests to which the reader's team was a party."""
    known: dict[tuple[object, ...], list[int]] = {}
    for item in view.requests:
        known.setdefault(_same(item, item.other_id if item.incoming else view.team), []).append(item.number)
    # Of the hot wash's own requests the other party is the sender.
    return {item.number: own.pop(0) for item in wash.requests if (own := known.get(_same(item, item.other_id)))}


def yours(number: int, own: Numbers) -> str:
    """` (your R5)`, to stand behind the number among all, or nothing."""
    return _(" (your R{own})").format(own=own[number]) if number in own else ""


def _same(item: RequestView, sender: str) -> tuple[object, ...]:
    return (sender, item.kind, item.sent, item.channel_id, item.matter_id, item.basis, item.content)
