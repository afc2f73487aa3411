"""What a team would lose by letting the story go on at once: said before it happens, on every kind of screen."""

from __future__ import annotations

from exercise.core.times import tell_exercise_time
from exercise.core.views import ParticipantView
from exercise.language import ngettext

__all__ = ["passing"]

_HOUR = 3600


def passing(view: ParticipantView, ahead: tuple[int, int]) -> str:
    """A sentence on what a step of so many seconds of play and of the story takes from a team; '' for nothing.

    That is more than half of what is left to decide, or hours of the story over messages that nobody has read.
    """
    play, story = ahead
    short = [d for d in view.open_decisions if 0 < d.closes - view.clock.play < 2 * play]
    if short:
        decision = min(short, key=lambda one: one.closes)
        left, gone = -(-(decision.closes - view.clock.play) // 60), max(1, play // 60)
        return ngettext(
            "{left} minute is left to decide “{title}”; the next thing comes after {gone} of it.",
            "{left} minutes are left to decide “{title}”; the next thing comes after {gone} of them.",
            left,
        ).format(left=left, title=decision.title, gone=gone)
    if view.unread and story >= _HOUR:
        at = tell_exercise_time(view.clock.exercise + story)
        return ngettext(
            "{count} message is unread; the next thing comes at {at} only.",
            "{count} messages are unread; the next thing comes at {at} only.",
            view.unread,
        ).format(count=view.unread, at=at)
    return ""
