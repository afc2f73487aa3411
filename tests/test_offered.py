"""What a form offers: addressees that fit before others, texts that were accepted and no other, and times.

Without the right order and the right words a team writes to whoever stands first, and rests on what does not bind it.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_client import FakeTable
from fake_requests import asking_app, asking_scenario, asking_table, came, sit_down
from piloting import shown
from request_walk import take
from screens import picture, still, until
from textual.events import Key
from textual.widgets import TextArea

from exercise.catalogue import load_reference
from exercise.core.commitments import Profile
from exercise.core.requests.addressees import addressees
from exercise.core.requests.bases import held
from exercise.core.requests.views import MatterView
from exercise.core.scenario import Scenario
from exercise.core.views import ContactView, ParticipantView
from exercise.plain import request_pages
from exercise.tui.app import ExerciseApp
from exercise.tui.composing import deadlines, past_move
from exercise.tui.draft import Aside
from exercise.tui.screens.answer import AnswerScreen
from exercise.tui.screens.compose import EntryScreen, KindScreen, MatterScreen
from exercise.tui.screens.compose_form import ComposeScreen
from exercise.tui.screens.directory import DirectoryScreen
from exercise.tui.screens.messages import MessagesScreen
from exercise.tui.screens.picker import PickerScreen
from exercise.tui.screens.play import PlayScreen
from exercise.tui.widgets.choices import Choices, Lines

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]


@pytest.fixture(scope="module")
def view() -> ParticipantView:
    """Averne's view of the small world of requests."""
    return asking_table().client("averne").view()


def entry(number: int, name: str, party: str, via: str) -> ContactView:
    """A line of a directory."""
    return ContactView(name, party, "phone", "", "", "technical", "", number=number, via=via, takes=via)


def numbers(part: tuple[ContactView, ...]) -> list[int]:
    """The lines by number."""
    return [contact.number for contact in part]


def test_the_addressees_that_fit_come_first(view: ParticipantView) -> None:
    """Protects a team from the first line of its directory: the best way first, what takes no requests last."""
    kind = next(kind for kind in view.kinds if kind.id == "warning")
    found = addressees(view, kind)

    assert numbers(found.named) == []
    assert numbers(found.fitting) == [2, 3, 4, 5]
    assert numbers(found.others) == [1, 6]
    dead = tuple(replace(one, stands="dead" if one.number == 2 else "") for one in view.contacts)
    assert numbers(addressees(replace(view, contacts=dead), kind).fitting) == [3, 4, 5, 2], "nobody is there"


def test_whom_the_matter_names_comes_first_and_nobody_else(view: ParticipantView) -> None:
    """Protects the holder's secret: the first is whoever the team has read of, whoever holds the thing in truth."""
    kind = next(kind for kind in view.kinds if kind.id == "warning")
    told = (MatterView("a", "A list", "The police centre keeps it.", ("warning",)), MatterView("b", "Belmark", "", ()))
    known = replace(view, matters=told)

    assert numbers(addressees(known, kind).named) == [4]
    assert numbers(addressees(known, kind, "b").named) == [2, 3]
    assert numbers(addressees(view, kind).named) == [], "the matter's holder is not in its words"


def test_a_measure_at_home_offers_those_at_home_first(view: ParticipantView) -> None:
    """Protects an order at home from going abroad: own firms, then others, then foreign ones."""
    kind = next(kind for kind in view.kinds if kind.id == "warning")
    home = replace(kind, channels=(("operator-hotline", "Hotline"),), basis=("bc-16",))
    lines = (
        entry(1, "Hosting of Belmark", "A host", "operator-hotline"),
        entry(2, "Harbour firm", "Harbour", "operator-hotline"),
        entry(3, "Bank desk", "Bank", "operator-hotline"),
        entry(4, "Response team", "Belmark", "cert"),
    )
    others = (("Bank", "A bank in Averne."),)
    known = replace(view, contacts=lines, briefing=replace(view.briefing, others=others))

    assert numbers(addressees(known, home).fitting) == [3, 2, 1]
    assert numbers(addressees(known, replace(home, basis=("bc-32",))).fitting) == [1, 3, 2], "free consent is abroad"


def test_only_texts_that_bind_on_the_day_are_offered(view: ParticipantView) -> None:
    """Protects a team that is no party: neither a text it never accepted nor one of another day is offered."""
    reference = load_reference()
    ids = ("bc-29", "se-pre4", "cbm-8")

    assert held(view, reference, ids) == ("bc-29",)
    assert held(replace(view, profile=(Profile(instrument="osce-cbm"),)), reference, ids) == ("cbm-8",)
    early = replace(view.clock, story=view.clock.story.replace(year=1999))
    assert held(replace(view, clock=early), reference, ids) == ()


def test_times_past_the_end_of_the_move_are_marked(view: ParticipantView) -> None:
    """Protects addressee and asker: half an hour is offered where a room can keep it, and what is late is said."""
    clock = replace(view.clock, phase="move", phase_seconds=3600, move_ends=2 * 3600, exercise=0, play=0)
    slow = deadlines(replace(view, clock=clock))
    fast = deadlines(replace(view, clock=replace(clock, phase_seconds=600, move_ends=12 * 3600, exercise=9 * 3600)))

    assert [key for key, _words, _at in slow] == ["none", "half", "1", "move", "4", "12"]
    marked = [key for key, _words, at in slow if past_move(replace(view, clock=clock), at)]
    assert marked == ["4", "12"]
    assert [key for key, _words, _at in fast][:2] == ["none", "soon"]


def test_a_kinds_use_is_no_when_of_a_when(view: ParticipantView) -> None:
    """Protects the page of a kind: a label does not run into a sentence that begins with the same word."""
    kind = next(kind for kind in view.kinds if kind.id == "warning")

    said = " ".join(request_pages.kind(kind, 78))

    assert "The moment for it: When others may be hit." in said and "When: When" not in said


async def test_a_team_that_is_no_party_is_led_through_the_form() -> None:
    """Protects a team without the convention: whom it tells, no foreign text, and what is typed fast kept apart."""
    data = asking_scenario().model_dump(mode="json", by_alias=True)
    for team in data["teams"]:
        team["profile"] = [{"instrument": "osce-cbm"}]
    app = asking_app(asking_table(Scenario.model_validate(data)))
    async with app.run_test(size=(80, 60)) as pilot:
        await sit_down(pilot)
        await pilot.press("r", "w")
        await came(pilot, KindScreen)
        app.screen.query_one("#rows", Choices).choose("warning")
        await until(pilot, lambda: "The moment for it: When others" in picture(app))
        await pilot.press("enter")
        await came(pilot, EntryScreen)
        page = picture(app)
        assert "Whom do you tell?" in page and "ask?" not in page and "Fits this" in page
        assert page.index("Belmark CERT") < page.index("Goes another way")
        await pilot.press("escape")
        await came(pilot, KindScreen)
        await take(pilot, "preservation")
        await came(pilot, EntryScreen)
        assert "Whom do you ask?" in picture(app)
        await pilot.press("enter")
        await came(pilot, MatterScreen)
        await pilot.press("enter")
        await came(pilot, ComposeScreen)
        first, second = list(app.screen.query(TextArea))[:2]
        # As a terminal hands on what was typed in one go: nothing is waited for in between.
        for key in ("x", "tab", "y"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: first.text + second.text in ("xy", "yx"))
        assert (first.text, second.text) == ("x", "y")
        await until(pilot, lambda: "has accepted none of the texts" in picture(app))
        assert not app.screen.query("#basis")


async def test_what_was_said_of_an_entry_goes_with_its_mark() -> None:
    """Protects the directory: `somebody answered there` is not read as said of the next entry."""
    app = asking_app(asking_table())
    async with app.run_test(size=(80, 24)) as pilot:
        await sit_down(pilot)
        await pilot.press("c")
        await came(pilot, DirectoryScreen)
        app.screen.query_one("#rows", Choices).choose("1")
        await pilot.press("p")
        await until(pilot, lambda: "Somebody answered there" in picture(app).splitlines()[-2])
        assert "Requests go by: 24/7" in picture(app)
        await pilot.press("down")
        await until(pilot, lambda: "Somebody answered" not in picture(app).splitlines()[-2])


async def test_a_search_without_a_find_says_so(view: ParticipantView) -> None:
    """Protects whoever looks for a clause: an empty list says that it is empty, and enter takes nothing."""
    reference = asking_table().client("averne").reference
    day = view.clock.story.date()
    async with shown(lambda: PickerScreen("What?", reference, view.profile, day)) as pilot:
        await pilot.press(*"zzzz", "enter")
        await until(pilot, lambda: "No clause matches." in picture(pilot.app))
        assert isinstance(pilot.app.screen, PickerScreen)


def test_rows_of_an_answer_keep_their_indent() -> None:
    """Protects the form at eighty columns: what is wrapped stands below its own words."""
    screen = AnswerScreen.__new__(AnswerScreen)
    screen._client = asking_table().client("averne")
    row = screen._aside_row(Aside("bc-29", "It would take a week, and in a week nothing is left to be kept.", "A day."))

    assert isinstance(row, Lines)
    lines = [line.plain for line in row.lines(40)]
    assert len(lines) > 4 and all(line.startswith("  ") for line in lines[1:]), lines


class _LongNames(FakeTable):
    """A game with a State whose name is long."""

    @property
    def addressees(self) -> tuple[tuple[str, str], ...]:
        return (("averne", "Averne"), ("belcora", "United Provinces of the Northern Belcora Lowlands"))


async def test_how_one_speaks_is_read_to_its_end() -> None:
    """Protects whoever writes to another team: that it is official, and how to change that, is not cut off."""
    app = ExerciseApp(table=_LongNames())
    async with app.run_test(size=(80, 24)) as pilot:
        await came(pilot, PlayScreen)
        await pilot.press("m")
        await came(pilot, MessagesScreen)
        await pilot.press("down", "ctrl+o")
        await until(pilot, lambda: "ctrl+o: a side talk instead." in " ".join(picture(app).split()))
