"""A request that several seats of a team write: one hand at a time, read by the others, gone on with by the next."""

from __future__ import annotations

from typing import Any

import pytest
from asking import world
from fake_requests import came
from request_walk import take
from screens import at_both_sizes, picture, still, until
from seated import begun, sit
from textual.pilot import Pilot
from textual.widgets import TextArea

from exercise.catalogue import load_reference
from exercise.core.scenario import Scenario
from exercise.core.teamwork.commands import PutDownPen, TakePen, WriteDraft
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.table import LocalTable
from exercise.tui.app import ExerciseApp
from exercise.tui.screens.compose import EntryScreen, KindScreen, MatterScreen
from exercise.tui.screens.compose_check import CheckRequestScreen
from exercise.tui.screens.compose_form import ComposeScreen
from exercise.tui.screens.confirm import ConfirmScreen
from exercise.tui.screens.play import PlayScreen
from exercise.tui.screens.request_pen import RequestPenScreen
from exercise.tui.screens.requests import RequestsScreen

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]

LEAD, POLICE, LAW, WHOLE = "averne/lead", "averne/police", "averne/law", "averne"
AVERNE = ("averne", "request")


def table_for(*seats: str) -> LocalTable:
    """The small world of requests, with roles in the asking team."""
    data = world().model_dump(mode="json", by_alias=True)
    data["teams"][0]["roles"] = [
        {"id": "lead", "name": "Head of delegation", "brief": "Keep calm.", "leads": True},
        {"id": "police", "name": "Police", "brief": "You have a source."},
        {"id": "law", "name": "Legal adviser", "brief": "Mind the treaty."},
    ]
    session = Session.start_new(Scenario.model_validate(data), load_reference(), MemoryStore(), seed=1, pace="stepped")
    return LocalTable(session, seats, {})


async def to_form(pilot: Pilot[Any]) -> None:
    """From the play screen to the form of a preservation request."""
    await pilot.press("r")
    await came(pilot, RequestsScreen)
    await pilot.press("w")
    await came(pilot, KindScreen)
    await take(pilot, "preservation")
    await came(pilot, EntryScreen)
    await take(pilot, "1")
    await came(pilot, MatterScreen)
    await pilot.press("enter")
    await came(pilot, ComposeScreen)
    await until(pilot, lambda: isinstance(pilot.app.focused, TextArea))


async def back(pilot: Pilot[Any]) -> None:
    while not isinstance(pilot.app.screen, PlayScreen):
        depth = len(pilot.app.screen_stack)
        await pilot.press("escape")
        await until(pilot, lambda depth=depth: len(pilot.app.screen_stack) < depth)
    await pilot.pause()


async def reading_along(pilot: Pilot[Any]) -> None:
    """From the cover to a request of which the police hold the pen; the lead looks on."""
    await begun(pilot, LEAD)
    app: Any = pilot.app
    words = "Preservation of stored data\nTo: Belmark 24/7\nAbout: Logs of the host\n\nAuthority\nNational police"
    police = app.table.client(POLICE)
    await police.submit(TakePen(seat=POLICE, subject="request"))
    await police.submit(WriteDraft(seat=POLICE, subject="request", text=words))
    await pilot.press("r")
    await came(pilot, RequestsScreen)
    await pilot.press("w")
    await came(pilot, RequestPenScreen)


def pen(table: LocalTable) -> tuple[str | None, str]:
    draft = table.session.state.drafts.get(AVERNE)
    return (draft.holder, draft.text) if draft is not None else (None, "")


def shown(app: ExerciseApp) -> str:
    return " ".join(picture(app).split())


async def test_one_seat_begins_a_request_and_the_next_goes_on_with_it_and_sends_it() -> None:
    """Protects a request written by two: the form takes the pen and lays it down, and no word is lost in between."""
    table = table_for(LEAD, POLICE)
    app = ExerciseApp(table=table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await begun(pilot, POLICE)
        await to_form(pilot)
        await until(pilot, lambda: pen(table)[0] == POLICE)
        await pilot.press(*"Police of Averne", "tab")
        await until(pilot, lambda: "Authority\nPolice of Averne" in pen(table)[1])
        assert "Preservation of stored data\nTo: Belmark 24/7\nAbout:" in pen(table)[1]
        await back(pilot)
        await until(pilot, lambda: pen(table)[0] is None)
        assert "Police of Averne" in pen(table)[1]

        await sit(pilot, LEAD)
        await pilot.press("r")
        await came(pilot, RequestsScreen)
        await pilot.press("w")
        await came(pilot, ConfirmScreen)
        assert "Your team has begun a request" in picture(app)
        assert "Preservation of stored data to Belmark" in picture(app)
        await pilot.press("enter")
        await came(pilot, ComposeScreen)
        await until(pilot, lambda: pen(table)[0] == LEAD)
        assert "Police of Averne" in [area.text for area in app.screen.query(TextArea)]
        await pilot.press("ctrl+s")
        await came(pilot, CheckRequestScreen)
        await pilot.press("ctrl+s")
        await came(pilot, RequestsScreen)
        await until(pilot, lambda: pen(table) == (None, ""))

    assert [request.content["authority"] for request in table.session.state.requests.values()] == ["Police of Averne"]


async def test_while_another_writes_one_reads_along_until_the_pen_is_free() -> None:
    """Protects the writer: the form stays shut for the others, who are told by whom, and see what stands there."""
    table = table_for(POLICE, LAW)
    app = ExerciseApp(table=table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await begun(pilot, LAW)
        await table.client(POLICE).submit(TakePen(seat=POLICE, subject="request"))
        await table.client(POLICE).submit(WriteDraft(seat=POLICE, subject="request", text="Keep [@click=app.quit]x[/]"))
        await pilot.press("r")
        await came(pilot, RequestsScreen)
        await pilot.press("w")
        await came(pilot, RequestPenScreen)
        assert "Police holds the pen of your team's request" in shown(app)
        assert "Keep [@click=app.quit]x[/]" in shown(app) and not app.screen.query(TextArea)
        await pilot.press("ctrl+t")
        await until(pilot, lambda: "✕ Police holds the pen; wait until it is put down." in shown(app))
        await table.client(POLICE).submit(PutDownPen(seat=POLICE, subject="request"))
        await until(pilot, lambda: "Nobody holds the pen" in shown(app))
        await pilot.press("ctrl+t")
        await came(pilot, KindScreen)
        assert pen(table)[0] == LAW
        await pilot.press("escape")
        await came(pilot, RequestsScreen)
        await until(pilot, lambda: pen(table)[0] is None)


async def test_the_lead_takes_the_pen_and_the_writer_is_told_before_anything_is_sent() -> None:
    """Protects the one hand: who has lost the pen reads along and sends nothing; the lead takes it only on purpose."""
    table = table_for(LEAD, POLICE)
    app = ExerciseApp(table=table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await begun(pilot, POLICE)
        await to_form(pilot)
        await until(pilot, lambda: pen(table)[0] == POLICE)
        await pilot.press("ctrl+s")
        await came(pilot, CheckRequestScreen)
        await table.client(LEAD).submit(TakePen(seat=LEAD, subject="request"))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "✕ Head of delegation holds the pen" in shown(app))
        assert not table.session.state.requests
        await pilot.press("escape")
        await came(pilot, ComposeScreen)
        await pilot.press("tab")
        await came(pilot, RequestPenScreen)
        await back(pilot)

        await table.client(LEAD).submit(PutDownPen(seat=LEAD, subject="request"))
        await table.client(POLICE).submit(TakePen(seat=POLICE, subject="request"))
        await sit(pilot, LEAD)
        await pilot.press("r")
        await came(pilot, RequestsScreen)
        await pilot.press("w")
        await came(pilot, RequestPenScreen)
        assert pen(table)[0] == POLICE and "You may take it over with ctrl+t" in shown(app)
        await pilot.press("ctrl+t")
        await came(pilot, ComposeScreen)
        await until(pilot, lambda: pen(table)[0] == LEAD)


async def test_a_whole_team_at_one_seat_writes_requests_without_a_pen() -> None:
    """Protects games as they were: nothing of this is seen or logged where nobody else of the team is there."""
    table = table_for(WHOLE, "belmark")
    app = ExerciseApp(table=table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("n")
        await came(pilot, PlayScreen)
        await to_form(pilot)
        await pilot.press(*"Police", "tab")
        await back(pilot)

    assert table.session.state.drafts == {}


@at_both_sizes
def test_picture_of_reading_along(snap_compare: Any, size: tuple[int, int]) -> None:
    """Protects how a request looks that another of the team writes."""
    assert snap_compare(ExerciseApp(table=table_for(LEAD, POLICE)), terminal_size=size, run_before=reading_along)
