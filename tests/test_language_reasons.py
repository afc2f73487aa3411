"""Reasons of marks, texts of the catalogue and reports in the language of who reads them; and no mark moves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import exercise
from exercise.authoring.languages import reading
from exercise.authoring.library import load_scenario, read_later
from exercise.authoring.translations import CITED, cited_words, read_language
from exercise.catalogue import load_reference
from exercise.cli.reporting import _in_language
from exercise.cli.seating import bots_of
from exercise.core.assess import Assessment, assess
from exercise.core.reasons import SENTENCES, TITLES, WORDS, told, told_title
from exercise.core.tongues import in_language
from exercise.core.wording import cited_in, worded
from exercise.errors import UsageError
from exercise.language import _, speaking
from exercise.report.compose import compose
from exercise.report.editions import report_of
from exercise.report.gather import with_scenario
from exercise.report.markdown import to_markdown
from exercise.session.autoplay import drive
from exercise.session.log import LoadedLog, used_by
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.tui.screens.commitments import clause_text

SOURCE = Path(exercise.__file__).parent
DETECTORS = (
    *("core/detectors.py", "core/occasions.py", "core/assess.py", "core/evaluation/outcome.py"),
    *(f"core/requests/{name}.py" for name in ("asking", "answering", "keeping", "marks")),
)
SAMPLES = {
    **dict.fromkeys(("time", "due", "since", "later", "back"), "T+1:30"),
    **{"count": "3", "least": "60", "numbers": "7, 12", "texts": "bc-29, se-p2", "tlp": "amber"},
    **{"label": "Advice to users", "points": "ground, scope"},
}
ENGLISH = re.compile(r"\b(the|of|and|is|are|was|were|with|for|that|not|from|this|which|by)\b")


def _chunks(path: Path) -> Iterator[str]:
    """What a module's functions write between the holes of their sentences."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    beside = (node for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    docstrings = {id(node.value) for node in beside}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if id(node) not in docstrings and " " in text.strip() and re.search("[a-z]{2}", text):
            yield text


@cache
def _log(*languages: str) -> LoadedLog:
    """First Light played by bots that do as chance has it, so that marks of every grade come about."""
    scenario = reading(load_scenario("first-light"), languages)
    reference, seats = used_by(scenario, load_reference()), {team.id: "random" for team in scenario.teams}
    store = MemoryStore()
    session = Session.start_new(scenario, reference, store, seed=2, roster=seats, pace="stepped")
    session.start()
    drive(scenario, lambda: session.state, session.submit, bots_of(scenario, reference, seats, 2, {}))
    return store.load(session.id).log()


@cache
def _assessed(*languages: str) -> Assessment:
    log = _log(*languages)
    return assess(log.scenario, log.reference, log.entries)


def test_every_reason_is_in_the_table() -> None:
    """Protects readers of another language: whoever writes or changes a reason is told to put it in `core.reasons`."""
    known = "\n".join((*SENTENCES, *WORDS, *TITLES))
    lost = {chunk for path in DETECTORS for chunk in _chunks(SOURCE / path) if chunk.strip(" .:;,()") not in known}

    assert lost == set()


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_reason_is_told_by_its_own_sentence(sentence: str) -> None:
    """Protects meaning: no sentence is taken for another that says less, and times, numbers and ids stay."""
    names = re.findall(r"\{(\w+)\}", sentence)
    filled = {name: SAMPLES.get(name, f"Port, {name}") for name in names}
    said = {f"Port, {name}": f"Osta, {name}" for name in names if name not in SAMPLES}

    with speaking("lv"):
        wanted = {name: said.get(value, value) for name, value in filled.items()}
        wanted |= {"label": _("Advice to users"), "points": f"{_('ground')}, {_('scope')}"}
        assert told(sentence.format(**filled), said) == _(sentence).format(**wanted) != sentence


def test_what_people_wrote_stays_as_it_is() -> None:
    """Protects participants' words: nothing of them is translated, in part neither; and in English nothing changes."""
    own = "We answered at T+1:30, within the window that we had."

    with speaking("lv"):
        assert told(own, {}) == own and told_title("Whom to call: nobody", {}) == "Whom to call: nobody"
        assert told_title("Order to keep data, at home to Morvan", {"Order to keep data, at home": "Rīkojums"}) == (
            "Rīkojums (adresāts: Morvan)"
        )
    assert told("It serves us best.", {}) == "It serves us best."


def test_a_latvian_team_reads_all_reasons_and_is_marked_as_any_other() -> None:
    """Protects equal treatment: the log's marks are the English ones, and only who reads them is told otherwise."""
    english, latvian = _assessed(), _assessed("lv")
    read = worded(latvian, in_language(_log("lv").scenario, "lv"))

    assert latvian.marks == english.marks and latvian.findings == english.findings
    assert [(mark.id, mark.grade, mark.entries) for mark in read.marks] == [
        (mark.id, mark.grade, mark.entries) for mark in english.marks
    ]
    shown = [text for mark in read.marks for text in (mark.reason, mark.title, mark.clause, *mark.adjustments)]
    assert [text for text in shown if ENGLISH.search(text)] == []
    assert {row.title for card in read.scorecards.values() for row in card.instruments} >= {"Budapeštas konvencija"}


@pytest.mark.parametrize("language", ["lv", "ro"])
def test_texts_of_the_catalogue_are_translations_of_what_it_says_now(language: str) -> None:
    """Protects whoever looks a clause up: one that is missing or was changed since is shown in English; found here."""
    read = read_language(CITED / f"{language}.po", f"{language}.po", cited_words())

    assert read.problems == ()
    assert {one.id for one in cited_words() if not one.usual} == read.texts.keys()
    assert all(len(text) <= 48 for id, text in read.texts.items() if id.startswith("comm") and id.endswith(".title"))


def test_all_that_a_clauses_page_says_is_in_the_readers_language() -> None:
    """Protects whoever looks a clause up in play: whom it addresses and its facts, however long, are told too."""
    scenario = in_language(_log("lv").scenario, "lv")
    told_in_latvian = cited_in(load_reference(), scenario)
    with speaking("lv"):
        pages = [clause_text(told_in_latvian, id) for id in told_in_latvian.commitments]

    assert [line for page in pages for line in page.split("\n") if ENGLISH.search(line)] == []
    assert len(load_reference().commitments["bc-29"].facts[0]) > 200


def test_a_report_is_in_one_language_whoever_played() -> None:
    """Protects the host: a log that was played in English makes a whole Latvian report, with the same figures."""
    played = _log()
    later = with_scenario(played, read_later(played.scenario, "lv"))
    with speaking("lv"):
        pages = to_markdown(compose(report_of(later)))
    lines = [line for line in pages.split("\n") if ENGLISH.search(line)]

    # What flags mean is for authors alone, and stands in nobody's translation.
    assert [line for line in lines if not any(flag in line for flag in played.scenario.flags.values())] == []
    assert "Mācību pārskats un uzlabojumu plāns" in pages and "Saturs" in pages and "1. attēls." in pages
    with speaking("lv"):
        latvian = report_of(later)
    english = report_of(played)
    assert [team.counts for team in latvian.teams] == [team.counts for team in english.teams]
    assert [mark.grade for mark in latvian.marks] == [mark.grade for mark in english.marks]
    assert english.overview.exercise == "First Light" and latvian.overview.exercise == "Pirmā gaisma"


def test_a_reports_language_is_one_that_somebody_speaks() -> None:
    """Protects the host from a report in English that was asked for in another: one line says what there is."""
    assert _in_language(_log(), None)[1] == "en" and _in_language(_log(), "lv_LV.UTF-8")[1] == "lv"
    with pytest.raises(UsageError, match="speaks 'tlh'"):
        _in_language(_log(), "tlh")


def test_no_anonymous_edition_in_a_language_that_bends_names() -> None:
    """Protects whoever took part: a name in a case that nobody looked for would say who it was."""
    with speaking("lv"), pytest.raises(UsageError, match="own language only"):
        report_of(_log("lv"), "anonymous")
