"""Words of the console and of what it shows, in each language of the interface: none is cut, none left in English."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from given import decision, inject, scenario
from test_control_rules import controlled
from textual.screen import Screen

from exercise.catalogue import load_reference
from exercise.core.commands import SetAside
from exercise.core.commitments import Area
from exercise.core.control.told import condition_told
from exercise.core.scorecard import Counts
from exercise.core.views import AnswerView
from exercise.language import _, languages, speaking
from exercise.session.retell import Retelling
from exercise.tui.app import ExerciseApp
from exercise.tui.console.banner import waiting_requests
from exercise.tui.console.corrections import SureScreen, TypeWordScreen, WhyScreen
from exercise.tui.console.decisions import _answer
from exercise.tui.console.moments import _SIGNS, _row
from exercise.tui.console.msel import MselLine, Row
from exercise.tui.widgets.scorecard_table import _capital, _heading, _shortly

in_each_language = pytest.mark.parametrize("language", languages())


@in_each_language
def test_headings_of_the_scorecard_are_whole_at_80_columns(language: str) -> None:
    """Protects the projector: in no language is the name of an area cut to make room for its counts."""
    counts = Counts(kept=12, partly=3, neglected=14, breached=10)
    with speaking(language):
        for area in Area:
            heading = _heading(_capital(_(area.value)), counts.text, _shortly(counts)).fitted(78).plain
            assert "…" not in heading, heading
            assert all(figure in heading for figure in ("12", "3", "14", "10", "39"))


@in_each_language
def test_signs_of_moments_stand_in_a_column_of_their_own(language: str) -> None:
    """Protects the list of moments: however long a language's word for a kind is, the title does not run into it."""
    with speaking(language):
        for kind in _SIGNS:
            assert f"{_SIGNS[kind]}  " in _row((1, 3600, kind, "What happened")).left.plain


def test_counts_of_readers_are_never_cut_to_other_numbers() -> None:
    """Protects the reader of a narrow list: `0/12` where `read 0/12` has no room, and never `read 0/1…`."""
    row = Row("i:a", "1", "T+0:00", "✓", "All", "A title", "lasīta 10/12", less="10/12")
    assert "10/12" in MselLine(row).fitted(78).plain and "lasīta" not in MselLine(row).fitted(78).plain
    assert "lasīta 10/12" in MselLine(row).fitted(118).plain


@pytest.mark.parametrize("asked", [TypeWordScreen, WhyScreen, SureScreen])
async def test_a_question_is_as_high_as_its_text(asked: Any) -> None:
    """Protects small screens: a question of one line leaves no hole of ten rows between it and its answers."""
    question = (
        asked("End?", "One line.", "ENDEX") if asked is TypeWordScreen else asked("Sure?", "One line.", yes="Yes")
    )
    app = ExerciseApp(Screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(question)
        await pilot.pause()
        assert question.query_one(".asked-text").size.height == 1


def test_conditions_are_told_in_the_language_spoken() -> None:
    """Protects control's list of what waits: names stay, and every word between them is the reader's."""
    when = {"all": [{"flag": "told"}, {"not": {"chose": "tell"}}, {"time": {"until": "T+1:30"}}, {"lapsed": "tell"}]}
    world = scenario(inject("thanks", when=when), decision("tell", title="Tell them"))
    condition = world.injects_by_id["thanks"].when
    english = condition_told(world, condition)
    assert " and " in english and "not: " in english and "until T+1:30" in english
    for language in languages()[1:]:
        with speaking(language):
            told = condition_told(world, condition)
        assert "Belmark knows" in told and "T+1:30" in told
        assert not {"and", "not", "until", "from", "answered", "lapsed"} & set(told.replace(":", " ").split())


def test_what_control_did_is_retold_in_whole_sentences_of_the_language() -> None:
    """Protects translators: how an inject came and what a bot does stand where their language puts them."""
    session = controlled()
    entries = session.log().entries
    with speaking("lv"):
        words = Retelling(session.scenario, entries)
        told = [words.line(entry) for entry in entries]
    assert "Ievade „A rumour” (plašsaziņas līdzekļi) sasniedz: Averne." in told
    assert "Tagad komandu Belmark spēlē robots: tas dalās un apspriežas." in told
    assert not [line for line in told if "“" in line]
    assert any("„Kas bija patiesība”" in line for line in told)


@in_each_language
def test_how_a_row_of_the_msel_stands_is_told_whole_where_it_is_narrow(language: str) -> None:
    """Protects the list at 80 columns: no language's word for how an inject or a decision stands is cut."""
    signed = ("‖ HELD", "– did not come", "– skipped", "✕ withdrawn", "? on condition", "☞ by hand")
    signed += ("◆ closing now", "◇ answered", "○ lapsed")
    with speaking(language):
        words = [_(sign) for sign in signed]
        words += [f"› {_(due)}" for due in ("at STARTEX", "to come", "due now", "later move")]
        words += [f"› {_('in {it} min').format(it=25)}", f"› {_('in {seconds} s').format(seconds=55)}"]
        words += [f"✓ {_('released')}", f"✓ {_('just now')}", f"✓ {_('{seconds} min ago').format(seconds=25)}"]
        words += [_("◆ open {play_left}").format(play_left="12:34")]
    for state in words:
        assert state in MselLine(Row("i:a", "1", "T+0:00", state, "All", "A title", "")).fitted(78).plain


def test_nothing_waits_for_control_after_endex() -> None:
    """Protects the banner: a request that was left open is no work any more once the exercise has ended."""
    left = SimpleNamespace(over=False, status="delivered", other="Averne → Police centre", steps=())
    for phase, waiting in (("move", 1), ("plenary", 1), ("ended", 0)):
        view: Any = SimpleNamespace(clock=SimpleNamespace(phase=phase), requests=(left,))
        assert waiting_requests(view, (("averne", "Averne"),)) == waiting


def test_what_was_set_aside_is_named_and_not_given_by_its_id() -> None:
    """Protects control's reading of an answer: which text gave way stands in words, and each once."""
    aside = SetAside(commitment="bc-16", why="Lives came first.", limits="For one day.")
    answer = AnswerView(0, 0, "Wait", False, "Because.", (), (aside, aside), ())
    told = _answer(answer, load_reference())
    assert told.count("Budapest Convention, Article 16") == 1 and "bc-16" not in told
