"""What one new message costs on the play screen: CPU and bytes for one person of the many that a worker draws for.

`python benchmarks/redraw.py` runs it, `python benchmarks/redraw.py profile` shows where the time goes.
The screens are the real ones, over the real driver and a view that is patched as the hub's are.
"""

from __future__ import annotations

import asyncio
import cProfile
import gc
import pstats
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from doorways import Paper, driven, until  # noqa: E402
from hosted import HostedClient, HostedTable  # noqa: E402

from benchmarks.timing import line  # noqa: E402
from exercise.authoring.library import load_scenario  # noqa: E402
from exercise.core.control.commands import WriteInject  # noqa: E402
from exercise.core.views import ParticipantView  # noqa: E402
from exercise.hub.doorway import Terminal  # noqa: E402
from exercise.hub.feeds import SHAPES  # noqa: E402
from exercise.tui.hosted import HostedApp  # noqa: E402

SIZES = ((80, 24), (120, 40))
MESSAGES = 24
SETTLED = 0.12
"""Seconds in which a change is drawn whole."""


class Patched(HostedClient):
    """A seat whose view is what a hub's patches made of it, so that reading it costs the screens no rules."""

    def __init__(self, table: PatchedTable, inner: Any) -> None:
        super().__init__(table, inner)
        self._last: ParticipantView = inner.view()

    def view(self) -> ParticipantView:
        """What has come."""
        return self._last

    def take(self) -> None:
        """What the hub's next patch makes of the view."""
        shape, after = SHAPES["seat"], self._inner.view()
        patch = shape.patch(self._last, after)
        if patch is not None:
            self._last = shape.apply(self._last, patch)

    def subscribe(self, changed: Any) -> Any:
        """Calls back after each change."""
        return self._table.subscribe(changed)


class PatchedTable(HostedTable):
    """A hosted exercise whose news are held back until they are told, once to each who asked for them."""

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back once for each change."""
        self._hosted_changed.append(changed)
        return lambda: self._hosted_changed.remove(changed)

    def tell(self) -> None:
        """Calls back whoever subscribed."""
        for changed in tuple(self._hosted_changed):
            changed()

    def client(self, seat: str) -> Any:
        """The seat's client, over patched views."""
        if seat not in self._clients:
            self._clients[seat] = Patched(self, super().client(seat)._inner)
        return self._clients[seat]


def inject(number: int) -> WriteInject:
    """A message for the team that is watched."""
    return WriteInject(
        seat="facilitator",
        sender="Desk",
        channel="e-mail",
        to=("averne",),
        title=f"Mark-{number}-",
        text="Something has changed for everybody.",
    )


@asynccontextmanager
async def playing(size: tuple[int, int]) -> AsyncIterator[tuple[PatchedTable, Patched, Paper]]:
    """One person at the play screen of the first move."""
    table = PatchedTable(played=load_scenario("card-storm"))
    table.startex()
    client = table.client("averne")
    async with driven(HostedApp(table=table), Terminal(size=size)) as (_, paper):
        await until(lambda: "Inbox" in paper.text, "the play screen")
        await asyncio.sleep(0.5)
        yield table, client, paper


async def spent(seconds: float) -> float:
    """Seconds of CPU used while this many pass."""
    before = time.process_time()
    await asyncio.sleep(seconds)
    return time.process_time() - before


async def messages(size: tuple[int, int]) -> tuple[list[float], list[int], float, int]:
    """CPU seconds and bytes of each new message, and of a second in which nothing comes."""
    async with playing(size) as (table, client, paper):
        times, sizes = [], []
        gc.collect()
        for number in range(MESSAGES):
            table.local.session.submit(inject(number))
            client.take()
            written, before = len(paper.written), time.process_time()
            table.tell()
            await asyncio.sleep(SETTLED)
            times.append(time.process_time() - before)
            sizes.append(len(paper.written) - written)
            assert f"Mark-{number}-".encode() in paper.written[written:]
        written = len(paper.written)
        quiet = await spent(4.0) / 4
        return times, sizes, quiet, (len(paper.written) - written) // 4


async def profile(size: tuple[int, int]) -> None:
    """Where the time of a new message goes."""
    async with playing(size) as (table, client, _):
        profiler = cProfile.Profile()
        for number in range(MESSAGES):
            table.local.session.submit(inject(number))
            client.take()
            profiler.enable()
            table.tell()
            await asyncio.sleep(SETTLED)
            profiler.disable()
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(70)


def main() -> None:
    """Measures both usual sizes."""
    print("One new message at the play screen of a hosted exercise")
    for size in SIZES:
        times, sizes, quiet, ticked = asyncio.run(messages(size))
        name = f"{size[0]} by {size[1]}"
        line(
            f"{name}: CPU for one message, median",
            f"{statistics.median(times) * 1000:.1f} ms",
            f"worst {max(times) * 1000:.1f} ms",
            "wanted: < 8 ms",
        )
        line(f"{name}: drawn for one message", f"{statistics.median(sizes):.0f} B")
        line(f"{name}: a second in which nothing comes", f"{quiet * 1000:.1f} ms", f"{ticked} B")


if __name__ == "__main__":
    if sys.argv[1:] == ["profile"]:
        asyncio.run(profile((120, 40)))
    else:
        main()
