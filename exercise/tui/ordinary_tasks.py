"""An app that leaves the tasks of its loop as they were, since it may share the loop with doors and connections."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.app import App, ReturnType

__all__ = ["OrdinaryTasks"]


class OrdinaryTasks(App[ReturnType]):
    """An app whose loop starts tasks in their turn, which is what asyncssh and this program's own doors count on."""

    async def _process_messages(self, *words: Any, **named: Any) -> None:
        # From Python 3.12 on, Textual has just told the whole loop to start every task at once, within whatever made
        # it. A sign-in by ssh that begins after that never ends.
        asyncio.get_running_loop().set_task_factory(None)
        await super()._process_messages(*words, **named)
