"""Evaluation by lines at a hub: who sends one is asked once, and the rest is as with a log of one's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from exercise.errors import CommandRejected, UsageError
from exercise.language import _
from exercise.plain.evaluation import evaluate
from exercise.plain.forms import Cancelled, Lines
from exercise.plain.words import WIDTH
from exercise.session.evaluating import EvaluationDesk

__all__ = ["HubDesk", "evaluate_at_hub"]


class HubDesk(Protocol):
    """A desk that has to be fetched first."""

    async def open(self) -> EvaluationDesk:
        """Fetches it; raises `CommandRejected` or `DoorClosed`."""

    async def enrol(self, delegation: str) -> None:
        """Sits down for a delegation."""


def evaluate_at_hub(
    at_hub: HubDesk, read: Callable[[str], str], write: Callable[[str], None], width: int = WIDTH
) -> None:
    """Fetches the desk, sits down where nobody has yet, and takes commands until `quit`."""
    lines = Lines(read, write, width)
    try:
        desk = asyncio.run(at_hub.open())
    except CommandRejected as refused:
        raise UsageError(_("{text} Until then looking on needs a screen.").format(text=refused.text)) from refused
    try:
        while desk.view().standing.me is None:
            delegation = lines.ask(
                _("Who sends you, a team or another body"), _("Evaluators come from different ones.")
            )
            try:
                asyncio.run(at_hub.enrol(delegation))
            except CommandRejected as refused:
                lines.say(refused.text)
    except (Cancelled, EOFError, KeyboardInterrupt):
        write("")
        return
    evaluate(desk, read, write, width=width)
