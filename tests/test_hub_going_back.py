"""Back to a moment with screens open: what somebody was looking at may not have happened yet, and nothing breaks."""

from __future__ import annotations

from typing import Any

import pytest
from asking import FULL, send, world
from hosting import hosted
from screens import still
from test_tui_hosted_hub import comes, on_top, shows

from exercise.hub.remote_control import come_in
from exercise.session.control import GoBack, Startex, StepOn
from exercise.tui.hosted import HostedApp
from exercise.tui.screens.hosted_play import HostedPlayScreen
from exercise.tui.screens.request import RequestScreen
from exercise.tui.screens.requests import RequestsScreen

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]


async def test_a_request_that_was_never_sent_closes_by_itself() -> None:
    """Protects whoever reads a request while control goes back behind it: the app lives, and shows the present."""
    async with hosted(world()) as hosting:
        control = await hosting.control()
        table: Any = await come_in(hosting.link(hosting.code("participant", "averne"), "Kim", "averne"))
        app = HostedApp(table=table)
        async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
            await control.ask(Startex())
            await on_top(pilot, HostedPlayScreen)
            await control.ask(StepOn())
            moment = len(hosting.room.session.entries)
            await table.client("averne").submit(send("preservation", 1, content=FULL))
            await pilot.press("r")
            await on_top(pilot, RequestsScreen)
            await comes(pilot, lambda: table.client("averne").view().requests)
            await pilot.press("enter")
            await on_top(pilot, RequestScreen)
            await control.ask(GoBack(seq=moment))
            await on_top(pilot, HostedPlayScreen)
            await shows(pilot, "gone back to an earlier moment")
            assert not table.client("averne").view().requests
            assert not table.trouble and not table.link.over
