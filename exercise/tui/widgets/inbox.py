"""How messages and decisions stand in their lists, and how a message is laid out to be read."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from textual.content import Content

from exercise.language import _, spoken
from exercise.tui.widgets.choices import Lines
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.times import exercise_time, story_time, window_left
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.views import ClockView, DecisionView, InboxItem

__all__ = ["channel_name", "decision_row", "inbox_row", "letter"]


def channel_name(channel: str) -> str:
    """`police message` from the channel's id."""
    return _(channel.replace("-", " ") if channel != "e-mail" else channel)


def inbox_row(item: InboxItem) -> Lines:
    """When and by what means, then the subject; unread ones have a dot and stand bold."""
    return _row(item, spoken())


@lru_cache(maxsize=2048)
def _row(item: InboxItem, _language: str) -> Lines:
    # Kept for each language, since with each new message all rows are asked for, and by everybody of a team.
    mark = "✕" if item.withdrawn else " " if item.read else "●"
    head = f"{exercise_time(item.exercise)}  {channel_name(item.channel)}"
    first = safe(head, "$foreground 65%") + Content.styled(_(" · withdrawn") if item.withdrawn else "", "$text-warning")
    return Lines((f"{mark} ", first), ("  ", safe(item.title, "" if item.read else "bold")))


def decision_row(decision: DecisionView, play: int, *, live: bool) -> Lines:
    """An open decision, with the time left; a quick one says so."""
    kind = _("quick") if decision.kind == "quick" else _("dilemma")
    left = f"{window_left(decision, play, live=live)} · {kind}"
    return Lines(("◆ ", Content.styled(left, "$text-warning")), ("  ", safe(decision.title, "bold")))


def letter(item: InboxItem, clock: ClockView) -> str:
    """A message as light Markdown: head, text and attachments."""
    head = [
        f"## {plain(item.title)}",
        _("**From** {sender}  \n**To** {addressed}  \n**By** {channel_name}, {exercise_time} ({story_time})").format(
            sender=plain(item.sender),
            addressed=plain(item.addressed),
            channel_name=channel_name(item.channel),
            exercise_time=exercise_time(item.exercise),
            story_time=story_time(clock, item.exercise),
        ),
    ]
    if item.withdrawn:
        head.append(_("**✕ Withdrawn by exercise control.** What it said no longer holds."))
    parts = ["\n\n".join(head), "---", item.text]
    for title, text in item.attachments:
        parts += ["---", _("### Attached: {title}").format(title=plain(title)), text]
    return "\n\n".join(parts)
