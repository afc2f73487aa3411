"""How words between people are told: conversations, what of them is new, and each line; pure functions of a view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from exercise.core.asked import FACILITATOR
from exercise.language import _
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.teamwork.views import TalkLine
    from exercise.core.views import ParticipantView

__all__ = ["Conversation", "conversations", "heard_news", "told", "unheard"]


class Conversation(NamedTuple):
    """What was said with one party, oldest first."""

    key: str
    """A team's id, or exercise control's; messages to it go there."""
    name: str
    lines: tuple[TalkLine, ...]

    def new(self, view: ParticipantView, heard: Mapping[str, int]) -> int:
        """How many words of others this seat has not looked at yet; `heard` counts what it has, by conversation."""
        return sum(line.seat != view.seat for line in self.lines[heard.get(self.key, 0) :])


def conversations(view: ParticipantView, teams: Iterable[tuple[str, str]]) -> tuple[Conversation, ...]:
    """The own team's first, then the other teams', and exercise control's where it has said something."""
    names = dict(teams)
    found: dict[str, list[TalkLine]] = {key: [] for key in (view.team, *names)}
    for line in view.talk:
        found.setdefault(_partner(line, view, names), []).append(line)
    called = {**names, FACILITATOR: _("Exercise control"), view.team: _("Our own team")}
    return tuple(Conversation(key, called.get(key, key), tuple(lines)) for key, lines in found.items())


def _partner(line: TalkLine, view: ParticipantView, names: Mapping[str, str]) -> str:
    if line.kind == "control":
        return FACILITATOR
    if line.kind == "talk":
        return view.team
    # A line names its addressee as people call it; the sender of another team's line is that team.
    return next((team for team, name in names.items() if name == line.to), line.to) if line.own else line.seat


def unheard(view: ParticipantView, teams: Iterable[tuple[str, str]], heard: Mapping[str, int]) -> int:
    """How many words of others this seat has not looked at yet, in all conversations."""
    return sum(found.new(view, heard) for found in conversations(view, teams)) if view.talk else 0


def told(line: TalkLine, view: ParticipantView) -> str:
    """A line as light Markdown: when, who, how it was meant, and the words."""
    who = _("You") if line.seat == view.seat else plain(line.sender)
    meant = {
        "message": _(" · **official**") if line.official else _(" · side talk"),
        "control": _(" to {to}").format(to=plain(line.to)),
    }
    return f"**{exercise_time(line.exercise)}  {who}**{meant.get(line.kind, '')}  \n{plain(line.text)}"


def heard_news(before: ParticipantView, after: ParticipantView) -> str:
    """What others have said since, in one line; empty where they said nothing."""
    new = [line for line in after.talk[len(before.talk) :] if line.seat != after.seat]
    if not new:
        return ""
    return (
        f"✉ {new[-1].sender}: {new[-1].text}"
        if len(new) == 1
        else _("✉ {count} new words from people: m").format(count=len(new))
    )
