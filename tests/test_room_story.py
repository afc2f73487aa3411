"""The console's story side: what is promised to come, whose head is shown, and how what is typed arrives."""

from __future__ import annotations

import pytest
from console_room import at, room, shows
from controlling import DirectControl
from given import given, inject, scenario, started, tick
from screens import picture
from screens import still as still

from exercise.core.commands import EndExercise
from exercise.core.control.commands import TurnPage
from exercise.core.overview import facilitator_view
from exercise.tui.console.inject_form import marked_ends, typed_ends
from exercise.tui.console.msel import Pacing, detail, names_of, rows_of
from exercise.tui.hot_wash_pages import HOT_WASH_PAGES
from exercise.tui.screens.head import grouped
from exercise.tui.widgets.prose import prose

pytestmark = pytest.mark.usefixtures("still")

STORY = scenario(
    inject("call", to=["averne"]),
    inject("good", at="T+2:00", when={"flag": "told"}),
    inject("bad", at="T+2:00", when={"not": {"flag": "told"}}),
    inject("noon", at="T+2:00", when={"time": {"from": "T+1:00"}}),
)


def test_what_comes_only_on_a_condition_is_not_counted_down() -> None:
    """Protects the facilitator: of outcomes that exclude each other only the one that would come is promised."""
    view = facilitator_view(STORY, given(STORY, started(), tick(60)).state)
    names, pacing = names_of((("averne", "Averne"),), view), Pacing.of(view.clock)
    rows = {row.id: row for row in rows_of(view, names, pacing)}
    assert {row.inject: row.waits for row in view.msel} == {
        "call": "",
        "good": "condition",
        "bad": "time",
        "noon": "time",
    }
    assert rows["i:good"].state == "? on condition" and rows["i:good"].time == "T+2:00"
    assert rows["i:bad"].state.startswith("› in ")
    order = list(rows)
    assert order.index("i:bad") < order.index("#condition") < order.index("i:good")
    told = detail(next(row for row in view.msel if row.inject == "good"), view, names, pacing)
    assert "once this holds: Belmark knows" in told and "not before T+2:00" in told and "due T+2:00" not in told


async def test_the_next_thing_is_one_that_comes() -> None:
    """Protects the line at the foot: what waits for a condition is not announced as the next thing."""
    control = DirectControl(scenario(inject("call"), inject("good", at="T+0:30", when={"flag": "told"}))).started()
    async with at(control) as pilot:
        await shows(pilot, "when something holds", "? on condition", "Nothing more comes by itself")
        assert "Next:" not in picture(pilot.app)


async def test_the_head_is_not_said_to_be_of_more_entries_than_it_is() -> None:
    """Protects the check afterwards: what is noted after ENDEX makes the log longer, and the head stays ENDEX's."""
    control = room()
    control.given(EndExercise())
    ended = len(control.session.entries)
    async with at(control, "l") as pilot:
        await shows(pilot, "Head of the log at ENDEX:", *grouped(control.session.head))
        control.given(TurnPage(page=HOT_WASH_PAGES[0][0]))
        await shows(pilot, f"▶ {HOT_WASH_PAGES[0][1]}")
        assert len(control.session.entries) > ended and "entries" not in picture(pilot.app)


@pytest.mark.parametrize(
    "typed",
    [
        "Two lines, of which the first is so long that it would fill any screen from side to side.\nDuty desk",
        "Port of Averne\nQuay 4\n\nCall us.\nThe harbour master",
        "# Head\nThree things:\n- one\n- two\n  and more\n1. first\n\n> said\n\n---\nThe end.",
    ],
)
def test_line_ends_arrive_as_they_were_typed(typed: str) -> None:
    """Protects signatures and addresses in what control writes: a single line end stays one, and no mark is seen."""
    sent = marked_ends(typed)
    assert typed_ends(sent) == typed and marked_ends(typed_ends(sent)) == sent
    shown = prose(sent).plain
    assert "\\" not in shown
    for line in ("Duty desk", "Quay 4", "The harbour master", "Three things:", "The end."):
        if line in typed:
            assert line in shown.split("\n")
