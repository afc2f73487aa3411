"""Each person of a hosted exercise reads their own language: teams theirs, exercise control its own; the log is one."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hosting import Hosting, hosted
from screens import picture, still
from textual.pilot import Pilot

from exercise.authoring.languages import reading
from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.core.commands import EndExercise
from exercise.core.control.commands import SeatBot
from exercise.core.scenario import Scenario
from exercise.hub.entry import app_for
from exercise.hub.link import Link
from exercise.hub.people import Member
from exercise.hub.protocol import Hello
from exercise.hub.remote_control import RemoteControl, come_in
from exercise.hub.room import Room
from exercise.hub.steering import carry_out, make_ticket
from exercise.language import speaking, spoken
from exercise.session.control import JumpTo, NewTicket, Startex, StepOn
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.tui.console.app import ConsoleApp

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]


@pytest.fixture(scope="module")
def latvian() -> Scenario:
    """First Light, read in Latvian by all its teams."""
    return reading(load_scenario("first-light"), ("lv",))


@pytest.fixture(scope="module")
def mixed() -> Scenario:
    """The same, read in Latvian on one side of the water and in English on the other."""
    return reading(load_scenario("first-light"), ("elvast=lv",))


def a_room(scenario: Scenario) -> Room:
    """A room without a network, in which time stands."""
    store = MemoryStore()
    return Room(Session.start_new(scenario, load_reference(), store, seed=1), store, now=lambda: 0.0)


def who(room: Room, kind: str, language: str) -> Member:
    """Somebody without a team, at whose place this is spoken."""
    code = make_ticket(room, kind).code  # type: ignore[arg-type]
    return room.knock(Hello(code=code, name=f"{kind} {language}", language=language), "10.0.0.1")


def seen(room: Room, member: Member, feed: str) -> Any:
    """What a feed shows somebody now."""
    return room.feeds.watch(member, feed).view


def fetched(room: Room, member: Member, what: str) -> str:
    """Something large as it is sent."""
    found = room.feeds.fetch(member, what)
    return zlib.decompress(found).decode() if isinstance(found, bytes) else found


def test_control_reads_the_scenario_and_the_room_in_its_own_language(mixed: Scenario) -> None:
    """Protects a facilitator in Riga: titles, facts, codes and moments are Latvian there and English elsewhere."""
    room = a_room(mixed)
    riga, hague = who(room, "facilitator", "lv"), who(room, "facilitator", "en")
    room.session.start({})
    here, there = seen(room, riga, "control"), seen(room, hague, "control")

    assert [row.title for row in there.msel] == [inject.title for inject in mixed.injects]
    assert all(row.title != other.title for row, other in zip(here.msel, there.msel, strict=True))
    assert [row.inject for row in here.msel] == [row.inject for row in there.msel]
    assert here.fact_choices[0][1] == "Vai dators ar viltoto lapu kalpo vēl kādam?"
    assert here.clock.move_title == "Rīta pasts" and there.clock.move_title == mixed.moves[0].title
    assert [row.condition for row in here.msel if row.condition] != [
        row.condition for row in there.msel if row.condition
    ]
    assert room.welcome_message(riga, first=True).title == seen(room, riga, "room").title == "Pirmā gaisma"
    assert "Mācību vadītājs" in [card.label for card in seen(room, riga, "room").tickets]
    assert "Facilitator" in [card.label for card in seen(room, hague, "room").tickets]
    assert "Rīta pasts" in fetched(room, riga, "moments") and "Rīta pasts" not in fetched(room, hague, "moments")


def test_who_said_no_language_reads_what_all_teams_read(latvian: Scenario, mixed: Scenario) -> None:
    """Protects consoles and projectors behind the doors, and a hub from names of languages that somebody made up."""
    for asked in ("", "xx", "../../etc"):
        room, other = a_room(latvian), a_room(mixed)
        assert seen(room, who(room, "controller", asked), "control").msel[0].title.startswith("Mūsu")
        assert seen(room, who(room, "spectator", asked), "public").title == "Pirmā gaisma"
        assert other.welcome_message(who(other, "spectator", asked), first=True).language == "en"
    # A team reads its own whatever is spoken where it sits, and evaluators judge in the author's words.
    room = a_room(mixed)
    code = make_ticket(room, "participant", "elvast").code
    assert room.welcome_message(room.knock(Hello(code=code, language="en"), "10.0.0.2"), first=True).language == "lv"
    assert room.welcome_message(who(room, "evaluator", "lv"), first=True).language == mixed.language


def test_what_control_asks_is_answered_in_its_language_and_logged_alike(mixed: Scenario) -> None:
    """Protects the log: whatever control speaks, the same commands write the same entries and give the same marks."""
    logs, said, marks = [], {}, []
    for language in ("en", "lv"):
        room = a_room(mixed)
        control = who(room, "facilitator", language)
        carry_out(room, control, Startex())
        for team in mixed.teams:
            room.session.submit(SeatBot.model_validate({"team": team.id, "policy": "cooperative"}))
        said[language] = [carry_out(room, control, StepOn()) for _ in range(5)]
        said[language].append(carry_out(room, control, NewTicket(kind="observer")).partition(":")[0])
        with pytest.raises(Exception, match="T\\+") as refused:
            carry_out(room, control, JumpTo(exercise=0))
        said[language].append(str(refused.value))
        room.session.submit(EndExercise())
        logs.append([entry.event for entry in room.session.entries])
        found = fetched(room, control, "assessment")
        marks.append(re.findall(r'"grade": ?"(\w+)"', found[found.rindex('"marks"') :]))
        assert ("ievērot" in found) == (language == "lv")
    assert logs[0] == logs[1]
    assert marks[0] == marks[1] and marks[0]
    assert said["en"][0].startswith("The story stands at T+") and said["lv"][0].startswith("Stāsts ir pie T+")
    assert said["en"][-2:] != said["lv"][-2:] and said["lv"][-2] == "Kods (Novērotājs)"


# The console's pages

ENGLISH = re.compile(
    r"\b(the|of|and|is|was|been|by|for|has|have|with|from|its|not|this|that|what|when|where|how|all|only|still|"
    r"open|opens|closed|held|released|answer|answers|answered|lapsed|requests?|sent|teams?|move|moves|page|code|now|"
    r"here|nobody|everybody|exercise control|names?|will|free|bot|decision|facilitator|cooperative)\b",
    re.IGNORECASE,
)
OURS = re.compile(r"EXERCISE – EXERCISE – EXERCISE|exercise join \S+|\bSTARTEX\b|\bENDEX\b|\bMSEL\b")
"""What stands in English everywhere: the banner of an exercise, what is typed, and the words kept by the glossary."""


async def comes(pilot: Pilot[Any], holds: Callable[[], object]) -> None:
    """Lets app, link and hub work until something holds."""
    for _ in range(2_000):
        if holds():
            return
        await pilot.pause(0.005)
    raise AssertionError("it did not come:\n" + picture(pilot.app))


async def console(hosting: Hosting, language: str) -> ConsoleApp:
    """The facilitator's console at a place where this is spoken."""
    link = Link(hosting.url, Hello(code=hosting.code("facilitator"), name="Zane", language=language))
    hosting.links.append(link)
    app = app_for(await come_in(link))
    assert isinstance(app, ConsoleApp)
    app.animation_level = "none"
    return app


async def test_no_page_of_the_console_says_a_word_of_english(latvian: Scenario) -> None:
    """Protects a facilitator who reads no English: each page of the console, with an exercise under way."""
    left: dict[str, list[str]] = {}

    def look(pilot: Pilot[Any], where: str) -> None:
        with speaking("lv"):  # Lines that the app has not drawn yet are drawn here and now.
            shown = OURS.sub("", picture(pilot.app))
        if lines := [line for line in shown.splitlines() if ENGLISH.search(line)]:
            left[where] = lines

    async def turn(pilot: Pilot[Any], keys: str) -> None:
        first = pilot.app.screen
        for key in keys:
            await pilot.press(key)
            await comes(pilot, lambda: pilot.app.screen is not first)
            if key == "g":
                await comes(pilot, lambda: pilot.app.screen._assessment is not None)  # type: ignore[attr-defined]
            await pilot.pause()
            look(pilot, key)
            await pilot.press("escape")
            await comes(pilot, lambda: pilot.app.screen is first)

    async with hosted(latvian) as hosting:
        app = await console(hosting, "lv")
        control = app.control
        assert isinstance(control, RemoteControl)
        async with app.run_test(size=(80, 24)) as pilot:
            await control.ask(Startex())
            for team, _short in control.teams:
                await control.submit(SeatBot.model_validate({"team": team, "policy": "cooperative"}))
            for _ in range(8):
                await control.ask(StepOn())
            await comes(pilot, lambda: control.view().clock.exercise > 0)
            look(pilot, "msel")
            await turn(pilot, "cdfptsqgb")
            await control.submit(EndExercise())
            await comes(pilot, lambda: control.view().clock.phase == "ended")
            await turn(pilot, "l")
    assert not left


async def test_behind_a_door_the_console_speaks_what_the_hub_writes(latvian: Scenario) -> None:
    """Protects controllers at a browser: their screens are in the language of the texts on them, and no other app's."""
    async with hosted(latvian) as hosting:
        app = await console(hosting, "")
        assert app._own_language == "lv"
        assert spoken() == "en"
        projector = app_for(await hosting.projector())
        assert projector._own_language == "lv"  # type: ignore[attr-defined]
