"""Searches, as people type on whatever keyboard the room has: without the marks of their language's letters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from piloting import shown, until
from played import played_reference
from seated import LEAD, world
from textual.widgets import Input

from exercise.authoring.translations import cited_texts
from exercise.catalogue import load_reference
from exercise.cli.looking_up import look_up
from exercise.core.commands import StartExercise
from exercise.core.teamwork.commands import Say, TakeSeat
from exercise.core.tongues import with_texts
from exercise.language import folded, speaking
from exercise.session.autoplay import Rehearsal
from exercise.session.player import LogPlayer
from exercise.tui.screens.commitments import CommitmentsScreen
from exercise.tui.widgets.choices import Choices


@pytest.mark.parametrize(
    ("written", "typed"),
    [("Polițienești", "politienesti"), ("Pārkāpta ķēde", "parkapta kede"), ("SE-P7 bc-29", "se-p7 bc-29"), ("ß", "SS")],
)
def test_letters_are_compared_without_case_and_marks(written: str, typed: str) -> None:
    """Protects every search: what is typed without marks, in any case, is what is written with them."""
    assert folded(written) == folded(typed)


@pytest.mark.parametrize(
    ("language", "typed", "written"), [("ro", "canal politienesc", "Canal polițienesc"), ("lv", "tiesibas", "tiesības")]
)
def test_the_catalogue_is_searched_without_marks(language: str, typed: str, written: str) -> None:
    """Protects whoever looks a commitment up at a foreign keyboard: the same entries, and some."""
    with speaking("en"):  # The command speaks the language it was given from then on; the tests after this do not.
        found, same, nothing = (look_up(language, None, json=False, text=words) for words in (typed, written, "qqqq"))

    assert found == same != nothing


async def test_a_team_finds_a_clause_of_its_language_without_marks() -> None:
    """Protects a participant's look-up on the screen, where nothing would be found otherwise."""
    reference = played_reference()
    texts = cited_texts("ro")
    commitments = {id: with_texts(one, f"commitments.{id}", texts) for id, one in reference.commitments.items()}
    async with shown(lambda: CommitmentsScreen(replace(reference, commitments=commitments))) as pilot:
        rows = pilot.app.screen.query_one(Choices)
        pilot.app.screen.query_one(Input).value = "canal politienesc"
        await until(pilot, lambda: rows.chosen == "cbm-6")


@pytest.mark.parametrize(
    ("said", "typed"), [("Am văzut o mașină roșie.", "masina ROSIE"), ("우리는 알고 있다", "알고")]
)
def test_a_replay_is_searched_without_marks_and_shows_the_words_as_they_stand(said: str, typed: str) -> None:
    """Protects whoever looks back: what was said in another language is found, and shown as it was said."""
    rehearsal = Rehearsal(world())
    for command in (
        StartExercise(facts={"source": "crew"}),
        TakeSeat(seat=LEAD, name="Ann"),
        Say(seat=LEAD, to="averne", text=said),
    ):
        rehearsal.submit(command)

    found = LogPlayer(world(), load_reference(), rehearsal.entries).find("averne", typed)

    assert [said in one.around for one in found] == [True]


def test_a_replay_is_searched_in_what_screens_show_and_not_in_the_marks_of_markdown() -> None:
    """Protects who looks for words as they read them: an author's emphasis hides none, and people's own signs stay."""
    scenario = world()
    first, *others = scenario.injects
    told = first.model_copy(update={"text": "# Note\n\n*TLP:AMBER*: **three of**\nthe mails, see `log_a`"})
    scenario = scenario.model_copy(update={"injects": (told, *others)})
    rehearsal = Rehearsal(scenario)
    for command in (
        StartExercise(facts={"source": "crew"}),
        TakeSeat(seat=LEAD, name="Ann"),
        Say(seat=LEAD, to="averne", text="Is 2 *3* or **not**?"),
    ):
        rehearsal.submit(command)
    player = LogPlayer(scenario, load_reference(), rehearsal.entries)

    around = [one.around for one in player.find("facilitator", "tlp:amber: three of the mails")]
    assert around and all("*" not in one and "`" not in one and "#" not in one for one in around)
    assert ["2 *3* or **not**" in one.around for one in player.find("averne", "*3* or **not**")] == [True]
