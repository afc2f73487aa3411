"""Waiting for what a hub has still to send before a screen is opened on it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from exercise.errors import CommandRejected, ExerciseError

if TYPE_CHECKING:
    from exercise.session.client import Client

__all__ = ["arrived"]

WITHIN = 20.0
"""Seconds after which a person is told, and may try again."""


async def arrived(client: Client, *, wash: bool = False) -> None:
    """Returns once the seat can be seen, with `wash` also what is opened after ENDEX; raises `CommandRejected`."""
    loop, news = asyncio.get_running_loop(), asyncio.Event()

    def told() -> None:
        # A link may live in another thread than the screens.
        loop.call_soon_threadsafe(news.set)

    stop = client.subscribe(told)
    try:
        async with asyncio.timeout(WITHIN):
            while not _there(client, wash):
                await news.wait()
                news.clear()
    except TimeoutError:
        raise CommandRejected("no-view", "The hub has not sent that screen yet; try again in a moment.") from None
    finally:
        stop()


def _there(client: Client, wash: bool) -> bool:
    try:
        client.view()
    except ExerciseError:
        return False
    return not wash or (client.hot_wash() is not None and client.assessment() is not None)
